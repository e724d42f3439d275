/** Sums of each row's distances to each class, which no order of tiles or threads changes. */

import { sharedFloat64 } from '../../core/shared-memory.ts'

export interface ClassSums {
  readonly classes: number
  /** Where a position's sums are: this × classes; −1 for positions that have none. */
  readonly placeAt: Int32Array
  /** Places × classes. */
  readonly values: Float64Array
  /** Distances are rounded to multiples of this number's last place before they are added. */
  readonly rounder: number
}

/** No distance of prepared rows reaches this. */
const BEYOND_DISTANCE = 4

/**
 * Numbers that are multiples of 2⁻ᵠ add up exactly in double precision while the sum is below 2⁵³⁻ᵠ: q
 * is chosen so that the largest class can't reach it. With 65,000 rows a distance is good to 2⁻³⁴.
 */
export function classSums(
  placeAt: Int32Array,
  places: number,
  classes: number,
  largestClass: number,
): ClassSums {
  return {
    classes,
    placeAt,
    values: sharedFloat64(places * classes),
    rounder: 1.5 * 2 ** Math.ceil(Math.log2(BEYOND_DISTANCE * Math.max(2, largestClass))),
  }
}

/**
 * Adds the sums of positions [start, end) to `width` classes from `firstClass` on. No other thread may
 * add to these positions at the same time.
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
