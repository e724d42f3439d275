/** Which local files make an upload: the one that was named, and those beside it or given with options. */

import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { parse } from 'yaml'
import { InputError } from '../../lib/core/errors.ts'
import { isName } from '../../lib/core/names.ts'
import type { Store } from '../../lib/core/store.ts'
import { countOf, joinWords } from '../../lib/core/words.ts'
import { classifyUpload, type UploadParts } from '../../lib/dataset/upload-parts.ts'
import { MAX_FILE_BYTES } from '../../lib/formats/format.ts'
import { formats } from '../../lib/formats/registry.ts'
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
}

const GIVEN = ['gallery', 'labels', 'metadata', 'manifest'] as const

/** Finds the files; throws `InputError` where a named one isn't there. Reads none but the manifest. */
export async function findUpload(input: string, named: GivenFiles): Promise<LocalUpload> {
  const isFolder = (await statOf(input)).isDirectory()
  const folder = isFolder ? resolve(input) : dirname(resolve(input))
  const { vectors, pictures, ...beside } = isFolder
    ? folderParts(input, await filesIn(folder))
    : fileParts((await readdir(folder)).filter((name) => name !== basename(input)))
  const embeddings = isFolder ? join(folder, vectors!) : resolve(input)
  const extension = extname(embeddings).toLowerCase()
  checkReadable(embeddings, extension)
  const files = [{ name: isFolder ? vectors! : `embeddings${extension}`, path: embeddings }]
  for (const part of GIVEN) {
    const path = named[part]
    if (path !== undefined) {
      await statOf(path)
      const stem = part === 'manifest' ? 'nearmiss' : part
      files.push({ name: `${stem}${extname(path).toLowerCase()}`, path: resolve(path) })
    } else if (beside[part] !== null) {
      files.push({ name: beside[part], path: join(folder, beside[part]) })
    }
  }
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
  }
}

function checkReadable(path: string, extension: string): void {
  const classified = classifyUpload([`embeddings${extension}`])
  if ('parts' in classified && classified.parts.vectors !== null) return
  throw new InputError({
    code: 'format-unknown',
    message: `${basename(path)} is no format that embeddings are read from (${extension || 'no extension'})`,
    where: shownPath(path),
    hint: `These are: ${formats.flatMap(({ extensions }) => extensions).join(', ')}.`,
  })
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
  if (classified.parts.vectors !== null) return classified.parts
  throw new InputError({
    code: 'no-embeddings',
    message: `the folder holds no file of embeddings, only: ${joinWords(names, 8) || 'nothing'}`,
    where: input,
    hint,
  })
}

/** What goes with a file: pictures don't, but for the sprite, since the folder may be anybody's. */
function fileParts(neighbors: readonly string[]): UploadParts {
  const classified = classifyUpload(
    neighbors.filter((name) => /^(gallery|labels|metadata|nearmiss)\.[a-z]+$/.test(name)),
  )
  if ('parts' in classified) return { ...classified.parts, pictures: [] }
  throw new InputError(classified.issues[0]!, classified.issues.slice(1))
}

/** Puts the files to `uploads/<project>/<run>/` of a store. */
export async function stageUpload(upload: LocalUpload, store: Store): Promise<void> {
  for (const { name, path } of upload.files) {
    await store.put(`uploads/${upload.project}/${upload.run}/${name}`, await readWhole(path))
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
