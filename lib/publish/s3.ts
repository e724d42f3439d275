/** A store in an S3 bucket, or in part of one. The SDK retries by itself; what it gives up on is an error here. */

import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { CancelledError, NearmissError } from '../core/errors.ts'
import { keyProblem } from '../core/object-key.ts'
import type { ObjectInfo, Store } from '../core/store.ts'
import { checkKey, checkPrefix } from './object-key.ts'
import { changedMeanwhile, checkConditions, existsAlready } from './precondition.ts'
import { checkRange, rangePastEnd } from './range.ts'
import { type BodyPart, resumedBody, type Transfer } from './resumed-body.ts'
import {
  isNotFound,
  isPreconditionFailure,
  isRangePastEnd,
  type S3Action,
  s3Error,
} from './s3-errors.ts'

export interface S3Location extends Transfer {
  readonly client: S3Client
  readonly bucket: string
  /** Where in the bucket the store's keys start; a missing `/` at its end is added. */
  readonly prefix?: string
}

/**
 * A store in `bucket`, which exists. Its methods throw `StoreError` for what may pass (the network,
 * throttling, the service's own faults) and `StoreRefusedError` for what won't (access, no such
 * bucket); the message names bucket, key and the permission that is needed.
 */
export function s3Store({ client, bucket, prefix = '', ...transfer }: S3Location): Store {
  const base = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
  const name = `bucket ${bucket}${base === '' ? '' : ` under ${base}`}`
  const target = (key: string) => ({ Bucket: bucket, Key: `${base}${key}` })

  const { signal } = transfer
  const sent = signal === undefined ? {} : { abortSignal: signal }

  function fail(error: unknown, action: S3Action, key: string): never {
    if (error instanceof NearmissError) throw error
    if (signal?.aborted) throw new CancelledError()
    throw s3Error(error, action, bucket, `${base}${key}`)
  }

  /** All of an answer's body, however often its connection drops, as long as the object stays. */
  async function bodyOf(
    key: string,
    answer: GetObjectCommandOutput,
    start: number,
  ): Promise<Uint8Array> {
    const { Body, ContentLength: byteLength, ETag } = answer
    if (Body === undefined || byteLength === undefined) {
      return (await Body?.transformToByteArray()) ?? new Uint8Array(0)
    }
    const what = `${base}${key} of bucket ${bucket}`
    const end = start + byteLength - 1
    return resumedBody(
      what,
      byteLength,
      async (at) => {
        if (at === 0) return Body as unknown as BodyPart
        const Range = `bytes=${start + at}-${end}`
        const command = new GetObjectCommand({ ...target(key), Range, IfMatch: ETag })
        return (await client.send(command, sent)).Body as unknown as BodyPart
      },
      transfer,
    )
  }

  const store: Store = {
    name,
    async get(key) {
      checkKey(key)
      try {
        const answer = await client.send(new GetObjectCommand(target(key)), sent)
        const body = await bodyOf(key, answer, 0)
        return { ...infoOf(key, answer.ETag, answer.LastModified, body.byteLength), body }
      } catch (error) {
        if (isNotFound(error)) return null
        // It was replaced just when the rest of it was asked for again.
        if (isPreconditionFailure(error)) {
          throw changedMeanwhile(name, key, 'before', undefined, error)
        }
        fail(error, 's3:GetObject', key)
      }
    },
    async getRange(key, start, end, { ifMatch } = {}) {
      checkKey(key)
      checkRange(key, start, end)
      // A range of no bytes can't be asked for.
      if (start === end) {
        const info = await store.head(key)
        if (info === null) return null
        checkConditions(name, key, info.etag, ifMatch === undefined ? {} : { ifMatch })
        if (end > info.byteLength) throw rangePastEnd(name, key, start, end, info.byteLength)
        return new Uint8Array(0)
      }
      let bytes: Uint8Array | undefined
      try {
        const Range = `bytes=${start}-${end - 1}`
        const IfMatch = ifMatch === undefined ? undefined : `"${ifMatch}"`
        const command = new GetObjectCommand({ ...target(key), Range, IfMatch })
        bytes = await bodyOf(key, await client.send(command, sent), start)
      } catch (error) {
        if (isNotFound(error)) return null
        if (ifMatch !== undefined && isPreconditionFailure(error)) {
          throw changedMeanwhile(name, key, ifMatch, undefined, error)
        }
        if (isRangePastEnd(error)) throw rangePastEnd(name, key, start, end, undefined, error)
        fail(error, 's3:GetObject', key)
      }
      if (bytes?.byteLength === end - start) return bytes
      throw rangePastEnd(name, key, start, end, start + (bytes?.byteLength ?? 0))
    },
    async head(key) {
      checkKey(key)
      try {
        const answer = await client.send(new HeadObjectCommand(target(key)), sent)
        return infoOf(key, answer.ETag, answer.LastModified, answer.ContentLength)
      } catch (error) {
        if (isNotFound(error)) return null
        fail(error, 's3:GetObject', key)
      }
    },
    async put(key, content, options = {}) {
      checkKey(key)
      const body = typeof content === 'string' ? new TextEncoder().encode(content) : content
      const command = new PutObjectCommand({
        ...target(key),
        Body: body,
        ContentLength: body.byteLength,
        ContentType: options.contentType,
        CacheControl: options.cacheControl,
        IfNoneMatch: options.ifAbsent ? '*' : undefined,
        IfMatch: options.ifMatch === undefined ? undefined : `"${options.ifMatch}"`,
      })
      const answeredAt = answerTime(command)
      try {
        const { ETag } = await client.send(command)
        return infoOf(key, ETag, answeredAt(), body.byteLength)
      } catch (error) {
        if (options.ifMatch !== undefined && (isPreconditionFailure(error) || isNotFound(error))) {
          throw changedMeanwhile(name, key, options.ifMatch, undefined, error)
        }
        if (options.ifAbsent && isPreconditionFailure(error)) throw existsAlready(name, key, error)
        fail(error, 's3:PutObject', key)
      }
    },
    async *list(start) {
      checkPrefix(start)
      let token: string | undefined
      do {
        const page = await client
          .send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: `${base}${start}`,
              ContinuationToken: token,
            }),
            sent,
          )
          .catch((error: unknown) => fail(error, 's3:ListBucket', start))
        for (const { Key, ETag, LastModified, Size } of page.Contents ?? []) {
          const key = Key?.slice(base.length) ?? ''
          // The console's "folders" and other keys that no store takes aren't ours.
          if (keyProblem(key) === null) yield infoOf(key, ETag, LastModified, Size)
        }
        token = page.NextContinuationToken
      } while (token !== undefined)
    },
    async delete(key) {
      checkKey(key)
      try {
        await client.send(new DeleteObjectCommand(target(key)))
      } catch (error) {
        if (!isNotFound(error)) fail(error, 's3:DeleteObject', key)
      }
    },
  }
  return store
}

function infoOf(
  key: string,
  etag: string | undefined,
  modifiedAt: Date | undefined,
  byteLength: number | undefined,
): ObjectInfo {
  return {
    key,
    byteLength: byteLength ?? 0,
    etag: (etag ?? '').replaceAll('"', ''),
    modifiedAt: (modifiedAt ?? new Date(0)).toISOString(),
  }
}

/** When the service answered, by its own clock: the answer to a put doesn't hold the object's time. */
function answerTime(command: PutObjectCommand): () => Date | undefined {
  let date: string | undefined
  command.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request)
      const { headers } = result.response as { headers?: Record<string, string> }
      date = headers?.date
      return result
    },
    { step: 'deserialize', name: 'answerTime', priority: 'low' },
  )
  return () => (date === undefined ? undefined : new Date(date))
}
