/**
 * The scan where classes matter: a tile's pairs become candidates and entries of lists, and are added to
 * the sums of distances to classes and to the histograms.
 *
 * The kernel scans a tile part by part. A part's rows are of one class and its columns are of one class,
 * and a far row is a part by itself.
 */

import { binOf } from '../distance/bins.ts'
import type { ScanLayout } from '../kernel/kernel.ts'
import { isCopy } from '../plan/copies.ts'
import { isRelated } from '../plan/relations.ts'
import { classesByPosition } from '../plan/row-order.ts'
import { tileAt } from '../plan/tiles.ts'
import type {
  ByClass,
  CandidateArrays,
  Histograms,
  Rectangle,
  ScanSetup,
  Tiling,
} from '../types.ts'
import { Candidates } from './candidates.ts'
import { addClassSums } from './class-sums.ts'
import { Lists } from './lists.ts'
import { lockOf, withLock } from './locks.ts'
import type { Lookout } from './lookout.ts'

/** Rows of a part at most: thresholds are lowered in between. */
const PART_ROWS = 128
/** Where a tile's classes have fewer columns than this on the average, one call scans those of several. */
const FEW_COLUMNS = 16
/** A tile adds 2¹⁸ to a bin at most, so as many tiles can't overflow 32 bits. */
const TILES_BETWEEN_DRAINS = 4096

/** What becomes of pairs of one class, or of two. */
interface Kind {
  readonly candidates: Candidates
  readonly depth: number
  /** Which of the copies' counts says how many equal rows come before. */
  readonly before: Int32Array | null
  /** Squared distances below which a pair is of interest, by position, in the kernel's memory. */
  readonly thresholds: Float32Array
  readonly histogram: Int32Array
}

/** Whether no column is beyond a row: where a range is scanned, such pairs are counted from the other side. */
function isBelow({ symmetric }: Tiling, { top, right }: Rectangle): boolean {
  return !symmetric && right <= top + 1
}

export class ClassScan {
  readonly #setup: ScanSetup
  readonly #byClass: ByClass
  readonly #lookout: Lookout
  readonly #histograms: Histograms
  readonly #lists: Lists
  readonly #classAt: Int32Array
  readonly #same: Kind
  readonly #other: Kind
  #tilesSinceDrain = 0

