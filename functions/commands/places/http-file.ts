/**
 * A file behind an http(s) address: read by range where the server can and says which version it gives,
 * else fetched whole at once.
 */

import { CancelledError, InputError, StoreError } from '../../../lib/core/errors.ts'
import type { ObjectInfo } from '../../../lib/core/store.ts'
import { MAX_FILE_BYTES } from '../../../lib/formats/format.ts'
import { changedMeanwhile, checkConditions } from '../../../lib/publish/precondition.ts'
import { checkRange, rangePastEnd } from '../../../lib/publish/range.ts'
import { resumedBody, type Transfer } from '../../../lib/publish/resumed-body.ts'
import { bytesStore } from './bytes-store.ts'
import { type HttpAnswer, type HttpOptions, type HttpTarget, httpGet } from './http-request.ts'
import type { FileStore, PlacedFile } from './place.ts'

/** The key of the one file of such a store. */
export const HTTP_KEY = 'file'

export type HttpFileOptions = Transfer & HttpOptions

/** @throws InputError where there is no such file, or it may not be read */
export async function openHttpFile(
  target: HttpTarget,
  options: HttpFileOptions = {},
): Promise<Pick<PlacedFile, 'store' | 'remoteBytes'>> {
  const answer = await httpGet(target, { range: 'bytes=0-0' }, options)
  const version = versionOf(target, answer)
  if (version !== null) {
    answer.end()
    return { store: rangedStore(target, version, options), remoteBytes: version.byteLength }
  }
  // What came is all of the file already, or but one byte of it.
  const isWhole = answer.status === 200
  if (!isWhole) answer.end()
  const body = await wholeBody(target, isWhole ? answer : null, options)
  return { store: bytesStore(target.shown, body), remoteBytes: 0 }
}

/** Which file it is, as its server tells; the same as long as it stays. */
interface Version {
  readonly byteLength: number
  readonly etag: string
  /** What `If-Range` takes; null where only the answer can be compared. */
  readonly validator: string | null
}

/** Null where it isn't given in parts, or nothing says which version of it a part is of. */
function versionOf(target: HttpTarget, { status, headers }: HttpAnswer): Version | null {
  if (status === 200) return null
  const etag = headers.get('etag')
  const modified = headers.get('last-modified')
  const stated = etag ?? modified
  const range = headers.get('content-range')
  if (status === 206 || (status === 416 && /\/0$/.test(range ?? ''))) {
    const byteLength = status === 416 ? 0 : Number(/^bytes 0-0\/(\d+)$/.exec(range ?? '')?.[1])
    const isKnown = Number.isSafeInteger(byteLength) && !isPacked(headers)
    if (!isKnown || stated === null) return null
    const validator = etag !== null && !etag.startsWith('W/') ? etag : modified
    return { byteLength, etag: stated.replaceAll('"', ''), validator }
  }
  throw refused(target, status)
}

function rangedStore(target: HttpTarget, version: Version, options: HttpFileOptions): FileStore {
  const { byteLength, etag, validator } = version
  const info = (current: Version): ObjectInfo => ({
    key: HTTP_KEY,
    byteLength: current.byteLength,
    etag: current.etag,
    modifiedAt: new Date(0).toISOString(),
  })

  /** The bytes of the version that was opened; another one is told as such. */
  const read = (start: number, end: number) =>
    resumedBody(
      target.shown,
      end - start,
      async (at) => {
        const range = `bytes=${start + at}-${end - 1}`
        const headers = { range, ...(validator === null ? {} : { 'if-range': validator }) }
        const answer = await httpGet(target, headers, options)
        const [, from] = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '') ?? []
        const given = (
          answer.headers.get('etag') ??
          answer.headers.get('last-modified') ??
          etag
        ).replaceAll('"', '')
        if (answer.status === 206 && Number(from) === start + at && given === etag) {
          return answer.body
        }
        answer.end()
        if (answer.status === 206 || answer.status === 200 || answer.status === 416) {
          throw changedMeanwhile(target.shown, HTTP_KEY, etag, given === etag ? undefined : given)
        }
        throw refused(target, answer.status)
      },
      options,
    )

  return {
    async head() {
      const answer = await httpGet(target, { range: 'bytes=0-0' }, options)
      answer.end()
      if (answer.status === 404 || answer.status === 410) return null
      return info(versionOf(target, answer) ?? { byteLength: 0, etag: 'changed', validator: null })
    },
    async get() {
      return { ...info(version), body: await read(0, byteLength) }
    },
    async getRange(_key, start, end, conditions = {}) {
      checkRange(target.shown, start, end)
      checkConditions(target.shown, HTTP_KEY, etag, conditions)
      if (end > byteLength) throw rangePastEnd(target.shown, HTTP_KEY, start, end, byteLength)
      return read(start, end)
    },
  }
}

