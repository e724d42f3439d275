/** One entry a row: `rows.parquet`, and what the pages show as evidence. */

import type { MapCoordinates } from './projection.ts'

/** One entry a row: `rows.parquet`, and what the pages show as evidence. */
export interface Rows {
  readonly id: readonly string[]
  readonly label: readonly string[]
  /** Place in the upload, from 0. */
  readonly sourceRow: Int32Array
  /** The shown neighbours of row i are entries i × neighborCount to (i + 1) × neighborCount, nearest first. */
  readonly neighborCount: number
  /** Row indices, −1 past the last neighbour there is. */
  readonly neighbors: Int32Array
  readonly distances: Float64Array
  readonly correct: Uint8Array
  /** NaN where there is none. */
  readonly neighborMargin: Float64Array
  readonly predictionMargin: Float64Array
  readonly classMargin: Float64Array
  /** Rank of the first row of the same class, from 1; 0: a class of one. */
  readonly firstMatchRank: Int32Array
  readonly silhouette: Float64Array
  readonly outlier: Uint8Array
  /** The label that the neighbours suggest, null where they don't contradict the row's. */
  readonly suggestedLabel?: readonly (string | null)[]
  /** Coordinates on the map of the principal components. */
  readonly x: Float32Array
  readonly y: Float32Array
  /** On every map, those included. */
  readonly maps: readonly MapCoordinates[]
  /** In the baseline: 1 right, 0 wrong, −1 the row wasn't there; null without a comparison. */
  readonly correctInBaseline: Int8Array | null
  /** Label of the nearest neighbour in the baseline, null where the row wasn't there; null without a comparison. */
  readonly nearestInBaseline?: readonly (string | null)[] | null
  /** Share of the nearest neighbours that were kept since the baseline, NaN where it can't be told; null without a comparison. */
  readonly neighborOverlap?: Float64Array | null
  /** Address of each row's picture (empty: none), or null. */
  readonly image: readonly string[] | null
}

/** Rows, nearest first; the first −1 ends them. */
export function neighborsOf(
  { neighbors, neighborCount }: Pick<Rows, 'neighbors' | 'neighborCount'>,
  row: number,
): number[] {
  const all = neighbors.subarray(row * neighborCount, (row + 1) * neighborCount)
  const end = all.indexOf(-1)
  return Array.from(end < 0 ? all : all.subarray(0, end))
}

/** Row of the nearest neighbour, null where there is none. */
export function nearestOf(
  { neighbors, neighborCount }: Pick<Rows, 'neighbors' | 'neighborCount'>,
  row: number,
): number | null {
  const nearest = neighborCount === 0 ? -1 : neighbors[row * neighborCount]!
  return nearest < 0 ? null : nearest
}
