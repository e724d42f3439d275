/** What tiles of products say: candidates, sums of distances to classes, histograms. */

import { sharedFloat64 } from '../core/shared-memory.ts'
import type { Tile } from '../tensor/backend.ts'
import type { Bins } from './bins.ts'
import { type CandidateArrays, Candidates, candidateArrays } from './candidates.ts'
import type { Prepared } from './prepare.ts'
import { openScanKernel, type ScanKernel } from './scan-kernel.ts'

/** What to scan; may be handed to a worker thread. */
export interface ScanSetup {
  readonly prepared: Prepared
  readonly tileRows: number
  /** How many candidates each position keeps at least, among all others and in its own class. */
  readonly keep: number
  /** 0: neighbours alone are wanted; classes, sums and histograms are left out. */
  readonly keepMates: number
  readonly cosine: boolean
  readonly histogram: Bins
}

/** What one thread found so far, on shared memory. */
export interface ScanState {
  readonly candidates: CandidateArrays
  /** Candidates of a position's own class. */
  readonly mates: CandidateArrays
  readonly sameHistogram: Float64Array
  readonly otherHistogram: Float64Array
  /** Candidates of the other classes. */
  readonly others: CandidateArrays
}

/** Sums of the distances of a tile: of each row to the classes of the columns, and the other way round. */
export interface TileSums {
  /** Tile rows × classes of the columns, from the first to the last that the tile has. */
  readonly rows: Float64Array
  readonly firstColumnClass: number
  /** Tile columns × classes of the rows. */
  readonly columns: Float64Array
  readonly firstRowClass: number
}

export function scanState({ prepared, keep, keepMates, histogram }: ScanSetup): ScanState {
  const positions = prepared.rowAt.length
  return {
    candidates: candidateArrays(positions, keep),
    mates: candidateArrays(positions, keepMates),
    sameHistogram: sharedFloat64(histogram.count),
    otherHistogram: sharedFloat64(histogram.count),
    others: candidateArrays(positions, keepMates > 0 ? KEPT_OTHERS : 0),
  }
}

/** Only the nearest is asked for; a few more let float32 prove it. */
const KEPT_OTHERS = 8
/** Thresholds are brought up to date after so many rows; it also bounds the sums in float32. */
const BLOCK_ROWS = 128
/** A tile adds 2²⁰ to a bin at most: as many tiles can't overflow 32 bits. */
const TILES_BETWEEN_DRAINS = 1024

/**
 * Looks at every pair of a tile once, for both of its rows; on the diagonal only above it. Positions
 * are sorted by class, so a tile falls into blocks whose two classes are fixed: inside a block a
 * sum belongs to one class, and a pair is known to be of one class or of two.
 */
export class Scan {
  readonly #setup: ScanSetup
  readonly #state: ScanState
  readonly #candidates: Candidates
  readonly #mates: Candidates
  readonly #others: Candidates
  readonly #classAt: Int32Array
  readonly #kernel: ScanKernel
  #tilesSinceDrain = 0

  constructor(setup: ScanSetup, state: ScanState) {
    const { classStarts, squaredNorms } = setup.prepared
    const positions = squaredNorms.length
    this.#setup = setup
    this.#state = state
    this.#candidates = new Candidates(state.candidates)
    this.#mates = new Candidates(state.mates)
    this.#others = new Candidates(state.others)
    this.#classAt = new Int32Array(positions)
    for (let c = 0; c + 1 < classStarts.length; c++) {
      this.#classAt.fill(c, classStarts[c], classStarts[c + 1])
    }
    this.#kernel = openScanKernel(positions, setup.tileRows, BLOCK_ROWS, setup.histogram.count)
    this.#kernel.norms.set(squaredNorms)
    this.#kernel.sameThresholds.fill(Number.POSITIVE_INFINITY)
    this.#kernel.otherThresholds.fill(Number.POSITIVE_INFINITY)
  }

  /** @param products of the tile's rows, row-major */
  add(products: Float32Array, tile: Tile): TileSums | null {
    this.#kernel.products.set(products)
    if (this.#setup.keepMates > 0) return this.#byClass(tile)
    this.#neighborsOnly(tile)
    return null
  }

  #neighborsOnly(tile: Tile): void {
    const kernel = this.#kernel
    const { leftStart, leftEnd, rightStart, rightEnd } = tile
    const { thresholds } = this.#candidates
    const known = kernel.otherThresholds
    for (let top = leftStart; top < leftEnd; top += BLOCK_ROWS) {
      const bottom = Math.min(leftEnd, top + BLOCK_ROWS)
      const count = kernel.find(
        kernel.products.byteOffset,
        rightEnd - rightStart,
        top - leftStart,
        bottom - leftStart,
        leftStart === rightStart ? 1 : 0,
        kernel.norms.byteOffset + leftStart * 4,
        kernel.norms.byteOffset + rightStart * 4,
        known.byteOffset + leftStart * 4,
        known.byteOffset + rightStart * 4,
        kernel.hits.byteOffset,
      )
      if (count === 0) continue
      this.#take(count, tile, null)
      known.set(thresholds.subarray(top, bottom), top)
      known.set(thresholds.subarray(rightStart, rightEnd), rightStart)
    }
  }

