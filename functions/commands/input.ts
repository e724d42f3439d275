/** Which files make an upload: the one that was named, and those beside it or given with options. */

import { parse } from 'yaml'
import { MAX_MANIFEST_BYTES } from '../../lib/config/manifest.ts'
import { InputError } from '../../lib/core/errors.ts'
import { START_BYTES } from '../../lib/core/format-marks.ts'
import { extensionOf, innerName, unreadIssue } from '../../lib/core/format-of.ts'
import { PROJECTOR_CONFIG } from '../../lib/core/formats.ts'
import { isName } from '../../lib/core/names.ts'
import { keyProblem } from '../../lib/core/object-key.ts'
import { joinWords } from '../../lib/core/words.ts'
import { classifyUpload, MANIFESTS, type UploadParts } from '../../lib/dataset/upload-parts.ts'
import { projectUploadsPrefix, uploadKey } from '../../lib/publish/keys.ts'
import { ANNOUNCED_FILE } from '../../lib/upload/files.ts'
import { extensionBy } from './nameless.ts'
import type { Folder, PlacedFile } from './places/place.ts'
import type { Places } from './places/places.ts'
import type { StagedUploads } from './staged-uploads.ts'

/** Files given with options; each takes the place of what lies beside the input. */
export interface GivenFiles {
  readonly gallery?: string | undefined
  readonly labels?: string | undefined
  readonly metadata?: string | undefined
  readonly manifest?: string | undefined
}

/** A file of an upload: its name in that, and where it lies. */
export interface UploadFile {
  readonly name: string
  readonly file: PlacedFile
}

export interface FoundUpload {
  readonly project: string
  readonly run: string
  /** The embeddings come first. */
  readonly files: readonly UploadFile[]
  /** Names of files in the folder that play no part. */
  readonly unused: readonly string[]
  /** Says which files were sent together, where these have the times at which they came; else null. */
  readonly announced: PlacedFile | null
  /** The project's own settings, where the upload lies in a folder `uploads/<project>/`. */
  readonly projectSettings: readonly PlacedFile[]
}

const GIVEN = ['gallery', 'labels', 'metadata', 'manifest'] as const
const BESIDE = ['gallery.', 'labels.', 'metadata.', 'nearmiss.', PROJECTOR_CONFIG]

/** Finds the files; throws `InputError` where a named one isn't there. Reads none but the manifest. */
export async function findUpload(
  places: Places,
  input: string,
  given: GivenFiles,
): Promise<FoundUpload> {
  const { folder, file: own } = await places.find(input)
  const { vectors, pictures, doubtful, others, ...beside } =
    own === null
      ? folderParts(folder.shown, await folder.all())
      : fileParts(
          await uploadName(own),
          (await folder.startingWith(BESIDE)).filter((name) => name !== own.name),
        )
  const main = vectors ?? doubtful.find(({ part }) => part === 'vectors')!.name
  const embeddings = own ?? (await inside(folder, main))
  const files: UploadFile[] = [{ name: main, file: embeddings }]
  let settingsFolder = folder
  for (const part of GIVEN) {
    const place = given[part]
    if (place !== undefined) {
      const found = await places.find(place)
      if (found.file === null) throw isFolder(part, found.folder)
      const stem = part === 'manifest' ? 'nearmiss' : part
      if (part === 'manifest') settingsFolder = found.folder
      files.push({ name: `${stem}${extensionOf(found.file.name)}`, file: found.file })
    } else if (beside[part] !== null) {
      files.push({ name: beside[part], file: await inside(folder, beside[part]) })
    } else {
      files.push(...(await doubtfulOf(part)))
    }
  }
  files.push(...(await doubtfulOf('vectors')))
  if (beside.projector) {
    files.push({ name: beside.projector, file: await inside(folder, beside.projector) })
  }
  for (const name of pictures) files.push({ name, file: await inside(folder, name) })
  const manifest = files.find(({ name }) => name.startsWith('nearmiss.'))
  const sprite = manifest === undefined ? null : await spriteOf(manifest.file, settingsFolder)
  if (sprite !== null && !pictures.includes(sprite.name)) files.push(sprite)
  const stem = embeddings.name.slice(
    0,
    embeddings.name.length - extensionOf(embeddings.name).length,
  )
  // `…/project/run/embeddings.npz`, as in a bucket; else the file's own name says which run it is.
  const [outer = '', inner = ''] = ['', ...folder.path].slice(-2)
  const names = stem === 'embeddings' || own === null ? [outer, inner] : [inner, stem]
  return {
    project: nameFrom(names[0]!, 'project'),
    run: nameFrom(names[1]!, 'run'),
    files,
    unused: own === null ? others.filter((name) => !name.includes('/')) : [],
    announced: own === null ? await announcement(folder) : null,
    projectSettings: await projectSettings(folder),
  }

  async function doubtfulOf(part: string): Promise<UploadFile[]> {
    const names = doubtful
      .filter((file) => file.part === part && file.name !== main)
      .map(({ name }) => name)
    return Promise.all(names.map(async (name) => ({ name, file: await inside(folder, name) })))
  }
}

