/** The scan where neighbours alone are wanted: a tile's pairs below the thresholds become candidates. */

import { PANEL_ROWS } from '../kernel/panels.ts'
import { BAND_ROWS } from '../kernel/scratch.ts'
import { isCopy } from '../plan/copies.ts'
import { tileAt } from '../plan/tiles.ts'
import type { Rectangle, ScanSetup } from '../types.ts'
import { Candidates } from './candidates.ts'
import { lockOf, withLock } from './locks.ts'
import type { Lookout } from './lookout.ts'

/** Rows of a patch; its columns are those of a panel. */
const PATCH_ROWS = 4
/** Axes are worth their cost where this share of the work is left, or less. */
const WORTH = 0.95
/** Where axes didn't pay, they are tried again after so many tiles. */
const TILES_BETWEEN_PROBES = 16

export class NearScan {
  readonly #setup: ScanSetup
  readonly #lookout: Lookout
  readonly #candidates: Candidates
  readonly #thresholds: Float32Array
  /** 0 while axes don't pay. */
  #axisBytes: number
  #tilesUntilProbe = 0

  constructor(setup: ScanSetup, lookout: Lookout) {
    const { memory, at, rows } = setup.preparedRows
    this.#setup = setup
    this.#lookout = lookout
    this.#candidates = new Candidates(setup.candidates[0])
    this.#thresholds = new Float32Array(memory.buffer, at.otherThresholds, rows)
    this.#axisBytes = at.axisBytes
  }

  add(index: number): void {
    const { preparedRows, tiling } = this.#setup
    const { at } = preparedRows
    const { kernel, scratch } = this.#lookout
    const tile = tileAt(tiling, index)
    const { top, bottom, left, right } = tile
    const passes = kernel.passes()
    const axisBytes = this.#axesToUse()
    for (let band = top; band < bottom; band += BAND_ROWS) {
      const count = kernel.near({
        rows: at,
        axisBytes,
        pairs: { top: band, bottom: Math.min(bottom, band + BAND_ROWS), left, right },
        triangle: tiling.symmetric && top === left,
        rowThresholds: at.otherThresholds,
        columnThresholds: tiling.symmetric ? at.otherThresholds : at.nothing,
        hits: scratch.nearHits.byteOffset,
      })
      if (count > 0) this.#takeHits(count, tile)
    }
    if (axisBytes > 0) this.#judgeAxes(kernel.passes() - passes, tile)
  }

  /** Nothing is counted. */
  drain(): void {}

  #axesToUse(): number {
    const { axisBytes } = this.#setup.preparedRows.at
    if (this.#axisBytes > 0 || axisBytes === 0) return this.#axisBytes
    if (--this.#tilesUntilProbe > 0) return 0
    return axisBytes
  }

  #judgeAxes(passes: number, { top, bottom, left, right }: Rectangle): void {
    const patches = ((bottom - top) / PATCH_ROWS) * ((right - left) / PANEL_ROWS)
    const { axisBytes, panelBytes } = this.#setup.preparedRows.at
    const pays = passes / patches + axisBytes / panelBytes < WORTH
    this.#axisBytes = pays ? axisBytes : 0
    this.#tilesUntilProbe = TILES_BETWEEN_PROBES
  }

  #takeHits(count: number, tile: Rectangle): void {
    const { tiling, locks } = this.#setup
    withLock(locks, lockOf(tiling, tile.top), () => this.#offer(count, tile, false))
    if (!tiling.symmetric) return
    withLock(locks, lockOf(tiling, tile.left), () => this.#offer(count, tile, true))
  }

  /** Offers each pair of the hits to its row, or turned round to its column. */
  #offer(count: number, { top, bottom, left }: Rectangle, isTurned: boolean): void {
    const { scratch, isRelated } = this.#lookout
    const { nearHits, nearSquares } = scratch
    const candidates = this.#candidates
    const thresholds = this.#thresholds
    const { copies, tiling } = this.#setup
    const { depth } = this.#setup.candidates[0]
    const onDiagonal = tiling.symmetric && top === left
    for (let hit = 0; hit < count; hit++) {
      const i = nearHits[8 * hit]!
      // The last group of four may reach beyond the range.
      if (i >= bottom) continue
      const j0 = nearHits[8 * hit + 1]!
      for (let lane = 0, bits = nearHits[8 * hit + 2]!; bits !== 0; lane++, bits >>= 1) {
        const j = j0 + lane
        if ((bits & 1) === 0 || (onDiagonal && j <= i)) continue
        const position = isTurned ? j : i
        const other = isTurned ? i : j
        const squared = nearSquares[8 * hit + 4 + lane]!
        if (squared >= thresholds[position]! || !isRelated(position, other)) continue
        if (copies !== null && isCopy(copies, copies.before, depth, position, other)) continue
        candidates.offer(position, other, squared)
        thresholds[position] = candidates.threshold(position)
      }
    }
  }
}
