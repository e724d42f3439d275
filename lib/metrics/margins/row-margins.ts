/** What is made of each row's margin before figures are: errors, and margins without a unit. */

import type { MetricInput } from '../metric.ts'

/** Cosine distances below it are rounding: of parallel rows, whose distance is 0. */
const SMALLEST_DISTANCE = { euclidean: 0, cosine: 1e-12 }

/** A margin of each row divided by the distance of its nearest neighbour; NaN where that is 0. */
export function relativeTo({ neighborhood }: MetricInput, margins: Float64Array): Float64Array {
  const { distances, k, metric } = neighborhood
  const smallest = SMALLEST_DISTANCE[metric]
  return margins.map((margin, row) =>
    distances[row * k]! > smallest ? margin / distances[row * k]! : Number.NaN,
  )
}

/** 1 where the nearest neighbour has another label. */
export function errorsOf(correct: Uint8Array): Uint8Array {
  return correct.map((right) => (right ? 0 : 1))
}
