import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { s3Presign } from '../../../functions/s3-presign.ts'

const env = { UPLOADS_BUCKET: 'uploads', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

it('signs the key and the length of one upload, for a quarter of an hour', async () => {
  const target = { key: 'uploads/p/r/embeddings.npz', byteLength: 1234 }
  const { url, method, headers } = await s3Presign(env)(target)
  const { pathname, searchParams } = new URL(url)
  expect(pathname).toBe('/uploads/uploads/p/r/embeddings.npz')
  expect(searchParams.get('X-Amz-Expires')).toBe('900')
  // S3 takes a body of no other length than that which is signed.
  expect(searchParams.get('X-Amz-SignedHeaders')?.split(';')).toEqual(['content-length', 'host'])
  expect({ method, headers }).toEqual({ method: 'PUT', headers: { 'Content-Length': '1234' } })
})

it('signs for no bucket that was not named', () => {
  expect(() => s3Presign({})).toThrow('UPLOADS_BUCKET is not set')
})
