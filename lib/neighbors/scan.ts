/** What tiles of products say: candidates, sums of distances to classes, histograms. */

import type { Tile } from '../tensor/backend.ts'
import { Candidates } from './candidates.ts'
import type { Prepared } from './prepare.ts'
import { openScanKernel, type ScanKernel } from './scan-kernel.ts'

export interface ScanOptions {
  readonly tileRows: number
  /** How many candidates each position keeps at least, among all others and in its own class. */
  readonly keep: number
  readonly keepMates: number
  readonly cosine: boolean
  readonly bins: number
  /** Bins per unit of distance in `Prepared.matrix`. */
  readonly binsPerUnit: number
}

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
  readonly candidates: Candidates
  /** Candidates of a position's own class. */
  readonly mates: Candidates
  /** Rows of the data set × classes: sums of distances. */
  readonly classSums: Float64Array
  readonly sameHistogram: Float64Array
  readonly otherHistogram: Float64Array
  /** Smallest squared distance to a position of another class, and that position. */
  readonly nearestOther: Float32Array
  readonly nearestOtherAt: Int32Array
  readonly #prepared: Prepared
  readonly #options: ScanOptions
  readonly #classAt: Int32Array
  readonly #kernel: ScanKernel
  #tilesSinceDrain = 0

  constructor(prepared: Prepared, options: ScanOptions) {
    const { rowAt, classStarts, squaredNorms } = prepared
    const positions = rowAt.length
    const classes = classStarts.length - 1
    this.#prepared = prepared
    this.#options = options
    this.#classAt = new Int32Array(positions)
    for (let c = 0; c < classes; c++) this.#classAt.fill(c, classStarts[c], classStarts[c + 1])
    this.candidates = new Candidates(positions, options.keep)
    this.mates = new Candidates(positions, options.keepMates)
    this.classSums = new Float64Array(positions * classes)
    this.sameHistogram = new Float64Array(options.bins)
    this.otherHistogram = new Float64Array(options.bins)
    this.nearestOther = new Float32Array(positions).fill(Number.POSITIVE_INFINITY)
    this.nearestOtherAt = new Int32Array(positions).fill(-1)
    this.#kernel = openScanKernel(positions, options.tileRows, BLOCK_ROWS, options.bins)
    this.#kernel.norms.set(squaredNorms)
    this.#kernel.sameThresholds.fill(Number.POSITIVE_INFINITY)
    this.#kernel.otherThresholds.fill(Number.POSITIVE_INFINITY)
  }

  /** @param products of the tile's rows, row-major */
  add(products: Float32Array, tile: Tile): void {
    const { classStarts, rowAt } = this.#prepared
    const { columnSums, products: shared } = this.#kernel
    const classes = classStarts.length - 1
    const { leftEnd, rightStart, rightEnd } = tile
    shared.set(products)
    for (let top = tile.leftStart; top < leftEnd; ) {
      const leftClass = this.#classAt[top]!
      const bottom = Math.min(leftEnd, top + BLOCK_ROWS, classStarts[leftClass + 1]!)
      for (let left = rightStart; left < rightEnd; ) {
        const rightClass = this.#classAt[left]!
        const right = Math.min(rightEnd, classStarts[rightClass + 1]!)
        this.#block(tile, top, bottom, left, right, leftClass === rightClass, rightClass)
        left = right
      }
      // The columns' sums over the rows of this class.
      for (let j = rightStart; j < rightEnd; j++) {
        this.classSums[rowAt[j]! * classes + leftClass]! += columnSums[j - rightStart]!
      }
      columnSums.fill(0)
      top = bottom
    }
    if (++this.#tilesSinceDrain === TILES_BETWEEN_DRAINS) this.drain()
  }

  /** Brings the histograms up to date. */
  drain(): void {
    const { sameHistogram, otherHistogram } = this.#kernel
    for (let bin = 0; bin < sameHistogram.length; bin++) {
      this.sameHistogram[bin]! += sameHistogram[bin]!
      this.otherHistogram[bin]! += otherHistogram[bin]!
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
    rightClass: number,
  ): void {
    const { leftStart, rightStart, rightEnd } = tile
    const diagonal = leftStart === rightStart
    if (diagonal && right <= top + 1) return
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
      diagonal ? 1 : 0,
      kernel.norms.byteOffset + leftStart * 4,
      kernel.norms.byteOffset + rightStart * 4,
      thresholds.byteOffset + leftStart * 4,
      thresholds.byteOffset + rightStart * 4,
      kernel.rowSums.byteOffset,
      kernel.columnSums.byteOffset,
      histogram.byteOffset,
      this.#options.binsPerUnit,
      this.#options.cosine ? 1 : 0,
      kernel.hits.byteOffset,
    )
    const { rowAt, classStarts } = this.#prepared
    const classes = classStarts.length - 1
    for (let i = top; i < bottom; i++) {
      this.classSums[rowAt[i]! * classes + rightClass]! += kernel.rowSums[i - leftStart]!
    }
    if (count === 0) return
    if (same) this.#takeSame(count, tile)
    else this.#takeOther(count, tile)
    this.#refresh(same, top, bottom)
    this.#refresh(same, left, right)
  }

  #takeSame(count: number, { leftStart, rightStart, rightEnd }: Tile): void {
    const { hits, products } = this.#kernel
    const { squaredNorms } = this.#prepared
    const { candidates, mates } = this
    const { thresholds } = candidates
    const mateThresholds = mates.thresholds
    const width = rightEnd - rightStart
    for (let hit = 0; hit < count; hit++) {
      const first = hits[hit]! >>> 4
      const row = Math.floor(first / width)
      const i = leftStart + row
      const j0 = rightStart + first - row * width
      for (let lane = 0, bits = hits[hit]! & 15; bits !== 0; lane++, bits >>= 1) {
        if ((bits & 1) === 0) continue
        const j = j0 + lane
        const squared = squaredNorms[i]! + squaredNorms[j]! - 2 * products[first + lane]!
        if (squared < thresholds[i]!) candidates.add(i, j, squared)
        if (squared < thresholds[j]!) candidates.add(j, i, squared)
        if (squared < mateThresholds[i]!) mates.add(i, j, squared)
        if (squared < mateThresholds[j]!) mates.add(j, i, squared)
      }
    }
  }

  #takeOther(count: number, { leftStart, rightStart, rightEnd }: Tile): void {
    const { hits, products } = this.#kernel
    const { squaredNorms } = this.#prepared
    const { candidates, nearestOther, nearestOtherAt } = this
    const { thresholds } = candidates
    const width = rightEnd - rightStart
    for (let hit = 0; hit < count; hit++) {
      const first = hits[hit]! >>> 4
      const row = Math.floor(first / width)
      const i = leftStart + row
      const j0 = rightStart + first - row * width
      for (let lane = 0, bits = hits[hit]! & 15; bits !== 0; lane++, bits >>= 1) {
        if ((bits & 1) === 0) continue
        const j = j0 + lane
        const squared = squaredNorms[i]! + squaredNorms[j]! - 2 * products[first + lane]!
        if (squared < thresholds[i]!) candidates.add(i, j, squared)
        if (squared < thresholds[j]!) candidates.add(j, i, squared)
        if (squared < nearestOther[i]!) {
          nearestOther[i] = squared
          nearestOtherAt[i] = j
        }
        if (squared < nearestOther[j]!) {
          nearestOther[j] = squared
          nearestOtherAt[j] = i
        }
      }
    }
  }

  /** The kernel's thresholds of some positions: the larger of the two that a pair may fall below. */
  #refresh(same: boolean, start: number, end: number): void {
    const { sameThresholds, otherThresholds } = this.#kernel
    const { thresholds } = this.candidates
    const mateThresholds = this.mates.thresholds
    for (let position = start; position < end; position++) {
      if (same)
        sameThresholds[position] = Math.max(thresholds[position]!, mateThresholds[position]!)
      else {
        otherThresholds[position] = Math.max(thresholds[position]!, this.nearestOther[position]!)
      }
    }
  }
}
