/** The last step of an evaluation: from all that is known of a run to its pages, and only then to the site. */

import { canonicalJson } from '../core/canonical.ts'
import type { Report } from '../core/report.ts'
import { encodeCentroids } from '../publish/centroids-parquet.ts'
import { centroidsKey } from '../publish/keys.ts'
import { encodeRows } from '../publish/rows-parquet.ts'
import { readableTickets } from '../publish/tickets-object.ts'
import { writePictures } from '../site/pictures.ts'
import { publishReport } from '../site/publication.ts'
import { type RunFiles, runFiles } from '../site/render.ts'
import { checkUnchanged } from '../upload/change.ts'
import { makeContent, type RunContent } from './content.ts'
import type { Judgement } from './judge.ts'
import type { Measurement } from './measure.ts'
import type { RunInput } from './read.ts'
import type { EvaluationRequest } from './request.ts'
import type { StageContext } from './stages.ts'

/**
 * Resolves to the report as it is published.
 *
 * @throws UploadChangedError where the upload, or the run that it was compared with, is another one by now
 */
export async function publish(
  context: StageContext,
  input: RunInput,
  measurement: Measurement,
  judgement: Judgement,
  { pages = [] }: EvaluationRequest,
): Promise<Report> {
  const { stage, timings } = context
  const content = await stage('pictures', () =>
    makeContent(context, input, measurement, judgement, timings()),
  )
  const files = await stage('render', () => render(context, input, measurement, content, pages))
  const report = { ...content.report, timings: timings() }
  await stage('publish', () => write(context, input, measurement, { ...content, report }, files))
  return report
}

async function render(
  context: StageContext,
  { past, dataset }: RunInput,
  { maps }: Measurement,
  { report, rows }: RunContent,
  pages: NonNullable<EvaluationRequest['pages']>,
): Promise<RunFiles> {
  return runFiles(context, {
    report,
    rows,
    index: past.index,
    metadata: dataset.metadata,
    mapsBefore: maps.before,
    links: await readableTickets(context, report.project),
    pages,
  })
}

/** What the evaluation publishes of its own: the claim before all else. */
async function write(
  context: StageContext,
  { upload, run, dataset, manifest, past }: RunInput,
  { space }: Measurement,
  { report, rows, pictures }: RunContent,
  pages: RunFiles,
): Promise<void> {
  await checkUnchanged(context, upload, past.baseline?.rows.run)
  const { metadata } = dataset
  const files = {
    ...pages,
    'report.json': `${canonicalJson(report)}\n`,
    'rows.parquet': encodeRows(rows, metadata),
  }
  await publishReport(context, { report, rows, index: past.index, metadata }, files, async () => {
    await writePictures(context.site, pictures)
    if (manifest.privacy.centroids === 'none') return
    const key = centroidsKey(upload.project, run, upload.contentId)
    await context.vault.put(key, encodeCentroids(space.centroids))
  })
}
