/** What two runs are compared by: their rows, matched by id. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Metric } from '../core/manifest.ts'
import type { ClassFigures, Item } from '../core/report.ts'

export interface RunRows {
  readonly metric: Metric
  /** False where the upload has no ids and `ids` are row numbers. */
  readonly hasIds: boolean
  readonly ids: readonly string[]
  readonly labels: readonly string[]
  /** 1 where the nearest neighbour has the row's label. */
  readonly correct: ArrayLike<number>
  /** Label of the nearest neighbour; empty where there is none. */
  readonly nearestLabel: readonly string[]
}

/** An earlier run, read back from its `report.json` and `rows.parquet`. */
export interface BaselineRows extends RunRows {
  readonly run: string
  readonly model: string | null
  /** Values of its figures by id. */
  readonly metrics: Readonly<Record<string, number | null>>
  readonly items: readonly Item[]
  readonly classes: readonly ClassFigures[]
}

export function runRows({ dataset, neighborhood, rows }: Evaluation): RunRows {
  const labels = Array.from(dataset.labels, (label) => dataset.classes[label]!)
  return {
    metric: neighborhood.metric,
    hasIds: dataset.hasIds,
    ids: dataset.ids,
    labels,
    correct: rows.correct,
    nearestLabel: labels.map(
      (_, row) => labels[neighborhood.neighbors[row * neighborhood.k]!] ?? '',
    ),
  }
}

/** For each row of this run the same row in the baseline, −1 where it wasn't there. */
export type Matching =
  | { readonly baselineRow: Int32Array; readonly matched: number }
  /** Why no row can be matched, as a sentence. */
  | { readonly note: string }

/**
 * Rows are the same where their ids are equal. Two runs without ids are matched by position, if
 * they have the same labels in the same order.
 */
export function matchRows(
  current: RunRows,
  baseline: RunRows & Pick<BaselineRows, 'run'>,
): Matching {
  const { run } = baseline
  if (current.hasIds !== baseline.hasIds) {
    const [withIds, without] = current.hasIds ? ['This run', run] : [run, 'this run']
    return { note: `${withIds} has ids and ${without} has none, so no row can be matched.` }
  }
  const rows = current.ids.length
  if (!current.hasIds) {
    if (rows !== baseline.ids.length) {
      return {
        note: `Neither run has ids, and this one has ${rows} rows where ${run} has ${baseline.ids.length}, so no row can be matched. Upload ids with the embeddings.`,
      }
    }
    const other = current.labels.findIndex((label, row) => label !== baseline.labels[row])
    if (other >= 0) {
      return {
        note: `Neither run has ids, and row ${other} (counted from 0) is ${current.labels[other]} here and ${baseline.labels[other]} in ${run}, so no row can be matched. Upload ids with the embeddings.`,
      }
    }
    return { baselineRow: Int32Array.from({ length: rows }, (_, row) => row), matched: rows }
  }
  const rowOf = new Map(baseline.ids.map((id, row) => [id, row]))
  const baselineRow = Int32Array.from(current.ids, (id) => rowOf.get(id) ?? -1)
  const matched = baselineRow.reduce((count, row) => count + (row >= 0 ? 1 : 0), 0)
  return matched > 0
    ? { baselineRow, matched }
    : {
        note: `This run and ${run} have no id in common (here for example ${current.ids[0]}, there ${baseline.ids[0]}).`,
      }
}
