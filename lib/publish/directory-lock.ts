/**
 * A lock on one file of a directory, held across processes: a file that only one of them can create.
 * It is held for a few milliseconds. One that its process left behind is taken away: at once where the
 * process can be seen to be gone, and else once nothing has renewed it for ten seconds.
 */

import { type FileHandle, open, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sha256 } from '../core/canonical.ts'
import { StoreError } from '../core/errors.ts'
import { PRIVATE_PREFIX } from '../core/object-key.ts'
import { hasCode } from './file-errors.ts'
import { LONG_AGO_MS, newHolder, standingOf, stillness, toHolder } from './holder.ts'

export interface Lock {
  /** Whether it is still ours: false once somebody took it for abandoned. */
  isHeld(): Promise<boolean>
  release(): Promise<void>
}

const RENEWED_EACH_MS = 2_000
const ABANDONED_AFTER_MS = 10_000
const GIVE_UP_AFTER_MS = 60_000
const POLL_MS = 3

/**
 * Waits for the lock on `path`, whose folder exists.
 *
 * @throws StoreError `locked` where it isn't to be had for a minute.
 */
export async function acquireLock(path: string): Promise<Lock> {
  const file = join(dirname(path), `${PRIVATE_PREFIX}${sha256(basename(path)).slice(0, 24)}.lock`)
  const isStill = stillness(ABANDONED_AFTER_MS)
  const startedAt = performance.now()
  for (;;) {
    const lock = await createLock(file)
    if (lock !== null) return lock
    const abandoned = await abandonedMark(file, isStill)
    if (abandoned !== null) await takeAway(file, abandoned)
    if (performance.now() - startedAt > GIVE_UP_AFTER_MS) {
      throw new StoreError('locked', `${path} is locked for a minute by another process`, {
        hint: `If nothing else writes there, delete ${file} and try again.`,
      })
    }
    await sleep(POLL_MS)
  }
}

/** Removes a lock that its process left behind, as far as that can be told at once. */
export async function removeAbandonedLock(file: string): Promise<void> {
  const abandoned = await abandonedMark(file, () => false)
  if (abandoned !== null) await takeAway(file, abandoned)
}

/** Null where the file is there already. */
async function createLock(file: string): Promise<Lock | null> {
  let handle: FileHandle
  try {
    handle = await open(file, 'wx')
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return null
    throw error
  }
  const { holder, end } = newHolder()
  const content = JSON.stringify(holder)
  const renew = () => handle.write(content, 0).catch(() => {})
  const renewal = setInterval(renew, RENEWED_EACH_MS)
  renewal.unref()
  const isHeld = async () => (await readLock(file))?.content.includes(holder.token) ?? false
  const letGo = async () => {
    clearInterval(renewal)
    end()
    await handle.close()
  }
  try {
    await handle.write(content, 0)
  } catch (error) {
    // The disk is full, say: without its holder's name the lock would only be in the way.
    await letGo()
    await removeQuietly(file)
    throw error
  }
  return {
    isHeld,
    async release() {
      // Removed while we still hold it: who takes it for abandoned would remove the next one's lock.
      if (await isHeld()) await removeQuietly(file)
      await letGo()
    },
  }
}

/** What tells an abandoned lock from every other; null where it is held, or was just released. */
async function abandonedMark(
  file: string,
  isStill: (mark: string) => boolean,
): Promise<string | null> {
  const found = await readLock(file)
  if (found === null) return null
  const holder = parse(found.content)
  const standing = holder === null ? 'unknown' : standingOf(holder)
  if (standing === 'runs') return null
  const isOld = Date.now() - found.modifiedMs > LONG_AGO_MS
  return standing === 'gone' || isOld || isStill(found.mark) ? found.mark : null
}

/**
 * Removes an abandoned lock. Of several who see it, one may: who holds the lock that is named after
 * this very one. Where that one's holder is gone in its turn, it is taken away in the same way.
 */
async function takeAway(file: string, mark: string): Promise<void> {
  const name = join(dirname(file), `${PRIVATE_PREFIX}${sha256(mark).slice(0, 24)}.lock`)
  const right = await createLock(name)
  if (right === null) return removeAbandonedLock(name)
  try {
    if ((await readLock(file))?.mark === mark) await removeQuietly(file)
  } finally {
    await right.release()
  }
}

function parse(content: string) {
  try {
    return toHolder(JSON.parse(content))
  } catch {
    return null
  }
}

/** A lock's content, and a mark that no other lock has and that each renewal changes. */
async function readLock(
  file: string,
): Promise<{ content: string; mark: string; modifiedMs: number } | null> {
  try {
    const handle = await open(file)
    try {
      const { ino, mtimeNs, mtimeMs } = await handle.stat({ bigint: true })
      const content = await handle.readFile('utf8')
      return { content, mark: `${ino} ${mtimeNs} ${content}`, modifiedMs: Number(mtimeMs) }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

async function removeQuietly(file: string): Promise<void> {
  await unlink(file).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error
  })
}
