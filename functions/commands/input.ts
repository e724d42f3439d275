/** Which local files make an upload: the one that was named, and those beside it or given with options. */

import { existsSync } from 'node:fs'
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { parse } from 'yaml'
import { InputError } from '../../lib/core/errors.ts'
import { START_BYTES } from '../../lib/core/format-marks.ts'
import { formatOf, formatRecord, unreadIssue } from '../../lib/core/format-of.ts'
import { isName } from '../../lib/core/names.ts'
import type { Store } from '../../lib/core/store.ts'
import { countOf, joinWords } from '../../lib/core/words.ts'
import { classifyUpload, type UploadParts } from '../../lib/dataset/upload-parts.ts'
import { MAX_FILE_BYTES } from '../../lib/formats/format.ts'
import { nearest } from './arguments.ts'

/** Files given with options; each takes the place of what lies beside the input. */
export interface GivenFiles {
  readonly gallery?: string | undefined
  readonly labels?: string | undefined
  readonly metadata?: string | undefined
  readonly manifest?: string | undefined
}

export interface LocalUpload {
  readonly project: string
  readonly run: string
  /** `name` is the file's name in the upload. */
  readonly files: readonly { readonly name: string; readonly path: string }[]
  /** Names of files in the folder that play no part. */
  readonly unused: readonly string[]
}

const GIVEN = ['gallery', 'labels', 'metadata', 'manifest'] as const

/** Finds the files; throws `InputError` where a named one isn't there. Reads none but the manifest. */
export async function findUpload(input: string, named: GivenFiles): Promise<LocalUpload> {
  const isFolder = (await statOf(input)).isDirectory()
  const folder = isFolder ? resolve(input) : dirname(resolve(input))
  const { vectors, pictures, doubtful, others, ...beside } = isFolder
    ? folderParts(input, await filesIn(folder))
    : fileParts(
        await uploadName(input),
        (await readdir(folder)).filter((name) => name !== basename(input)),
      )
  const main = vectors ?? doubtful.find(({ part }) => part === 'vectors')!.name
  const embeddings = isFolder ? join(folder, main) : resolve(input)
  const files = [{ name: main, path: embeddings }]
  for (const part of GIVEN) {
    const path = named[part]
    if (path !== undefined) {
      await statOf(path)
      const stem = part === 'manifest' ? 'nearmiss' : part
      files.push({ name: `${stem}${extname(path).toLowerCase()}`, path: resolve(path) })
    } else if (beside[part] !== null) {
      files.push({ name: beside[part], path: join(folder, beside[part]) })
    } else {
      files.push(...doubtfulOf(part))
    }
  }
  files.push(...doubtfulOf('vectors').filter(({ name }) => name !== main))
  files.push(...pictures.map((name) => ({ name, path: join(folder, name) })))
  const manifest = files.find(({ name }) => name.startsWith('nearmiss.'))
  const sprite = manifest === undefined ? null : await spriteOf(manifest.path)
  if (sprite !== null && !pictures.includes(sprite.name)) files.push(sprite)
  const stem = basename(embeddings, extname(embeddings))
  // `…/project/run/embeddings.npz`, as in a bucket; else the file's own name says which run it is.
  const names = stem === 'embeddings' || isFolder ? [dirname(folder), folder] : [folder, stem]
  return {
    project: nameFrom(basename(names[0]!), 'project'),
    run: nameFrom(basename(names[1]!), 'run'),
    files,
    unused: isFolder ? others.filter((name) => !name.includes('/')) : [],
  }

  function doubtfulOf(part: string) {
    const names = doubtful.filter((file) => file.part === part).map(({ name }) => name)
    return names.map((name) => ({ name, path: join(folder, name) }))
  }
}

