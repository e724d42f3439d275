/** An upload: its files in the store, then the rows that they hold. */

import { toBaselines, withDefaults } from '../config/defaults.ts'
import { decodeManifest, MAX_MANIFEST_BYTES, parseSettings } from '../config/manifest.ts'
import { mergeSettings } from '../config/merge.ts'
import { stricterPrivacy } from '../config/privacy.ts'
import type { ManifestInput } from '../config/schema.ts'
import { canonicalJson, sha256 } from '../core/canonical.ts'
import type { Context } from '../core/context.ts'
import type { Dataset } from '../core/dataset.ts'
import { InputError, type Issue } from '../core/errors.ts'
import type { Manifest, Metric } from '../core/manifest.ts'
import { compareText } from '../core/names.ts'
import { type Pseudonyms, pseudonymsOf } from '../core/pseudonyms.ts'
import type { InputFile, Table } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { countOf, joinWords } from '../core/words.ts'
import { assembleDataset } from '../dataset/assemble.ts'
import { withGallery } from '../dataset/gallery.ts'
import { hidesIds, takesPseudonyms } from '../dataset/privacy.ts'
import { checkSprite } from '../dataset/sprite.ts'
import { classifyUpload, type UploadParts } from '../dataset/upload.ts'
import { MAX_FILE_BYTES, MAX_INFLATED_BYTES, type Part } from '../formats/format.ts'
import { readTable } from '../formats/registry.ts'
import { readIdKey } from '../publish/id-key.ts'
import { listUpload, missingPart, readProjectSettings } from './files.ts'
import { usableMemory } from './memory-limit.ts'

/** What the caller says instead of the manifest. */
export interface Overrides {
  readonly metric?: Metric
  /** One or several, with commas between them. */
  readonly baseline?: string
  readonly maps?: Manifest['maps']
}

/** Files as they arrived; nothing is read yet. */
export interface Upload {
  readonly project: string
  readonly run: string
  readonly parts: UploadParts | null
  /** What is wrong with the set of files. */
  readonly issues: readonly Issue[]
  /** With hashed ids the hashes of files are keyed too: by a plain one a list of ids could be tried out. */
  readonly files: readonly {
    readonly name: string
    readonly byteLength: number
    readonly sha256: string
  }[]
  readonly bytes: ReadonlyMap<string, Uint8Array>
  /** The last file's time, ISO 8601. */
  readonly createdAt: string
  /** The same files (and overrides) give the same. */
  readonly contentId: string
  /** What it was before ids were hashed with a key; left out where it is that still. */
  readonly plainContentId?: string
  /** Null where its settings hash nothing. */
  readonly pseudonyms: Pseudonyms | null
  /** The project's own file of settings, named by its key; null without one. */
  readonly settings: InputFile | null
  /** The same as it is now, where another one was planned by: what it forbids holds too. */
  readonly laterSettings?: InputFile | null
  /** What is missing still, in words; null where it is complete. */
  readonly waitsFor: string | null
  /** Another one as soon as a file or the project's settings change. */
  readonly state: string
}

type Sources = Pick<Context, 'uploads' | 'vault' | 'idKey'>

export interface FetchOptions {
  readonly overrides?: Overrides
  /** How long its files must have been at rest to be complete. */
  readonly rest?: { readonly ms: number; readonly now: Date }
  /** The project's settings as they were when work on the upload was planned. */
  readonly plannedSettings?: InputFile | null
}

/** Rows, and what to evaluate them by. */
export interface ReadUpload {
  readonly manifest: Manifest
  readonly dataset: Dataset
  readonly sprite: {
    readonly bytes: Uint8Array
    readonly tile: readonly [number, number]
    readonly sheet: readonly [number, number]
  } | null
}

