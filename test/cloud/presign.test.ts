import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { s3Presign } from '../../functions/s3-presign.ts'
import { versitygwProblem } from '../../infra/local-cloud/versitygw.mjs'
import { s3Store } from '../../lib/publish/s3.ts'
import { type S3Server, startS3Server } from '../contract/s3-server.ts'
import { missing } from '../real-part.ts'

const KEY = 'uploads/digits/run-1/labels.csv'
const FILE = 'id,label\nr0,left\n'

describe.skipIf(missing('versitygw', await versitygwProblem()))('an address to upload to', () => {
  let server: S3Server

  beforeAll(async () => {
    server = await startS3Server()
    // Where a function finds them too.
    vi.stubEnv('AWS_ACCESS_KEY_ID', server.gateway.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.gateway.secretAccessKey)
    vi.stubEnv('AWS_REGION', server.gateway.region)
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    await server?.stop()
  })

  async function addressFor(byteLength: number) {
    const bucket = await server.newBucket()
    const presign = s3Presign({
      UPLOADS_BUCKET: bucket,
      AWS_ENDPOINT_URL: server.gateway.endpoint,
    })
    const store = s3Store({ client: server.client, bucket })
    return { store, address: await presign({ key: KEY, byteLength }) }
  }

  test('takes the file without any credentials', async () => {
    const { store, address } = await addressFor(FILE.length)
    const { url, method, headers } = address
    expect((await fetch(url, { method, headers, body: FILE })).status).toBe(200)
    expect(new TextDecoder().decode((await store.get(KEY))?.body)).toBe(FILE)
  })

  test('takes no longer file than the one it was made for', async () => {
    const { store, address } = await addressFor(FILE.length - 1)
    const answer = await fetch(address.url, { method: 'PUT', body: FILE })
    expect(answer.status).toBe(403)
    expect(await store.get(KEY)).toBeNull()
  })

  test('is of use for no other key', async () => {
    const { store, address } = await addressFor(FILE.length)
    const other = address.url.replace('/run-1/', '/run-2/')
    expect(other).not.toBe(address.url)
    expect((await fetch(other, { method: 'PUT', body: FILE })).status).toBe(403)
    expect(await store.get(KEY.replace('run-1', 'run-2'))).toBeNull()
  })

  test('holds for a quarter of an hour', async () => {
    const { address } = await addressFor(FILE.length)
    expect(new URL(address.url).searchParams.get('X-Amz-Expires')).toBe('900')
  })
})
