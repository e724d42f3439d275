/** What lies in the store for an upload: its files, its project's settings, and what is missing still. */

import { MAX_MANIFEST_BYTES } from '../config/manifest.ts'
import { canonicalJson, sha256 } from '../core/canonical.ts'
import type { Issue } from '../core/errors.ts'
import type { ObjectInfo, Store } from '../core/store.ts'
import type { InputFile } from '../core/table.ts'
import { joinWords } from '../core/words.ts'
import { MANIFESTS } from '../dataset/upload-parts.ts'
import { projectSettingsPrefix, uploadKey, uploadPrefix } from '../publish/keys.ts'

/** An empty file that says that an upload is complete, where its settings ask for one. */
export const READY_FILE = '_READY'
/** Which files were announced together: the API writes it before the first of them comes. */
export const ANNOUNCED_FILE = '_EXPECTED.json'

const NAMED = 8

export interface UploadFiles {
  /** By name, in the order of the keys; marks of our own left out. */
  readonly objects: readonly (ObjectInfo & { readonly name: string })[]
  /** The project's own file of settings, each under the name that it may have. */
  readonly settings: readonly ObjectInfo[]
  readonly isMarked: boolean
  /** Announced, and not there in the state in which they were announced. */
  readonly missing: readonly string[]
  /** Another one as soon as a file or the project's settings change. */
  readonly state: string
}

/** Lists an upload. Pictures in folders below it don't count as a change. */
export async function listUpload(store: Store, project: string, run: string): Promise<UploadFiles> {
  const prefix = uploadPrefix(project, run)
  const all: (ObjectInfo & { readonly name: string })[] = []
  for await (const object of store.list(prefix)) {
    all.push({ ...object, name: object.key.slice(prefix.length) })
  }
  const objects = all.filter(({ name }) => !name.startsWith('_'))
  const settings = await listSettings(store, project)
  const announced = all.find(({ name }) => name === ANNOUNCED_FILE)
  const state = [...objects.filter(({ name }) => !name.includes('/')), ...settings]
  return {
    objects,
    settings,
    isMarked: all.some(({ name }) => name === READY_FILE),
    missing: announced ? await missingFiles(store, announced, all) : [],
    state: sha256(canonicalJson(state.map(({ key, etag }) => [key, etag]))),
  }
}

/** The project's files of settings. */
export async function listSettings(store: Store, project: string): Promise<ObjectInfo[]> {
  const prefix = projectSettingsPrefix(project)
  const settings: ObjectInfo[] = []
  for await (const object of store.list(prefix)) {
    const name = `nearmiss.${object.key.slice(prefix.length)}`
    if (MANIFESTS.includes(name)) settings.push(object)
  }
  return settings
}

/** Whether a key is that of a project's settings: they hold for runs to come, and nothing is evaluated for them. */
export function isProjectSettings(key: string): boolean {
  const [folder, project, name, ...rest] = key.split('/')
  if (folder !== 'uploads' || !project || !name || rest.length > 0) return false
  return MANIFESTS.includes(name)
}

/** The project's settings as a file, named by its key; an issue where there are two. */
export async function readProjectSettings(
  store: Store,
  settings: readonly ObjectInfo[],
): Promise<{ readonly file: InputFile | null; readonly issues: readonly Issue[] }> {
  const [first, second] = settings
  if (first && second) {
    const names = settings.map(({ key }) => key)
    const issue: Issue = {
      code: 'upload-ambiguous',
      message: `${names.length} files could be the settings of the project: ${joinWords(names, 5)}.`,
      where: joinWords(names, 5),
      hint: 'Keep one of them.',
    }
    return { file: null, issues: [issue] }
  }
  if (first && first.byteLength > MAX_MANIFEST_BYTES) {
    const issue: Issue = {
      code: 'manifest-too-large',
      message: `The settings of the project have ${first.byteLength} bytes; at most ${MAX_MANIFEST_BYTES} are read.`,
      where: first.key,
      hint: 'Keep them to the keys that nearmiss knows.',
    }
    return { file: null, issues: [issue] }
  }
  const stored = first ? await store.get(first.key) : null
  return { file: stored && { name: stored.key, bytes: stored.body }, issues: [] }
}

/** Says that these files come together: until all are there, none of them is evaluated. */
export async function announceFiles(
  store: Store,
  project: string,
  run: string,
  files: readonly string[],
): Promise<void> {
  const body = canonicalJson({ schema: 'nearmiss.announced/1', files })
  await store.put(uploadKey(project, run, ANNOUNCED_FILE), `${body}\n`)
}

/**
 * Those that aren't there, or are as they were before. What isn't such an announcement announces nothing.
 */
async function missingFiles(
  store: Store,
  announced: ObjectInfo,
  objects: readonly (ObjectInfo & { readonly name: string })[],
): Promise<readonly string[]> {
  const there = new Map(objects.map(({ name, modifiedAt }) => [name, modifiedAt]))
  return announcedFiles((await store.get(announced.key))?.body).filter(
    (name) => (there.get(name) ?? '') < announced.modifiedAt,
  )
}

function announcedFiles(body: Uint8Array | undefined): readonly string[] {
  try {
    const { files } = JSON.parse(new TextDecoder().decode(body)) as { files?: unknown }
    return Array.isArray(files) ? files.filter((name) => typeof name === 'string') : []
  } catch {
    return []
  }
}

export interface Completeness {
  readonly hasVectors: boolean
  /** As the settings say. */
  readonly ready: 'files' | 'marker'
  /** How long its files must have been at rest, and the time now. */
  readonly restMs: number
  readonly now: Date
}

/** What an upload waits for, in words; null where it is complete. */
export function missingPart(
  { objects, missing, isMarked }: UploadFiles,
  { hasVectors, ready, restMs, now }: Completeness,
): string | null {
  if (!hasVectors) return 'the file of embeddings'
  if (missing.length === 1 && missing[0] === READY_FILE)
    return `a word of whoever sent it: the page that it was dropped on asks, or the file ${READY_FILE} says it`
  if (missing.length > 0) return `${joinWords(missing, NAMED)}, which was announced with the rest`
  if (isMarked) return null
  if (ready === 'marker') return `the file ${READY_FILE}, which its settings ask for`
  const newest = Math.max(
    ...objects
      .filter(({ name }) => !name.includes('/'))
      .map(({ modifiedAt }) => Date.parse(modifiedAt)),
  )
  // A store whose clock is far ahead must not keep an upload waiting.
  return Math.abs(now.getTime() - newest) < restMs ? 'its files to come to rest' : null
}
