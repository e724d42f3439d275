/** What a run publishes of its rows: their columns, their pictures, and the report on them. */

import { picturedRows } from '../../reports/render.ts'
import { runCaveats } from '../core/caveats.ts'
import type { Context } from '../core/context.ts'
import type { Report } from '../core/report.ts'
import type { Rows } from '../core/rows.ts'
import { tieWarnings } from '../metrics/tie-warning.ts'
import { planningOf } from '../planning/planning.ts'
import type { RunMaps } from '../projection/map.ts'
import type { EvaluatedRun, History } from './past.ts'
import { pictures, publishedImages } from './pictures.ts'
import { makeRows } from './run-columns.ts'
import { makeReport } from './run-report.ts'

/** What the later stages add to an evaluated run. */
export interface RunParts {
  readonly maps: RunMaps
  readonly history: History
  readonly timings: Report['timings']
}

/** Puts a run together; pictures that it shows are published on the way. */
export async function makeRun(
  context: Context,
  evaluated: EvaluatedRun,
  { maps, history, timings }: RunParts,
): Promise<{ report: Report; rows: Rows }> {
  const { upload, run, read, past, evaluation, baselineRow, findings } = evaluated
  const { dataset, manifest } = read
  const draft = makeRows(evaluation, maps, {
    baselineRow,
    baseline: past.baseline?.rows ?? null,
    overlap: history.tables?.overlap ?? null,
  })
  const planning = planningOf({
    manifest,
    items: history.items,
    evidenceOf: (id) =>
      (findings.raised.find((one) => one.id === id) ?? findings.recall(id))?.evidence ?? null,
    isError: (row) => evaluation.rows.correct[row] !== 1,
    siteUrl: context.siteUrl,
  })
  const images = await publishedImages(context, read, upload.project)
  const unpictured = makeReport({
    upload,
    run,
    manifest,
    evaluation,
    later: {
      projection: maps.projection,
      projections: maps.projections,
      items: history.items,
      comparison: history.comparison,
      comparisonNote: history.note,
      comparisons: history.comparisons,
      changes: history.tables?.changes ?? null,
      gate: history.gate,
      images,
      planning,
    },
    warnings: [
      ...dataset.warnings,
      ...runCaveats({
        evaluatedRows: evaluation.evaluatedRows,
        labelChangingTies: evaluation.confusion.labelChangingTies,
        rows: dataset.rows,
        copies: evaluation.duplicates.groups.map(({ rows }) => rows.length),
      }),
      ...tieWarnings(evaluation.figures),
      ...history.warnings,
    ],
    timings,
  })
  const image = await pictures(context, upload, read, picturedRows(unpictured, draft))
  const { input } = unpictured
  const warnings = [...input.warnings, ...image.warnings]
  return {
    report: {
      ...unpictured,
      images: read.sprite === null && image.addresses === null ? null : images,
      input: { ...input, warnings },
    },
    rows: { ...draft, image: image.addresses },
  }
}
