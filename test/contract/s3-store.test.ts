import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { versitygwProblem } from '../../infra/local-cloud/versitygw.mjs'
import { StoreError, StoreRefusedError } from '../../lib/core/errors.ts'
import { s3Store } from '../../lib/publish/s3.ts'
import { s3Client } from '../../lib/publish/s3-client.ts'
import { missing } from '../real-part.ts'
import { describeFaultContract } from './fault-contract.ts'
import { describePublicationContract } from './publication-contract.ts'
import { type S3Server, startS3Server } from './s3-server.ts'
import { describeStoreContract, keysOf } from './store-contract.ts'

describe.skipIf(missing('versitygw', await versitygwProblem()))('S3 store', () => {
  let server: S3Server

  beforeAll(async () => {
    server = await startS3Server()
  })

  afterAll(async () => {
    await server.stop()
  })

  describe('at the root of a bucket', () => {
    const openStore = async () =>
      s3Store({ client: server.client, bucket: await server.newBucket() })
    describeStoreContract(openStore)
    describePublicationContract(openStore)
    describeFaultContract(openStore)
  })

  describe('under a prefix', () =>
    describeStoreContract(async () => {
      const bucket = await server.newBucket()
      await s3Store({ client: server.client, bucket }).put('sit/other', 'not of this store')
      return s3Store({ client: server.client, bucket, prefix: 'site' })
    }))

  test('keeps to its prefix', async () => {
    const bucket = await server.newBucket()
    const whole = s3Store({ client: server.client, bucket })
    const site = s3Store({ client: server.client, bucket, prefix: 'site/' })
    await whole.put('sites/a', 'x')
    await site.put('a', 'x')
    expect(await keysOf(site, '')).toEqual(['a'])
    expect(await keysOf(whole, '')).toEqual(['site/a', 'sites/a'])
  })

  test('stores content type and cache control', async () => {
    const bucket = await server.newBucket()
    const store = s3Store({ client: server.client, bucket })
    await store.put('a.json', '{}', { contentType: 'application/json', cacheControl: 'no-cache' })
    const head = await server.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'a.json' }))
    expect(head).toMatchObject({ ContentType: 'application/json', CacheControl: 'no-cache' })
  })

  test("leaves the console's folders out of a listing", async () => {
    const bucket = await server.newBucket()
    await server.client.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'uploads/digits/', ContentLength: 0 }),
    )
    const store = s3Store({ client: server.client, bucket })
    await store.put('uploads/digits/a', 'x')
    expect(await keysOf(store, '')).toEqual(['uploads/digits/a'])
  })

  test('says so when the secret is wrong, naming bucket, key and permission', async () => {
    const bucket = await server.newBucket()
    const { endpoint, region, accessKeyId } = server.gateway
    const client = s3Client({
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey: 'no' },
    })
    const store = s3Store({ client, bucket })
    const error = await store.get('digits/index.json').catch((error: unknown) => error)
    expect(error).toBeInstanceOf(StoreRefusedError)
    expect(error).toMatchObject({
      code: 'access-denied',
      retryable: false,
      message: expect.stringMatching(
        new RegExp(`s3:GetObject on bucket ${bucket}, key "digits/index.json" was refused`),
      ),
      hint: expect.stringContaining('secret access key is wrong'),
    })
    await expect(store.put('a', 'x')).rejects.toMatchObject({ code: 'access-denied' })
    await expect(store.head('a')).rejects.toMatchObject({ code: 'access-denied' })
    await expect(store.delete('a')).rejects.toMatchObject({ code: 'access-denied' })
    await expect(keysOf(store, '')).rejects.toMatchObject({ code: 'access-denied' })
    client.destroy()
  })

  test('tells a missing bucket from a missing object', async () => {
    const store = s3Store({ client: server.client, bucket: 'no-such-bucket' })
    await expect(store.get('a')).rejects.toMatchObject({ code: 'no-such-bucket', retryable: false })
    await expect(store.put('a', 'x')).rejects.toMatchObject({ code: 'no-such-bucket' })
    await expect(keysOf(store, '')).rejects.toMatchObject({ code: 'no-such-bucket' })
  })

  test('calls a service that is not there trouble that may pass', async () => {
    const gone = await startS3Server()
    const bucket = await gone.newBucket()
    await gone.gateway.stop()
    const store = s3Store({ client: gone.client, bucket })
    const error = await store.get('a').catch((error: unknown) => error)
    expect(error).toBeInstanceOf(StoreError)
    expect((error as StoreError).message).toContain('ECONNREFUSED')
  })
})