/** What a file of embeddings is called in an upload; its first bytes give it an extension where it has none. */
async function uploadName(file: PlacedFile): Promise<string> {
  const start = await startOf(file)
  const name = `embeddings${extensionOf(file.name) || extensionBy(start)}`
  const classified = classifyUpload([name])
  if ('issues' in classified || classified.parts.vectors || classified.parts.doubtful.length > 0) {
    return name
  }
  // A picture, or what is never meant as data.
  throw new InputError({ ...unreadIssue(file.name, 'vectors', start), where: file.shown })
}

async function startOf(file: PlacedFile): Promise<Uint8Array> {
  const { store, key } = file
  const byteLength = await lengthOf(file)
  return (await store.getRange(key, 0, Math.min(START_BYTES, byteLength))) ?? new Uint8Array(0)
}

async function lengthOf({ store, key, info }: PlacedFile): Promise<number> {
  return (info ?? (await store.head(key)))?.byteLength ?? 0
}

/** A file that was listed. */
async function inside(folder: Folder, name: string): Promise<PlacedFile> {
  const file = await folder.file(name)
  if (file !== null) return file
  throw new InputError({
    code: 'not-found',
    message: `${name} is listed, and can't be found: a link that leads nowhere, or gone by now`,
    where: folder.shown,
    hint: 'Put it there again, or remove the link.',
  })
}

function isFolder(option: string, { shown }: Folder): InputError {
  return new InputError({
    code: 'is-folder',
    message: `--${option} is a folder, and a file is meant`,
    where: shown,
    hint: `Give the file itself: --${option} FILE`,
  })
}

/** Until all of these files are there the upload is none yet, as in a deployment. */
async function announcement(folder: Folder): Promise<PlacedFile | null> {
  const file = await folder.file(ANNOUNCED_FILE)
  return file?.isUpload ? file : null
}

/** What holds for all runs of the project, in a bucket of uploads or the folder of `serve`. */
async function projectSettings(folder: Folder): Promise<readonly PlacedFile[]> {
  const project = folder.parent
  if (project === null || folder.path.at(-3) !== 'uploads') return []
  const names = (await project.startingWith(['nearmiss.'])).filter((name) =>
    MANIFESTS.includes(name),
  )
  return Promise.all(names.map((name) => inside(project, name)))
}

/** The parts of a folder that is laid out like an upload. */
function folderParts(input: string, names: readonly string[]): UploadParts {
  const classified = classifyUpload(names)
  if ('issues' in classified) {
    const [first, ...others] = classified.issues
    throw new InputError(
      {
        ...first!,
        where: input,
        hint: `nearmiss report FILE takes one file by itself. Or: ${first!.hint}`,
      },
      others,
    )
  }
  const { vectors, doubtful } = classified.parts
  if (vectors !== null || doubtful.some(({ part }) => part === 'vectors')) return classified.parts
  throw new InputError({
    code: 'no-embeddings',
    message: `the folder holds no file of embeddings, only: ${joinWords(names, 8) || 'nothing'}`,
    where: input,
    hint: 'Give the file of embeddings itself: nearmiss report FILE',
  })
}

/** What goes with a file: pictures don't, but for the sprite, since the folder may be anybody's. */
function fileParts(vectors: string, neighbors: readonly string[]): UploadParts {
  const isPart = (name: string) =>
    name === PROJECTOR_CONFIG || /^(gallery|labels|metadata|nearmiss)\.[a-z0-9]+$/.test(name)
  const beside = neighbors.filter((name) => isPart(name) || isPart(innerName(name)))
  const classified = classifyUpload([vectors, ...beside])
  if ('parts' in classified) return { ...classified.parts, pictures: [] }
  throw new InputError(classified.issues[0]!, classified.issues.slice(1))
}

/** Makes the files those of `uploads/<project>/<run>/`; none of them is fetched. */
export function stageUpload(
  { project, run, files, unused, announced, projectSettings }: FoundUpload,
  staged: StagedUploads,
): void {
  for (const { name, file } of files) staged.add(uploadKey(project, run, name), file)
  // Nothing but their names is ever told.
  for (const name of unused) staged.add(uploadKey(project, run, name), null)
  if (announced !== null) staged.add(uploadKey(project, run, ANNOUNCED_FILE), announced)
  for (const file of projectSettings) {
    staged.add(`${projectUploadsPrefix(project)}${file.name}`, file)
  }
}

/** The nearest thing to a text that is a name of a project or run. */
export function nameFrom(text: string, otherwise: string): string {
  const name = text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, 128)
  return isName(name) ? name : otherwise
}

/** The sprite that the manifest names, where it is there; the manifest's own check comes later. */
async function spriteOf(manifest: PlacedFile, folder: Folder): Promise<UploadFile | null> {
  if ((await lengthOf(manifest)) > MAX_MANIFEST_BYTES) return null
  const stored = await manifest.store.get(manifest.key)
  const settings = readSettings(new TextDecoder().decode(stored?.body))
  const name = settings?.images?.sprite
  // Nothing but a file below the folder: settings may be another person's.
  if (typeof name !== 'string' || keyProblem(name) !== null) return null
  const file = await folder.file(name)
  return file && { name, file }
}

function readSettings(text: string): { images?: { sprite?: unknown } } | null {
  try {
    // JSON is YAML too.
    return parse(text)
  } catch {
    return null
  }
}
