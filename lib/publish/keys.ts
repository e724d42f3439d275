/** Where everything lies: the keys of uploads and of the site, and how a browser should treat them. */

import { UsageError } from '../core/errors.ts'
import { isName, itemSlug } from '../core/names.ts'
import { keyProblem } from '../core/object-key.ts'
import type { PutOptions } from '../core/store.ts'

export const UPLOADS = 'uploads/'
/**
 * The vault, beside the uploads. What a run keeps lies in it under the run's own prefix (`runPrefix`), so
 * that who removes a run removes the same prefix from both; no project's name starts as `ID_KEY_KEY` does.
 */
export const VAULT_PREFIX = 'vault/'
/** In the vault: the key that ids and columns are hashed with. */
export const ID_KEY_KEY = '_keys/ids.json'
const NAME_RULE =
  'letters, digits, ".", "_" and "-", 128 at most, the first one a letter or a digit'
const YEAR_S = 31_536_000

/** The site's first page and what it is made from. */
export const SITE_PAGE_KEY = 'index.html'
export const PROJECTS_KEY = 'projects.json'

/** What the site's root holds beside the projects' folders. */
const RESERVED_PROJECTS: readonly string[] = [SITE_PAGE_KEY, PROJECTS_KEY]

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  css: 'text/css; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  gif: 'image/gif',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  md: 'text/markdown; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  webp: 'image/webp',
  woff2: 'font/woff2',
  xml: 'application/atom+xml; charset=utf-8',
}

/** Everything of one upload: `uploads/<project>/<run>/`. */
export function uploadPrefix(project: string, run: string): string {
  return `${UPLOADS}${checkProject(project)}/${checkName('run', run)}/`
}

/** @param file its name, or its path below the upload */
export function uploadKey(project: string, run: string, file: string): string {
  return `${uploadPrefix(project, run)}${file}`
}

export type UploadKey =
  | { readonly project: string; readonly run: string; readonly file: string }
  | { readonly problem: string }

/**
 * Takes the key of an upload's file apart; a key that isn't one is told as a sentence.
 *
 * @example parseUploadKey('uploads/digits/run-1/embeddings.npz')
 * // { project: 'digits', run: 'run-1', file: 'embeddings.npz' }
 */
export function parseUploadKey(key: string): UploadKey {
  const wrong = (reason: string) => ({
    problem: `${JSON.stringify(key)} is not the key of an upload (uploads/<project>/<run>/<file>): ${reason}`,
  })
  const invalid = keyProblem(key)
  if (invalid !== null) return wrong(`it ${invalid}`)
  if (!key.startsWith(UPLOADS)) return wrong(`it doesn't start with "${UPLOADS}"`)
  const [project = '', run, ...file] = key.slice(UPLOADS.length).split('/')
  const problem = projectProblem(project)
  if (problem !== null) return wrong(problem)
  if (run === undefined || file.length === 0) return wrong('it has no run or no file')
  const runProblem = nameProblem('run', run)
  if (runProblem !== null) return wrong(runProblem)
  return { project, run, file: file.join('/') }
}

/** What is wrong with a project's name, as a sentence; null: nothing. */
export function projectProblem(project: string): string | null {
  if (RESERVED_PROJECTS.includes(project)) return `"${project}" is a file of the site's own`
  return nameProblem('project', project)
}

/** Everything that is published of a project. */
export function projectPrefix(project: string): string {
  return `${checkProject(project)}/`
}

/** Every upload of a project, and its settings. */
export function projectUploadsPrefix(project: string): string {
  return `${UPLOADS}${checkProject(project)}/`
}

/** The start of every name that a project's own file of settings may have. */
export function projectSettingsPrefix(project: string): string {
  return `${projectUploadsPrefix(project)}nearmiss.`
}

/** In the vault: which uploads of a project are being evaluated, or ended their process. No project's name starts so. */
export function attemptsPrefix(project: string): string {
  return `_attempts/${checkProject(project)}/`
}

export function attemptKey(project: string, run: string): string {
  return `${attemptsPrefix(project)}${checkName('run', run)}.json`
}

export function projectPageKey(project: string): string {
  return `${checkProject(project)}/index.html`
}

export function projectIndexKey(project: string): string {
  return `${checkProject(project)}/index.json`
}

export function latestPageKey(project: string): string {
  return `${checkProject(project)}/latest/index.html`
}

