/**
 * Deleting a run, or a project: what it published and all that derives from it. Later runs stay, without
 * what they said of it. Stopped at any point, the same call ends what it began.
 */

import type { Context } from '../core/context.ts'
import { UsageError } from '../core/errors.ts'
import { itemSlug } from '../core/names.ts'
import type { ProjectIndex } from '../core/project-index.ts'
import type { Report } from '../core/report.ts'
import type { Store } from '../core/store.ts'
import { indexWithout } from '../history/deletion.ts'
import { emptyIndex } from '../history/project-index.ts'
import { readIndex, readProjects, replaceProject, updateIndex } from '../publish/index-object.ts'
import { deleteKeys, keysOf } from '../publish/key-lists.ts'
import {
  attemptKey,
  attemptsPrefix,
  claimKey,
  claimsPrefix,
  latestPageKey,
  projectPrefix,
  projectUploadsPrefix,
  runKey,
  runPrefix,
  sprintKey,
  ticketsKey,
  uploadPrefix,
} from '../publish/keys.ts'
import { decodeRows } from '../publish/rows-parquet.ts'
import { readTickets, updateTickets } from '../publish/tickets-object.ts'
import { entryOf } from './entry.ts'
import { healSite } from './heal.ts'
import { writeProjectPages, writeSitePage } from './pages.ts'
import { laterReports, rewriteRun } from './run-rewrite.ts'

export interface DeletionRequest {
  readonly project: string
  /** Null: the whole project. */
  readonly run: string | null
  /** Whether the upload goes as well; it would be evaluated again. */
  readonly withUploads?: boolean
  /** Whether another evaluation of the upload takes its place: links to tickets stay, and its count of tries. */
  readonly isReplaced?: boolean
  /** Whether only to tell what would be deleted. */
  readonly dryRun?: boolean
}

export interface Deletion {
  /** Keys of the site that are gone, in key order; first those of the run. */
  readonly deleted: readonly string[]
  /** Later runs that said something of it, and are published without that. */
  readonly rewritten: readonly string[]
  /** Ids of the items that no other run has. */
  readonly items: readonly string[]
  /** Keys of the vault that are gone. */
  readonly vault: readonly string[]
  /** Files of the upload, and whether they are deleted too. */
  readonly uploads: readonly string[]
  readonly uploadsDeleted: boolean
}

/** @throws UsageError `no-such-run`, `no-such-project` where nothing of it is there. */
export async function deletePublished(
  context: Context,
  request: DeletionRequest,
): Promise<Deletion> {
  // What a stopped publication left would otherwise be ended, and be there again, after it was deleted.
  if (!request.dryRun) await healSite(context, request.project)
  return request.run === null
    ? deleteProject(context, request)
    : deleteRun(context, request, request.run)
}

async function deleteProject(context: Context, request: DeletionRequest): Promise<Deletion> {
  const { site, uploads, vault } = context
  const { project, withUploads = false, dryRun = false } = request
  const claims = await keysOf(site, claimsPrefix(project))
  const folder = (await keysOf(site, projectPrefix(project))).filter(
    (key) => !request.isReplaced || key !== ticketsKey(project),
  )
  const published = [...claims, ...folder]
  const secret = [
    ...(request.isReplaced ? [] : await keysOf(vault, attemptsPrefix(project))),
    ...(await keysOf(vault, projectPrefix(project))),
  ]
  const uploaded = await keysOf(uploads, projectUploadsPrefix(project))
  const isListed = (await readProjects(site))?.projects.some((entry) => entry.project === project)
  const isThere = published.length > 0 || secret.length > 0 || isListed
  if (!isThere && !(withUploads && uploaded.length > 0)) {
    throw absent('project', `nothing of project ${project} is in ${site.name}`)
  }
  const items = Object.keys((await readIndex(site, project))?.items ?? {})
  if (!dryRun) {
    // Before its folder: the list must not lead to pages that are gone.
    await writeSitePage(context, await replaceProject(site, project, null, context))
    await deleteKeys(vault, secret)
    await deleteKeys(site, published)
    if (withUploads) await deleteKeys(uploads, uploaded)
  }
  return {
    deleted: published,
    rewritten: [],
    items,
    vault: secret,
    uploads: uploaded,
    uploadsDeleted: withUploads,
  }
}