/** A server that gives no parts is asked for the whole again where the connection drops. */
const MOST_WHOLE_TRIES = 3

async function wholeBody(
  target: HttpTarget,
  first: HttpAnswer | null,
  options: HttpFileOptions,
): Promise<Uint8Array> {
  for (let tries = 1; ; tries++) {
    const answer = (tries === 1 ? first : null) ?? (await httpGet(target, {}, options))
    if (answer.status !== 200) {
      answer.end()
      throw refused(target, answer.status)
    }
    if (/^text\/html\b/i.test(answer.headers.get('content-type') ?? '')) {
      answer.end()
      throw webPage(target)
    }
    const length = answer.headers.get('content-length')
    const said = length === null || isPacked(answer.headers) ? null : Number(length)
    if (said !== null && said > MAX_FILE_BYTES) {
      answer.end()
      throw tooLarge(target, `${said} bytes`)
    }
    const chunks: Uint8Array[] = []
    let came = 0
    let isBroken = false
    try {
      for await (const chunk of answer.body) {
        chunks.push(chunk)
        came += chunk.length
        options.received?.(chunk.length)
        if (came > MAX_FILE_BYTES) throw tooLarge(target, `more than ${MAX_FILE_BYTES} bytes`)
      }
    } catch (error) {
      if (options.signal?.aborted) throw new CancelledError()
      if (error instanceof InputError) throw error
      isBroken = true
    } finally {
      answer.end()
    }
    if (!isBroken && (said === null || came === said)) return Buffer.concat(chunks)
    if (tries === MOST_WHOLE_TRIES) {
      throw new StoreError(
        'connection-dropped',
        `${target.shown}: the connection broke off after ${came} bytes${said === null ? '' : ` of ${said}`}, ${tries} times`,
        {
          hint: 'The server gives no parts of files, so nothing can be resumed: download it by other means.',
        },
      )
    }
  }
}

function isPacked(headers: Headers): boolean {
  return !['', 'identity'].includes(headers.get('content-encoding') ?? '')
}

function refused({ shown }: HttpTarget, status: number): InputError | StoreError {
  if (status === 404 || status === 410) {
    const hint = 'check the address: a browser that is not signed in must get the file there'
    return new InputError({
      code: 'not-found',
      message: `there is no file (HTTP ${status})`,
      where: shown,
      hint,
    })
  }
  if (status === 401 || status === 403) {
    return new InputError({
      code: 'access-denied',
      message: `the server doesn't give the file to whoever asks (HTTP ${status})`,
      where: shown,
      hint: 'Give an address that is signed and not expired, or s3://bucket/key with your credentials, or download the file.',
    })
  }
  const message = `${shown} was asked for, and the server answered HTTP ${status}`
  return new StoreError('store-failed', message, { hint: 'Try again later, or download the file.' })
}

function webPage({ shown }: HttpTarget): InputError {
  return new InputError({
    code: 'web-page',
    message: 'the address answers with a web page, not with a file',
    where: shown,
    hint: 'Give the address of the file itself, which such pages call raw or download; on Hugging Face it has /resolve/ in place of /blob/.',
  })
}

function tooLarge({ shown }: HttpTarget, size: string): InputError {
  return new InputError({
    code: 'file-too-large',
    message: `the file has ${size}, and ${MAX_FILE_BYTES} is the most that is fetched as a whole`,
    where: shown,
    hint: 'Put it on a server that gives parts of files, as S3 does, and save it as Parquet, of which only what is needed is read.',
  })
}
