/** The pages over runs: project, items, sprint, badge and feed, from the index and one run each. */

import {
  type RunView,
  renderBadge,
  renderFeed,
  renderItem,
  renderLatest,
  renderPlain,
  renderProject,
  runView,
} from '../../reports/render.ts'
import { canonicalJson } from '../core/canonical.ts'
import type { Context } from '../core/context.ts'
import type { TicketLinks } from '../core/planning.ts'
import type { ProjectIndex } from '../core/project-index.ts'
import type { Report } from '../core/report.ts'
import { emptyIndex } from '../history/project-index.ts'
import { dayOf } from '../planning/standing.ts'
import { readIndex } from '../publish/index-object.ts'
import {
  badgeKey,
  feedKey,
  headersOf,
  itemPageKey,
  latestPageKey,
  projectPageKey,
  runKey,
  sprintKey,
} from '../publish/keys.ts'
import { decodeRows, SHOWN_COLUMNS, SHOWN_METADATA } from '../publish/rows-parquet.ts'
import { readTickets } from '../publish/tickets-object.ts'
import { madeOr, pageOrPlain } from './plain-page.ts'
import { readReport } from './runs.ts'
import { sprintFiles } from './sprint.ts'

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
    links: await readTickets(context.site, project),
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
  const { site, clock } = context
  const { project } = index
  const today = dayOf(clock())
  const runs = runReader(context, index, fresh)
  const latest = index.runs.filter(({ status }) => status === 'published').at(-1)
  const latestReport = async () => (latest ? runs.report(latest.run) : null)
  const siteUrlOf = () =>
    madeOr(
      context,
      projectPageKey(project),
      async () => context.siteUrl ?? (await latestReport())?.planning?.siteUrl ?? null,
      () => null,
    )
  type Files = readonly (readonly [key: string, body: string])[]
  const page = (key: string, make: () => string | Promise<string>) => async (): Promise<Files> => [
    [key, await pageOrPlain(context, key, make)],
  ]
  // What isn't a page is left as it was where it can't be made.
  const file = (key: string, make: () => string | Promise<string>) => (): Promise<Files> =>
    madeOr<Files>(
      context,
      key,
      async () => [[key, await make()]],
      () => [],
    )
  const sprintPage = sprintKey(project, 'index.html')
  const pages: (() => Promise<Files>)[] = [
    page(projectPageKey(project), async () => renderProject(index, await siteUrlOf())),
    file(badgeKey(project), () => renderBadge(index)),
    file(feedKey(project), async () => renderFeed(index, await siteUrlOf())),
    ...(latest ? [page(latestPageKey(project), () => renderLatest(latest.run))] : []),
    () =>
      madeOr<Files>(
        context,
        sprintPage,
        async () => {
          const files = await sprintFiles(project, await latestReport(), links, today)
          return Object.entries(files).map(([name, body]) => [sprintKey(project, name), body])
        },
        () => [[sprintPage, renderPlain(sprintPage)]],
      ),
    // What was covered from its first day on has no history, and no page.
    ...itemIds
      .filter((id) => Object.hasOwn(index.items, id))
      .map((itemId) =>
        page(itemPageKey(project, itemId), async () => {
          const run = index.items[itemId]?.states.at(-1)?.run
          const view = run === undefined ? null : await runs.view(run)
          return renderItem({ index, itemId, run: view, links, today })
        }),
      ),
  ]
  for (let start = 0; start < pages.length; start += CONCURRENT_WRITES) {
    const made = await Promise.all(
      pages.slice(start, start + CONCURRENT_WRITES).map((page) => page()),
    )
    await Promise.all(made.flat().map(([key, body]) => site.put(key, body, headersOf(key))))
  }
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
    const found = await report(run)
    const key = runKey(project, run, 'rows.parquet')
    const stored = found && (await site.get(key))
    if (!found || !stored) return null
    const shown = await decodeRows(stored.body, {
      source: key,
      columns: SHOWN_COLUMNS,
      metadata: (names) => names.slice(0, SHOWN_METADATA),
    })
    return runView({ report: found, index, ...shown })
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
