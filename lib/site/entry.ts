/** Entering a run into the indexes of its project and of the site, with the pages made of them. */

import type { RunView } from '../../reports/render.ts'
import { canonicalJson } from '../core/canonical.ts'
import type { Context } from '../core/context.ts'
import { StoreRefusedError } from '../core/errors.ts'
import type { Item } from '../core/item.ts'
import type { RunEntry } from '../core/project-index.ts'
import type { Report } from '../core/report.ts'
import type { RunRecord } from '../core/run-record.ts'
import type { Store } from '../core/store.ts'
import { appendRun } from '../history/project-index.ts'
import { summarizeRun } from '../history/verdict.ts'
import { readProjects, updateIndex, updateProjects } from '../publish/index-object.ts'
import { readRun } from '../publish/run.ts'
import { writeProjectPages, writeSitePage } from './pages.ts'
import { readFailure, readReport } from './runs.ts'

/** Once it began, a publication isn't stopped by a signal: it is short, and its halves would have to be mended. */
export function lasting(context: Context): Context {
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