  constructor(setup: ScanSetup, byClass: ByClass, histograms: Histograms, lookout: Lookout) {
    const { preparedRows, copies, candidates } = setup
    const { memory, at, rows } = preparedRows
    const { scratch } = lookout
    this.#setup = setup
    this.#byClass = byClass
    this.#lookout = lookout
    this.#histograms = histograms
    this.#lists = new Lists(byClass.lists, copies)
    this.#classAt = classesByPosition(preparedRows)
    const [same, other = same] = candidates
    const kind = (arrays: CandidateArrays, thresholds: number) => ({
      candidates: new Candidates(arrays),
      depth: arrays.depth,
      thresholds: new Float32Array(memory.buffer, thresholds, rows),
    })
    this.#same = {
      ...kind(same, at.sameThresholds),
      before: copies?.beforeInClass ?? null,
      histogram: scratch.sameHistogram,
    }
    this.#other = {
      ...kind(other, at.otherThresholds),
      before: copies?.beforeInOthers ?? null,
      histogram: scratch.otherHistogram,
    }
  }

  add(index: number): void {
    const { preparedRows, tiling, locks } = this.#setup
    const { classStarts } = preparedRows
    const { kernel, scratch, isRestricted } = this.#lookout
    const { sums } = this.#byClass
    const tile = tileAt(tiling, index)
    const { top, bottom, left, right } = tile
    kernel.squares({
      rows: preparedRows.at,
      pairs: tile,
      tile: scratch.tile.byteOffset,
      width: tiling.side,
    })
    const firstClass = this.#classAt[left]!
    const classes = this.#classAt[right - 1]! - firstClass + 1
    const hasManyClasses = classes * FEW_COLUMNS > right - left
    const rowSums = scratch.classSums.subarray(0, (bottom - top) * classes).fill(0)
    for (let c = 0; c < classes; c++) {
      scratch.classEnds[c] = Math.min(right, classStarts[firstClass + c + 1]!) - left
    }
    const same = this.#layoutOf(tile, this.#same, false)
    const other = this.#layoutOf(tile, this.#other, false)
    for (let start = top; start < bottom; ) {
      const rowClass = this.#classAt[start]!
      const end = this.#partEnd(
        start,
        Math.min(bottom, start + PART_ROWS, classStarts[rowClass + 1]!),
      )
      for (let from = left; from < right; ) {
        const columnClass = this.#classAt[from]!
        const ownStart = classStarts[rowClass]!
        // Columns up to the rows' own class, or after it, are of one kind.
        const kindEnd = from < ownStart ? Math.min(right, ownStart) : right
        const isMany = hasManyClasses && columnClass !== rowClass
        const to = this.#partEnd(
          from,
          isMany ? kindEnd : Math.min(right, classStarts[columnClass + 1]!),
        )
        // On the diagonal a part may lie wholly below it, where no pair is scanned.
        if (!tiling.symmetric || top !== left || to > start + 1) {
          const part = { top: start, bottom: end, left: from, right: to }
          const kind = rowClass === columnClass ? this.#same : this.#other
          const isMeasured = this.#isMeasured(part)
          const ofKind = kind === this.#same ? same : other
          const layout = isMeasured ? this.#layoutOf(tile, kind, true) : ofKind
          const column = columnClass - firstClass
          if (isMany && !isMeasured) {
            const count = kernel.scanClasses(layout, part, {
              ends: scratch.classEnds.byteOffset + column * 4,
              sums: rowSums.byteOffset + column * 8,
              stride: classes,
              line: scratch.line,
            })
            this.#takeHits(count, tile, kind)
          } else {
            this.#takeHits(kernel.scan(layout, part), tile, kind)
            for (let i = start; i < end && !isMeasured; i++) {
              rowSums[(i - top) * classes + column]! += scratch.rowSums[i - top]!
            }
          }
        }
        from = to
      }
      if (tiling.symmetric) {
        withLock(locks, lockOf(tiling, left), () =>
          addClassSums(sums, left, right, rowClass, 1, scratch.columnSums),
        )
        scratch.columnSums.fill(0)
      }
      start = end
    }
    withLock(locks, lockOf(tiling, top), () =>
      addClassSums(sums, top, bottom, firstClass, classes, rowSums),
    )
    const isMixed = !tiling.symmetric && left < bottom
    if ((isRestricted || isMixed) && !isBelow(tiling, tile)) this.#uncount(tile)
    if (++this.#tilesSinceDrain === TILES_BETWEEN_DRAINS) this.drain()
  }

  /** Where the part ends that starts at a position and would end at `end` if there were no far rows. */
  #partEnd(start: number, end: number): number {
    const { isFar, hasFar } = this.#setup.preparedRows
    if (!hasFar) return end
    if (isFar[start] === 1) return start + 1
    const far = isFar.indexOf(1, start)
    return far < 0 ? end : Math.min(end, far)
  }

  /** Whether a part's pairs are measured one by one while ranking, and summed and counted there. */
  #isMeasured({ top, left }: Rectangle): boolean {
    const { isFar } = this.#setup.preparedRows
    return isFar[top] === 1 || isFar[left] === 1
  }

  /** @param isMeasured far rows' pairs are scanned for candidates; their sums and counts are not used */
  #layoutOf(tile: Rectangle, kind: Kind, isMeasured: boolean): ScanLayout {
    const { tiling, isCosine, preparedRows } = this.#setup
    const { top, left } = tile
    const isCounted = !isMeasured && !isBelow(tiling, tile)
    const { bins, sums } = this.#byClass
    const { scratch } = this.#lookout
    const thresholds = kind.thresholds.byteOffset
    return {
      top,
      left,
      tile: scratch.tile.byteOffset,
      width: tiling.side,
      triangle: tiling.symmetric && top === left,
      rowThresholds: thresholds + top * 4,
      columnThresholds: tiling.symmetric ? thresholds + left * 4 : preparedRows.at.nothing,
      rowSums: scratch.rowSums.byteOffset,
      columnSums: isMeasured ? scratch.farSums : scratch.columnSums.byteOffset,
      histogram: isCounted ? kind.histogram.byteOffset : scratch.farHistogram,
      bins,
      isCosine,
      rounder: sums.rounder,
      hits: scratch.scanHits.byteOffset,
    }
  }

  #takeHits(count: number, tile: Rectangle, kind: Kind): void {
    const { tiling, locks } = this.#setup
    if (count === 0) return
    withLock(locks, lockOf(tiling, tile.top), () => this.#offer(count, tile, kind, false))
    if (!tiling.symmetric) return
    withLock(locks, lockOf(tiling, tile.left), () => this.#offer(count, tile, kind, true))
  }

  /** Offers each pair of the hits to its row, or turned round to its column. */
  #offer(count: number, { top, left }: Rectangle, kind: Kind, isTurned: boolean): void {
    const { scratch, isRelated } = this.#lookout
    const { scanHits, tile } = scratch
    const { candidates, depth, before, thresholds } = kind
    const lists = this.#lists
    const { copies, tiling } = this.#setup
    const width = tiling.side
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
        if (squared >= thresholds[position]! || !isRelated(position, other)) continue
        if (copies === null || !isCopy(copies, before!, depth, position, other)) {
          candidates.offer(position, other, squared)
        }
        lists.add(position, other, squared)
        // A pair is of interest below the larger of the two thresholds.
        thresholds[position] = Math.max(candidates.threshold(position), lists.threshold(position))
      }
    }
  }

  /**
   * Takes pairs back out of the histograms that don't count there: those that aren't neighbours either
   * way, and, where only a range is scanned, those whose lower position is not the row's. Of tiles below
   * all rows nothing was counted.
   */
  #uncount({ top, bottom, left, right }: Rectangle): void {
    const { tiling, isCosine, relations, preparedRows } = this.#setup
    const { isFar } = preparedRows
    const { tile } = this.#lookout.scratch
    for (let i = top; i < bottom; i++) {
      const first = tiling.symmetric && top === left ? i + 1 : left
      for (let j = first; j < right; j++) {
        const isPair = isRelated(relations, i, j) || isRelated(relations, j, i)
        if (isFar[i] === 1 || isFar[j] === 1 || (isPair && (tiling.symmetric || j > i))) continue
        const squared = tile[(i - top) * tiling.side + j - left]!
        const bin = binOf(this.#byClass.bins, isCosine ? squared / 2 : Math.sqrt(squared))
        const { histogram } = this.#classAt[i] === this.#classAt[j] ? this.#same : this.#other
        histogram[bin]!--
      }
    }
  }

  /** Moves the counts to the thread's histograms. */
  drain(): void {
    const [same, other] = [this.#same.histogram, this.#other.histogram]
    for (let bin = 0; bin < same.length; bin++) {
      this.#histograms.same[bin]! += same[bin]!
      this.#histograms.other[bin]! += other[bin]!
    }
    same.fill(0)
    other.fill(0)
    this.#tilesSinceDrain = 0
  }
}
