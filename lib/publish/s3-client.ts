/** The client of S3: where it lies, who asks, and for how long a silence is borne. */

import { S3Client } from '@aws-sdk/client-s3'

export interface S3ClientOptions {
  readonly region?: string
  /** Of another service than Amazon's. */
  readonly endpoint?: string
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
  /** For signing addresses that others upload to, whose content isn't known yet. */
  readonly presigning?: boolean
  /** A call over whose connection nothing comes for so long is tried again; a minute unless given. */
  readonly idleTimeoutMs?: number
}

const CONNECTION_TIMEOUT_MS = 10_000
const IDLE_TIMEOUT_MS = 60_000
/** Where nobody says it: a bucket of another region answers which one that is. */
const ANY_REGION = 'us-east-1'

/**
 * A client with the SDK's standard retries; what isn't given comes from where the SDK looks: variables,
 * the profile of the shared files, a role. The SDK itself would wait for ever on a connection that went
 * silent, and a function with it until it is ended.
 */
export function s3Client(options: S3ClientOptions = {}): S3Client {
  const { region, endpoint, credentials, presigning, idleTimeoutMs = IDLE_TIMEOUT_MS } = options
  const client = new S3Client({
    region: region ?? regionToAsk,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
    retryMode: 'standard',
    maxAttempts: 5,
    followRegionRedirects: true,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, socketTimeout: idleTimeoutMs },
    // Otherwise the checksum of an empty body would become part of the address.
    ...(presigning ? { requestChecksumCalculation: 'WHEN_REQUIRED' } : {}),
  })
  client.middlewareStack.add(
    (next) => async (args) => {
      await chooseAddressing(client)
      return next(args)
    },
    { step: 'initialize', name: 'chooseAddressing', priority: 'high' },
  )
  return client
}

/** The region that the SDK finds where it looks for one. */
function regionToAsk(): Promise<string> {
  return new S3Client().config.region().catch(() => ANY_REGION)
}

/** Another service than Amazon's has its buckets in the path; variables and shared files may name one. */
async function chooseAddressing({ config }: S3Client): Promise<void> {
  const { serviceConfiguredEndpoint } = config as {
    serviceConfiguredEndpoint?: () => Promise<string | undefined>
  }
  if ((await serviceConfiguredEndpoint?.()) !== undefined) config.forcePathStyle = true
}
