/** Sums of distances within classes that are far tighter than the space, measured once more. */

import { MEASURED_PAIRS } from '../kernel/scratch.ts'
import type { Lookout } from '../scan/lookout.ts'
import type { ClassSums, PreparedRows } from '../types.ts'

/** Quantising may move the mean of a row's distances to its class by this share of it. */
const RELATIVE_ERROR = 1e-4
/** Norms and products in float32 lose this share of squared lengths, on the average of many. */
const UNIT_ROUNDOFF = 2 ** -24
/**
 * A row is measured against so many mates at most, or against this share of all rows. A measured pair
 * costs as much as eight pairs of the scan, which scans each pair once for both rows.
 */
const MOST_MATES = 4096
const MOST_SHARE = 1 / 16

/**
 * Replaces the sums of the positions [start, end) to their own class where the distances are so small
 * beside the rows' lengths that norms and products lose them. The kernel's `measure` computes these
 * distances from differences, which are good to 2 × 10⁻⁴ even at a hundred-thousandth of a length. Each
 * row is judged and summed by itself, in the order of its class, so nothing depends on tiles, threads or
 * ranges. Classes larger than both `MOST_MATES` and `MOST_SHARE` allow stay as they are.
 * @param labels class of each row of the data set
 */
export function measureTightClasses(
  lookout: Lookout,
  { classes, placeAt, values }: ClassSums,
  labels: Int32Array,
  start: number,
  end: number,
): void {
  const { preparedRows, isCosine } = lookout
  const { rowAt, rows, classStarts } = preparedRows
  for (let position = start; position < end; position++) {
    const label = labels[rowAt[position]!]!
    const mates = classStarts[label + 1]! - classStarts[label]! - 1
    if (preparedRows.isFar[position] === 1) continue
    if (mates === 0 || mates > Math.max(MOST_MATES, rows * MOST_SHARE)) continue
    const entry = placeAt[position]! * classes + label
    const mean = values[entry]! / mates
    // A cosine distance is half of a square.
    if ((isCosine ? mean : mean ** 2) >= smallestSquare(preparedRows, position)) continue
    values[entry] = sumToClass(lookout, position, classStarts[label]!, classStarts[label + 1]!)
  }
}

/**
 * The smallest squared distance that the scan has to the relative error. Quantising adds the squares of
 * both rows' errors to a squared distance, and float32 adds its roundoff; a distance has half the
 * relative error of its square.
 */
function smallestSquare({ errors, lengths }: PreparedRows, position: number): number {
  const error = 2 * errors[position]! ** 2 + UNIT_ROUNDOFF * lengths[position]! ** 2
  return error / 2 / RELATIVE_ERROR
}

/** Sum of a position's distances to its class. */
function sumToClass(
  { preparedRows, kernel, scratch, isCosine }: Lookout,
  position: number,
  classStart: number,
  classEnd: number,
): number {
  const { at, isZero, hasZero, isFar } = preparedRows
  const { pairs, squares } = scratch
  let sum = 0
  for (let from = classStart; from < classEnd; from += MEASURED_PAIRS) {
    const count = Math.min(MEASURED_PAIRS, classEnd - from)
    for (let pair = 0; pair < count; pair++) {
      pairs[2 * pair] = position
      pairs[2 * pair + 1] = from + pair
    }
    kernel.measure({ rows: at, pairs: pairs.byteOffset, count, squares: squares.byteOffset })
    for (let pair = 0; pair < count; pair++) {
      // Pairs of far rows are measured in `exact-pairs.ts`.
      if (isFar[from + pair] === 1) continue
      // A zero vector is as far from everything as unit vectors at a right angle.
      const squared = hasZero && isZero[from + pair] === 1 ? 2 : squares[pair]!
      sum += isCosine ? squared / 2 : Math.sqrt(squared)
    }
  }
  return sum
}
