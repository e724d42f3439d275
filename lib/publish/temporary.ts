/** Files that are still being written, beside those whose place they will take; and what a dead process left of them. */

import { randomUUID } from 'node:crypto'
import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { PRIVATE_PREFIX } from '../core/object-key.ts'
import { removeAbandonedLock } from './directory-lock.ts'
import { ownerStanding, ownOwner } from './holder.ts'

/** A file that nothing has been written to for so long, by a process that can't be asked, is left over. */
const LEFT_OVER_AFTER_MS = 60 * 60_000

const NAME = new RegExp(
  `^${PRIVATE_PREFIX.replace('.', '\\.')}([0-9a-f]{16})\\.(\\d+)\\.(\\d*)\\..*\\.tmp$`,
)

/** A new path in the folder that no store lists, with the name of its process in it. */
export function temporaryPath(folder: string): string {
  const { machine, pid, started } = ownOwner()
  return join(folder, `${PRIVATE_PREFIX}${machine}.${pid}.${started}.${randomUUID()}.tmp`)
}

/**
 * Removes from a folder the unfinished files and the locks of processes that are gone. What can't be
 * removed, or looked at, stays: nobody reads it.
 *
 * @param names what lies in the folder, where that is known
 */
export async function removeLeftovers(folder: string, names?: readonly string[]): Promise<void> {
  const present = names ?? (await readdir(folder).catch(() => []))
  for (const name of present) {
    if (!name.startsWith(PRIVATE_PREFIX)) continue
    const path = join(folder, name)
    try {
      if (name.endsWith('.lock')) await removeAbandonedLock(path)
      else if (await isLeftOver(name, path)) await unlink(path)
    } catch {
      // Somebody else was faster, or the folder can't be written to.
    }
  }
}

async function isLeftOver(name: string, path: string): Promise<boolean> {
  const [, machine, pid, started] = NAME.exec(name) ?? []
  const standing =
    machine === undefined
      ? 'unknown'
      : ownerStanding({ machine, pid: Number(pid), started: started ?? '' })
  if (standing !== 'unknown') return standing === 'gone'
  return Date.now() - (await stat(path)).mtimeMs > LEFT_OVER_AFTER_MS
}
