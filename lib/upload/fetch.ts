/** An upload's files, fetched from the store with all that tells whether they are complete. */

import { MAX_MANIFEST_BYTES } from '../config/manifest.ts'
import { canonicalJson, sha256 } from '../core/canonical.ts'
import type { Context } from '../core/context.ts'
import type { Issue } from '../core/errors.ts'
import { type FileSource, fileInMemory } from '../core/file-source.ts'
import { START_BYTES } from '../core/format-marks.ts'
import { formatOf, isReadByRange } from '../core/format-of.ts'
import { pseudonymsOf } from '../core/pseudonyms.ts'
import type { ObjectInfo, Store } from '../core/store.ts'
import type { InputFile } from '../core/table.ts'
import { hidesIds, takesPseudonyms } from '../dataset/privacy.ts'
import { classifyUpload, settleParts, type UploadParts } from '../dataset/upload-parts.ts'
import { readIdKey } from '../publish/id-key.ts'
import { rethrowChange } from './change.ts'
import type { Upload } from './content.ts'
import { sizeIssues } from './file-size.ts'
import { listUpload, missingPart, readProjectSettings } from './files.ts'
import { type Overrides, readableManifest } from './settings.ts'
import { storedFile } from './stored-file.ts'

/**
 * A larger file of a format that is read in parts stays where it is: this much travels in a moment, and
 * takes no memory to speak of.
 */
const MOST_WHOLE_BYTES = 64 * 2 ** 20

type Sources = Pick<Context, 'uploads' | 'vault' | 'idKey'>

export interface FetchOptions {
  readonly overrides?: Overrides
  /** How long its files must have been at rest to be complete. */
  readonly rest?: { readonly ms: number; readonly now: Date }
  /** The project's settings as they were when work on the upload was planned. */
  readonly plannedSettings?: InputFile | null
}

/** Fetches the files of `uploads/<project>/<run>/`; null where there are none. */
export async function fetchUpload(
  context: Sources,
  project: string,
  run: string,
  { overrides = {}, rest, plannedSettings }: FetchOptions = {},
): Promise<Upload | null> {
  const store = context.uploads
  const listing = await listUpload(store, project, run)
  const { objects } = listing
  if (objects.length === 0) return null
  const classified = classifyUpload(objects.map(({ name }) => name))
  const { parts, issues: doubts } =
    'parts' in classified
      ? await settled(store, objects, classified.parts)
      : { parts: null, issues: classified.issues }
  const settings = await readProjectSettings(store, listing.settings)

  // Pictures of single rows are fetched when they are shown; of the rest a file counts if it plays a part.
  const wanted = new Set(
    parts === null
      ? objects.map(({ name }) => name)
      : [
          parts.vectors,
          parts.gallery,
          parts.labels,
          parts.metadata,
          parts.manifest,
          parts.projector ?? null,
          ...topLevel(parts.pictures),
        ],
  )
  const unread = new Set(parts === null ? [] : doubts.map(({ where }) => where))
  const read = objects.filter(({ name }) => wanted.has(name))
  const ranged = await rangedFiles(store, read)
  const tooLarge = sizeIssues(
    read.filter(({ name }) => !ranged.has(name)),
    parts?.manifest ?? null,
  )
  const sources = new Map<string, FileSource>()
  let runSettings: InputFile | null = null
  const files: Upload['files'][number][] = []
  let createdAt = ''
  for (const object of objects) {
    const { key, name, modifiedAt, byteLength, etag } = object
    if (!wanted.has(name) && !unread.has(name)) continue
    if (modifiedAt > createdAt) createdAt = modifiedAt
    // What it forbids holds although nothing else is read.
    const isSettings = name === parts?.manifest && byteLength <= MAX_MANIFEST_BYTES
    if (unread.has(name) || (tooLarge.length > 0 && !isSettings)) {
      files.push({ name, byteLength, sha256: sha256(etag) })
      continue
    }
    if (ranged.has(name)) {
      sources.set(name, storedFile(store, object, name))
      const hash = sha256(canonicalJson({ etag, byteLength }))
      files.push({ name, byteLength, sha256: hash, sha256Of: 'etag' })
      continue
    }
    const stored = await store.get(key).catch(rethrowChange(key))
    if (stored === null) continue
    const file = { name, bytes: stored.body }
    if (name === parts?.manifest) runSettings = file
    else sources.set(name, fileInMemory(file))
    files.push({ name, byteLength: stored.byteLength, sha256: sha256(stored.body) })
  }
  const contentId = sha256(
    canonicalJson({ files: files.map(({ name, sha256 }) => [name, sha256]), overrides }),
  )
  const issues = [...doubts, ...(parts === null ? [] : tooLarge), ...settings.issues]
  const upload: Upload = {
    project,
    run,
    parts,
    issues,
    files,
    sources,
    createdAt,
    contentId,
    pseudonyms: null,
    runSettings,
    settings: plannedSettings === undefined ? settings.file : plannedSettings,
    ...(plannedSettings === undefined ? {} : { laterSettings: settings.file }),
    waitsFor: null,
    state: listing.state,
  }
  const waitsFor = missingPart(listing, {
    // What can't be used is told as soon as the upload is at rest: no other file mends it.
    hasVectors: parts === null || parts.vectors !== null || doubts.length > 0,
    ready: readableManifest(upload)?.ready ?? 'files',
    restMs: rest?.ms ?? 0,
    now: rest?.now ?? new Date(0),
  })
  return hashedUpload(context, { ...upload, waitsFor })
}

