/** Sums of distances within classes that are far tighter than the space, measured once more. */

import { MEASURED_PAIRS } from '../kernel/scratch.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { ClassSums } from '../scan/class-sums.ts'
import type { Lookout } from './look.ts'

/** How far the mean of a row's distances to its class may be off by what quantising adds to them. */
const RELATIVE_ERROR = 1e-4
/** What norms and products in float32 lose of the squared lengths, on the average of many. */
const UNIT_ROUNDOFF = 2 ** -24
/**
 * Mates that a row is measured against at most, or this share of all rows: a measured pair costs as much
 * as eight of the scan, which takes half as many rows for each.
 */
const MOST_MATES = 4096
const MOST_SHARE = 1 / 16

/**
 * Replaces the sums of the rows at positions [start, end) to their own class where the distances are so
 * small beside the rows' lengths that norms and products lose them: there they come from differences,
 * as for ranks, which are good to 2 × 10⁻⁴ even at a hundred-thousandth of a length. Each row is judged
 * and summed by itself, in the order of its class, so nothing depends on tiles, threads or ranges.
 * Classes of more rows than `MOST_MATES` and the share stay as they are.
 * @param labels class of each row of the data set
 */
export function measureTightClasses(
  lookout: Lookout,
  { classes, placeAt, values }: ClassSums,
  labels: Int32Array,
  start: number,
  end: number,
): void {
  const { prepared, isCosine } = lookout
  const { rowAt, rows, classStarts } = prepared
  for (let position = start; position < end; position++) {
    const label = labels[rowAt[position]!]!
    const mates = classStarts[label + 1]! - classStarts[label]! - 1
    if (prepared.isFar[position] === 1) continue
    if (mates === 0 || mates > Math.max(MOST_MATES, rows * MOST_SHARE)) continue
    const place = placeAt[position]! * classes + label
    const mean = values[place]! / mates
    // A cosine distance is half of a square.
    if ((isCosine ? mean : mean ** 2) >= smallestSquare(prepared, position)) continue
    values[place] = measuredSum(lookout, position, classStarts[label]!, classStarts[label + 1]!)
  }
}

/**
 * The square of the distance that is good to the relative error: quantising adds the squares of both
 * rows' errors to a squared distance, float32 its roundoff, and a distance has half the relative error of
 * its square.
 */
function smallestSquare({ errors, lengths }: Prepared, position: number): number {
  const added = 2 * errors[position]! ** 2 + UNIT_ROUNDOFF * lengths[position]! ** 2
  return added / 2 / RELATIVE_ERROR
}

function measuredSum(
  { prepared, kernel, scratch, isCosine }: Lookout,
  position: number,
  classStart: number,
  classEnd: number,
): number {
  const { at, isZero, hasZero, isFar } = prepared
  const { pairs, squares } = scratch
  let sum = 0
  for (let from = classStart; from < classEnd; from += MEASURED_PAIRS) {
    const count = Math.min(MEASURED_PAIRS, classEnd - from)
    for (let pair = 0; pair < count; pair++) {
      pairs[2 * pair] = position
      pairs[2 * pair + 1] = from + pair
    }
    kernel.measure(at.matrix, at.rowBytes, pairs.byteOffset, count, squares.byteOffset)
    for (let pair = 0; pair < count; pair++) {
      // What a far row is to others is measured elsewhere.
      if (isFar[from + pair] === 1) continue
      // A zero vector is as far from everything as unit vectors at a right angle.
      const squared = hasZero && isZero[from + pair] === 1 ? 2 : squares[pair]!
      sum += isCosine ? squared / 2 : Math.sqrt(squared)
    }
  }
  return sum
}
