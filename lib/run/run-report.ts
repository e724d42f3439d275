/** A run's report, put together from what the stages found. */

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
import type { Warning } from '../core/warning.ts'
import type { Upload } from '../upload/content.ts'
import { settingsFiles } from '../upload/settings.ts'

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