async function deleteRun(
  context: Context,
  request: DeletionRequest,
  run: string,
): Promise<Deletion> {
  const { site, uploads, vault } = context
  const { project, withUploads = false, dryRun = false } = request
  const claims = await keysOf(site, claimKey(project, run))
  const own = [...claims, ...(await keysOf(site, runPrefix(project, run)))]
  const secret = [
    // What ended its process twice is tried again once it is deleted. What takes its place is just being tried.
    ...(request.isReplaced ? [] : await keysOf(vault, attemptKey(project, run))),
    ...(await keysOf(vault, runPrefix(project, run))),
  ]
  const uploaded = await keysOf(uploads, uploadPrefix(project, run))
  const before = (await readIndex(site, project)) ?? emptyIndex(project)
  const isListed = before.runs.some((entry) => entry.run === run)
  const after = indexWithout(before, run)
  const isKept = (id: string) => Object.hasOwn(after.items, id)
  const later = await laterReports(context, after, run, isKept)
  // Where an earlier call was stopped, and a repair took the rest away, later runs may still name it.
  const isThere = own.length > 0 || secret.length > 0 || isListed || later.length > 0
  if (!isThere && !(withUploads && uploaded.length > 0)) {
    throw absent('run', `project ${project} has no run ${run} in ${site.name}`)
  }
  if (after.runs.length === 0 && (await otherRuns(site, project, run)).length === 0) {
    const whole = await deleteProject(context, { ...request, run: null, withUploads: false })
    if (withUploads && !dryRun) await deleteKeys(uploads, uploaded)
    return { ...whole, uploads: uploaded, uploadsDeleted: withUploads }
  }
  const derived = [
    ...(await ownPictures(site, project, run, own, after)),
    ...(await pagesOfItems(site, project, after)),
    ...(await pagesOfNoReport(site, after)),
  ]
  const items = Object.keys(before.items).filter((id) => !isKept(id))
  const deletion: Deletion = {
    deleted: [...own, ...derived],
    rewritten: later.map(({ report }) => report.run),
    items,
    vault: secret,
    uploads: uploaded,
    uploadsDeleted: withUploads,
  }
  if (dryRun) return deletion
  // Without its record it is no complete run any more: nobody lists it again.
  const record = runKey(project, run, 'run.json')
  // A claim would end the publication once more.
  await deleteKeys(site, claims)
  await site.delete(record)
  // Where an earlier call was stopped, nothing tells which pages it got to.
  const isResumed = !own.includes(record)
  const touched = Object.keys(after.items).filter(
    (id) => isResumed || before.items[id]!.states.some((entry) => entry.run === run),
  )
  const entries = new Map(later.map(({ report }) => [report.run, entryOf(report)]))
  await updateIndex(
    site,
    project,
    (index) => {
      const without = indexWithout(index, run)
      return { ...without, runs: without.runs.map((entry) => entries.get(entry.run) ?? entry) }
    },
    context,
  )
  for (const { report, isUncompared } of later) {
    await rewriteRun(context, report, isUncompared, after)
  }
  if (!request.isReplaced) await unlinkTickets(context, project, isKept)
  const shown = [...touched, ...later.flatMap(({ report }) => report.items.map(({ id }) => id))]
  const index = await writeProjectPages(context, project, [...new Set(shown)], null)
  const projects = await replaceProject(site, project, index.runs.at(-1) ?? null, context)
  await writeSitePage(context, projects)
  await deleteKeys(site, derived)
  await deleteKeys(vault, secret)
  // Last: until here it tells a second call what there is to do.
  await deleteKeys(
    site,
    own.filter((key) => key !== record && !claims.includes(key)),
  )
  if (withUploads) await deleteKeys(uploads, uploaded)
  return deletion
}

