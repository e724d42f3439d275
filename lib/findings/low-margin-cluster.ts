/** The low-margin clusters of a run: connected components of the mutual-kNN graph of low-margin rows. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Manifest } from '../core/manifest.ts'
import type { MarginId } from '../core/margins.ts'
import { compareText } from '../core/names.ts'
import { labelOf } from './rows.ts'
import { meets, type Threshold } from './rule.ts'

/** Neighbours that count as near in the graph. */
const GRAPH_NEIGHBORS = 10

export const CLUSTER_ROWS: Threshold = { of: 'rows of a cluster', raises: 'at least', value: 5 }

export interface LowMargin {
  readonly margin: MarginId
  readonly title: string
  readonly threshold: number
  /** Whether the manifest says so, or it is calibrated on this run's errors. */
  readonly chosen: boolean
  readonly of: (row: number) => number
}

/** The margin that predicts errors and what is low in it; null where none does. */
export function lowMarginOf({ margins, rows }: Evaluation, manifest: Manifest): LowMargin | null {
  const figures = margins.figures.find(({ id }) => id === margins.rankedBy)
  if (!figures) return null
  const threshold = manifest.margin.chosen ? manifest.margin.low : figures.calibrated?.threshold
  if (threshold === undefined) return null
  const values = {
    neighbor: rows.neighborMargin,
    prediction: rows.predictionMargin,
    class: rows.classMargin,
  }[figures.id]
  const { id: margin, title } = figures
  return { margin, title, threshold, chosen: manifest.margin.chosen, of: (row) => values[row]! }
}

export interface Cluster {
  /** In row order. */
  readonly rows: readonly number[]
  /** Its classes with their rows in it, most rows first, then by name. */
  readonly classes: readonly (readonly [label: string, rows: number])[]
}

/**
 * Two low-margin rows are joined where each is among the 10 nearest rows of the other; a component
 * of 5 rows or more is a cluster. Clusters come in the order of their first rows.
 */
export function lowMarginClusters(evaluation: Evaluation, low: LowMargin): readonly Cluster[] {
  const { neighborhood, dataset } = evaluation
  const reach = Math.min(GRAPH_NEIGHBORS, neighborhood.k)
  const isLow = (row: number) => low.of(row) < low.threshold
  const near = (row: number) =>
    neighborhood.neighbors.subarray(row * neighborhood.k, row * neighborhood.k + reach)
  const seen = new Uint8Array(dataset.rows)
  const clusters: Cluster[] = []
  for (let start = 0; start < dataset.rows; start++) {
    if (seen[start] === 1 || !isLow(start)) continue
    seen[start] = 1
    const rows = [start]
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]!
      for (const other of near(row)) {
        if (other < 0 || seen[other] === 1 || !isLow(other) || !near(other).includes(row)) continue
        seen[other] = 1
        rows.push(other)
      }
    }
    if (!meets(CLUSTER_ROWS, rows.length)) continue
    rows.sort((a, b) => a - b)
    clusters.push({ rows, classes: countLabels(evaluation, rows) })
  }
  return clusters
}

export function countLabels(
  evaluation: Evaluation,
  rows: readonly number[],
): readonly (readonly [label: string, rows: number])[] {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const label = labelOf(evaluation, row)
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return [...counts].sort(([a, more], [b, fewer]) => fewer - more || compareText(a, b))
}
