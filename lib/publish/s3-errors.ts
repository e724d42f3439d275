/** What the S3 SDK's errors mean for a store. */

import { type NearmissError, StoreError, StoreRefusedError } from '../core/errors.ts'

/** The permission that a call needs. */
export type S3Action = 's3:GetObject' | 's3:PutObject' | 's3:DeleteObject' | 's3:ListBucket'

interface Facts {
  readonly code: string
  /** Of the HTTP answer; 0: there was none. */
  readonly status: number
  readonly message: string
}

/** S3 answers 400 or 403 to these, and a later call may work all the same. */
const PASSING = new Set(['RequestTimeout', 'RequestTimeoutException', 'Throttling', 'SlowDown'])

const HINTS: Readonly<Record<string, string>> = {
  SignatureDoesNotMatch: 'The secret access key is wrong for this access key id.',
  InvalidAccessKeyId: 'The service does not know this access key id.',
  ExpiredToken: 'The session has expired: sign in again.',
  RequestTimeTooSkewed: "Set this machine's clock.",
  CredentialsProviderError:
    'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile that is there (aws configure list shows what counts), or run where a role is given. What is public can be read by its https address.',
  PermanentRedirect: 'The bucket lies in another region: set AWS_REGION to it.',
  AuthorizationHeaderMalformed: 'The bucket lies in another region: set AWS_REGION to it.',
}

export function isNotFound(error: unknown): boolean {
  const { code, status } = factsOf(error)
  return status === 404 && code !== 'NoSuchBucket'
}

/** A conditional write that lost: to an earlier write (412), or to one under way (409). */
export function isPreconditionFailure(error: unknown): boolean {
  const { code, status } = factsOf(error)
  return status === 412 || code === 'ConditionalRequestConflict'
}

/** A range that starts where the object has ended already. */
export function isRangePastEnd(error: unknown): boolean {
  return factsOf(error).status === 416
}

/** The store's error for a failed call on `key` (for a listing, the prefix). */
export function s3Error(
  error: unknown,
  action: S3Action,
  bucket: string,
  key: string,
): NearmissError {
  const { code, status, message } = factsOf(error)
  const what = `${action} on bucket ${bucket}, key ${JSON.stringify(key)}`
  const details = { cause: error }
  if (code === 'NoSuchBucket') {
    return new StoreRefusedError('no-such-bucket', `${what}: there is no such bucket`, {
      ...details,
      hint: "Create the bucket, or correct the name, the region or the service's address.",
    })
  }
  if (code === 'CredentialsProviderError' || status === 401 || status === 403) {
    const hint =
      HINTS[code] ??
      `Allow ${action} for whoever runs this. S3 also answers so for an object that is absent, unless s3:ListBucket is allowed on the bucket.`
    return new StoreRefusedError('access-denied', `${what} was refused: ${code}, ${message}`, {
      ...details,
      hint,
    })
  }
  if (status >= 300 && status < 500 && status !== 429 && !PASSING.has(code)) {
    return new StoreRefusedError('store-refused', `${what} was refused: ${code}, ${message}`, {
      ...details,
      ...(HINTS[code] === undefined ? {} : { hint: HINTS[code] }),
    })
  }
  return new StoreError('store-failed', `${what} failed: ${code}, ${message}`, details)
}

function factsOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { code: 'Error', status: 0, message: String(error) }
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } }
  // A socket that fails has its code in `code`, and often no message.
  const { code } = error as { code?: unknown }
  const status = $metadata?.httpStatusCode ?? 0
  return {
    code: typeof code === 'string' && status === 0 ? code : error.name,
    status,
    message: error.message || 'no message',
  }
}
