/** What a run keeps of its space for the next: means and distances to them, never a row's vector. */

import type { Dataset } from '../core/dataset.ts'
import type { Centroid, RunSpace } from '../core/drift.ts'
import { farLimit, middleOf, offsetsFrom } from '../core/far-rows.ts'
import type { Manifest, Metric } from '../core/manifest.ts'
import { centroidOf, type ScaledRows, scaledFor, squaredDistanceTo } from '../stats/centroid.ts'
import { quantileOfSorted } from '../stats/summary.ts'

/** The mean of fewer rows says too much of each: that of one row is its vector. */
const FEWEST_CENTROID_ROWS = 5
/** Distances are kept one by one up to here, and as quantiles beyond. */
const MOST_DISTANCES = 200

/** This run's space, with its centroids: whether they are kept is the manifest's to say. */
export function runSpace(
  run: string,
  dataset: Parameters<typeof centroidsOf>[0],
  { metric, model }: Pick<Manifest, 'metric' | 'model'>,
): RunSpace & { readonly centroids: readonly Centroid[] } {
  const { dimensions } = dataset
  return { run, metric, dimensions, model, centroids: centroidsOf(dataset, metric) }
}

/**
 * The rows of a group without those that lie so far from all others of it that its mean would say
 * nothing but where they are. Directions are never that far.
 */
export function usualRows(
  { vectors, dimensions }: Pick<Dataset, 'vectors' | 'dimensions'>,
  rows: Int32Array,
  metric: Metric,
): Int32Array {
  if (metric === 'cosine') return rows
  const own = new Float32Array(rows.length * dimensions)
  for (const [at, row] of rows.entries()) {
    own.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions)
  }
  const asTheyAre = () => 1
  const middle = middleOf(own, rows.length, dimensions, asTheyAre)
  const offsets = offsetsFrom(middle, own, rows.length, asTheyAre)
  const limit = farLimit(offsets)
  return rows.filter((_, at) => offsets[at]! <= limit)
}

/** The whole run first (label null), then its classes of five rows or more. */
export function centroidsOf(
  dataset: Pick<Dataset, 'rows' | 'dimensions' | 'vectors' | 'labels' | 'classes' | 'narrowing'>,
  metric: Metric,
): Centroid[] {
  const members = dataset.classes.map(() => [] as number[])
  for (let row = 0; row < dataset.rows; row++) members[dataset.labels[row]!]!.push(row)
  const groups = [
    { label: null, rows: Int32Array.from({ length: dataset.rows }, (_, row) => row) },
    ...dataset.classes.map((label, at) => ({ label, rows: members[at]! })),
  ]
  const scaled = scaledFor(dataset, metric)
  return groups
    .map(({ label, rows }) => ({
      label,
      rows: usualRows(dataset, Int32Array.from(rows), metric),
    }))
    .filter(({ rows }) => rows.length >= FEWEST_CENTROID_ROWS)
    .map(({ label, rows }) => centroidEntry(scaled, label, rows, dataset.narrowing?.origin ?? null))
}

/**
 * In single precision, as it is kept: the same rows then give the same numbers. Rows that lie too far from
 * zero for that have a centroid in double precision; it is where they were uploaded.
 */
function centroidEntry(
  scaled: ScaledRows,
  label: string | null,
  rows: ArrayLike<number>,
  origin: Float64Array | null,
): Centroid {
  const centroid = centroidOf(scaled, rows)
  const own = Math.sqrt(rows.length / (rows.length - 1))
  let squares = 0
  const distances = Float64Array.from(rows, (row) => {
    const squared = squaredDistanceTo(scaled, centroid, row)
    squares += squared
    return own * Math.sqrt(squared)
  }).sort()
  return {
    label,
    rows: rows.length,
    centroid: centroid.map((value, d) =>
      origin === null ? Math.fround(value) : value + origin[d]!,
    ),
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
