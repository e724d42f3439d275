/** What two runs are compared by: their rows, matched by id or by their places in the uploads. */

import type { ClassFigures } from '../core/class-figures.ts'
import type { Evaluation } from '../core/evaluation.ts'
import type { Item } from '../core/item.ts'
import type { Metric } from '../core/manifest.ts'
import type { Report } from '../core/report.ts'
import { neighborsOf, type Rows } from '../core/rows.ts'
import type { Column } from '../core/table.ts'

export interface RunRows {
  readonly metric: Metric
  /** False where the upload has no ids and `ids` are row numbers. */
  readonly hasIds: boolean
  readonly ids: readonly string[]
  /** Name of the key that ids were hashed with; null where they are plain. */
  readonly idKey?: string | null
  /** Each row's place in the upload, counted from 0. */
  readonly sourceRows: ArrayLike<number>
  /** Rows in the upload, those set aside included. */
  readonly inputRows: number
  readonly labels: readonly string[]
  /** 1 where the nearest neighbour has the row's label. */
  readonly correct: ArrayLike<number>
  /** Label of the nearest neighbour; empty where there is none. */
  readonly nearestLabel: readonly string[]
  /** Rows that may turn together, such as those of a burst; each by itself where there is none. */
  readonly clusters?: ArrayLike<number> | null
}

/** An earlier run, read back from its `report.json` and `rows.parquet`. */
export interface BaselineRows extends RunRows {
  readonly run: string
  readonly model: string | null
  /** Values of its figures by id. */
  readonly metrics: Readonly<Record<string, number | null>>
  readonly items: readonly Item[]
  readonly classes: readonly ClassFigures[]
  /** Ids of each row's published neighbours, nearest first. */
  readonly neighbors: readonly (readonly string[])[]
  /** NaN where there is none. */
  readonly classMargin: Float64Array
  /** Its classes that are named as this run writes their number: as that run has them, and as they are here. */
  readonly otherForms?: readonly (readonly [string, string])[]
}

export function runRows({ dataset, neighborhood, rows, clusters }: Evaluation): RunRows {
  const labels = Array.from(dataset.labels, (label) => dataset.classes[label]!)
  return {
    metric: neighborhood.metric,
    hasIds: dataset.hasIds,
    ids: dataset.ids,
    idKey: dataset.idKey ?? null,
    sourceRows: dataset.sourceRows,
    inputRows: dataset.inputRows,
    labels,
    correct: rows.correct,
    nearestLabel: labels.map(
      (_, row) => labels[neighborhood.neighbors[row * neighborhood.k]!] ?? '',
    ),
    clusters,
  }
}

/**
 * A published run, as a later one is compared with it.
 *
 * @param group the column of its groups, where one was asked for and is published
 */
export function baselineRows(
  report: Report,
  rows: Pick<
    Rows,
    'id' | 'label' | 'sourceRow' | 'correct' | 'classMargin' | 'neighbors' | 'neighborCount'
  >,
  group: Column | null = null,
): BaselineRows {
  const figures = Object.entries(report.metrics)
  const neighbors = rows.id.map((_, row) => neighborsOf(rows, row))
  return {
    run: report.run,
    model: report.model.name,
    metric: report.metric,
    // A report that doesn't say: row numbers stand in for ids that weren't uploaded.
    hasIds: report.input.hasIds ?? rows.id.some((id, row) => id !== String(rows.sourceRow[row])),
    ids: rows.id,
    idKey: report.input.idKey ?? null,
    sourceRows: rows.sourceRow,
    inputRows: report.input.rows,
    labels: rows.label,
    correct: rows.correct,
    nearestLabel: neighbors.map(([nearest]) => (nearest === undefined ? '' : rows.label[nearest]!)),
    metrics: Object.fromEntries(figures.map(([id, { value }]) => [id, value])),
    items: report.items,
    classes: report.classes,
    neighbors: neighbors.map((list) => list.map((neighbor) => rows.id[neighbor]!)),
    classMargin: rows.classMargin,
    clusters: report.intervals.cluster === 'group' && group ? clustersOf(group.values) : null,
  }
}

/** A row without a group is one by itself. */
function clustersOf(groups: Column['values']): Int32Array {
  const numbers = new Map<string | number, number>()
  let next = 0
  return Int32Array.from<string | number>(groups, (group) => {
    if (group === '' || Number.isNaN(group)) return next++
    const number = numbers.get(group) ?? next++
    numbers.set(group, number)
    return number
  })
}

/** What rows are matched by. */
export type MatchedRows = Pick<
  RunRows,
  'hasIds' | 'ids' | 'idKey' | 'sourceRows' | 'inputRows' | 'labels'
>

/** For each row of this run the same row in the baseline, −1 where it wasn't there. */
export type Matching =
  | { readonly baselineRow: Int32Array; readonly matched: number }
  /** Why no row can be matched, as a sentence. */
  | { readonly note: string }

/** Why ids of two runs can't be equal, as a sentence; null where they can. */
function otherKey(current: string | null, baseline: string | null, run: string): string | null {
  if (current === baseline) return null
  const why =
    current === null
      ? `The ids of ${run} were hashed with a key, and this run’s are not hashed`
      : baseline === null
        ? `This run’s ids are hashed with a key, and those of ${run} were not`
        : `The ids of ${run} were hashed with another key than this run’s`
  return `${why}, so no row can be matched. The next run with the key of this one can be compared with it.`
}

/**
 * Rows are the same where their ids are equal. Two runs without ids are matched by the rows' places
 * in uploads of one length, if no row has another label: rows that were set aside move no other.
 */
export function matchRows(
  current: MatchedRows,
  baseline: MatchedRows & Pick<BaselineRows, 'run'>,
): Matching {
  const { run } = baseline
  if (current.hasIds !== baseline.hasIds) {
    const [withIds, without] = current.hasIds ? ['This run', run] : [run, 'this run']
    return { note: `${withIds} has ids and ${without} has none, so no row can be matched.` }
  }
  const keys = current.hasIds ? otherKey(current.idKey ?? null, baseline.idKey ?? null, run) : null
  if (keys !== null) return { note: keys }
  if (!current.hasIds && current.inputRows !== baseline.inputRows) {
    return {
      note: `Neither run has ids, and this one has ${current.inputRows} rows where ${run} has ${baseline.inputRows}, so no row can be matched. Upload ids with the embeddings.`,
    }
  }
  const keysOf = (rows: MatchedRows): readonly (string | number)[] =>
    rows.hasIds ? rows.ids : Array.from(rows.sourceRows)
  const names = keysOf(current)
  const rowOf = new Map(keysOf(baseline).map((key, row) => [key, row]))
  const baselineRow = Int32Array.from(names.map((key) => rowOf.get(key) ?? -1))
  const matched = baselineRow.reduce((count, row) => count + (row >= 0 ? 1 : 0), 0)
  if (matched === 0) {
    return {
      note: current.hasIds
        ? `This run and ${run} have no id in common (here for example ${current.ids[0]}, there ${baseline.ids[0]}).`
        : `Neither run has ids, and no row that is evaluated here is evaluated in ${run}.`,
    }
  }
  const other = baselineRow.findIndex(
    (then, row) => then >= 0 && current.labels[row] !== baseline.labels[then],
  )
  if (!current.hasIds && other >= 0) {
    return {
      note: `Neither run has ids, and row ${names[other]} (counted from 0) is ${current.labels[other]} here and ${baseline.labels[baselineRow[other]!]} in ${run}, so no row can be matched. Upload ids with the embeddings.`,
    }
  }
  return { baselineRow, matched }
}
