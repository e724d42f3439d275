/** One request over http(s): redirects followed with care, silence ended, passing trouble tried again. */

import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledError, InputError, StoreError } from '../../../lib/core/errors.ts'
import type { Transfer } from '../../../lib/publish/resumed-body.ts'
import { isHttpAllowed, shownAddress } from './place.ts'

export interface HttpTarget {
  readonly url: URL
  /** As messages call it. */
  readonly shown: string
  /** Of the address itself; no other host is told. */
  readonly authorization: string | null
}

export interface HttpOptions extends Pick<Transfer, 'signal' | 'firstPauseMs'> {
  /** A server from which nothing comes for so long is given up on; a minute unless given. */
  readonly idleTimeoutMs?: number
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array>
  /** Ends it where the body isn't wanted. */
  end(): void
}

const IDLE_TIMEOUT_MS = 60_000
const MOST_REDIRECTS = 5
const MOST_TRIES = 4
const FIRST_PAUSE_MS = 200
const REDIRECTS = [301, 302, 303, 307, 308]

export function httpTarget(text: string): HttpTarget {
  const url = new URL(text)
  const { username, password } = url
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  url.username = ''
  url.password = ''
  url.hash = ''
  return {
    url,
    shown: shownAddress(text),
    authorization:
      username === '' && password === '' ? null : `Basic ${Buffer.from(pair).toString('base64')}`,
  }
}

/**
 * Asks with GET, which signed addresses are made for.
 *
 * @throws StoreError where the server can't be reached or keeps failing, InputError for a redirect that
 * isn't followed
 */
export async function httpGet(
  target: HttpTarget,
  headers: Readonly<Record<string, string>>,
  options: HttpOptions = {},
): Promise<HttpAnswer> {
  for (let tries = 1; ; tries++) {
    const answer = await redirected(target, headers, options).catch((error: unknown) => {
      if (tries === MOST_TRIES || !(error instanceof StoreError)) throw error
      return null
    })
    const isPassing = answer === null || answer.status === 429 || answer.status >= 500
    if (!isPassing || tries === MOST_TRIES) return answer!
    answer?.end()
    await pause((options.firstPauseMs ?? FIRST_PAUSE_MS) * 2 ** (tries - 1), options.signal)
  }
}

async function redirected(
  target: HttpTarget,
  headers: Readonly<Record<string, string>>,
  options: HttpOptions,
): Promise<HttpAnswer> {
  let { url } = target
  for (let hops = 0; ; hops++) {
    const isOwn = url.origin === target.url.origin
    const answer = await once(target, url, options, {
      ...headers,
      ...(isOwn && target.authorization !== null ? { authorization: target.authorization } : {}),
    })
    if (!REDIRECTS.includes(answer.status)) return answer
    answer.end()
    const location = answer.headers.get('location') ?? ''
    if (!URL.canParse(location, url.href)) throw refusedRedirect(target, 'nowhere')
    const next = new URL(location, url)
    next.username = ''
    next.password = ''
    const leavesMachine = !isLoopbackHttp(url) && isLoopbackHttp(next)
    if (!isHttpAllowed(next) || leavesMachine) {
      throw refusedRedirect(target, `to ${next.protocol}//${next.host}, which isn't https`)
    }
    if (hops === MOST_REDIRECTS) {
      throw refusedRedirect(target, `more than ${MOST_REDIRECTS} times in a row`)
    }
    url = next
  }
}

function isLoopbackHttp(url: URL): boolean {
  return url.protocol === 'http:' && isHttpAllowed(url)
}

/** One request to one address. */
async function once(
  { shown }: HttpTarget,
  url: URL,
  { signal, idleTimeoutMs = IDLE_TIMEOUT_MS }: HttpOptions,
  headers: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  const idle = new AbortController()
  const timer = setTimeout(() => idle.abort(), idleTimeoutMs)
  const signals = signal === undefined ? [idle.signal] : [idle.signal, signal]
  try {
    const response = await fetch(url, {
      // Bytes are counted as they lie on the server.
      headers: { 'accept-encoding': 'identity', ...headers },
      redirect: 'manual',
      signal: AbortSignal.any(signals),
    })
    return {
      status: response.status,
      headers: response.headers,
      body: chunksOf(response, timer),
      end: () => {
        clearTimeout(timer)
        idle.abort()
      },
    }
  } catch (error) {
    clearTimeout(timer)
    if (signal?.aborted) throw new CancelledError()
    const reason = idle.signal.aborted
      ? `nothing came for ${idleTimeoutMs / 1000} s`
      : reasonOf(error)
    throw new StoreError('store-failed', `${shown} can't be reached: ${reason}`, {
      // The error's own message may hold the whole address.
      hint: 'Check the address and the network; a proxy is not used.',
    })
  }
}

async function* chunksOf({ body }: Response, timer: NodeJS.Timeout): AsyncGenerator<Uint8Array> {
  try {
    if (body === null) return
    for await (const chunk of body) {
      timer.refresh()
      yield chunk
    }
  } finally {
    clearTimeout(timer)
  }
}

/** `ENOTFOUND`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`: what lies below "fetch failed". */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const { code } = (cause ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : 'the connection failed'
}

function refusedRedirect({ shown }: HttpTarget, where: string): InputError {
  return new InputError({
    code: 'redirect-refused',
    message: `the address is redirected ${where}`,
    where: shown,
    hint: 'Give the address where the file lies in the end.',
  })
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  } catch {
    throw new CancelledError()
  }
}
