/** The mean of some rows, and how far rows lie from it, in double precision. */

import type { Dataset } from '../core/dataset.ts'
import type { Metric } from '../core/manifest.ts'

type Rows = Pick<Dataset, 'vectors' | 'rows' | 'dimensions'>

export interface ScaledRows extends Rows {
  /** What each row is multiplied with. */
  readonly scales: Float64Array
}

/** As they are, or with cosine distance, where only directions count, of length 1; zero rows stay so. */
export function scaledFor({ vectors, rows, dimensions }: Rows, metric: Metric): ScaledRows {
  const scales = new Float64Array(rows).fill(1)
  for (let row = 0; metric === 'cosine' && row < rows; row++) {
    let sum = 0
    for (let at = row * dimensions; at < (row + 1) * dimensions; at++) sum += vectors[at]! ** 2
    if (sum > 0) scales[row] = 1 / Math.sqrt(sum)
  }
  return { vectors, rows, dimensions, scales }
}

/** The mean of the scaled rows. */
export function centroidOf(
  { vectors, dimensions, scales }: ScaledRows,
  rows: ArrayLike<number>,
): Float64Array {
  const centroid = new Float64Array(dimensions)
  for (let at = 0; at < rows.length; at++) {
    const scale = scales[rows[at]!]! / rows.length
    let value = rows[at]! * dimensions
    for (let d = 0; d < dimensions; d++, value++) centroid[d]! += vectors[value]! * scale
  }
  return centroid
}

/** Squared distance of a scaled row to a point; four partial sums, since independent additions run at once. */
export function squaredDistanceTo(
  { vectors, dimensions, scales }: ScaledRows,
  point: Float64Array,
  row: number,
): number {
  const scale = scales[row]!
  let value = row * dimensions
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0]
  let d = 0
  for (; d + 3 < dimensions; d += 4, value += 4) {
    const d0 = vectors[value]! * scale - point[d]!
    const d1 = vectors[value + 1]! * scale - point[d + 1]!
    const d2 = vectors[value + 2]! * scale - point[d + 2]!
    const d3 = vectors[value + 3]! * scale - point[d + 3]!
    sum0 += d0 * d0
    sum1 += d1 * d1
    sum2 += d2 * d2
    sum3 += d3 * d3
  }
  for (; d < dimensions; d++, value++) {
    const difference = vectors[value]! * scale - point[d]!
    sum0 += difference * difference
  }
  return sum0 + sum1 + (sum2 + sum3)
}
