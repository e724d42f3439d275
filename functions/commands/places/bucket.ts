/** A bucket, or part of one, as a store: with the credentials, region and endpoint that the AWS tools would take. */

import type { Store } from '../../../lib/core/store.ts'
import type { Transfer } from '../../../lib/publish/resumed-body.ts'
import { type Environment, endpointOf } from '../../context.ts'

export interface BucketOptions extends Transfer {
  readonly bucket: string
  readonly prefix?: string
  readonly env: Environment
}

export async function openBucket({ env, ...location }: BucketOptions): Promise<Store> {
  // Which Node the SDK will want some day is nothing for who runs a command.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  // Loaded here, since the SDK is a large part of a command's start.
  const [{ s3Client }, { s3Store }] = await Promise.all([
    import('../../../lib/publish/s3-client.ts'),
    import('../../../lib/publish/s3.ts'),
  ])
  return s3Store({ client: s3Client(endpointOf(env)), ...location })
}
