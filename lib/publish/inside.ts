/** Files of a folder that may hold links: what a link leads out of the folder to is neither read nor written. */

import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readlink, realpath } from 'node:fs/promises'
import { dirname, relative, sep } from 'node:path'
import { StoreRefusedError } from '../core/errors.ts'
import { hasCode } from './file-errors.ts'

/**
 * Opens a file to read. Where it lies is asked of what was opened, not of its name: a link that is put
 * there in between changes nothing.
 *
 * @param root the folder; it may be a link itself, since who runs this chose it
 * @throws StoreRefusedError `outside-store`
 */
export async function openInside(root: string, file: string): Promise<FileHandle> {
  // A pipe that nobody writes to would be waited for.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    await checkInside(root, await placeOf(handle, file))
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Where an open file lies. */
export async function placeOf({ fd }: FileHandle, file: string): Promise<string> {
  // Only Linux tells it of what is open.
  return readlink(`/proc/self/fd/${fd}`).catch(() => realpath(file))
}

/** Makes a folder and those above it, unless a link on the way leads out of the root. */
export async function makeFolder(root: string, folder: string, mode: number): Promise<void> {
  await mkdir(root, { recursive: true, mode })
  let existing = folder
  for (;;) {
    try {
      await checkInside(root, await realpath(existing))
      break
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error
      existing = dirname(existing)
    }
  }
  await mkdir(folder, { recursive: true, mode })
}

/** @throws StoreRefusedError `outside-store` where the place, all links followed, isn't in the root */
export async function checkInside(root: string, real: string): Promise<void> {
  const away = relative(await realpath(root), real)
  if (away !== '..' && !away.startsWith(`..${sep}`)) return
  throw new StoreRefusedError('outside-store', `${real} lies outside of the directory ${root}`, {
    hint: 'A link leads out of the directory, and no such link is followed. Put the file itself there.',
  })
}

/** Whether a path leads out of the root; false where there is nothing. */
export async function leadsOut(root: string, path: string): Promise<boolean> {
  try {
    await checkInside(root, await realpath(path))
    return false
  } catch (error) {
    return error instanceof StoreRefusedError
  }
}
