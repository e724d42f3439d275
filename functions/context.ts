/** The one place where the parts are put together: from the environment in the cloud, from a folder here. */

import { join } from 'node:path'
import type { Context, Log, Progress } from '../lib/core/context.ts'
import { UsageError } from '../lib/core/errors.ts'
import { seededRandom } from '../lib/core/random.ts'
import { directoryStore } from '../lib/publish/directory.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * A function's context, on S3. `UPLOADS_BUCKET` and `SITE_BUCKET` name the buckets; with
 * `AWS_ENDPOINT_URL` they are another service's than Amazon's. Throws `UsageError` where one is missing.
 */
export async function cloudContext(env: Environment, signal: AbortSignal): Promise<Context> {
  // Loaded here, since the SDK is a large part of a command's start and only the cloud needs it.
  const { s3Client, s3Store } = await import('../lib/publish/s3.ts')
  const client = s3Client(endpointOf(env))
  return {
    uploads: s3Store({ client, bucket: required(env, 'UPLOADS_BUCKET') }),
    site: s3Store({ client, bucket: required(env, 'SITE_BUCKET') }),
    log: jsonLog((line) => process.stdout.write(line)),
    clock: () => new Date(),
    random: seededRandom,
    signal,
    progress: () => {},
  }
}

export interface LocalParts {
  /** A folder: keys of uploads start with `uploads/` in it, the site is in its folder `site`. */
  readonly bucket: string
  readonly log: Log
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** The context of a server on this machine. */
export function localContext({ bucket, log, signal, progress }: LocalParts): Context {
  return {
    uploads: directoryStore(bucket),
    site: directoryStore(join(bucket, 'site')),
    log,
    clock: () => new Date(),
    random: seededRandom,
    signal,
    progress,
  }
}

/** One JSON object a line, as log services take it apart. */
export function jsonLog(write: (line: string) => void): Log {
  const at =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      write(`${JSON.stringify({ level, message, ...fields })}\n`)
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

/** A variable that must be set. Throws `UsageError`. */
export function required(env: Environment, name: string): string {
  const value = env[name]
  if (value) return value
  throw new UsageError('missing-variable', `the environment variable ${name} is not set`, {
    hint: 'serverless.yml sets it; a function that is deployed in another way needs it too.',
  })
}

/** Where S3 is, as options of `s3Client`. */
export function endpointOf(env: Environment): { endpoint?: string } {
  return env.AWS_ENDPOINT_URL ? { endpoint: env.AWS_ENDPOINT_URL } : {}
}
