/** The client of S3 with a service that never answers. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { StoreError } from '../../../lib/core/errors.ts'
import { s3Store } from '../../../lib/publish/s3.ts'
import { s3Client } from '../../../lib/publish/s3-client.ts'

/** Takes every call and answers none. */
let calls = 0
const silent = createServer(() => {
  calls++
})

beforeEach(async () => {
  calls = 0
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  silent.closeAllConnections()
  await new Promise((resolve) => silent.close(resolve))
})

it('asks a bucket of another region again, as of the region that it tells', async () => {
  const regions: (string | undefined)[] = []
  const elsewhere = createServer((request, response) => {
    const [, region] = /\/\d+\/([^/]+)\/s3/.exec(request.headers.authorization ?? '') ?? []
    regions.push(region)
    if (region === 'eu-west-1') return response.end('content')
    response.writeHead(301, { 'x-amz-bucket-region': 'eu-west-1' })
    response.end('<Error><Code>PermanentRedirect</Code></Error>')
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  const client = s3Client({
    endpoint: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  const stored = await s3Store({ client, bucket: 'uploads' }).get('a')
  expect(new TextDecoder().decode(stored?.body)).toBe('content')
  expect(regions).toEqual(['us-east-1', 'eu-west-1'])
  client.destroy()
  elsewhere.closeAllConnections()
  await new Promise((resolve) => elsewhere.close(resolve))
})

it('gives up on a service that went silent, after it asked again', async () => {
  const { port } = silent.address() as AddressInfo
  const client = s3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    idleTimeoutMs: 50,
  })
  const asked = s3Store({ client, bucket: 'uploads' }).get('a')
  await expect(asked).rejects.toBeInstanceOf(StoreError)
  await expect(asked).rejects.toThrow(
    /s3:GetObject on bucket uploads, key "a" failed: TimeoutError/,
  )
  expect(calls).toBe(5)
  client.destroy()
})
