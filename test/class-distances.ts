/** Distances to classes straight from their definitions, of all sums at once. */

import type { ClassDistances, NearestClasses } from '../lib/core/class-distances.ts'

/** @param sums rows × classes: of each row's distances to the rows of a class, itself left out */
export function classDistancesOf(
  sums: Float64Array,
  labels: Int32Array,
  classes: number,
): ClassDistances {
  const members = Array.from({ length: classes }, (_, c) =>
    [...labels.keys()].filter((row) => labels[row] === c),
  )
  const sizeOf = (c: number) => members[c]!.length
  const meanOfRow = (row: number, c: number) =>
    sums[row * classes + c]! / (labels[row] === c ? sizeOf(c) - 1 : sizeOf(c))
  const meanOfClass = (label: number, c: number) => {
    const total = members[label]!.reduce((sum, row) => sum + sums[row * classes + c]!, 0)
    return total / (sizeOf(label) * (label === c ? sizeOf(c) - 1 : sizeOf(c)))
  }
  const nearest = (
    owners: readonly number[],
    mean: (at: number, c: number) => number,
    fewest: number,
  ): NearestClasses => {
    const best = owners.map((own, at) =>
      [...members.keys()]
        .filter((c) => c !== own && sizeOf(c) >= fewest)
        .sort((a, b) => mean(at, a) - mean(at, b) || a - b)
        .at(0),
    )
    return {
      classes: Int32Array.from(best, (one) => one ?? -1),
      distances: Float64Array.from(best, (one, at) =>
        one === undefined ? Number.POSITIVE_INFINITY : mean(at, one),
      ),
    }
  }
  return {
    within: Float64Array.from(labels, (label, row) => meanOfRow(row, label)),
    nearest: nearest([...labels], meanOfRow, 1),
    nearestLarge: nearest([...labels], meanOfRow, 12),
    withinClasses: Float64Array.from(members, (_, c) => meanOfClass(c, c)),
    nearestOfClasses: nearest([...members.keys()], meanOfClass, 1),
  }
}
