/** Class sums: each position's distances to each class added up, to the same bits in any order of tiles. */

import type { ClassSums, ScanSetup } from '../types.ts'

/** Distances of prepared rows are below this. */
const BEYOND_DISTANCE = 4

/**
 * Sums that are zero, in the room that is given. Multiples of 2⁻ᵠ add up exactly in double precision while the sum is below 2⁵³⁻ᵠ,
 * and q is chosen so that the distances to the largest class don't reach that. With 65,000 rows a
 * distance is good to 2⁻³⁴.
 */
export function emptyClassSums(
  placeAt: Int32Array,
  classes: number,
  values: Float64Array,
  largestClass: number,
): ClassSums {
  return {
    classes,
    placeAt,
    values: values.fill(0),
    rounder: 1.5 * 2 ** Math.ceil(Math.log2(BEYOND_DISTANCE * Math.max(2, largestClass))),
  }
}

/**
 * Adds to the positions [start, end) what a tile gave of their distances to `width` classes from
 * `firstClass` on. No other thread may add to these positions at the same time.
 * @param sums positions × width
 */
export function addClassSums(
  { classes, placeAt, values }: ClassSums,
  start: number,
  end: number,
  firstClass: number,
  width: number,
  sums: Float64Array,
): void {
  for (let position = start; position < end; position++) {
    const target = placeAt[position]! * classes + firstClass
    const source = (position - start) * width
    for (let c = 0; c < width; c++) values[target + c]! += sums[source + c]!
  }
}

/**
 * Takes each position's distance to itself out of its sums. Where only a range is scanned, its rows meet
 * themselves among the columns: all are at distance 0, but a zero vector is at distance 1.
 * @param labels class of each row
 */
export function subtractSelfDistances(
  { preparedRows, tiling, byClass }: ScanSetup,
  labels: Int32Array,
) {
  const { rowAt, isZero } = preparedRows
  const { values, placeAt, classes } = byClass!.sums
  for (let position = tiling.range.start; position < tiling.range.end; position++) {
    if (isZero[position] === 0) continue
    values[placeAt[position]! * classes + labels[rowAt[position]!]!]! -= 1
  }
}