  #byClass(tile: Tile): TileSums {
    const { classStarts } = this.#setup.prepared
    const { columnSums, rowSums } = this.#kernel
    const { leftStart, leftEnd, rightStart, rightEnd } = tile
    const firstRowClass = this.#classAt[leftStart]!
    const firstColumnClass = this.#classAt[rightStart]!
    const rowClasses = this.#classAt[leftEnd - 1]! - firstRowClass + 1
    const columnClasses = this.#classAt[rightEnd - 1]! - firstColumnClass + 1
    const rows = new Float64Array((leftEnd - leftStart) * columnClasses)
    const columns = new Float64Array((rightEnd - rightStart) * rowClasses)
    for (let top = leftStart; top < leftEnd; ) {
      const rowClass = this.#classAt[top]!
      const bottom = Math.min(leftEnd, top + BLOCK_ROWS, classStarts[rowClass + 1]!)
      for (let left = rightStart; left < rightEnd; ) {
        const columnClass = this.#classAt[left]!
        const right = Math.min(rightEnd, classStarts[columnClass + 1]!)
        // On the diagonal a block may lie below it, where nothing is to be looked at.
        if (leftStart !== rightStart || right > top + 1) {
          this.#block(tile, top, bottom, left, right, rowClass === columnClass)
          for (let i = top; i < bottom; i++) {
            rows[(i - leftStart) * columnClasses + columnClass - firstColumnClass] =
              rowSums[i - leftStart]!
          }
        }
        left = right
      }
      for (let j = 0; j < rightEnd - rightStart; j++) {
        columns[j * rowClasses + rowClass - firstRowClass]! += columnSums[j]!
      }
      columnSums.fill(0)
      top = bottom
    }
    if (++this.#tilesSinceDrain === TILES_BETWEEN_DRAINS) this.drain()
    return { rows, firstColumnClass, columns, firstRowClass }
  }

  /** Brings the histograms up to date. */
  drain(): void {
    const { sameHistogram, otherHistogram } = this.#kernel
    for (let bin = 0; bin < sameHistogram.length; bin++) {
      this.#state.sameHistogram[bin]! += sameHistogram[bin]!
      this.#state.otherHistogram[bin]! += otherHistogram[bin]!
    }
    sameHistogram.fill(0)
    otherHistogram.fill(0)
    this.#tilesSinceDrain = 0
  }

  #block(
    tile: Tile,
    top: number,
    bottom: number,
    left: number,
    right: number,
    same: boolean,
  ): void {
    const { leftStart, rightStart, rightEnd } = tile
    const kernel = this.#kernel
    const thresholds = same ? kernel.sameThresholds : kernel.otherThresholds
    const histogram = same ? kernel.sameHistogram : kernel.otherHistogram
    const width = rightEnd - rightStart
    const count = kernel.scan(
      kernel.products.byteOffset,
      width,
      top - leftStart,
      bottom - leftStart,
      left - rightStart,
      right - rightStart,
      leftStart === rightStart ? 1 : 0,
      kernel.norms.byteOffset + leftStart * 4,
      kernel.norms.byteOffset + rightStart * 4,
      thresholds.byteOffset + leftStart * 4,
      thresholds.byteOffset + rightStart * 4,
      kernel.rowSums.byteOffset,
      kernel.columnSums.byteOffset,
      histogram.byteOffset,
      this.#setup.histogram.first,
      this.#setup.cosine ? 1 : 0,
      kernel.hits.byteOffset,
    )
    if (count === 0) return
    const second = same ? this.#mates : this.#others
    this.#take(count, tile, second)
    this.#refresh(thresholds, second, top, bottom)
    this.#refresh(thresholds, second, left, right)
  }

  /** Offers each pair of the hits to both of its rows; `second` takes those of its kind of block. */
  #take(count: number, { leftStart, rightStart, rightEnd }: Tile, second: Candidates | null): void {
    const { hits, products } = this.#kernel
    const { squaredNorms } = this.#setup.prepared
    const first = this.#candidates
    const firstThresholds = first.thresholds
    const secondThresholds = second?.thresholds ?? firstThresholds
    const width = rightEnd - rightStart
    for (let hit = 0; hit < count; hit++) {
      const at = hits[hit]! >>> 4
      const row = Math.floor(at / width)
      const i = leftStart + row
      const j0 = rightStart + at - row * width
      for (let lane = 0, bits = hits[hit]! & 15; bits !== 0; lane++, bits >>= 1) {
        if ((bits & 1) === 0) continue
        const j = j0 + lane
        const squared = squaredNorms[i]! + squaredNorms[j]! - 2 * products[at + lane]!
        if (squared < firstThresholds[i]!) first.add(i, j, squared)
        if (squared < firstThresholds[j]!) first.add(j, i, squared)
        if (second === null) continue
        if (squared < secondThresholds[i]!) second.add(i, j, squared)
        if (squared < secondThresholds[j]!) second.add(j, i, squared)
      }
    }
  }

  /** The kernel's thresholds of some positions: the larger of the two that a pair may fall below. */
  #refresh(known: Float32Array, second: Candidates, start: number, end: number): void {
    const { thresholds } = this.#candidates
    for (let position = start; position < end; position++) {
      known[position] = Math.max(thresholds[position]!, second.thresholds[position]!)
    }
  }
}