/** Pictures of a run that no other run shows. Of a run whose rows are gone, all that none shows. */
async function ownPictures(
  site: Store,
  project: string,
  run: string,
  own: readonly string[],
  after: ProjectIndex,
): Promise<string[]> {
  const prefix = `${projectPrefix(project)}assets/`
  const all = await keysOf(site, prefix)
  if (all.length === 0) return []
  const wasShown = own.some((key) => key.endsWith('/rows.parquet'))
    ? await picturesOf(site, project, run)
    : null
  const isShown = new Set<string>()
  for (const { run: other, status } of after.runs) {
    const shown = status === 'published' ? await picturesOf(site, project, other) : new Set([])
    // Nobody knows what it shows.
    if (shown === null) return []
    for (const key of shown) isShown.add(key)
  }
  return all.filter((key) => (wasShown === null || wasShown.has(key)) && !isShown.has(key))
}

/** Keys of the pictures that a run shows; null where that can't be read. */
async function picturesOf(
  site: Store,
  project: string,
  run: string,
): Promise<ReadonlySet<string> | null> {
  const report = await site.get(runKey(project, run, 'report.json'))
  const stored = await site.get(runKey(project, run, 'rows.parquet'))
  if (report === null || stored === null) return null
  const addresses: string[] = []
  try {
    const { images } = JSON.parse(new TextDecoder().decode(report.body)) as Pick<Report, 'images'>
    if (images?.kind === 'sprite') addresses.push(images.href)
    const { rows } = await decodeRows(stored.body, { columns: ['image'], metadata: () => [] })
    addresses.push(...(rows.image ?? []))
  } catch {
    return null
  }
  const shared = '../../'
  return new Set(
    addresses
      .filter((address) => address.startsWith(shared))
      .map((address) => `${projectPrefix(project)}${address.slice(shared.length)}`),
  )
}

/** Pages of items that the index has no more, whether they went now or in a call that was stopped. */
async function pagesOfItems(site: Store, project: string, after: ProjectIndex): Promise<string[]> {
  const prefix = `${projectPrefix(project)}items/`
  const slugs = new Set(Object.keys(after.items).map(itemSlug))
  return (await keysOf(site, prefix)).filter(
    (key) => !slugs.has(key.slice(prefix.length).split('/')[0]!),
  )
}

/** Where no published run is left: pages that lead to one, or list its items. */
async function pagesOfNoReport(site: Store, { project, runs }: ProjectIndex): Promise<string[]> {
  if (runs.some(({ status }) => status === 'published')) return []
  const sprint = await keysOf(site, sprintKey(project, ''))
  return [
    ...(await keysOf(site, latestPageKey(project))),
    ...sprint.filter((key) => key !== sprintKey(project, 'index.html')),
  ]
}

async function unlinkTickets(
  context: Context,
  project: string,
  isKept: (itemId: string) => boolean,
): Promise<void> {
  const links = await readTickets(context.site, project)
  for (const id of Object.keys(links?.tickets ?? {})) {
    if (!isKept(id)) await updateTickets(context.site, project, id, null, context)
  }
}

/** Names of runs that have a complete record although no index lists them. */
async function otherRuns(site: Store, project: string, run: string): Promise<string[]> {
  const prefix = `${projectPrefix(project)}runs/`
  const keys = (await keysOf(site, prefix)).filter((key) => key.endsWith('/run.json'))
  return keys.map((key) => key.slice(prefix.length).split('/')[0]!).filter((name) => name !== run)
}

function absent(kind: 'project' | 'run', message: string): UsageError {
  return new UsageError(`no-such-${kind}`, message, {
    hint: 'Names are case-sensitive; the site’s first page lists the projects, and each project’s page its runs.',
  })
}