/** @param itemId as in the report, such as `confusion:3|9` */
export function itemPageKey(project: string, itemId: string): string {
  return `${checkProject(project)}/items/${itemSlug(itemId)}/index.html`
}

/** @param file such as `index.html`, `sprint.js` or `sprint.csv` */
export function sprintKey(project: string, file: string): string {
  return `${checkProject(project)}/sprint/${file}`
}

/** Tickets that were linked through the API. */
export function ticketsKey(project: string): string {
  return `${checkProject(project)}/tickets.json`
}

export function badgeKey(project: string): string {
  return `${checkProject(project)}/badge.svg`
}

export function feedKey(project: string): string {
  return `${checkProject(project)}/feed.xml`
}

/** Everything of one run: `<project>/runs/<run>/`. */
export function runPrefix(project: string, run: string): string {
  return `${checkProject(project)}/runs/${checkName('run', run)}/`
}

/** @param file such as `index.html`, `report.json`, `rows.parquet`, `run.json` or `error.json` */
export function runKey(project: string, run: string, file: string): string {
  return `${runPrefix(project, run)}${file}`
}

/**
 * In the vault: means of the run's classes, for drift. Named after the content, so that an upload that
 * loses the run's name to another one leaves the other's alone.
 */
export function centroidsKey(project: string, run: string, contentId: string): string {
  return runKey(project, run, `${contentId.slice(0, 16)}.centroids.parquet`)
}

/** In the site, where earlier versions published what is in the vault now. */
export function publishedCentroidsKey(project: string, run: string): string {
  return runKey(project, run, 'centroids.parquet')
}

/** Beside the projects, whose names start otherwise. */
const CLAIMS = '_claims/'

/** Claims of the runs that are being published: of one project, or of all. */
export function claimsPrefix(project?: string): string {
  return project === undefined ? CLAIMS : `${CLAIMS}${checkProject(project)}/`
}

/** The claim of a run that is being published: `_claims/<project>/<run>.json`. */
export function claimKey(project: string, run: string): string {
  return `${claimsPrefix(project)}${checkName('run', run)}.json`
}

/** Which run a claim's key is of; null for another key. */
export function parseClaimKey(key: string): { project: string; run: string } | null {
  const [project = '', file = '', ...more] = key.slice(CLAIMS.length).split('/')
  const run = file.slice(0, -'.json'.length)
  const isClaim = key.startsWith(CLAIMS) && file.endsWith('.json') && more.length === 0
  return isClaim && projectProblem(project) === null && isName(run) ? { project, run } : null
}

/**
 * A picture that several runs may show, named after its content.
 *
 * @param hash SHA-256 of the content, in hex
 * @param extension without the dot
 */
export function assetKey(project: string, hash: string, extension: string): string {
  return `${checkProject(project)}/assets/${hash}.${extension}`
}

/**
 * Content type by extension, and for how long a browser may keep it. Pages and what is rewritten are
 * asked for again each time; a run's data and content-named pictures never change. A run's page and preview may:
 * a failed run's page gives way to the report of the corrected upload.
 */
export function headersOf(key: string): Required<Pick<PutOptions, 'contentType' | 'cacheControl'>> {
  const extension = /\.([A-Za-z0-9]+)$/.exec(key)?.[1]?.toLowerCase() ?? ''
  const isFinal =
    /^[^/]+\/assets\//.test(key) ||
    (/^[^/]+\/runs\/[^/]+\//.test(key) &&
      !/(\.html|\/preview\.png|\/run\.json|\/error\.json)$/.test(key))
  return {
    contentType: CONTENT_TYPES[extension] ?? 'application/octet-stream',
    cacheControl: isFinal ? `max-age=${YEAR_S}, immutable` : 'no-cache',
  }
}

function checkProject(project: string): string {
  const problem = projectProblem(project)
  if (problem === null) return project
  throw new UsageError('invalid-name', problem, { hint: 'Choose another project name.' })
}

function checkName(kind: string, name: string): string {
  const problem = nameProblem(kind, name)
  if (problem === null) return name
  throw new UsageError('invalid-name', problem, { hint: `Choose another ${kind} name.` })
}

function nameProblem(kind: string, name: string): string | null {
  return isName(name) ? null : `${JSON.stringify(name)} is not a ${kind}'s name (${NAME_RULE})`
}
