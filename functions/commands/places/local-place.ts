/** Files and folders of this machine. */

import { existsSync } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { InputError } from '../../../lib/core/errors.ts'
import { keyProblem } from '../../../lib/core/object-key.ts'
import type { Store } from '../../../lib/core/store.ts'
import { directoryStore } from '../../../lib/publish/directory.ts'
import { nearest } from '../arguments.ts'
import type { Folder, Found, PlacedFile } from './place.ts'

/** Finds what a path names; throws `InputError` where nothing is there. */
export function localPlaces(): (path: string) => Promise<Found> {
  /** One a folder, which remembers the hashes of its files. */
  const stores = new Map<string, Store>()
  const storeOf = (folder: string) => {
    const store = stores.get(folder) ?? directoryStore(folder)
    stores.set(folder, store)
    return store
  }

  /** Links are followed: who names a file, or keeps a folder of links, means what they lead to. */
  async function fileAt(path: string): Promise<PlacedFile | null> {
    const real = await realpath(path).catch(() => null)
    const stats = real === null ? null : await stat(real)
    if (real === null || stats === null || !stats.isFile()) return null
    const key = basename(real)
    const problem = keyProblem(key)
    if (problem !== null) {
      throw new InputError({
        code: 'unusable-name',
        message: `the file's name ${problem}`,
        where: shownPath(path),
        hint: 'Rename it.',
      })
    }
    return {
      name: basename(path),
      shown: shownPath(path),
      store: storeOf(dirname(real)),
      key,
      info: { key, byteLength: stats.size, etag: '', modifiedAt: stats.mtime.toISOString() },
      remoteBytes: 0,
      isUpload: false,
    }
  }

  const folderAt = (path: string): Folder => ({
    shown: shownPath(path),
    path: path.split(sep).filter((part) => part !== ''),
    all: () => filesIn(path),
    startingWith: async (starts) => {
      const names = await readdir(path)
      return names.filter((name) => starts.some((start) => name.startsWith(start))).sort()
    },
    file: (name) => fileAt(join(path, name)),
    get parent() {
      return dirname(path) === path ? null : folderAt(dirname(path))
    },
  })

  return async (path) => {
    const absolute = resolve(path)
    const stats = await stat(absolute).catch(() => null)
    if (stats?.isDirectory()) return { folder: folderAt(absolute), file: null }
    const file = stats === null ? null : await fileAt(absolute)
    if (file !== null) return { folder: folderAt(dirname(absolute)), file }
    throw await notFound(path)
  }
}

/** A path as a person would type it here. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' ? '.' : short.startsWith('..') ? path : short
}

async function notFound(path: string): Promise<InputError> {
  const folder = dirname(resolve(path))
  const names = existsSync(folder) ? await readdir(folder) : []
  const meant = nearest(basename(path), names)
  return new InputError({
    code: 'not-found',
    message: `there is no file or folder ${path}`,
    where: path,
    hint: meant ? `did you mean ${shownPath(join(folder, meant))}?` : 'check the path',
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
