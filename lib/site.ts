/** The site: what a run publishes of its own, and the pages that every run changes. */

import {
  renderFailure,
  renderItem,
  renderLatest,
  renderProject,
  renderSite,
} from '../reports/render.ts'
import { canonicalJson, sha256 } from './core/canonical.ts'
import type { Context } from './core/context.ts'
import type { Issue } from './core/errors.ts'
import type { Item, ProjectIndex, Report, RunEntry, RunRecord } from './core/report.ts'
import type { Store } from './core/store.ts'
import type { PictureType } from './dataset/picture-type.ts'
import { appendRun, emptyIndex } from './history/project-index.ts'
import { type BaselineRows, baselineRows } from './history/run-rows.ts'
import { summarizeRun } from './history/verdict.ts'
import { readIndex, readProjects, updateIndex, updateProjects } from './publish/index-object.ts'
import {
  assetKey,
  headersOf,
  itemPageKey,
  latestPageKey,
  projectPageKey,
  runKey,
  SITE_PAGE_KEY,
} from './publish/keys.ts'
import { decodeRows } from './publish/rows-parquet.ts'
import { publishRun, readRun } from './publish/run.ts'
import type { Upload } from './upload.ts'

/** The report of a run that is complete; null where there is none. */
export async function readReport(
  site: Store,
  project: string,
  run: string,
): Promise<Report | null> {
  const record = await readRun(site, project, run)
  if (record?.status !== 'published') return null
  const stored = await site.get(runKey(project, run, 'report.json'))
  return stored === null ? null : (JSON.parse(new TextDecoder().decode(stored.body)) as Report)
}

/** An earlier run as a later one is compared with it; null where it isn't complete. */
export async function readBaseline(
  site: Store,
  project: string,
  run: string,
): Promise<{ rows: BaselineRows; x: Float32Array; y: Float32Array } | null> {
  const report = await readReport(site, project, run)
  const stored = report && (await site.get(runKey(project, run, 'rows.parquet')))
  if (!report || !stored) return null
  const rows = await decodeRows(stored.body, runKey(project, run, 'rows.parquet'))
  return {
    rows: baselineRows(report, rows),
    x: rows.x,
    y: rows.y,
  }
}

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
  report: Report,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  const { project, run } = report
  const record = recordOf(report, 'published')
  await publishRun(context.site, { project, run, files, record })
  await publishIndexes(context, project, entryOf(report), report.items)
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
    issues,
  }
  const record: RunRecord = recordOf({ project, run, createdAt, input: { contentId } }, 'failed')
  const files = {
    'error.json': `${canonicalJson(failed)}\n`,
    'index.html': await renderFailure(failed),
  }
  await publishRun(context.site, { project, run, files, record })
  const entry: RunEntry = {
    run,
    createdAt,
    status: 'failed',
    contentId,
    error: issues[0]?.message ?? null,
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
): Promise<void> {
  const { site } = context
  let index = await updateIndex(site, project, (old) => appendRun(old, entry, items), context)
  // Another run may have come in between: pages are written until they show the newest index.
  for (;;) {
    await writeProjectPages(site, index, items)
    const now = (await readIndex(site, project)) ?? emptyIndex(project)
    if (canonicalJson(now) === canonicalJson(index)) break
    index = now
  }
  const latest = index.runs.at(-1)
  let projects = latest
    ? await updateProjects(site, { project, latest }, context)
    : await readProjects(site)
  while (projects !== null) {
    await put(site, SITE_PAGE_KEY, await renderSite(projects))
    const now = await readProjects(site)
    if (canonicalJson(now) === canonicalJson(projects)) break
    projects = now
  }
}

/** Only the pages that this run changes: what publishing costs doesn't grow with the history. */
async function writeProjectPages(site: Store, index: ProjectIndex, items: readonly Item[]) {
  const { project } = index
  await put(site, projectPageKey(project), await renderProject(index))
  for (const { id } of items) {
    await put(site, itemPageKey(project, id), await renderItem(index, id))
  }
  const latest = index.runs.filter(({ status }) => status === 'published').at(-1)
  if (latest) await put(site, latestPageKey(project), renderLatest(latest.run))
}

async function put(site: Store, key: string, body: string): Promise<void> {
  await site.put(key, body, headersOf(key))
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
