/** Publishing a run, or why there is none: its own files first, then what every run changes. */

import { type RunPage, runView } from '../../reports/render.ts'
import type { Context } from '../core/context.ts'
import type { Failed } from '../core/ending.ts'
import type { Issue } from '../core/errors.ts'
import { shortName } from '../core/limits.ts'
import type { Report } from '../core/report.ts'
import type { FailedRun, RunRecord } from '../core/run-record.ts'
import type { SeenFile } from '../core/seen.ts'
import { publishedIssue, publishedName } from '../dataset/privacy.ts'
import { publishRun, type RunToPublish } from '../publish/run.ts'
import type { Upload } from '../upload/content.ts'
import { enterRun, lasting } from './entry.ts'
import { failureFiles } from './render.ts'

/**
 * Writes a run's files, `run.json` last, and enters it into the indexes.
 *
 * @param beside writes what lies elsewhere than in the run's folder, once the run is claimed
 */
export async function publishReport(
  caller: Context,
  page: RunPage,
  files: RunToPublish['files'],
  beside: () => Promise<void>,
): Promise<void> {
  const context = lasting(caller)
  const { project, run } = page.report
  const view = runView(page)
  await publishRun(context.site, {
    project,
    run,
    files,
    record: recordOf(page.report, 'published'),
    beside,
    // Where somebody else published the same, what counts is what stands in the site.
    enter: (isOurs) => enterRun(context, project, run, isOurs ? view : null),
  })
}

/** Writes the error page of an upload that can't be evaluated; resolves to that ending. */
export async function publishFailure(
  caller: Context,
  upload: Upload,
  run: string,
  issues: readonly Issue[],
  seen: readonly SeenFile[] = [],
): Promise<Failed> {
  const context = lasting(caller)
  const { project, createdAt, contentId } = upload
  const failed: FailedRun = {
    schema: 'nearmiss.error/1',
    project,
    run,
    createdAt,
    contentId,
    files: upload.files.map(({ name, byteLength }) => ({ name, byteLength })),
    ...(seen.length === 0 ? {} : { seen: seen.map(reportedFile) }),
    issues: issues.map((issue) => publishedIssue(issue, upload.pseudonyms !== null)),
  }
  await publishRun(context.site, {
    project,
    run,
    files: await failureFiles(context, failed),
    record: recordOf({ project, run, createdAt, input: { contentId } }, 'failed'),
    enter: () => enterRun(context, project, run),
  })
  return { status: 'failed', run, issues }
}

/** More fields say nothing to a reader. */
const MOST_FIELDS = 40

function reportedFile({
  source,
  format,
  fields,
}: SeenFile): NonNullable<FailedRun['seen']>[number] {
  return {
    source,
    format,
    fields: fields
      .slice(0, MOST_FIELDS)
      .map(({ name, type, shape }) => ({ name: publishedName(shortName(name)), type, shape })),
    more: Math.max(0, fields.length - MOST_FIELDS),
  }
}

type Recorded = Pick<Report, 'project' | 'run' | 'createdAt'> & {
  readonly input: Pick<Report['input'], 'contentId'>
}

function recordOf(report: Recorded, status: RunRecord['status']): RunRecord {
  return {
    schema: 'nearmiss.run/1',
    project: report.project,
    run: report.run,
    status,
    createdAt: report.createdAt,
    contentId: report.input.contentId,
  }
}
