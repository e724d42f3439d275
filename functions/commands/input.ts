/** Which local files make an upload: the one that was named, and those beside it or given with options. */

import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { parse } from 'yaml'
import { InputError } from '../../lib/core/errors.ts'
import { isName } from '../../lib/core/names.ts'
import type { Store } from '../../lib/core/store.ts'
import { nearest } from './arguments.ts'

/** Files given with options; each takes the place of what lies beside the input. */
export interface GivenFiles {
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

const KINDS = ['labels', 'metadata', 'manifest'] as const
const BESIDE = {
  labels: /^labels\.(npz|npy|parquet|csv|tsv|jsonl|ndjson|arrow|feather)$/,
  metadata: /^metadata\.(npz|npy|parquet|csv|tsv|jsonl|ndjson|arrow|feather)$/,
  manifest: /^nearmiss\.(yaml|yml|json)$/,
} as const
const EMBEDDINGS = /^embeddings\.[a-z]+$/

/** Finds the files; throws `InputError` where a named one isn't there. Reads none but the manifest. */
export async function findUpload(input: string, given: GivenFiles): Promise<LocalUpload> {
  const isFolder = (await statOf(input)).isDirectory()
  const folder = isFolder ? resolve(input) : dirname(resolve(input))
  const neighbors = (await readdir(folder)).sort()
  const embeddings = isFolder ? join(folder, embeddingsIn(input, neighbors)) : resolve(input)
  const files = [{ name: `embeddings${extname(embeddings).toLowerCase()}`, path: embeddings }]
  for (const kind of KINDS) {
    const path = given[kind] ?? neighbors.find((name) => BESIDE[kind].test(name))
    if (path === undefined) continue
    if (given[kind] !== undefined) await statOf(path)
    const file = given[kind] === undefined ? join(folder, path) : resolve(path)
    if (file === embeddings) continue
    const stem = kind === 'manifest' ? 'nearmiss' : kind
    files.push({
      name: `${stem}${extname(file).toLowerCase().replace('.yml', '.yaml')}`,
      path: file,
    })
    if (kind === 'manifest') files.push(...(await picturesOf(file)))
  }
  const stem = basename(embeddings, extname(embeddings))
  // `…/project/run/embeddings.npz`, as in a bucket; else the file's own name says which run it is.
  const names = stem === 'embeddings' || isFolder ? [dirname(folder), folder] : [folder, stem]
  return {
    project: nameFrom(basename(names[0]!), 'project'),
    run: nameFrom(basename(names[1]!), 'run'),
    files,
  }
}

/** Puts the files to `uploads/<project>/<run>/` of a store. */
export async function stageUpload(upload: LocalUpload, store: Store): Promise<void> {
  for (const { name, path } of upload.files) {
    await store.put(`uploads/${upload.project}/${upload.run}/${name}`, await readFile(path))
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

/** A path as a person would type it here. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' ? '.' : short.startsWith('..') ? path : short
}

/** The sprite that the manifest names, where it is there; the manifest's own check comes later. */
async function picturesOf(manifest: string): Promise<{ name: string; path: string }[]> {
  const settings = readSettings(await readFile(manifest, 'utf8'))
  const name = settings?.images?.sprite
  if (typeof name !== 'string' || name !== basename(name)) return []
  const path = join(dirname(manifest), name)
  return existsSync(path) ? [{ name, path }] : []
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
    const meant = nearest(basename(path), names.length === 0 ? [''] : names)
    const hint = meant ? `did you mean ${shownPath(join(folder, meant))}?` : 'check the path'
    const message = `there is no file or folder ${path}`
    throw new InputError({ code: 'not-found', message, where: path, hint })
  }
}

function embeddingsIn(input: string, names: readonly string[]): string {
  const found = names.filter((name) => EMBEDDINGS.test(name))
  if (found.length === 1) return found[0]!
  const seen = names.slice(0, 8).join(', ') || 'nothing'
  throw new InputError({
    code: 'no-embeddings',
    message:
      found.length === 0
        ? `the folder holds no embeddings.*, only: ${seen}`
        : `the folder holds ${found.length} files of embeddings (${found.join(', ')}), and 1 is expected`,
    where: input,
    hint: 'Name the file of embeddings itself: nearmiss report FILE',
  })
}
