/** The site: what a run publishes of its own, and the pages that every run changes. */

import {
  failurePreviewSvg,
  type RunPage,
  type RunView,
  renderFailure,
  renderSite,
  runView,
} from '../reports/render.ts'
import { canonicalJson, sha256 } from './core/canonical.ts'
import type { Context } from './core/context.ts'
import type { Issue } from './core/errors.ts'
import type { Item } from './core/item.ts'
import type { ProjectsIndex, RunEntry } from './core/project-index.ts'
import type { Report } from './core/report.ts'
import type { RunRecord } from './core/run-record.ts'
import type { Store } from './core/store.ts'
import type { PictureType } from './dataset/picture-type.ts'
import { publishedIssue } from './dataset/privacy.ts'
import { appendRun } from './history/project-index.ts'
import { summarizeRun } from './history/verdict.ts'
import { drawPreview, pageOrPlain } from './plain-page.ts'
import { readProjects, updateIndex, updateProjects } from './publish/index-object.ts'
import { assetKey, headersOf, runKey, SITE_PAGE_KEY } from './publish/keys.ts'
import { publishRun } from './publish/run.ts'
import { writeProjectPages } from './site-pages.ts'
import type { Upload } from './upload.ts'

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

/** Writes a run's files, `run.json` last. */
export async function publishReport(
  context: Context,
  page: RunPage,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  const { report } = page
  const { project, run } = report
  const record = recordOf(report, 'published')
  await publishRun(context.site, { project, run, files, record })
  await publishIndexes(context, project, entryOf(report), report.items, runView(page))
}

/** Writes the error page of an upload that can't be evaluated. */
export async function publishFailure(
  context: Context,
  upload: Upload,
  run: string,
  issues: readonly Issue[],
): Promise<void> {
  const { project, createdAt, contentId } = upload
  const failed = {
    schema: 'nearmiss.error/1' as const,
    project,
    run,
    createdAt,
    contentId,
    files: upload.files.map(({ name, byteLength }) => ({ name, byteLength })),
    issues: issues.map((issue) => publishedIssue(issue, upload.pseudonyms !== null)),
  }
  const record: RunRecord = recordOf({ project, run, createdAt, input: { contentId } }, 'failed')
  const preview = await drawPreview(context, runKey(project, run, 'preview.png'), () =>
    failurePreviewSvg(failed),
  )
  const files = {
    'error.json': `${canonicalJson(failed)}\n`,
    'index.html': await pageOrPlain(context, runKey(project, run, 'index.html'), () =>
      renderFailure(failed, context.siteUrl ?? null),
    ),
    ...(preview && { 'preview.png': preview }),
  }
  await publishRun(context.site, { project, run, files, record })
  const entry: RunEntry = {
    run,
    createdAt,
    status: 'failed',
    contentId,
    error: failed.issues[0]?.message ?? null,
    summary: null,
  }
  await publishIndexes(context, project, entry, [])
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
