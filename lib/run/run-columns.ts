/** A run's rows as columns, put together from what the stages found. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Rows } from '../core/rows.ts'
import type { BaselineRows } from '../history/run-rows.ts'

/** Neighbours of each row that are published. */
const SHOWN_NEIGHBORS = 10

/** What the baseline says of the rows. */
export interface RowsBefore {
  /** For each row of this run the baseline's, −1 for none; null where rows can't be matched. */
  readonly baselineRow: Int32Array | null
  readonly baseline: BaselineRows | null
  /** Share of each row's neighbours that were kept; null without a comparison. */
  readonly overlap: Float64Array | null
}

/** One entry a row, its picture apart, for `rows.parquet` and the page's evidence. */
export function makeRows(
  evaluation: Evaluation,
  map: Pick<Rows, 'x' | 'y' | 'maps'>,
  { baselineRow, baseline, overlap }: RowsBefore,
): Omit<Rows, 'image'> {
  const { dataset, neighborhood, rows } = evaluation
  const { k, neighbors, distances } = neighborhood
  const shown = Math.min(SHOWN_NEIGHBORS, k)
  const columns = <T extends Int32Array | Float64Array>(all: T): T => {
    const first = all.slice(0, dataset.rows * shown) as T
    for (let row = 0; row < dataset.rows; row++) {
      first.set(all.subarray(row * k, row * k + shown), row * shown)
    }
    return first
  }
  return {
    id: dataset.ids,
    label: Array.from(dataset.labels, (label) => dataset.classes[label]!),
    sourceRow: dataset.sourceRows,
    neighborCount: shown,
    neighbors: columns(neighbors),
    distances: columns(distances),
    correct: rows.correct,
    neighborMargin: rows.neighborMargin,
    predictionMargin: rows.predictionMargin,
    classMargin: rows.classMargin,
    firstMatchRank: rows.firstMatchRank,
    silhouette: rows.silhouette,
    outlier: rows.outlier,
    suggestedLabel: suggestedLabels(evaluation),
    x: map.x,
    y: map.y,
    maps: map.maps,
    correctInBaseline:
      baseline === null || baselineRow === null
        ? null
        : Int8Array.from(baselineRow, (row) => (row < 0 ? -1 : baseline.correct[row]!)),
    nearestInBaseline:
      baseline === null || baselineRow === null
        ? null
        : Array.from(baselineRow, (row) => baseline.nearestLabel[row] ?? null),
    neighborOverlap: overlap,
  }
}

function suggestedLabels({ dataset, quality }: Evaluation): (string | null)[] {
  const suggested = new Map(quality.labelIssues.rows.map((issue) => [issue.id, issue.suggested]))
  return dataset.ids.map((id) => suggested.get(id) ?? null)
}
