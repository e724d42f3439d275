/** Sums of each row's distances to each class, which no order of tiles or threads changes. */

import { sharedFloat64, sharedInt32 } from '../core/shared-memory.ts'

export interface ClassSums {
  readonly classes: number
  /** Where a position's sums are: this × classes; −1 for positions that have none. */
  readonly placeAt: Int32Array
  /** Places × classes. */
  readonly values: Float64Array
  /** Distances are rounded to multiples of this number's last place before they are added. */
  readonly rounder: number
  /** One word a block of positions: 1 while a thread adds to it. */
  readonly locks: Int32Array
}

const LOCKED_POSITIONS = 256
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
    locks: sharedInt32(Math.ceil(placeAt.length / LOCKED_POSITIONS)),
  }
}

/**
 * Adds the sums of positions [start, end) to `width` classes from `firstClass` on.
 * @param sums positions × width
 */
export function addClassSums(
  { classes, placeAt, values, locks }: ClassSums,
  start: number,
  end: number,
  firstClass: number,
  width: number,
  sums: Float64Array,
): void {
  for (let from = start; from < end; ) {
    const part = Math.floor(from / LOCKED_POSITIONS)
    const to = Math.min(end, (part + 1) * LOCKED_POSITIONS)
    lock(locks, part)
    for (let position = from; position < to; position++) {
      const target = placeAt[position]! * classes + firstClass
      const source = (position - start) * width
      for (let c = 0; c < width; c++) values[target + c]! += sums[source + c]!
    }
    unlock(locks, part)
    from = to
  }
}

function lock(locks: Int32Array, part: number): void {
  while (Atomics.compareExchange(locks, part, 0, 1) !== 0) Atomics.wait(locks, part, 1)
}

function unlock(locks: Int32Array, part: number): void {
  Atomics.store(locks, part, 0)
  Atomics.notify(locks, part, 1)
}