/** Fetches the files of `uploads/<project>/<run>/`; null where there are none. */
export async function fetchUpload(
  context: Sources,
  project: string,
  run: string,
  { overrides = {}, rest, plannedSettings }: FetchOptions = {},
): Promise<Upload | null> {
  const store = context.uploads
  const listed = await listUpload(store, project, run)
  const { objects } = listed
  if (objects.length === 0) return null
  const classified = classifyUpload(objects.map(({ name }) => name))
  const parts = 'parts' in classified ? classified.parts : null
  const settings = await readProjectSettings(store, listed.settings)

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
  const bytes = new Map<string, Uint8Array>()
  const files = []
  let createdAt = ''
  const tooLarge = sizeIssues(objects, wanted, parts?.manifest ?? null)
  for (const { key, name, modifiedAt, byteLength, etag } of objects) {
    if (!wanted.has(name)) continue
    if (modifiedAt > createdAt) createdAt = modifiedAt
    // What it forbids holds although nothing else is read.
    const isSettings = name === parts?.manifest && byteLength <= MAX_MANIFEST_BYTES
    if (tooLarge.length > 0 && !isSettings) {
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
  const issues = [...('issues' in classified ? classified.issues : tooLarge), ...settings.issues]
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
    state: listed.state,
  }
  const waitsFor = missingPart(listed, {
    hasVectors: parts === null || parts.vectors !== null,
    ready: readableManifest(upload)?.ready ?? 'files',
    restMs: rest?.ms ?? 0,
    now: rest?.now ?? new Date(0),
  })
  return hashedUpload(context, { ...upload, waitsFor })
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

/** What an upload is evaluated by; null where it can't be read, and the upload not be evaluated. */
export function readableManifest(upload: Upload): Manifest | null {
  try {
    return manifestOf(upload)
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

/** The run's settings over those of its project. */
function manifestOf(upload: Upload): Manifest {
  const own = fileOf(upload, upload.parts?.manifest ?? null)
  const later = settingsOf(upload.laterSettings ?? null)
  const project = settingsOf(upload.settings)
  const privacy = stricterPrivacy(project.privacy ?? {}, later.privacy ?? {})
  return withDefaults(mergeSettings({ ...project, privacy }, settingsOf(own)))
}

/** The files of settings that an upload is evaluated by, the project's first, as messages call them. */
export function settingsFiles({ settings, parts }: Pick<Upload, 'settings' | 'parts'>): string[] {
  return [settings?.name, parts?.manifest].filter((name) => typeof name === 'string')
}

function settingsOf(file: InputFile | null): ManifestInput {
  return file === null ? {} : parseSettings(decodeManifest(file.bytes, file.name), file.name)
}

function topLevel(pictures: readonly string[]): string[] {
  return pictures.filter((name) => !name.includes('/'))
}

/**
 * Reads and checks everything. Resolves to null where labels are missing but may still arrive; throws
 * `InputError` with all that was found wrong otherwise.
 */
export async function readUpload(upload: Upload, overrides: Overrides): Promise<ReadUpload | null> {
  const { parts } = upload
  if (parts === null || upload.issues.length > 0) throw inputError(upload.issues)
  const parsed = manifestOf(upload)
  const manifest: Manifest = {
    ...parsed,
    metric: overrides.metric ?? parsed.metric,
    maps: overrides.maps ?? parsed.maps,
    ...(overrides.baseline === undefined ? {} : toBaselines(overrides.baseline.split(','))),
  }
  const maxInflatedByteLength = Math.min(MAX_INFLATED_BYTES, Math.floor(usableMemory() / 2))
  const table = async (name: string | null, part: Part): Promise<Table | null> => {
    const file = fileOf(upload, name)
    return file === null
      ? null
      : readTable(file, { part, columns: manifest.columns, maxInflatedByteLength })
  }
  const vectors = await table(parts.vectors, 'vectors')
  const labels = await table(parts.labels, 'labels')
  const metadata = await table(parts.metadata, 'metadata')
  if (vectors === null) return null
  const gallery = await table(parts.gallery, 'vectors')
  const whole = gallery === null ? { table: vectors } : withGallery(vectors, gallery, manifest)
  if ('issues' in whole) throw inputError(whole.issues)
  const assembly = assembleDataset(
    { vectors: whole.table, labels, metadata },
    manifest,
    upload.pseudonyms,
  )
  if ('issues' in assembly) {
    if (assembly.issues.every(({ code }) => code === 'labels-missing')) return null
    throw inputError(assembly.issues)
  }
  const { dataset } = assembly
  return {
    manifest,
    dataset: { ...dataset, warnings: [...dataset.warnings, ...unusedFiles(parts)] },
    sprite: readSprite(upload, manifest, dataset.inputRows),
  }
}

/** Files that look as if they were meant: markers and what systems leave behind don't. */
function unusedFiles({ others }: UploadParts): readonly Warning[] {
  const meant = others.filter((name) => !/(?:^|\/)[._]|\/$/.test(name))
  if (meant.length === 0) return []
  return [
    {
      code: 'files-unused',
      message: `${countOf(meant.length, 'file')} of the upload ${meant.length === 1 ? 'plays' : 'play'} no part: ${joinWords(meant.slice().sort(compareText), 5)}`,
    },
  ]
}

function fileOf(upload: Upload, name: string | null): InputFile | null {
  const bytes = name === null ? undefined : upload.bytes.get(name)
  return name === null || bytes === undefined ? null : { name, bytes }
}

function inputError(issues: readonly Issue[]): InputError {
  const [first, ...others] = issues
  return new InputError(first!, others)
}

function readSprite(
  upload: Upload,
  { images, privacy }: Manifest,
  rows: number,
): ReadUpload['sprite'] {
  if (images === null || !('sprite' in images) || privacy.images !== 'thumbnails') return null
  const bytes = upload.bytes.get(images.sprite) ?? null
  const checked = checkSprite(bytes, images, rows)
  if ('issue' in checked) throw inputError([checked.issue])
  return bytes === null ? null : { bytes, tile: images.tile, sheet: checked.sheet }
}
