/** What a run publishes, before it is rendered: its report, the columns of its rows, their pictures. */

import { picturedRows } from '../../reports/render.ts'
import { runCaveats } from '../core/caveats.ts'
import type { Context } from '../core/context.ts'
import type { Report } from '../core/report.ts'
import type { Rows } from '../core/rows.ts'
import { tieWarnings } from '../metrics/tie-warning.ts'
import { planningOf } from '../planning/planning.ts'
import type { Picture } from '../site/pictures.ts'
import type { Judgement } from './judge.ts'
import type { Measurement } from './measure.ts'
import { reportImages, rowPictures } from './pictures.ts'
import type { RunInput } from './read.ts'
import { makeRows } from './run-columns.ts'
import { makeReport } from './run-report.ts'

export interface RunContent {
  readonly report: Report
  readonly rows: Rows
  readonly pictures: readonly Picture[]
}

export async function makeContent(
  context: Pick<Context, 'uploads' | 'siteUrl'>,
  input: RunInput,
  { evaluation, maps, warnings: lost }: Measurement,
  judgement: Judgement,
  timings: Report['timings'],
): Promise<RunContent> {
  const { upload, run, dataset, manifest, past, sprite } = input
  const { findings, items, comparison, note, comparisons, tables, gate } = judgement
  const draft = makeRows(evaluation, maps, {
    baselineRow: past.baselineRow,
    baseline: past.baseline?.rows ?? null,
    overlap: tables?.overlap ?? null,
  })
  const planning = planningOf({
    manifest,
    items,
    evidenceOf: (id) =>
      (findings.raised.find((one) => one.id === id) ?? findings.recall(id))?.evidence ?? null,
    isError: (row) => evaluation.rows.correct[row] !== 1,
    siteUrl: context.siteUrl,
  })
  const shared = reportImages(input, upload.project)
  const unpictured = makeReport({
    upload,
    run,
    manifest,
    evaluation,
    later: {
      projection: maps.projection,
      projections: maps.projections,
      items,
      comparison,
      comparisonNote: note,
      comparisons,
      changes: tables?.changes ?? null,
      gate,
      images: shared.images,
      planning,
    },
    warnings: [
      ...dataset.warnings,
      ...lost,
      ...runCaveats({
        evaluatedRows: evaluation.evaluatedRows,
        labelChangingTies: evaluation.confusion.labelChangingTies,
        rows: dataset.rows,
        copies: evaluation.duplicates.groups.map(({ rows }) => rows.length),
      }),
      ...tieWarnings(evaluation.figures),
      ...judgement.warnings,
    ],
    timings,
  })
  const image = await rowPictures(context, upload, input, picturedRows(unpictured, draft))
  const warnings = [...unpictured.input.warnings, ...image.warnings]
  return {
    report: {
      ...unpictured,
      images: sprite === null && image.addresses === null ? null : unpictured.images,
      input: { ...unpictured.input, warnings },
    },
    rows: { ...draft, image: image.addresses },
    pictures: [...shared.pictures, ...image.pictures],
  }
}
