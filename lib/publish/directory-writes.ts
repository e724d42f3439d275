/** Writes of a store in a directory: atomic, under a lock, and with no empty folder left. */

import { open, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, relative, sep } from 'node:path'
import { StoreError } from '../core/errors.ts'
import { acquireLock } from './directory-lock.ts'
import { checkInside, placeOf } from './inside.ts'
import { removeLeftovers, temporaryPath } from './temporary.ts'

/** Puts the body in the file's place once `check` lets it; a reader sees the old or the new one. */
export async function replaceFile(
  root: string,
  file: string,
  body: Uint8Array,
  check: () => Promise<void>,
): Promise<Date> {
  const temporary = temporaryPath(dirname(file))
  try {
    const mtime = await writeNew(root, temporary, body)
    const lock = await acquireLock(file)
    try {
      await check()
      if (!(await lock.isHeld())) {
        throw new StoreError('locked', `the lock on ${file} was lost while it was written`, {
          hint: 'This process was suspended for long, and another one went on. Try again.',
        })
      }
      await rename(temporary, file)
    } finally {
      await lock.release()
    }
    return mtime
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Writes a file that isn't there yet, once it is sure that it lies in the root. */
async function writeNew(root: string, file: string, body: Uint8Array): Promise<Date> {
  const handle = await open(file, 'wx')
  try {
    await checkInside(root, await placeOf(handle, file))
    await handle.writeFile(body)
    return (await handle.stat()).mtime
  } finally {
    await handle.close()
  }
}

/**
 * Removes a folder in which nothing is left, and those above it that held nothing else. Those directly
 * in the root stay: they may be watched.
 */
export async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  await removeLeftovers(folder)
  for (let path = folder; relative(root, path).includes(sep); path = dirname(path)) {
    try {
      await rmdir(path)
    } catch {
      return
    }
  }
}
