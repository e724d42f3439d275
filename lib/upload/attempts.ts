/** Evaluations that ended with their process: an upload that did that twice isn't taken up a third time. */

import type { Context } from '../core/context.ts'
import { type Issue, throwIfCancelled } from '../core/errors.ts'
import { attemptKey } from '../publish/keys.ts'
import { listUpload } from './files.ts'

/** So often an upload may end the process that evaluates it. */
const MOST_DEATHS = 2

interface Attempt {
  /** Of the upload's files: once they change it is another upload. */
  readonly state: string
  /** This one, from 1. */
  readonly count: number
}

/**
 * Does the work, and writes down in the vault that it is being done, until it ends in whatever way but
 * with the process. Where that happened twice before, `refuse` is done instead.
 *
 * @param longestMs how long an attempt by somebody else may be under way; older ones are dead
 */
export async function attempt<T>(
  { uploads, vault, signal, clock }: Pick<Context, 'uploads' | 'vault' | 'signal' | 'clock'>,
  { project, run }: { readonly project: string; readonly run: string },
  longestMs: number,
  work: () => Promise<T>,
  refuse: (issue: Issue) => Promise<T>,
): Promise<T> {
  const key = attemptKey(project, run)
  const { state } = await listUpload(uploads, project, run)
  const stored = await vault.get(key)
  const before = stored && parse(stored.body)
  const isSame = stored !== null && before?.state === state
  const isAlive = isSame && Math.abs(clock().getTime() - Date.parse(stored.modifiedAt)) < longestMs
  const deaths = isSame ? before.count - (isAlive ? 1 : 0) : 0
  if (deaths >= MOST_DEATHS) return refuse(DEADLY)
  const next: Attempt = { state, count: deaths + 1 }
  await vault.put(key, `${JSON.stringify(next)}\n`)
  // Who stops it doesn't always wait for it to end.
  const forget = () => vault.delete(key)
  const stopped = () => void forget().catch(() => {})
  signal.addEventListener('abort', stopped, { once: true })
  try {
    // It may have been stopped before anybody listened.
    throwIfCancelled(signal)
    return await work()
  } finally {
    signal.removeEventListener('abort', stopped)
    await forget()
  }
}

const DEADLY: Issue = {
  code: 'evaluation-died',
  message: `The evaluation of this upload ended with its process ${MOST_DEATHS} times, most likely for want of memory, so it isn't tried again.`,
  where: 'upload',
  hint: 'Evaluate a sample of the rows or leave out columns: any changed file of the upload is tried anew. Where the machine or function has more memory now, delete the run and send the upload again as it is.',
}

function parse(body: Uint8Array): Attempt | null {
  try {
    const { state, count } = JSON.parse(new TextDecoder().decode(body)) as Partial<Attempt>
    return typeof state === 'string' && typeof count === 'number' ? { state, count } : null
  } catch {
    return null
  }
}
