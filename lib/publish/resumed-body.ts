/** A body that comes over a connection which may drop: the rest is asked for again, a bounded number of times. */

import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledError, NearmissError, StoreError } from '../core/errors.ts'

/** What a download tells, and who may stop it. */
export interface Transfer {
  /** Told of the bytes that arrived, a chunk at a time. */
  readonly received?: (byteLength: number) => void
  readonly signal?: AbortSignal
  /** Before the first new try, and twice as long before each later one; a tenth of a second unless given. */
  readonly firstPauseMs?: number
}

export interface BodyPart extends AsyncIterable<Uint8Array> {}

/** So often in a row a connection may drop before this much more came. */
const MOST_DROPS = 5
const PROGRESS_BYTES = 2 ** 20
const FIRST_PAUSE_MS = 100

/**
 * Reads `byteLength` bytes.
 *
 * @param what as a message names it: `key "a" of bucket b`
 * @param ask the body from a byte on, up to its end; what it throws is final
 * @throws StoreError where it keeps breaking off, `CancelledError` where the signal says so
 */
export async function resumedBody(
  what: string,
  byteLength: number,
  ask: (at: number) => Promise<BodyPart>,
  { received, signal, firstPauseMs = FIRST_PAUSE_MS }: Transfer = {},
): Promise<Uint8Array> {
  const bytes = new Uint8Array(byteLength)
  let at = 0
  let drops = 0
  let countedFrom = 0
  while (at < byteLength) {
    const body = await ask(at)
    let cause: unknown
    try {
      for await (const chunk of body) {
        if (at + chunk.length > byteLength) throw tooLong(what, byteLength)
        bytes.set(chunk, at)
        at += chunk.length
        received?.(chunk.length)
        if (signal?.aborted) throw new CancelledError()
      }
    } catch (error) {
      if (signal?.aborted) throw new CancelledError()
      // All came, and it isn't what was sent: a checksum says so.
      if (error instanceof NearmissError || at === byteLength) throw error
      cause = error
    }
    if (at === byteLength) break
    if (at - countedFrom >= PROGRESS_BYTES) drops = 0
    countedFrom = at
    drops += 1
    if (drops > MOST_DROPS) {
      throw new StoreError(
        'connection-dropped',
        `${what}: ${at} of ${byteLength} bytes came, and the connection broke off ${drops} times`,
        { cause, hint: 'Try again; what lies nearby, or a better connection, comes whole.' },
      )
    }
    await pause(firstPauseMs * 2 ** (drops - 1), signal)
  }
  return bytes
}

function tooLong(what: string, byteLength: number): StoreError {
  return new StoreError(
    'longer-than-said',
    `${what}: ${byteLength} bytes were promised, and more came`,
    {
      hint: 'The server, or something between, changes the file on its way. Download it by other means.',
    },
  )
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  } catch {
    throw new CancelledError()
  }
}
