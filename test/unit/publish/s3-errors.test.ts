import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PreconditionFailedError, StoreError, StoreRefusedError } from '../../../lib/core/errors.ts'
import type { Store } from '../../../lib/core/store.ts'
import { s3Store } from '../../../lib/publish/s3.ts'

/** A service that gives one answer to everything. */
describe('S3 store, told by the service', () => {
  let server: Server
  let client: S3Client
  let store: Store
  let answer: { status: number; code: string }

  beforeEach(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(answer.status, { 'content-type': 'application/xml' })
        response.end(`<Error><Code>${answer.code}</Code><Message>told so</Message></Error>`)
      })
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    client = new S3Client({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      maxAttempts: 1,
    })
    store = s3Store({ client, bucket: 'reports', prefix: 'site' })
  })

  afterEach(async () => {
    client.destroy()
    await new Promise((closed) => server.close(closed))
  })

  const failure = async (status: number, code: string, call: () => Promise<unknown>) => {
    answer = { status, code }
    return call().then(
      () => null,
      (error: unknown) => error,
    )
  }

  test.each([
    [500, 'InternalError'],
    [503, 'SlowDown'],
    [503, 'ServiceUnavailable'],
    [429, 'TooManyRequests'],
    [400, 'RequestTimeout'],
  ])('that trouble may pass (%i %s), throws what may be retried', async (status, code) => {
    const calls = [() => store.get('a'), () => store.put('a', 'x'), () => store.delete('a')]
    for (const call of calls) {
      const error = await failure(status, code, call)
      expect(error).toBeInstanceOf(StoreError)
      expect(error).toMatchObject({ retryable: true, message: expect.stringContaining(code) })
    }
  })

  test.each([
    [403, 'AccessDenied', 'access-denied'],
    [403, 'InvalidAccessKeyId', 'access-denied'],
    [404, 'NoSuchBucket', 'no-such-bucket'],
    [400, 'AuthorizationHeaderMalformed', 'store-refused'],
    [400, 'ExpiredToken', 'store-refused'],
  ])('that it refuses (%i %s), names permission, bucket and key', async (status, code, ours) => {
    const error = await failure(status, code, () => store.put('digits/index.json', 'x'))
    expect(error).toBeInstanceOf(StoreRefusedError)
    expect(error).toMatchObject({ code: ours, retryable: false, hint: expect.any(String) })
    expect((error as Error).message).toContain(
      's3:PutObject on bucket reports, key "site/digits/index.json"',
    )
  })

  test.each([
    [412, 'PreconditionFailed'],
    [409, 'ConditionalRequestConflict'],
  ])('that a condition failed (%i %s), throws that the write lost', async (status, code) => {
    const absent = await failure(status, code, () => store.put('a', 'x', { ifAbsent: true }))
    expect(absent).toBeInstanceOf(PreconditionFailedError)
    expect(absent).toMatchObject({ code: 'exists-already' })
    const match = await failure(status, code, () => store.put('a', 'x', { ifMatch: 'etag' }))
    expect(match).toBeInstanceOf(PreconditionFailedError)
    expect(match).toMatchObject({ code: 'changed-meanwhile' })
  })

  test('that there is no such key, answers null', async () => {
    answer = { status: 404, code: 'NoSuchKey' }
    expect(await store.get('a')).toBeNull()
    expect(await store.head('a')).toBeNull()
    await store.delete('a')
  })

  test('nothing in time, throws what may be retried', async () => {
    await new Promise((closed) => server.close(closed))
    const error = await store.get('a').catch((error: unknown) => error)
    expect(error).toBeInstanceOf(StoreError)
    server.listen(0, '127.0.0.1')
  })
})
