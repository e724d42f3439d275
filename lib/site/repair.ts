/** Making everything over the runs anew from the runs: indexes, pages, badge and feed. */

import type { Context } from '../core/context.ts'
import { NearmissError } from '../core/errors.ts'
import { compareText, itemSlug } from '../core/names.ts'
import type { ProjectEntry, ProjectIndex } from '../core/project-index.ts'
import { compareRunOrder } from '../history/baseline.ts'
import { appendRun, emptyIndex } from '../history/project-index.ts'
import { noting } from '../publish/draft.ts'
import { LONG_AGO_MS } from '../publish/holder.ts'
import { rebuildIndex, rebuildProjects } from '../publish/index-object.ts'
import { deleteKeys, keysOf } from '../publish/key-lists.ts'
import {
  claimKey,
  itemPageKey,
  projectIndexKey,
  projectPrefix,
  projectProblem,
  runKey,
  runPrefix,
} from '../publish/keys.ts'
import { readRun } from '../publish/run.ts'
import { readEntry } from './entry.ts'
import { healSite } from './heal.ts'
import { writeProjectPages, writeSitePage } from './pages.ts'
import { withdrawCentroids } from './runs.ts'

export interface Repair {
  /** Keys of what was, or would be, written and deleted, in their order. */
  readonly written: readonly string[]
  readonly deleted: readonly string[]
  /** What can't be mended from the runs, a sentence each. */
  readonly problems: readonly string[]
}

export interface RepairOptions {
  /** Whether only to tell what would change. */
  readonly dryRun: boolean
}

/**
 * Ends or takes back publications that were stopped, makes each project's index anew from the reports
 * of its complete runs, oldest first, and from that the pages. Runs themselves stay as they are, but for
 * means that earlier versions published of them. Others
 * may publish meanwhile. What is right already isn't written.
 */
export async function repairSite(caller: Context, { dryRun }: RepairOptions): Promise<Repair> {
  const { store: site, changes } = noting(caller.site, dryRun)
  const context: Context = { ...caller, site, vault: noting(caller.vault, dryRun).store }
  const problems = new Set<string>()
  await healSite(context)
  const list = async () => {
    const entries: ProjectEntry[] = []
    for (const project of await projectsOf(context)) {
      const latest = (await indexOf(context, project, problems)).runs.at(-1)
      if (latest) entries.push({ project, latest })
    }
    return entries
  }
  for (const project of await projectsOf(context)) {
    await repairProject(context, project, changes.written, problems)
  }
  await writeSitePage(context, await rebuildProjects(site, list))
  const inOrder = (keys: ReadonlySet<string>) => [...keys].sort(compareText)
  return {
    written: inOrder(changes.written),
    deleted: inOrder(changes.deleted),
    problems: [...problems],
  }
}

/** Names of folders that hold runs. */
async function projectsOf({ site }: Context): Promise<string[]> {
  const names = new Set<string>()
  for await (const { key } of site.list('')) {
    const [project = '', folder] = key.split('/')
    if (folder === 'runs' && projectProblem(project) === null) names.add(project)
  }
  return [...names]
}

/** @param written keys that were written so far, of the whole site */
async function repairProject(
  context: Context,
  project: string,
  written: ReadonlySet<string>,
  problems: Set<string>,
): Promise<void> {
  const { site } = context
  await removePartialRuns(context, project, problems)
  const index = await rebuildIndex(site, project, () => indexOf(context, project, problems))
  if (index.runs.length === 0) return
  for (const { run, contentId } of index.runs) {
    await withdrawCentroids(context, project, run, contentId)
  }
  const ids = Object.keys(index.items)
  const folder = `${projectPrefix(project)}items/`
  const pages = await keysOf(site, folder)
  const present = new Set(pages)
  // A page of an item shows the runs up to the newest that has it: it is right as long as the index was.
  const wasRight = !written.has(projectIndexKey(project))
  const stale = ids.filter((id) => !(wasRight && present.has(itemPageKey(project, id))))
  await writeProjectPages(context, project, [...new Set([...stale, ...idsOfNewest(index)])], null)
  const slugs = new Set(ids.map(itemSlug))
  await deleteKeys(
    site,
    pages.filter((key) => !slugs.has(key.slice(folder.length).split('/')[0]!)),
  )
}

/** Items that the newest published run has, or that are part of one of its. */
function idsOfNewest({ runs, items }: ProjectIndex): string[] {
  const newest = runs.findLast(({ status }) => status === 'published')?.run
  return Object.values(items)
    .filter(({ states, coveredBy }) => states.at(-1)?.run === newest || coveredBy?.run === newest)
    .map(({ id }) => id)
}

/** The index that a project's complete runs make. */
async function indexOf(
  { site }: Context,
  project: string,
  problems: Set<string>,
): Promise<ProjectIndex> {
  const entered = []
  for (const run of await runsOf({ site }, project)) {
    try {
      const record = await readRun(site, project, run)
      if (record !== null) entered.push(await readEntry(site, record))
    } catch (error) {
      if (!(error instanceof NearmissError) || error.retryable) throw error
      problems.add(`${error.message}. The run is left out. ${error.hint ?? ''}`.trimEnd())
    }
  }
  return entered
    .sort((a, b) => compareRunOrder(a.entry, b.entry))
    .reduce((index, { entry, items }) => appendRun(index, entry, items), emptyIndex(project))
}

async function runsOf({ site }: Pick<Context, 'site'>, project: string): Promise<string[]> {
  const folder = `${projectPrefix(project)}runs/`
  const keys = await keysOf(site, folder)
  return [...new Set(keys.map((key) => key.slice(folder.length).split('/')[0]!))]
}

/** Deletes runs without a record that nobody is publishing: earlier versions left them when they were stopped. */
async function removePartialRuns(
  { site, clock }: Context,
  project: string,
  problems: Set<string>,
): Promise<void> {
  const long = new Date(clock().getTime() - LONG_AGO_MS).toISOString()
  for (const run of await runsOf({ site }, project)) {
    if ((await site.head(runKey(project, run, 'run.json'))) !== null) continue
    if ((await site.head(claimKey(project, run))) !== null) {
      problems.add(`Run ${run} of project ${project} is being published.`)
      continue
    }
    const keys: string[] = []
    let newest = ''
    for await (const { key, modifiedAt } of site.list(runPrefix(project, run))) {
      keys.push(key)
      if (modifiedAt > newest) newest = modifiedAt
    }
    if (newest < long) await deleteKeys(site, keys)
    else {
      problems.add(
        `Run ${run} of project ${project} has no record and was written to at ${newest}: if nobody is publishing it, a repair in a quarter of an hour takes it away.`,
      )
    }
  }
}
