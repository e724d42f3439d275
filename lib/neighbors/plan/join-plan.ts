/** The first step: everything that all strips of a join must agree on. */

import { MOST_SUMS } from '../../core/class-distances.ts'
import { firstEqualRows } from '../../core/equal-rows.ts'
import type { Metric } from '../../core/manifest.ts'
import { distanceBins } from '../distance/bins.ts'
import { rowDistance } from '../distance/row-distance.ts'
import type { SelfJoinInput, Source } from '../input.ts'
import type { JoinPlan } from '../types.ts'
import { countEligibleMates } from './eligible-mates.ts'
import { frameOf } from './frame.ts'
import { orderRows } from './row-order.ts'

const MOST_MATES = 10
/** Where class sums don't fit, totals of classes are made of blocks of so many positions: a step of strips. */
const BLOCK_ROWS = 8
/** So many rows' distances to each other tell how long most distances are. */
const USUAL_ROWS = 64

export function planJoin(input: SelfJoinInput, metric: Metric, k: number): JoinPlan {
  const { vectors, rows, dimensions, labels, classes, groups, queries } = input
  const source = { vectors, rows, dimensions, metric }
  const order = orderRows(labels, classes)
  const eligibleMates = countEligibleMates(input)
  const gallery = queries === undefined ? rows - 1 : queries.filter((query) => query === 0).length
  const frame = frameOf(source)
  return {
    ...order,
    ...frame,
    bins: distanceBins(usualDistance(source) / unitOf({ ...frame, metric }), metric),
    groups: groups === undefined ? null : byPosition(groups, order.rowAt),
    queries: queries === undefined ? null : byPosition(queries, order.rowAt),
    rows,
    dimensions,
    metric,
    k: Math.min(k, Math.max(1, gallery)),
    // Rankings have room for at least one mate, also where no row has any.
    mates: Math.max(1, Math.min(MOST_MATES, largestOf(eligibleMates))),
    eligibleMates,
    firstEqual: firstEqualRows(vectors, rows, dimensions),
    blockRows: rows * classes <= MOST_SUMS ? rows : BLOCK_ROWS,
  }
}

/** A distance of prepared rows times this is one of the data. */
export function unitOf({ metric, scale }: Pick<JoinPlan, 'metric' | 'scale'>): number {
  // A cosine distance is half of a square.
  return 1 / (metric === 'cosine' ? scale ** 2 : scale)
}

export function largestOf(values: Int32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}

/** Values of the rows in the order of the positions, on shared memory. */
function byPosition<T extends Int32Array | Uint8Array>(values: T, rowAt: Int32Array): T {
  const Kind = values.constructor as new (buffer: SharedArrayBuffer) => T
  const copy = new Kind(new SharedArrayBuffer(values.byteLength))
  for (const [position, row] of rowAt.entries()) copy[position] = values[row]!
  return copy
}

/** The median distance of some pairs that aren't at distance 0, in double precision; 0 where all are. */
function usualDistance(source: Source): number {
  const { rows } = source
  const distance = rowDistance(source)
  const count = Math.min(rows, USUAL_ROWS)
  const sample = Array.from({ length: count }, (_, at) => Math.floor((at * rows) / count))
  const distances: number[] = []
  for (const [at, row] of sample.entries()) {
    for (const other of sample.slice(0, at)) distances.push(distance(row, other))
  }
  const sorted = Float64Array.from(distances)
    .filter((one) => one > 0)
    .sort()
  return sorted[sorted.length >> 1] ?? 0
}
