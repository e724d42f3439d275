/** A run's report and rows, put together from what the stages found. */

import packageJson from '../../package.json' with { type: 'json' }
import type { BaselineComparison, Changes, Comparison } from '../core/changes.ts'
import { type ComparableRun, rowSketch } from '../core/comparable-runs.ts'
import type { Dataset } from '../core/dataset.ts'
import type { Evaluation } from '../core/evaluation.ts'
import type { GateResult } from '../core/gate.ts'
import type { Item } from '../core/item.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Planning } from '../core/planning.ts'
import type { Report, ReportImages } from '../core/report.ts'
import type { Rows } from '../core/rows.ts'
import type { Warning } from '../core/warning.ts'
import type { BaselineRows } from '../history/run-rows.ts'
import { settingsFiles, type Upload } from '../upload/upload.ts'

/** Neighbours of each row that are published. */
const SHOWN_NEIGHBORS = 10

export interface ReportParts {
  readonly upload: Upload
  readonly run: string
  readonly manifest: Manifest
  readonly evaluation: Evaluation
  readonly tradeOff: Report['tradeOff']
  readonly projection: Report['projection']
  readonly projections: Report['projections']
  readonly items: readonly Item[]
  readonly comparison: Comparison | null
  readonly comparisonNote: string | null
  readonly comparisons: readonly BaselineComparison[]
  readonly changes: Changes | null
  readonly gate: { readonly passed: boolean | null; readonly results: readonly GateResult[] }
  readonly images: ReportImages | null
  readonly planning: Planning
  readonly warnings: readonly Warning[]
  readonly timings: Report['timings']
}

export function makeReport(parts: ReportParts): Report {
  const { upload, manifest, evaluation } = parts
  const { dataset, neighborhood, confusion, margins, duplicates } = evaluation
  return {
    schema: 'nearmiss.report/1',
    project: upload.project,
    run: parts.run,
    createdAt: upload.createdAt,
    input: {
      rows: dataset.inputRows,
      evaluatedRows: evaluation.evaluatedRows,
      ...(dataset.queries === undefined
        ? {}
        : { gallery: { rows: dataset.queries.filter((one) => one === 0).length } }),
      ...(dataset.groups === undefined
        ? {}
        : { groups: { column: manifest.columns.group, count: groupCount(dataset.groups) } }),
      hasIds: dataset.hasIds,
      ...(dataset.idKey === undefined ? {} : { idKey: dataset.idKey }),
      dimensions: dataset.dimensions,
      classes: dataset.classes.length,
      setAside: dataset.setAside,
      warnings: parts.warnings,
      files: upload.files,
      sketch: sketchOf(dataset),
      settings: settingsFiles(upload),
      privacy: manifest.privacy,
      contentId: upload.contentId,
    },
    model: manifest.model,
    backend: neighborhood.backend,
    metric: neighborhood.metric,
    k: neighborhood.k,
    metrics: evaluation.figures,
    intervals: evaluation.intervals,
    confusion,
    // A class of the gallery alone is asked for by no query.
    classes: evaluation.classes.filter(({ rows }) => rows > 0),
    margins,
    outliers: evaluation.outliers,
    duplicates: {
      groups: duplicates,
      rows: duplicates.reduce((sum, { rows }) => sum + rows.length, 0),
      conflicts: duplicates.filter(({ conflict }) => conflict).length,
    },
    quality: evaluation.quality,
    slices: evaluation.slices.report,
    structure: evaluation.structure,
    tradeOff: parts.tradeOff,
    verification: evaluation.verification,
    projection: parts.projection,
    projections: parts.projections,
    items: parts.items,
    comparison: parts.comparison,
    comparisonNote: parts.comparisonNote,
    comparisons: parts.comparisons,
    changes: parts.changes,
    drift: evaluation.drift ?? null,
    gate: parts.gate,
    images: parts.images,
    planning: parts.planning,
    timings: parts.timings,
    generator: { name: 'nearmiss', version: packageJson.version },
  }
}

function sketchOf({ ids, labels, classes }: Dataset): string {
  return rowSketch(
    ids,
    Array.from(labels, (label) => classes[label]!),
  )
}

/** What tells which earlier runs this one can be compared with. */
export function comparableRun(dataset: Dataset, { metric }: Manifest): ComparableRun {
  const { rows, classes } = dataset
  return { metric, rows, classes: classes.length, sketch: sketchOf(dataset) }
}

function groupCount(groups: Int32Array): number {
  return new Set(groups.filter((group) => group >= 0)).size
}

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