/** What a file of embeddings is called in an upload; its first bytes give it an extension where it has none. */
async function uploadName(path: string): Promise<string> {
  const own = extname(path).toLowerCase()
  const start = await startOf(path)
  const format = formatOf(basename(path), start)
  const name = `embeddings${own || (format === null ? '.bin' : formatRecord(format).extensions[0])}`
  const classified = classifyUpload([name])
  if ('issues' in classified || classified.parts.vectors || classified.parts.doubtful.length > 0) {
    return name
  }
  // A picture, or what is never meant as data.
  throw new InputError({ ...unreadIssue(basename(path), 'vectors', start), where: shownPath(path) })
}

async function startOf(path: string): Promise<Uint8Array> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(START_BYTES), 0, START_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Every file below a folder, hidden ones left out. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')))
    .sort()
}

/** The parts of a folder that is laid out like an upload. */
function folderParts(input: string, names: readonly string[]): UploadParts {
  const classified = classifyUpload(names)
  const hint = 'Or give the file of embeddings itself: nearmiss report FILE'
  if ('issues' in classified) {
    const [first, ...others] = classified.issues
    throw new InputError({ ...first!, where: input, hint: `${first!.hint} ${hint}` }, others)
  }
  const { vectors, doubtful } = classified.parts
  if (vectors !== null || doubtful.some(({ part }) => part === 'vectors')) return classified.parts
  throw new InputError({
    code: 'no-embeddings',
    message: `the folder holds no file of embeddings, only: ${joinWords(names, 8) || 'nothing'}`,
    where: input,
    hint,
  })
}

/** What goes with a file: pictures don't, but for the sprite, since the folder may be anybody's. */
function fileParts(vectors: string, neighbors: readonly string[]): UploadParts {
  const beside = neighbors.filter((name) =>
    /^(gallery|labels|metadata|nearmiss)\.[a-z0-9]+$/.test(name),
  )
  const classified = classifyUpload([vectors, ...beside])
  if ('parts' in classified) return { ...classified.parts, pictures: [] }
  throw new InputError(classified.issues[0]!, classified.issues.slice(1))
}

/** Puts the files to `uploads/<project>/<run>/` of a store. */
export async function stageUpload(upload: LocalUpload, store: Store): Promise<void> {
  for (const { name, path } of upload.files) {
    await store.put(`uploads/${upload.project}/${upload.run}/${name}`, await readWhole(path))
  }
  // Nothing but their names is ever told.
  for (const name of upload.unused) {
    await store.put(`uploads/${upload.project}/${upload.run}/${name}`, '')
  }
}

async function readWhole(path: string): Promise<Uint8Array> {
  const { size } = await stat(path)
  if (size <= MAX_FILE_BYTES) return readFile(path)
  throw new InputError({
    code: 'file-too-large',
    message: `the file has ${countOf(size, 'byte')}, and ${countOf(MAX_FILE_BYTES, 'byte')} is the most`,
    where: shownPath(path),
    hint: 'Evaluate a sample of the rows, or save the vectors as float32 or float16.',
  })
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

/** A path as a person would type it here. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' ? '.' : short.startsWith('..') ? path : short
}

/** The sprite that the manifest names, where it is there; the manifest's own check comes later. */
async function spriteOf(manifest: string): Promise<{ name: string; path: string } | null> {
  const settings = readSettings(await readFile(manifest, 'utf8'))
  const name = settings?.images?.sprite
  if (typeof name !== 'string' || isAbsolute(name) || name.split('/').includes('..')) return null
  const path = join(dirname(manifest), name)
  return existsSync(path) ? { name, path } : null
}

function readSettings(text: string): { images?: { sprite?: unknown } } | null {
  try {
    // JSON is YAML too.
    return parse(text)
  } catch {
    return null
  }
}

async function statOf(path: string) {
  try {
    return await stat(path)
  } catch {
    const folder = dirname(resolve(path))
    const names = existsSync(folder) ? await readdir(folder) : []
    const meant = nearest(basename(path), names)
    const hint = meant ? `did you mean ${shownPath(join(folder, meant))}?` : 'check the path'
    const message = `there is no file or folder ${path}`
    throw new InputError({ code: 'not-found', message, where: path, hint })
  }
}
