/** What a thread does with a tile: candidates, sums of distances to classes, histograms. */

import { sharedFloat64 } from '../../core/shared-memory.ts'
import { type Bins, binOf } from '../distance/bins.ts'
import { type Kernel, openKernel } from '../kernel/kernel.ts'
import { BAND_ROWS, scratchOf } from '../kernel/scratch.ts'
import { type Copies, isCopy } from '../plan/copies.ts'
import { isRelated, isRestricted, type Relations } from '../plan/row-order.ts'
import { type Block, type Tiling, tileAt } from '../plan/tiles.ts'
import type { Prepared } from '../prepare/prepare.ts'
import { PANEL_ROWS } from '../prepare/quantize.ts'
import { type Locks, locked, locksFor } from '../threads/locks.ts'
import { type CandidateArrays, Candidates } from './candidates.ts'
import { addClassSums, type ClassSums } from './class-sums.ts'
import { type ListArrays, Lists } from './lists.ts'

/** What to scan, and where threads write what they find. */
export interface ScanSetup {
  readonly prepared: Prepared
  readonly tiling: Tiling
  readonly relations: Relations
  readonly cosine: boolean
  readonly found: Found
  /** Null where no rows are equal. */
  readonly copies: Copies | null
  readonly byClass: ByClass | null
  /** One a row of tiles: held while its candidates and sums are written. */
  readonly locks: Locks
}

/** Where neighbours alone are wanted, the first; else those of the own class and of the others. */
export type Found = readonly [CandidateArrays] | readonly [CandidateArrays, CandidateArrays]

/** What is wanted besides neighbours. */
export interface ByClass {
  readonly lists: ListArrays
  readonly bins: Bins
  readonly sums: ClassSums
}

/** Pairs that one thread counted, by distance; on shared memory. */
export interface Histograms {
  readonly same: Float64Array
  readonly other: Float64Array
}

/** Thresholds are brought up to date after so many rows. */
const CLASS_BAND_ROWS = 128
/** A tile adds 2¹⁸ to a bin at most: as many tiles can't overflow 32 bits. */
const TILES_BETWEEN_DRAINS = 4096

export function emptyHistograms(bins: number): Histograms {
  return { same: sharedFloat64(bins), other: sharedFloat64(bins) }
}

/** Adds what others counted, in bins that are as many or none. */
export function addHistograms(sum: Histograms, { same, other }: Histograms): void {
  for (let bin = 0; bin < same.length; bin++) {
    sum.same[bin]! += same[bin]!
    sum.other[bin]! += other[bin]!
  }
}

export class Scan {
  readonly #setup: ScanSetup
  readonly #histograms: Histograms
  readonly #candidates: Candidates
  /** Of the other classes, where they are kept apart. */
  readonly #others: Candidates
  readonly #lists: Lists | null
  readonly #classAt: Int32Array
  readonly #isRestricted: boolean
  readonly #kernel: Kernel
  readonly #scratch: ReturnType<typeof scratchOf>
  readonly #sameThresholds: Float32Array
  readonly #otherThresholds: Float32Array
  #axisBytes: number
  #tilesUntilProbe = 0
  #tilesSinceDrain = 0

  /** @param thread whose scratch memory is used, from 0 */
  constructor(setup: ScanSetup, histograms: Histograms, thread: number) {
    const { prepared, tiling, byClass } = setup
    const { memory, at, rows, classStarts } = prepared
    this.#setup = setup
    this.#histograms = histograms
    const [candidates, others] = setup.found
    this.#candidates = new Candidates(candidates)
    this.#others = new Candidates(others ?? candidates)
    this.#lists = byClass && new Lists(byClass.lists, setup.copies)
    this.#classAt = new Int32Array(rows)
    for (let c = 0; c + 1 < classStarts.length; c++) {
      this.#classAt.fill(c, classStarts[c], classStarts[c + 1])
    }
    this.#isRestricted = isRestricted(setup.relations)
    this.#kernel = openKernel(memory)
    this.#scratch = scratchOf(memory, at, thread, tiling.side, byClass?.bins.count ?? 0)
    this.#sameThresholds = new Float32Array(memory.buffer, at.sameThresholds, rows)
    this.#otherThresholds = new Float32Array(memory.buffer, at.otherThresholds, rows)
    this.#axisBytes = at.axisBytes
  }

  add(index: number): void {
    const { tiling, byClass } = this.#setup
    const block = tileAt(tiling, index)
    if (byClass === null) this.#near(block)
    else this.#classes(block, byClass)
  }

