/** What a run keeps of its space for the next: means and distances to them, never a row's vector. */

import type { Dataset } from '../core/dataset.ts'
import type { Centroid, RunSpace } from '../core/drift.ts'
import type { Manifest, Metric } from '../core/manifest.ts'
import { quantileOfSorted } from '../stats/summary.ts'

/** The mean of fewer rows says too much of each: that of one row is its vector. */
const FEWEST_CENTROID_ROWS = 5
/** Distances are kept one by one up to here, and as quantiles beyond. */
const MOST_DISTANCES = 200

/** This run's space, with its centroids: whether they are published is the manifest's to say. */
export function runSpace(
  run: string,
  dataset: Parameters<typeof centroidsOf>[0],
  { metric, model }: Pick<Manifest, 'metric' | 'model'>,
): RunSpace & { readonly centroids: readonly Centroid[] } {
  const { dimensions } = dataset
  return { run, metric, dimensions, model, centroids: centroidsOf(dataset, metric) }
}

/** The whole run first (label null), then its classes of five rows or more. */
export function centroidsOf(
  dataset: Pick<Dataset, 'rows' | 'dimensions' | 'vectors' | 'labels' | 'classes'>,
  metric: Metric,
): Centroid[] {
  const members = dataset.classes.map(() => [] as number[])
  for (let row = 0; row < dataset.rows; row++) members[dataset.labels[row]!]!.push(row)
  const groups = [
    { label: null, rows: Int32Array.from({ length: dataset.rows }, (_, row) => row) },
    ...dataset.classes.map((label, at) => ({ label, rows: members[at]! })),
  ]
  const scales = unitScales(dataset, metric)
  return groups
    .filter(({ rows }) => rows.length >= FEWEST_CENTROID_ROWS)
    .map(({ label, rows }) => centroidOf(dataset, scales, label, rows))
}

/** What each row is multiplied with: 1, or one over its length where only directions count. */
export function unitScales(
  { rows, dimensions, vectors }: Pick<Dataset, 'rows' | 'dimensions' | 'vectors'>,
  metric: Metric,
): Float64Array {
  const scales = new Float64Array(rows).fill(1)
  if (metric === 'euclidean') return scales
  return scales.map((_, row) => {
    let sum = 0
    for (let at = row * dimensions; at < (row + 1) * dimensions; at++) sum += vectors[at]! ** 2
    return sum === 0 ? 1 : 1 / Math.sqrt(sum)
  })
}

/** In single precision, as it is published: the same rows then give the same numbers. */
function centroidOf(
  { dimensions, vectors }: Pick<Dataset, 'dimensions' | 'vectors'>,
  scales: Float64Array,
  label: string | null,
  rows: ArrayLike<number>,
): Centroid {
  const centroid = new Float64Array(dimensions)
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!
    const scale = scales[row]! / rows.length
    for (let d = 0; d < dimensions; d++) centroid[d]! += vectors[row * dimensions + d]! * scale
  }
  const own = Math.sqrt(rows.length / (rows.length - 1))
  let squares = 0
  const distances = Float64Array.from(rows, (row) => {
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      sum += (vectors[row * dimensions + d]! * scales[row]! - centroid[d]!) ** 2
    }
    squares += sum
    return own * Math.sqrt(sum)
  }).sort()
  return {
    label,
    rows: rows.length,
    centroid: centroid.map(Math.fround),
    spread: Math.sqrt(squares / (rows.length - 1)),
    distances: quantiles(distances).map(Math.fround),
  }
}

function quantiles(sorted: Float64Array): Float64Array {
  if (sorted.length <= MOST_DISTANCES) return sorted
  return Float64Array.from({ length: MOST_DISTANCES + 1 }, (_, at) =>
    quantileOfSorted(sorted, at / MOST_DISTANCES),
  )
}
