/** Addresses that let whoever holds them send one file of one length to S3, for a quarter of an hour. */

import { PutObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { s3Client } from '../lib/publish/s3-client.ts'
import type { Presign } from './api-uploads.ts'
import { type Environment, endpointOf, required } from './context.ts'

const LIFETIME_S = 900

/** Signs for `UPLOADS_BUCKET`; throws `UsageError` where it isn't set. */
export function s3Presign(env: Environment): Presign {
  const client = s3Client({ ...endpointOf(env), presigning: true })
  const bucket = required(env, 'UPLOADS_BUCKET')
  return async ({ key, byteLength }) => {
    const command = new PutObjectCommand({ Bucket: bucket, Key: key, ContentLength: byteLength })
    return {
      url: await getSignedUrl(client, command, { expiresIn: LIFETIME_S }),
      method: 'PUT',
      // It is part of the signature: a longer file is refused.
      headers: { 'Content-Length': String(byteLength) },
    }
  }
}
