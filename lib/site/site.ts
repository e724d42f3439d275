/** The site: what a run publishes of its own, and the pages that every run changes. */

import {
  failurePreviewSvg,
  type RunPage,
  type RunView,
  renderFailure,
  renderSite,
  runView,
} from '../../reports/render.ts'
import { canonicalJson, sha256 } from '../core/canonical.ts'
import type { Context } from '../core/context.ts'
import { type Issue, StoreRefusedError } from '../core/errors.ts'
import type { Item } from '../core/item.ts'
import type { ProjectsIndex, RunEntry } from '../core/project-index.ts'
import type { Report } from '../core/report.ts'
import type { FailedRun, RunRecord } from '../core/run-record.ts'
import type { Store } from '../core/store.ts'
import type { PictureType } from '../dataset/picture-type.ts'
import { publishedIssue } from '../dataset/privacy.ts'
import { appendRun } from '../history/project-index.ts'
import { summarizeRun } from '../history/verdict.ts'
import { readProjects, updateIndex, updateProjects } from '../publish/index-object.ts'
import { assetKey, headersOf, runKey, SITE_PAGE_KEY } from '../publish/keys.ts'
import { publishRun, type RunToPublish, readRun } from '../publish/run.ts'
import type { Upload } from '../upload/content.ts'
import { writeProjectPages } from './pages.ts'
import { drawPreview, pageOrPlain } from './plain-page.ts'
import { readFailure, readReport } from './runs.ts'

/**
 * Puts a picture where all runs of the project share it; resolves to its address from a run's page.
 * The type is what the bytes are, whatever the upload calls them: the site serves it by its extension.
 */
export async function publishPicture(
  site: Store,
  project: string,
  type: PictureType,
  bytes: Uint8Array,
): Promise<string> {
  const key = assetKey(project, sha256(bytes), type)
  if ((await site.head(key)) === null) await site.put(key, bytes, headersOf(key))
  return `../../${key.slice(project.length + 1)}`
}

/** Writes a run's files, `run.json` last, and enters it into the indexes. */
export async function publishReport(
  context: Context,
  page: RunPage,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  const { report } = page
  const { project, run } = report
  await publish(
    context,
    { project, run, files, record: recordOf(report, 'published') },
    runView(page),
  )
}

/** Writes the error page of an upload that can't be evaluated. */
export async function publishFailure(
  context: Context,
  upload: Upload,
  run: string,
  issues: readonly Issue[],
): Promise<void> {
  const { project, createdAt, contentId } = upload
  const failed: FailedRun = {
    schema: 'nearmiss.error/1',
    project,
    run,
    createdAt,
    contentId,
    files: upload.files.map(({ name, byteLength }) => ({ name, byteLength })),
    issues: issues.map((issue) => publishedIssue(issue, upload.pseudonyms !== null)),
  }
  const record: RunRecord = recordOf({ project, run, createdAt, input: { contentId } }, 'failed')
  await publish(context, { project, run, files: await failureFiles(context, failed), record }, null)
}

/** Files of a run that failed, by their names. */
export async function failureFiles(
  context: Context,
  failed: FailedRun,
): Promise<Readonly<Record<string, Uint8Array | string>>> {
  const keyOf = (file: string) => runKey(failed.project, failed.run, file)
  const preview = await drawPreview(context, keyOf('preview.png'), () => failurePreviewSvg(failed))
  return {
    'error.json': `${canonicalJson(failed)}\n`,
    'index.html': await pageOrPlain(context, keyOf('index.html'), () =>
      renderFailure(failed, context.siteUrl ?? null),
    ),
    ...(preview && { 'preview.png': preview }),
  }
}

/** @param view of the files that are to be published */
async function publish(
  caller: Context,
  publication: Omit<RunToPublish, 'enter'>,
  view: RunView | null,
): Promise<void> {
  const { project, run } = publication
  const context = lasting(caller)
  await publishRun(context.site, {
    ...publication,
    // Where somebody else published the same, what counts is what stands in the site.
    enter: (isOurs) => enterRun(context, project, run, isOurs ? view : null),
  })
}

/** Once it began, a publication isn't stopped by a signal: it is short, and its halves would have to be mended. */
function lasting(context: Context): Context {
  return { ...context, signal: new AbortController().signal }
}

/**
 * Enters a complete run into the indexes, as it stands in the site, and writes the pages made of them.
 * Does nothing where there is none. Another run may take a failed one's place meanwhile: it is entered
 * until what is entered is what stands there.
 *
 * @param fresh the run as it was just written, so that it needn't be read back
 */
export async function enterRun(
  caller: Context,
  project: string,
  run: string,
  fresh: RunView | null = null,
): Promise<void> {
  const context = lasting(caller)
  for (let view = fresh; ; view = null) {
    const record = await readRun(context.site, project, run)
    if (record === null) return
    const { entry, items } = await readEntry(context.site, record, view?.report)
    await publishIndexes(context, project, entry, items, view)
    if (canonicalJson(await readRun(context.site, project, run)) === canonicalJson(record)) return
  }
}

/** A complete run's entry in the project's index, and its items. */
export async function readEntry(
  site: Store,
  record: RunRecord,
  known?: Report,
): Promise<{ readonly entry: RunEntry; readonly items: readonly Item[] }> {
  const { project, run } = record
  if (record.status === 'published') {
    const report = known ?? (await readReport(site, project, run))
    if (report !== null) return { entry: entryOf(report), items: report.items }
    throw new StoreRefusedError(
      'incomplete-run',
      `run ${run} of project ${project} in ${site.name} has a run.json and no report.json`,
      {
        hint: 'Somebody deleted it. Delete what is left of the run, and evaluate its upload again.',
      },
    )
  }
  const { createdAt, contentId } = record
  const failed = await readFailure(site, project, run)
  const error = failed?.issues[0]?.message ?? null
  return { entry: { run, createdAt, status: 'failed', contentId, error, summary: null }, items: [] }
}

/** Enters a complete run into the indexes, where it isn't there yet, and writes the pages made of them. */
export async function publishIndexes(
  context: Context,
  project: string,
  entry: RunEntry,
  items: readonly Item[],
  fresh: RunView | null = null,
): Promise<void> {
  const { site } = context
  await updateIndex(site, project, (old) => appendRun(old, entry, items), context)
  const index = await writeProjectPages(
    context,
    project,
    // What another item covers has no state in this run: its page no longer asks to plan it.
    items.flatMap(({ id, covers }) => [id, ...covers]),
    fresh,
  )
  const latest = index.runs.at(-1)
  const projects = latest
    ? await updateProjects(site, { project, latest }, context)
    : await readProjects(site)
  await writeSitePage(context, projects)
}

/** Writes the site's first page until it shows the newest list of projects. */
export async function writeSitePage(context: Context, listed: ProjectsIndex | null): Promise<void> {
  const { site } = context
  for (let shown = listed; shown !== null; ) {
    const projects = shown
    const page = await pageOrPlain(context, SITE_PAGE_KEY, () => renderSite(projects))
    await site.put(SITE_PAGE_KEY, page, headersOf(SITE_PAGE_KEY))
    const now = await readProjects(site)
    if (canonicalJson(now) === canonicalJson(shown)) break
    shown = now
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

/** A published run's entry in the project's index. */
export function entryOf(report: Report): RunEntry {
  return {
    run: report.run,
    createdAt: report.createdAt,
    status: 'published',
    contentId: report.input.contentId,
    error: null,
    summary: summarizeRun(report),
  }
}
