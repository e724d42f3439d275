/** What becomes of the class sums: each row's and each class's distance to its own class and the nearest. */

import {
  type ClassDistances,
  emptyClassDistances,
  LARGE_CLASS,
  type NearestClasses,
} from '../../core/class-distances.ts'
import { unitOf } from '../plan/join-plan.ts'
import type { ClassSums, JoinPlan } from '../types.ts'
import type { OpenTotals } from './class-totals.ts'
import { classTotals } from './class-totals.ts'

/** What a range of positions tells of the distances to classes, in units of the data. */
export interface RangeClassDistances {
  /** Entries of the range's rows, by row, and of the classes that lie within it. */
  readonly distances: ClassDistances
  readonly open: readonly OpenTotals[]
}

/** Less than 1 by more than a product or a quotient is off. */
const ALMOST = 1 - 2 ** -40

/** What takes sums, range after range, and keeps what they tell. */
export interface ClassDistanceWork {
  /** Takes the sums of the positions [start, end), which it overwrites. */
  readonly add: (sums: ClassSums, start: number, end: number) => void
  readonly end: () => RangeClassDistances
}

/** @param start the first position that will be added */
export function classDistanceWork(plan: JoinPlan, start: number): ClassDistanceWork {
  const { rows, rowAt, classStarts } = plan
  const unit = unitOf(plan)
  const sizes = classSizes(classStarts)
  const distances = emptyClassDistances(rows, sizes.length)
  const inverses = sizes.map((size) => 1 / size)
  const totals = classTotals(plan, start)
  return {
    add: ({ classes, placeAt, values }, from, to) => {
      for (let position = from, label = labelAt(classStarts, from); position < to; position++) {
        while (classStarts[label + 1]! <= position) label++
        const own = values.subarray(
          placeAt[position]! * classes,
          (placeAt[position]! + 1) * classes,
        )
        for (let c = 0; c < classes; c++) own[c]! *= unit
        writeRow(distances, rowAt[position]!, label, own, sizes, inverses)
        totals.add(position, label, own)
        if (position + 1 < classStarts[label + 1]!) continue
        const total = totals.close()
        if (total !== null) writeClass(distances, label, total, sizes)
      }
    },
    end: () => ({ distances, open: totals.open() }),
  }
}

/** Rows of each class. */
export function classSizes(classStarts: Int32Array): Float64Array {
  return Float64Array.from(
    { length: classStarts.length - 1 },
    (_, c) => classStarts[c + 1]! - classStarts[c]!,
  )
}

/** Class of a position. */
export function labelAt(classStarts: Int32Array, position: number): number {
  return classStarts.findLastIndex((start) => start <= position)
}

/** @param sums the row's, to each class */
function writeRow(
  { within, nearest, nearestLarge }: ClassDistances,
  row: number,
  label: number,
  sums: Float64Array,
  sizes: Float64Array,
  inverses: Float64Array,
): void {
  if (sizes[label]! > 1) within[row] = sums[label]! / (sizes[label]! - 1)
  let [best, distance] = [-1, Number.POSITIVE_INFINITY]
  let [bestLarge, largeDistance] = [-1, Number.POSITIVE_INFINITY]
  for (let c = 0; c < sums.length; c++) {
    // A product is quicker than a quotient, and its error far smaller than this.
    if (sums[c]! * inverses[c]! * ALMOST >= (sizes[c]! < LARGE_CLASS ? distance : largeDistance))
      continue
    if (c === label) continue
    const mean = sums[c]! / sizes[c]!
    if (mean < distance) {
      best = c
      distance = mean
    }
    if (sizes[c]! >= LARGE_CLASS && mean < largeDistance) {
      bestLarge = c
      largeDistance = mean
    }
  }
  write(nearest, row, best, distance)
  write(nearestLarge, row, bestLarge, largeDistance)
}

/** @param total the sums of the class's rows, to each class */
export function writeClass(
  { withinClasses, nearestOfClasses }: ClassDistances,
  label: number,
  total: Float64Array,
  sizes: Float64Array,
): void {
  const own = sizes[label]!
  if (own > 1) withinClasses[label] = total[label]! / (own * (own - 1))
  let [best, distance] = [-1, Number.POSITIVE_INFINITY]
  for (let c = 0; c < total.length; c++) {
    const mean = total[c]! / (own * sizes[c]!)
    if (c !== label && (best < 0 || mean < distance)) {
      best = c
      distance = mean
    }
  }
  write(nearestOfClasses, label, best, distance)
}

function write({ classes, distances }: NearestClasses, at: number, best: number, distance: number) {
  classes[at] = best
  distances[at] = distance
}