  #near(block: Block): void {
    const { prepared, tiling } = this.#setup
    const { at } = prepared
    const { top, bottom, left, right } = block
    const lastColumn = Math.ceil(right / PANEL_ROWS) * PANEL_ROWS
    const before = this.#kernel.passed.value
    const axisBytes = this.#axesFor()
    for (let band = top; band < bottom; band += BAND_ROWS) {
      const end = Math.min(bottom, band + BAND_ROWS)
      const count = this.#kernel.near(
        at.panels,
        at.fullBytes,
        at.axes,
        axisBytes,
        at.facts,
        at.otherThresholds,
        tiling.symmetric ? at.otherThresholds : at.nothing,
        band,
        Math.ceil(end / 4) * 4,
        left,
        lastColumn,
        tiling.symmetric && top === left ? 1 : 0,
        this.#scratch.nearHits.byteOffset,
      )
      if (count > 0) this.#takeNear(count, block)
    }
    if (axisBytes > 0) this.#judgeAxes(this.#kernel.passed.value - before, block)
  }

  /** Now and then the axes are tried again, where they didn't pay. */
  #axesFor(): number {
    if (this.#axisBytes > 0 || this.#setup.prepared.at.axisBytes === 0) return this.#axisBytes
    if (--this.#tilesUntilProbe > 0) return 0
    return this.#setup.prepared.at.axisBytes
  }

  #judgeAxes(passed: number, { top, bottom, left, right }: Block): void {
    const blocks = ((bottom - top) / 4) * ((right - left) / PANEL_ROWS)
    const { axisBytes, fullBytes } = this.#setup.prepared.at
    const pays = passed / blocks + axisBytes / fullBytes < 0.95
    this.#axisBytes = pays ? axisBytes : 0
    this.#tilesUntilProbe = 16
  }

  #takeNear(count: number, block: Block): void {
    const { tiling, locks } = this.#setup
    const { top, left } = block
    locked(locks, rowLock(tiling, top), () => this.#offerNear(count, block, false))
    if (!tiling.symmetric) return
    locked(locks, rowLock(tiling, left), () => this.#offerNear(count, block, true))
  }

  /** Offers each pair of the hits to its row, or turned round to its column. */
  #offerNear(count: number, { top, bottom, left }: Block, isTurned: boolean): void {
    const { nearHits, nearSquares } = this.#scratch
    const candidates = this.#candidates
    const known = this.#otherThresholds
    const { found, copies } = this.#setup
    const onDiagonal = this.#setup.tiling.symmetric && top === left
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
        if (squared >= known[position]! || !this.#related(position, other)) continue
        if (copies !== null && isCopy(copies, copies.before, found[0].depth, position, other)) {
          continue
        }
        candidates.offer(position, other, squared)
        known[position] = candidates.threshold(position)
      }
    }
  }

  #related(position: number, other: number): boolean {
    if (!this.#isRestricted) return position !== other
    return isRelated(this.#setup.relations, position, other)
  }

  #classes(block: Block, byClass: ByClass): void {
    const { prepared, tiling, locks } = this.#setup
    const { at, classStarts } = prepared
    const { columnSums } = this.#scratch
    const { top, bottom, left, right } = block
    this.#kernel.squares(
      at.panels,
      at.fullBytes,
      at.facts,
      top,
      Math.ceil(bottom / 4) * 4,
      left,
      Math.ceil(right / PANEL_ROWS) * PANEL_ROWS,
      this.#scratch.tile.byteOffset,
      tiling.side,
    )
    const firstClass = this.#classAt[left]!
    const classes = this.#classAt[right - 1]! - firstClass + 1
    const rowSums = new Float64Array((bottom - top) * classes)
    for (let start = top; start < bottom; ) {
      const rowClass = this.#classAt[start]!
      const end = this.#cut(
        start,
        Math.min(bottom, start + CLASS_BAND_ROWS, classStarts[rowClass + 1]!),
      )
      for (let from = left; from < right; ) {
        const columnClass = this.#classAt[from]!
        const to = this.#cut(from, Math.min(right, classStarts[columnClass + 1]!))
        // On the diagonal a block may lie below it, where nothing is to be looked at.
        if (!tiling.symmetric || top !== left || to > start + 1) {
          const part = { top: start, bottom: end, left: from, right: to }
          this.#block(block, part, rowClass === columnClass, byClass)
          for (let i = start; i < end && !this.#isApart(part); i++) {
            rowSums[(i - top) * classes + columnClass - firstClass]! +=
              this.#scratch.rowSums[i - top]!
          }
        }
        from = to
      }
      if (tiling.symmetric) {
        locked(locks, rowLock(tiling, left), () =>
          addClassSums(byClass.sums, left, right, rowClass, 1, columnSums),
        )
        columnSums.fill(0)
      }
      start = end
    }
    locked(locks, rowLock(tiling, top), () =>
      addClassSums(byClass.sums, top, bottom, firstClass, classes, rowSums),
    )
    if (this.#isRestricted || !tiling.symmetric) this.#uncount(block, byClass)
    if (++this.#tilesSinceDrain === TILES_BETWEEN_DRAINS) this.drain()
  }

  /** Far rows are parts by themselves: where the part ends that begins at a position. */
  #cut(start: number, end: number): number {
    const { isFar, hasFar } = this.#setup.prepared
    if (!hasFar) return end
    if (isFar[start] === 1) return start + 1
    const far = isFar.indexOf(1, start)
    return far < 0 ? end : Math.min(end, far)
  }

  /** Whether a part's pairs are counted and summed one by one, by who measures them. */
  #isApart({ top, left }: Block): boolean {
    const { isFar } = this.#setup.prepared
    return isFar[top] === 1 || isFar[left] === 1
  }

  /**
   * Takes pairs that aren't neighbours either way back out of the histograms, and those that another
   * range counts: of two positions the lower one's does.
   */
  #uncount({ top, bottom, left, right }: Block, { bins }: ByClass): void {
    const { tiling, cosine, relations, prepared } = this.#setup
    const { isFar } = prepared
    const { tile, sameHistogram, otherHistogram } = this.#scratch
    for (let i = top; i < bottom; i++) {
      const first = tiling.symmetric && top === left ? i + 1 : left
      for (let j = first; j < right; j++) {
        const counts = isRelated(relations, i, j) || isRelated(relations, j, i)
        if (isFar[i] === 1 || isFar[j] === 1 || (counts && (tiling.symmetric || j > i))) continue
        const squared = tile[(i - top) * tiling.side + j - left]!
        const bin = binOf(bins, cosine ? squared / 2 : Math.sqrt(squared))
        const histogram = this.#classAt[i] === this.#classAt[j] ? sameHistogram : otherHistogram
        histogram[bin]!--
      }
    }
  }

  /** Brings the histograms up to date. */
  drain(): void {
    const { sameHistogram, otherHistogram } = this.#scratch
    for (let bin = 0; bin < sameHistogram.length; bin++) {
      this.#histograms.same[bin]! += sameHistogram[bin]!
      this.#histograms.other[bin]! += otherHistogram[bin]!
    }
    sameHistogram.fill(0)
    otherHistogram.fill(0)
    this.#tilesSinceDrain = 0
  }

  #block(tile: Block, part: Block, sameClass: boolean, byClass: ByClass): void {
    const { tiling, cosine, prepared, locks } = this.#setup
    const thresholds = sameClass ? this.#sameThresholds : this.#otherThresholds
    const isApart = this.#isApart(part)
    const { sameHistogram, otherHistogram, columnSums, farHistogram, farSums } = this.#scratch
    const histogram = sameClass ? sameHistogram.byteOffset : otherHistogram.byteOffset
    const { coarseBits, fineBits, fineShift, fineCount } = byClass.bins
    const count = this.#kernel.scan(
      this.#scratch.tile.byteOffset,
      tiling.side,
      part.top - tile.top,
      part.bottom - tile.top,
      part.left - tile.left,
      part.right - tile.left,
      tiling.symmetric && tile.top === tile.left ? 1 : 0,
      thresholds.byteOffset + tile.top * 4,
      tiling.symmetric ? thresholds.byteOffset + tile.left * 4 : prepared.at.nothing,
      this.#scratch.rowSums.byteOffset,
      isApart ? farSums : columnSums.byteOffset,
      isApart ? farHistogram : histogram,
      coarseBits,
      fineBits,
      fineShift,
      fineCount,
      cosine ? 1 : 0,
      byClass.sums.rounder,
      this.#scratch.scanHits.byteOffset,
    )
    if (count === 0) return
    const offer = (isTurned: boolean) => this.#offerScanned(count, tile, sameClass, isTurned)
    locked(locks, rowLock(tiling, tile.top), () => offer(false))
    if (tiling.symmetric) locked(locks, rowLock(tiling, tile.left), () => offer(true))
  }

  /** Offers each pair of the hits to its row, or turned round to its column. */
  #offerScanned(count: number, { top, left }: Block, sameClass: boolean, isTurned: boolean): void {
    const { scanHits, tile } = this.#scratch
    const candidates = sameClass ? this.#candidates : this.#others
    const lists = this.#lists!
    const { copies, found } = this.#setup
    const before = copies && (sameClass ? copies.beforeInClass : copies.beforeInOthers)
    const { depth } = sameClass ? found[0] : found[1]!
    const known = sameClass ? this.#sameThresholds : this.#otherThresholds
    const width = this.#setup.tiling.side
    for (let hit = 0; hit < count; hit++) {
      const at = scanHits[hit]! >>> 4
      const row = Math.floor(at / width)
      const i = top + row
      const j0 = left + at - row * width
      for (let lane = 0, bits = scanHits[hit]! & 15; bits !== 0; lane++, bits >>= 1) {
        if ((bits & 1) === 0) continue
        const j = j0 + lane
        const position = isTurned ? j : i
        const other = isTurned ? i : j
        const squared = tile[at + lane]!
        // Most pairs are of interest to one of the two.
        if (squared >= known[position]! || !this.#related(position, other)) continue
        if (copies === null || !isCopy(copies, before!, depth, position, other)) {
          candidates.offer(position, other, squared)
        }
        lists.add(position, other, squared)
        // A pair is of interest below the larger of the two.
        known[position] = Math.max(candidates.threshold(position), lists.threshold(position))
      }
    }
  }
}

/** One a row of tiles. */
export function locksOf({ side, range }: Tiling): Locks {
  return locksFor(Math.ceil((range.end - range.start) / side))
}

/** The lock of a row of tiles, by its first position. */
function rowLock({ side, range }: Tiling, top: number): number {
  return (top - range.start) / side
}
