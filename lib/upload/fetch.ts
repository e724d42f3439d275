/** An upload's files, fetched from the store with all that tells whether they are complete. */

import { MAX_MANIFEST_BYTES } from '../config/manifest.ts'
import { canonicalJson, sha256 } from '../core/canonical.ts'
import type { Context } from '../core/context.ts'
import type { Issue } from '../core/errors.ts'
import { START_BYTES } from '../core/format-marks.ts'
import { pseudonymsOf } from '../core/pseudonyms.ts'
import type { ObjectInfo, Store } from '../core/store.ts'
import type { InputFile } from '../core/table.ts'
import { countOf } from '../core/words.ts'
import { hidesIds, takesPseudonyms } from '../dataset/privacy.ts'
import { classifyUpload, settleParts, type UploadParts } from '../dataset/upload-parts.ts'
import { MAX_FILE_BYTES } from '../formats/format.ts'
import { readIdKey } from '../publish/id-key.ts'
import type { Upload } from './content.ts'
import { listUpload, missingPart, readProjectSettings } from './files.ts'
import { usableMemory } from './memory-limit.ts'
import { type Overrides, readableManifest } from './settings.ts'

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
          ...topLevel(parts.pictures),
        ],
  )
  const unread = new Set(parts === null ? [] : doubts.map(({ where }) => where))
  const bytes = new Map<string, Uint8Array>()
  const files = []
  let createdAt = ''
  const tooLarge = sizeIssues(objects, wanted, parts?.manifest ?? null)
  for (const { key, name, modifiedAt, byteLength, etag } of objects) {
    if (!wanted.has(name) && !unread.has(name)) continue
    if (modifiedAt > createdAt) createdAt = modifiedAt
    // What it forbids holds although nothing else is read.
    const isSettings = name === parts?.manifest && byteLength <= MAX_MANIFEST_BYTES
    if (unread.has(name) || (tooLarge.length > 0 && !isSettings)) {
      files.push({ name, byteLength, sha256: sha256(etag) })
      continue
    }
    const stored = await store.get(key)
    if (stored === null) continue
    bytes.set(name, stored.body)
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
    bytes,
    createdAt,
    contentId,
    pseudonyms: null,
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

/** Files that are not fetched, since reading them as a whole takes more memory than there may be. */
function sizeIssues(
  files: readonly { readonly name: string; readonly byteLength: number }[],
  wanted: ReadonlySet<string | null>,
  manifest: string | null,
): readonly Issue[] {
  const read = files.filter(({ name }) => wanted.has(name))
  const limitOf = (name: string) => (name === manifest ? MAX_MANIFEST_BYTES : MAX_FILE_BYTES)
  const issues = read
    .filter(({ name, byteLength }) => byteLength > limitOf(name))
    .map(
      ({ name, byteLength }): Issue => ({
        code: 'file-too-large',
        message: `The file has ${byteLength} bytes; at most ${limitOf(name)} are read.`,
        where: name,
        hint: 'Evaluate a sample of the rows, save the vectors as float16 (embeddings.astype("float16")), or leave out what the report doesn’t need.',
      }),
    )
  const total = read.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const limit = Math.floor(usableMemory())
  if (issues.length > 0 || total <= limit) return issues
  return [
    {
      code: 'upload-too-large',
      message: `The upload's ${countOf(read.length, 'file')} ${read.length === 1 ? 'has' : 'have'} ${total} bytes, and ${limit} bytes of memory may be used here.`,
      where: 'upload',
      hint: 'Put pictures of single rows into a folder of the upload, where they are read one by one; else evaluate a sample of the rows, or give the machine or function more memory.',
    },
  ]
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
