/** A run's report, put together from what the stages found. */

import packageJson from '../../package.json' with { type: 'json' }
import { type ComparableRun, rowSketch } from '../core/comparable-runs.ts'
import { type Dataset, groupCount } from '../core/dataset.ts'
import type { Evaluation } from '../core/evaluation.ts'
import type { Manifest } from '../core/manifest.ts'
import { publishedWarning } from '../core/published-warning.ts'
import type { Report, ReportedFile } from '../core/report.ts'
import type { MeasuredSections, ReportSections } from '../core/sections.ts'
import type { SeenFile } from '../core/seen.ts'
import type { Warning } from '../core/warning.ts'
import { sectionsOf } from '../metrics/evaluate.ts'
import type { Upload } from '../upload/content.ts'
import { settingsFiles } from '../upload/settings.ts'

/** What the stages after the figures' add to the report: its other sections. */
export type LaterSections = Omit<ReportSections, keyof MeasuredSections | 'drift'>

export interface ReportParts {
  readonly upload: Upload
  readonly run: string
  readonly manifest: Manifest
  readonly evaluation: Evaluation
  readonly later: LaterSections
  readonly warnings: readonly Warning[]
  readonly timings: Report['timings']
}

export function makeReport(parts: ReportParts): Report {
  const { upload, manifest, evaluation } = parts
  const { dataset, neighborhood } = evaluation
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
        : {
            gallery: {
              rows: dataset.queries.filter((one) => one === 0).length,
              ...(dataset.ownRows === undefined ? {} : { ownRows: dataset.ownRows.queries }),
            },
          }),
      ...(dataset.groups === undefined || dataset.ownRows?.firstGroup === 0
        ? {}
        : { groups: { column: manifest.columns.group, count: groupCount(dataset) } }),
      hasIds: dataset.hasIds,
      ...(dataset.idKey === undefined ? {} : { idKey: dataset.idKey }),
      dimensions: dataset.dimensions,
      classes: dataset.classes.length,
      setAside: dataset.setAside,
      warnings: parts.warnings.map(publishedWarning),
      ...(dataset.seen === undefined ? {} : { seen: dataset.seen.map(reportedFile) }),
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
    ...sectionsOf(evaluation),
    ...parts.later,
    drift: evaluation.drift ?? null,
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
  return { metric, sketch: sketchOf(dataset) }
}

/** More fields say nothing to a reader. */
const MOST_FIELDS = 40

function reportedFile({ fields, ...file }: SeenFile): ReportedFile {
  return {
    ...file,
    fields: fields.slice(0, MOST_FIELDS).map(({ examples: _, ...field }) => field),
    more: Math.max(0, fields.length - MOST_FIELDS),
  }
}
