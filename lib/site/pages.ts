/** Writes the pages over runs: project, items, sprint, badge and feed, from the index and one run each. */

import { type RunView, runView } from '../../reports/render.ts'
import { canonicalJson } from '../core/canonical.ts'
import type { Context } from '../core/context.ts'
import type { TicketLinks } from '../core/planning.ts'
import type { ProjectIndex, ProjectsIndex } from '../core/project-index.ts'
import type { Report } from '../core/report.ts'
import type { Store } from '../core/store.ts'
import { emptyIndex } from '../history/project-index.ts'
import { readIndex, readProjects } from '../publish/index-object.ts'
import { headersOf, runKey } from '../publish/keys.ts'
import { decodeRows, SHOWN_COLUMNS, SHOWN_METADATA } from '../publish/rows-parquet.ts'
import { readableTickets } from '../publish/tickets-object.ts'
import { projectFiles, type SiteFiles, siteFiles } from './render.ts'
import { readReport } from './runs.ts'

const CONCURRENT_WRITES = 8

/**
 * Writes a project's pages and those of the items that changed: what it costs doesn't grow with the
 * history. Somebody else may publish a run or link a ticket meanwhile, so pages are written until they
 * show the newest of both. Resolves to the index that they show.
 *
 * @param fresh the run that is being published, so that it needn't be read back
 */
export async function writeProjectPages(
  context: Context,
  project: string,
  itemIds: readonly string[],
  fresh: RunView | null,
): Promise<ProjectIndex> {
  const state = async () => ({
    index: (await readIndex(context.site, project)) ?? emptyIndex(project),
    links: await readableTickets(context, project),
  })
  for (let shown = await state(); ; ) {
    await writePages(context, shown.index, shown.links, itemIds, fresh)
    const now = await state()
    if (canonicalJson(now) === canonicalJson(shown)) return now.index
    shown = now
  }
}

async function writePages(
  context: Context,
  index: ProjectIndex,
  links: TicketLinks | null,
  itemIds: readonly string[],
  fresh: RunView | null,
): Promise<void> {
  const runs = runReader(context, index, fresh)
  const pages = projectFiles(context, { index, links, itemIds, runs })
  for (let start = 0; start < pages.length; start += CONCURRENT_WRITES) {
    const files = await Promise.all(
      pages.slice(start, start + CONCURRENT_WRITES).map((make) => make()),
    )
    await write(context.site, files.flat())
  }
}

/** Writes the site's first page until it shows the newest list of projects. */
export async function writeSitePage(context: Context, newest: ProjectsIndex | null): Promise<void> {
  const { site } = context
  for (let shown = newest; shown !== null; ) {
    await write(site, await siteFiles(context, shown))
    const now = await readProjects(site)
    if (canonicalJson(now) === canonicalJson(shown)) break
    shown = now
  }
}

async function write(site: Store, files: SiteFiles): Promise<void> {
  await Promise.all(files.map(([key, body]) => site.put(key, body, headersOf(key))))
}

/** Runs as pages need them, each read once; null where a run is gone. */
function runReader({ site }: Context, index: ProjectIndex, fresh: RunView | null) {
  const { project } = index
  const views = new Map<string, Promise<RunView | null>>()
  const reports = new Map<string, Promise<Report | null>>()
  const isFresh = (run: string) => fresh !== null && fresh.report.run === run
  const report = (run: string) => {
    const known = reports.get(run) ?? readReport(site, project, run)
    reports.set(run, known)
    return known
  }
  const read = async (run: string): Promise<RunView | null> => {
    const own = await report(run)
    const key = runKey(project, run, 'rows.parquet')
    const stored = own && (await site.get(key))
    if (!own || !stored) return null
    const content = await decodeRows(stored.body, {
      source: key,
      columns: SHOWN_COLUMNS,
      metadata: (names) => names.slice(0, SHOWN_METADATA),
    })
    return runView({ report: own, index, ...content })
  }
  return {
    report: async (run: string) => (isFresh(run) ? fresh!.report : report(run)),
    view: (run: string): Promise<RunView | null> => {
      const known = isFresh(run) ? Promise.resolve(fresh) : (views.get(run) ?? read(run))
      views.set(run, known)
      return known
    },
  }
}
