/**
 * Every page of a publication is made here, of runs, of failures and over them, so that each has
 * something plain in its place where it can't be made.
 */

import {
  failurePreviewSvg,
  previewSvg,
  type RunPage,
  type RunView,
  renderBadge,
  renderFailure,
  renderFeed,
  renderItem,
  renderLatest,
  renderPlain,
  renderProject,
  renderRunPages,
  renderSite,
} from '../../reports/render.ts'
import { canonicalJson } from '../core/canonical.ts'
import type { Context } from '../core/context.ts'
import type { TicketLinks } from '../core/planning.ts'
import type { ProjectIndex, ProjectsIndex } from '../core/project-index.ts'
import type { Report } from '../core/report.ts'
import type { FailedRun } from '../core/run-record.ts'
import { dayOf } from '../planning/standing.ts'
import {
  badgeKey,
  feedKey,
  itemPageKey,
  latestPageKey,
  projectPageKey,
  runKey,
  SITE_PAGE_KEY,
  sprintKey,
} from '../publish/keys.ts'
import { drawPreview, madeOr, pageOrPlain } from './plain-page.ts'
import { sprintFiles } from './sprint.ts'

/** By their path below the run's folder. */
export type RunFiles = Readonly<Record<string, Uint8Array | string>>
/** By their keys in the site. */
export type SiteFiles = readonly (readonly [key: string, body: string])[]

type Renderer = Pick<Context, 'log' | 'siteUrl' | 'clock'>

/** A run's pages with the scripts that they load, and its picture. */
export async function runFiles(context: Renderer, page: RunPage): Promise<RunFiles> {
  const { project, run } = page.report
  return {
    ...(await renderRunPages(page, (file, make) =>
      pageOrPlain(context, runKey(project, run, file), make),
    )),
    ...(await previewFile(context, page.report, () => previewSvg(page.report))),
  }
}

/** What a run that failed publishes. */
export async function failureFiles(context: Renderer, failed: FailedRun): Promise<RunFiles> {
  const key = runKey(failed.project, failed.run, 'index.html')
  const siteUrl = context.siteUrl ?? null
  return {
    'error.json': `${canonicalJson(failed)}\n`,
    'index.html': await pageOrPlain(context, key, () => renderFailure(failed, siteUrl)),
    ...(await previewFile(context, failed, () => failurePreviewSvg(failed))),
  }
}

/** The site's first page. */
export async function siteFiles(context: Renderer, projects: ProjectsIndex): Promise<SiteFiles> {
  return [[SITE_PAGE_KEY, await pageOrPlain(context, SITE_PAGE_KEY, () => renderSite(projects))]]
}

/** What pages over runs show. */
export interface ProjectPages {
  readonly index: ProjectIndex
  readonly links: TicketLinks | null
  /** Items whose pages are made. */
  readonly itemIds: readonly string[]
  /** Runs as they were published; null where one is gone. */
  readonly runs: {
    readonly report: (run: string) => Promise<Report | null>
    readonly view: (run: string) => Promise<RunView | null>
  }
}

/** A project's pages, with its badge, feed and lists: each is made when it is asked for. */
export function projectFiles(
  context: Renderer,
  { index, links, itemIds, runs }: ProjectPages,
): (() => Promise<SiteFiles>)[] {
  const { project } = index
  const today = dayOf(context.clock())
  const latest = index.runs.filter(({ status }) => status === 'published').at(-1)
  const latestReport = async () => (latest ? runs.report(latest.run) : null)
  const siteUrlOf = () =>
    madeOr(
      context,
      projectPageKey(project),
      async () => context.siteUrl ?? (await latestReport())?.planning.siteUrl ?? null,
      () => null,
    )
  const page = (key: string, make: () => string | Promise<string>) => async () =>
    [[key, await pageOrPlain(context, key, make)]] as const
  // What isn't a page is left as it was where it can't be made.
  const file = (key: string, make: () => string | Promise<string>) => () =>
    madeOr<SiteFiles>(
      context,
      key,
      async () => [[key, await make()]],
      () => [],
    )
  const sprintPage = sprintKey(project, 'index.html')
  return [
    page(projectPageKey(project), async () => renderProject(index, await siteUrlOf())),
    file(badgeKey(project), () => renderBadge(index)),
    file(feedKey(project), async () => renderFeed(index, await siteUrlOf())),
    ...(latest ? [page(latestPageKey(project), () => renderLatest(latest.run))] : []),
    () =>
      madeOr<SiteFiles>(
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
}

async function previewFile(
  context: Renderer,
  { project, run }: { readonly project: string; readonly run: string },
  svg: () => string,
): Promise<RunFiles> {
  const preview = await drawPreview(context, runKey(project, run, 'preview.png'), svg)
  return preview === null ? {} : { 'preview.png': preview }
}
