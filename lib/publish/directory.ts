/**
 * A store in a directory: a key is a path under it. Writes are atomic (a temporary file, then a
 * rename) and conditional ones hold across processes. Nothing is read or written through a link that
 * leads out of the directory, and linked folders aren't listed.
 */

import type { BigIntStats } from 'node:fs'
import { type FileHandle, readdir, realpath, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { sha256 } from '../core/canonical.ts'
import { NearmissError, StoreRefusedError } from '../core/errors.ts'
import { keyProblem, PRIVATE_PREFIX } from '../core/object-key.ts'
import type { ObjectInfo, Store } from '../core/store.ts'
import { acquireLock } from './directory-lock.ts'
import { removeEmptyFolders, replaceFile } from './directory-writes.ts'
import { fileError, hasCode, isAbsent } from './file-errors.ts'
import { etagCache, hashStream } from './file-etags.ts'
import { checkInside, makeFolder, openInside } from './inside.ts'
import { checkKey, checkPrefix, compareKeys } from './object-key.ts'
import { checkConditions } from './precondition.ts'
import { checkRange, rangePastEnd } from './range.ts'
import { removeLeftovers } from './temporary.ts'

/** A folder may be removed as empty just before a file is written to it, and just so often. */
const MAX_ATTEMPTS = 10

export interface DirectoryOptions {
  /** Nobody but the owner may look into the directory, where this makes it. */
  readonly private?: boolean
}

/** A store in `path`, which is created by the first write. */
export function directoryStore(path: string, options: DirectoryOptions = {}): Store {
  const root = resolve(path)
  const mode = options.private ? 0o700 : 0o777
  const name = `directory ${path}`
  const pathOf = (key: string) => join(root, ...key.split('/'))
  const etags = etagCache()
  /** Folders in which what dead processes left has been looked for. */
  const swept = new Set<string>()

  async function describe(key: string): Promise<ObjectInfo | null> {
    const file = pathOf(key)
    return attempt('read', file, async () => {
      await checkInside(root, await realpath(file))
      const stats = await stat(file, { bigint: true })
      if (!stats.isFile()) return null
      const known = etags.recall(file, stats)
      if (known !== null) return infoOf(key, stats, known)
      const handle = await openInside(root, file)
      try {
        const stamp = await handle.stat({ bigint: true })
        const etag = await hashStream(handle.createReadStream({ autoClose: false }))
        etags.remember(file, stamp, etag)
        return infoOf(key, stamp, etag)
      } finally {
        await handle.close()
      }
    })
  }

  return {
    name,
    async get(key) {
      checkKey(key)
      const file = pathOf(key)
      return attempt('read', file, async () => {
        const handle = await openInside(root, file)
        try {
          const stats = await handle.stat()
          if (!stats.isFile()) return null
          const body = await readAll(handle)
          return {
            key,
            byteLength: body.byteLength,
            etag: sha256(body),
            modifiedAt: stats.mtime.toISOString(),
            body,
          }
        } finally {
          await handle.close()
        }
      })
    },
    async getRange(key, start, end, options = {}) {
      checkKey(key)
      checkRange(key, start, end)
      const file = pathOf(key)
      if (options.ifMatch !== undefined) {
        const info = await describe(key)
        if (info === null) return null
        checkConditions(name, key, info.etag, options)
      }
      return attempt('read', file, async () => {
        const handle = await openInside(root, file)
        try {
          const stats = await handle.stat()
          if (!stats.isFile()) return null
          if (end > stats.size) throw rangePastEnd(name, key, start, end, stats.size)
          const bytes = new Uint8Array(end - start)
          if (await fill(bytes, handle, start)) return bytes
          throw rangePastEnd(name, key, start, end, (await handle.stat()).size)
        } finally {
          await handle.close()
        }
      })
    },
    async head(key) {
      checkKey(key)
      return describe(key)
    },
    async put(key, content, options = {}) {
      checkKey(key)
      const file = pathOf(key)
      const body = typeof content === 'string' ? Buffer.from(content) : content
      const folder = dirname(file)
      for (let attempt = 1; ; attempt++) {
        try {
          await makeFolder(root, folder, mode)
          if (!swept.has(folder)) await removeLeftovers(folder)
          swept.add(folder)
          const modified = await replaceFile(root, file, body, async () => {
            if (!options.ifAbsent && options.ifMatch === undefined) return
            checkConditions(name, key, await currentEtag(root, file), options)
          })
          return {
            key,
            byteLength: body.byteLength,
            etag: sha256(body),
            modifiedAt: modified.toISOString(),
          }
        } catch (error) {
          if (hasCode(error, 'ENOENT') && attempt < MAX_ATTEMPTS) continue
          throw error instanceof NearmissError ? error : fileError(error, 'write', file)
        }
      }
    },
    async *list(prefix) {
      checkPrefix(prefix)
      for await (const key of keysUnder(root, prefix)) {
        const info = await describe(key).catch((error: unknown) => {
          // What lies outside is no object of the store, whatever links to it.
          if (error instanceof StoreRefusedError && error.code === 'outside-store') return null
          throw error
        })
        if (info) yield info
      }
    },
    async delete(key) {
      checkKey(key)
      const file = pathOf(key)
      await attempt('delete', file, async () => {
        await checkInside(root, await realpath(dirname(file)))
        const lock = await acquireLock(file)
        try {
          await unlink(file)
        } finally {
          await lock.release()
        }
        await removeEmptyFolders(root, dirname(file))
        return null
      })
    },
  }
}

/** Null where the file is absent; other trouble becomes the store's error. */
async function attempt<T>(
  action: string,
  file: string,
  task: () => Promise<T | null>,
): Promise<T | null> {
  try {
    return await task()
  } catch (error) {
    if (isAbsent(error)) return null
    throw error instanceof NearmissError ? error : fileError(error, action, file)
  }
}

async function readAll(handle: FileHandle): Promise<Uint8Array> {
  const { buffer, byteOffset, byteLength } = await handle.readFile()
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** Reads from a place in the file on; false where it has become shorter meanwhile. */
async function fill(bytes: Uint8Array, handle: FileHandle, start: number): Promise<boolean> {
  let filled = 0
  while (filled < bytes.byteLength) {
    // One read gives 2 GiB at most.
    const length = Math.min(bytes.byteLength - filled, 2 ** 30)
    const { bytesRead } = await handle.read(bytes, filled, length, start + filled)
    if (bytesRead === 0) return false
    filled += bytesRead
  }
  return true
}

async function currentEtag(root: string, file: string): Promise<string | null> {
  return attempt('read', file, async () => {
    const handle = await openInside(root, file)
    try {
      return await hashStream(handle.createReadStream({ autoClose: false }))
    } finally {
      await handle.close()
    }
  })
}

function infoOf(key: string, stats: BigIntStats, etag: string): ObjectInfo {
  return { key, byteLength: Number(stats.size), etag, modifiedAt: stats.mtime.toISOString() }
}

/** Keys in the order of their bytes: a folder stands where its name with "/" would. */
async function* keysUnder(root: string, prefix: string): AsyncGenerator<string> {
  const start = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  yield* walk(start)

  async function* walk(folder: string): AsyncGenerator<string> {
    const path = join(root, ...folder.split('/'))
    const entries = await attempt('list', path, () => readdir(path, { withFileTypes: true }))
    const leftovers = (entries ?? []).filter(({ name }) => name.startsWith(PRIVATE_PREFIX))
    if (leftovers.length > 0) {
      await removeLeftovers(
        path,
        leftovers.map(({ name }) => name),
      )
      // A folder that was only made for what was never finished.
      if (leftovers.length === entries?.length) await removeEmptyFolders(root, path)
    }
    const keys = (entries ?? [])
      .filter((entry) => entry.isFile() || entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .filter((key) => key.startsWith(prefix) || prefix.startsWith(key))
      .filter((key) => keyProblem(key.replace(/\/$/, '')) === null)
      .sort(compareKeys)
    for (const key of keys) {
      if (key.endsWith('/')) yield* walk(key)
      else yield key
    }
  }
}