/** The parts once the first bytes of doubtful files are known; what is wrong with those. */
async function settled(
  store: Store,
  objects: readonly (ObjectInfo & { readonly name: string })[],
  parts: UploadParts,
): Promise<{ readonly parts: UploadParts; readonly issues: readonly Issue[] }> {
  const starts = new Map<string, Uint8Array | null>()
  for (const { name } of parts.doubtful) {
    const { key, byteLength } = objects.find((object) => object.name === name)!
    const length = Math.min(START_BYTES, byteLength)
    starts.set(name, length === 0 ? new Uint8Array(0) : await store.getRange(key, 0, length))
  }
  return settleParts(parts, (name) => starts.get(name) ?? null)
}

/**
 * Which of the files are read in parts. They are identified by the store's etag instead of their content: to
 * hash that, all of it would have to travel.
 */
async function rangedFiles(
  store: Store,
  objects: readonly (ObjectInfo & { readonly name: string })[],
): Promise<ReadonlySet<string>> {
  const ranged = new Set<string>()
  for (const { key, name, byteLength, etag } of objects) {
    // Without an etag nothing would tell it from another one.
    if (byteLength <= MOST_WHOLE_BYTES || etag === '') continue
    const start = await store.getRange(key, 0, START_BYTES)
    const format = start === null ? null : formatOf(name, start)
    if (format !== null && isReadByRange(format)) ranged.add(name)
  }
  return ranged
}

/** The upload with what it takes to hash what its manifest hashes. */
async function hashedUpload(context: Sources, upload: Upload): Promise<Upload> {
  const manifest = readableManifest(upload)
  if (manifest === null || !takesPseudonyms(manifest)) return upload
  const pseudonyms = pseudonymsOf(await readIdKey(context))
  if (!hidesIds(manifest)) return { ...upload, pseudonyms }
  const { files, contentId } = upload
  return {
    ...upload,
    files: files.map((file) => ({ ...file, sha256: pseudonyms.digest(file.sha256) })),
    contentId: pseudonyms.digest(contentId),
    plainContentId: contentId,
    pseudonyms,
  }
}

function topLevel(pictures: readonly string[]): string[] {
  return pictures.filter((name) => !name.includes('/'))
}
