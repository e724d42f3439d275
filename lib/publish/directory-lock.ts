/**
 * A lock on one file of a directory, held across processes: a file that only one of them can create.
 * It is held for a few milliseconds; one that its process left behind is taken away.
 */

import { randomUUID } from 'node:crypto'
import { readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sha256 } from '../core/canonical.ts'
import { StoreError } from '../core/errors.ts'
import { PRIVATE_PREFIX } from '../core/object-key.ts'
import { hasCode } from './file-errors.ts'

/** Who holds a lock; the token is new each time. */
interface Holder {
  readonly host: string
  readonly pid: number
  readonly token: string
}

export interface Lock {
  /** Whether it is still ours: false once somebody took it for abandoned. */
  isHeld(): Promise<boolean>
  release(): Promise<void>
}

/** Between processes only the file system's own clock counts. No write takes this long; a lock this old of a process that can't be asked is abandoned. */
const ABANDONED_AFTER_MS = 30_000
const GIVE_UP_AFTER_MS = 60_000
const POLL_MS = 3

/**
 * Waits for the lock on `path`, whose folder exists.
 *
 * @throws StoreError `locked` where it isn't to be had for a minute.
 */
export async function acquireLock(path: string): Promise<Lock> {
  const file = join(dirname(path), `${PRIVATE_PREFIX}${sha256(basename(path)).slice(0, 24)}.lock`)
  const holder: Holder = { host: hostname(), pid: process.pid, token: randomUUID() }
  const content = JSON.stringify(holder)
  const startedAt = performance.now()
  for (;;) {
    try {
      await writeFile(file, content, { flag: 'wx' })
      return lockOf(file, holder.token)
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error
    }
    const abandoned = await abandonedToken(file)
    if (abandoned !== null) await takeAway(file, abandoned)
    if (performance.now() - startedAt > GIVE_UP_AFTER_MS) {
      throw new StoreError('locked', `${path} is locked for a minute by another process`, {
        hint: `If nothing else writes there, delete ${file} and try again.`,
      })
    }
    await sleep(POLL_MS)
  }
}

function lockOf(file: string, token: string): Lock {
  const isHeld = async () => (await readText(file))?.includes(token) ?? false
  return {
    isHeld,
    async release() {
      if (await isHeld()) await removeQuietly(file)
    },
  }
}

/** The content of a lock whose holder is gone; null where it is held, or was just released. */
async function abandonedToken(file: string): Promise<string | null> {
  const content = await readText(file)
  if (content === null) return null
  const holder = parseHolder(content)
  if (holder !== null && holder.host === hostname()) return isRunning(holder.pid) ? null : content
  // Another machine's process, or a file cut short by a crash: only its age tells.
  const age = await stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  )
  return age > ABANDONED_AFTER_MS ? content : null
}

/**
 * Removes an abandoned lock. Of several who see it, one may: who creates the file that is named after
 * the lock's content. A lock that was made since then has other content and stays.
 */
async function takeAway(file: string, content: string): Promise<void> {
  const claim = join(dirname(file), `${PRIVATE_PREFIX}${sha256(content).slice(0, 24)}.claim`)
  try {
    await writeFile(claim, '', { flag: 'wx' })
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return
    throw error
  }
  try {
    if ((await readText(file)) === content) await removeQuietly(file)
  } finally {
    await removeQuietly(claim)
  }
}

function parseHolder(content: string): Holder | null {
  try {
    const { host, pid, token } = JSON.parse(content) as Partial<Holder>
    return typeof host === 'string' && typeof pid === 'number' && typeof token === 'string'
      ? { host, pid, token }
      : null
  } catch {
    return null
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as another user.
    return !hasCode(error, 'ESRCH')
  }
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
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
