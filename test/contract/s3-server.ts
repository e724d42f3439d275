/** Empty S3 buckets on a versitygw of the test's own. */

import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3'
import { startVersitygw, type Versitygw } from '../../infra/local-cloud/versitygw.mjs'
import { s3Client } from '../../lib/publish/s3-client.ts'

export interface S3Server {
  readonly gateway: Versitygw
  readonly client: S3Client
  /** A new bucket's name. */
  newBucket(): Promise<string>
  stop(): Promise<void>
}

export async function startS3Server(): Promise<S3Server> {
  const gateway = await startVersitygw()
  const { endpoint, region, accessKeyId, secretAccessKey } = gateway
  const client = s3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey } })
  let buckets = 0
  return {
    gateway,
    client,
    async newBucket() {
      buckets += 1
      const bucket = `bucket-${buckets}`
      await client.send(new CreateBucketCommand({ Bucket: bucket }))
      return bucket
    },
    async stop() {
      client.destroy()
      await gateway.stop()
    },
  }
}
