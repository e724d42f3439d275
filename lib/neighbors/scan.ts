/** What a tile of products says: candidates, distance sums to classes, histograms. */

import type { Tile } from '../tensor/backend.ts'
import type { Candidates } from './candidates.ts'
import type { Prepared } from './prepare.ts'

export interface Tally {
  readonly candidates: Candidates
  /** The same among the rows of a position's own class. */
  readonly mates: Candidates
  /** Rows of the data set × classes: sums of distances. */
  readonly classSums: Float64Array
  readonly histogramSame: Float64Array
  readonly histogramOther: Float64Array
  /** Bins per unit of distance in `Prepared.matrix`. */
  readonly binsPerUnit: number
  /** Smallest squared distance to a row of another class, and that row's position. */
  readonly nearestOther: Float64Array
  readonly nearestOtherAt: Int32Array
}

/**
 * Looks at every pair of a tile once, for both of its rows; on the diagonal only above it. Positions
 * are sorted by class, so a tile falls into blocks whose two classes are fixed: inside a block a
 * sum belongs to one class and a pair is known to be of one class or of two.
 */
export function scanTile(
  products: Float32Array,
  tile: Tile,
  prepared: Prepared,
  classAt: Int32Array,
  cosine: boolean,
  tally: Tally,
): void {
  const { leftStart, leftEnd, rightStart, rightEnd } = tile
  const { classStarts, squaredNorms, rowAt } = prepared
  const { candidates, mates, classSums, binsPerUnit, nearestOther, nearestOtherAt } = tally
  const { thresholds } = candidates
  const classes = classStarts.length - 1
  const width = rightEnd - rightStart
  const diagonal = leftStart === rightStart
  const columnSums = new Float64Array(width)

  for (let blockTop = leftStart; blockTop < leftEnd; ) {
    const leftClass = classAt[blockTop]!
    const blockBottom = Math.min(leftEnd, classStarts[leftClass + 1]!)
    for (let blockLeft = rightStart; blockLeft < rightEnd; ) {
      const rightClass = classAt[blockLeft]!
      const blockRight = Math.min(rightEnd, classStarts[rightClass + 1]!)
      const same = leftClass === rightClass
      const histogram = same ? tally.histogramSame : tally.histogramOther
      for (let i = blockTop; i < blockBottom; i++) {
        const norm = squaredNorms[i]!
        const row = (i - leftStart) * width - rightStart
        let threshold = thresholds[i]!
        let nearest = nearestOther[i]!
        let sum = 0
        for (let j = diagonal && blockLeft <= i ? i + 1 : blockLeft; j < blockRight; j++) {
          let squared = norm + squaredNorms[j]! - 2 * products[row + j]!
          if (squared < 0) squared = 0
          const distance = cosine ? squared / 2 : Math.sqrt(squared)
          sum += distance
          columnSums[j - rightStart]! += distance
          histogram[(distance * binsPerUnit) | 0]!++
          if (squared < threshold) {
            candidates.add(i, j, squared)
            threshold = thresholds[i]!
          }
          if (squared < thresholds[j]!) candidates.add(j, i, squared)
          if (same) {
            if (squared < mates.thresholds[i]!) mates.add(i, j, squared)
            if (squared < mates.thresholds[j]!) mates.add(j, i, squared)
          } else {
            if (squared < nearest) {
              nearest = squared
              nearestOtherAt[i] = j
            }
            if (squared < nearestOther[j]!) {
              nearestOther[j] = squared
              nearestOtherAt[j] = i
            }
          }
        }
        nearestOther[i] = nearest
        classSums[rowAt[i]! * classes + rightClass]! += sum
      }
      blockLeft = blockRight
    }
    // The columns' sums over the rows of this class.
    for (let j = rightStart; j < rightEnd; j++) {
      classSums[rowAt[j]! * classes + leftClass]! += columnSums[j - rightStart]!
    }
    columnSums.fill(0)
    blockTop = blockBottom
  }
}
