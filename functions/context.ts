/** Where the parts of a function and of the local server are put together: from the environment, from a folder. */

import { join } from 'node:path'
import { announceToLog } from '../lib/announce/log.ts'
import type { Context, Progress } from '../lib/core/context.ts'
import type { Announcer } from '../lib/core/ending.ts'
import { UsageError } from '../lib/core/errors.ts'
import type { Log } from '../lib/core/log.ts'
import { folderUrl } from '../lib/core/names.ts'
import { seededRandom } from '../lib/core/random.ts'
import { directoryStore } from '../lib/publish/directory.ts'
import { VAULT_PREFIX } from '../lib/publish/keys.ts'
import type { ShardLimits } from '../lib/shards/plan.ts'
import { BACKEND_NAMES, type BackendChoice } from '../lib/tensor/backend.ts'
import { functionLog, logCall } from './function-log.ts'
import { announceToMetrics, measureMemory } from './metrics/cloud.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * A function's context, on S3. `UPLOADS_BUCKET` and `SITE_BUCKET` name the buckets; with
 * `AWS_ENDPOINT_URL` they are another service's than Amazon's. Throws `UsageError` where one is missing.
 */
export async function cloudContext(env: Environment, signal: AbortSignal): Promise<Context> {
  // Loaded here, since the SDK is a large part of a command's start and only the cloud needs it.
  const [{ s3Client }, { s3Store }] = await Promise.all([
    import('../lib/publish/s3-client.ts'),
    import('../lib/publish/s3.ts'),
  ])
  const client = s3Client(endpointOf(env))
  const clock = () => new Date()
  return {
    uploads: s3Store({ client, bucket: required(env, 'UPLOADS_BUCKET') }),
    site: s3Store({ client, bucket: required(env, 'SITE_BUCKET') }),
    vault: s3Store({ client, bucket: required(env, 'UPLOADS_BUCKET'), prefix: VAULT_PREFIX }),
    log: functionLog,
    clock,
    random: seededRandom,
    signal,
    progress: () => {},
    announcers: [...announcersOf(), announceToMetrics(setting(env, 'STAGE'), clock)],
    ...siteUrlFrom(env),
    ...idKeyFrom(env),
  }
}

/** Who is told how an evaluation ended: a way to notify is a line here. */
function announcersOf(): readonly Announcer[] {
  return [announceToLog]
}

/** Fewer characters could be tried out. */
const SHORTEST_ID_KEY = 16

/**
 * `NEARMISS_ID_KEY`, or `ID_KEY`: what ids are hashed with instead of a key that nearmiss makes. Throws
 * `UsageError` where it is too short to hide anything.
 */
export function idKeyFrom(env: Environment): { idKey?: string } {
  const name = setting(env, 'NEARMISS_ID_KEY') === null ? 'ID_KEY' : 'NEARMISS_ID_KEY'
  const idKey = setting(env, name)
  if (idKey === null) return {}
  if (idKey.length >= SHORTEST_ID_KEY) return { idKey }
  throw new UsageError(
    'short-id-key',
    `${name} has ${idKey.length} characters, and fewer than ${SHORTEST_ID_KEY} can be tried out`,
    { hint: 'Take 64 random digits, for example of openssl rand -hex 32.' },
  )
}

/** `SITE_URL`: where the site is published, if it is said. Throws `UsageError` where it is no address. */
export function siteUrlFrom(env: Environment): { siteUrl?: string } {
  const address = setting(env, 'SITE_URL')
  if (address === null) return {}
  if (URL.canParse(address) && /^https?:/i.test(address)) return { siteUrl: folderUrl(address) }
  throw new UsageError(
    'invalid-site-url',
    `the site's address is ${address}, no http or https one`,
    {
      hint: 'SITE_URL, or --site-url, is such as https://reports.example.com/nearmiss/.',
    },
  )
}

/** Kept of a function's time, so that what it does stops by itself and says so. */
const TIME_MARGIN_MS = 10_000

/** Runs a function's work with a context whose signal stops it ten seconds before its time is up. */
export async function withinTimeLimit<T>(
  env: Environment,
  lambda: { readonly awsRequestId?: string; getRemainingTimeInMillis(): number },
  work: (context: Context) => Promise<T>,
): Promise<T> {
  logCall(lambda)
  const leftMs = Math.floor(lambda.getRemainingTimeInMillis()) - TIME_MARGIN_MS
  const signal = leftMs > 0 ? AbortSignal.timeout(leftMs) : AbortSignal.abort()
  const context = await cloudContext(env, signal)
  const sayLate = () =>
    context.log.warn('the time limit is near; stopping', {
      usedMs: leftMs,
      keptMs: TIME_MARGIN_MS,
    })
  signal.addEventListener('abort', sayLate, { once: true })
  try {
    return await work(context)
  } finally {
    // The timer outlives the call: this process serves the next one too.
    signal.removeEventListener('abort', sayLate)
    measureMemory(setting(env, 'STAGE'), context, Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE))
  }
}

/** Bytes of memory that a function has; Lambda tells it in MiB. Throws `UsageError` where it doesn't. */
export function functionMemory(env: Environment, name = 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE'): number {
  return positive(env, name) * 2 ** 20
}

/** The clocks of the store and the function are no further apart. */
const CLOCKS_APART_MS = 5_000

/**
 * How long an upload's files must have been at rest, as `UPLOAD_WAIT_SECONDS` says, which is how late
 * the queue hands on its messages: that of the last file finds them so. 0 unless it is set.
 */
export function uploadRestMs({ UPLOAD_WAIT_SECONDS: seconds }: Environment): number {
  return Math.max(0, 1000 * Number(seconds || 0) - CLOCKS_APART_MS)
}

/** How long a shard should take in a function, and the memory that it has. */
export function shardLimits(env: Environment): ShardLimits {
  return {
    memoryBytes: functionMemory(env, 'SHARD_MEMORY_SIZE'),
    seconds: positive(env, 'SHARD_SECONDS'),
  }
}

/** `BACKEND`, or the fastest that loads. Throws `UsageError` where there is no such backend. */
export function backendOf(env: Environment): BackendChoice {
  const name = setting(env, 'BACKEND')
  if (name === null) return 'auto'
  const choices: readonly BackendChoice[] = ['auto', ...BACKEND_NAMES]
  const choice = choices.find((known) => known === name)
  if (choice !== undefined) return choice
  throw new UsageError('unknown-backend', `BACKEND is ${name}, which is no backend`, {
    hint: `It is one of ${choices.join(', ')}.`,
  })
}

export interface LocalParts {
  /** A folder: keys of uploads start with `uploads/` in it, the site is in its folder `site`, the vault in `vault`. */
  readonly bucket: string
  readonly log: Log
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
  /** Who is told of an ending before the others. */
  readonly announcers?: readonly Announcer[]
}

/** The context of a server on this machine. */
export function localContext({
  bucket,
  log,
  signal,
  progress,
  announcers = [],
}: LocalParts): Context {
  return {
    uploads: directoryStore(bucket),
    ...idKeyFrom(process.env),
    site: directoryStore(join(bucket, 'site')),
    vault: directoryStore(join(bucket, VAULT_PREFIX), { private: true }),
    log,
    clock: () => new Date(),
    random: seededRandom,
    signal,
    progress,
    announcers: [...announcers, ...announcersOf()],
  }
}

/** What tools put where they had no value. */
const NO_VALUE = /^(?:undefined|null|none|nil)?$/i
/** What a deployment was to fill in, and didn't. */
const UNFILLED = /\{\{.*\}\}|\$\{.*\}/s

/**
 * A variable's value without spaces around it; null where it isn't set, which empty, blank and
 * "undefined" are too. Throws `UsageError` where a deployment left a reference unresolved: it is no value,
 * and no secret.
 */
export function setting(env: Environment, name: string): string | null {
  const value = env[name]?.trim() ?? ''
  if (NO_VALUE.test(value)) return null
  if (!UNFILLED.test(value)) return value
  throw new UsageError(
    'missing-variable',
    `the environment variable ${name} holds ${value}, which was never filled in`,
    { hint: 'Whatever deploys the function resolves it: see that the value it refers to exists.' },
  )
}

/** A variable that must be set. Throws `UsageError`. */
export function required(env: Environment, name: string): string {
  const value = setting(env, name)
  if (value !== null) return value
  throw new UsageError('missing-variable', `the environment variable ${name} is not set`, {
    hint: 'serverless.yml sets it; a function that is deployed in another way needs it too.',
  })
}

function positive(env: Environment, name: string): number {
  const value = Number(required(env, name))
  if (value > 0 && Number.isFinite(value)) return value
  throw new UsageError('invalid-variable', `the environment variable ${name} is ${env[name]}`, {
    hint: 'It must be a number above 0.',
  })
}

/** Where S3 is, as options of `s3Client`; where neither variable says it, a profile may. */
export function endpointOf(env: Environment): { endpoint?: string } {
  const endpoint = setting(env, 'AWS_ENDPOINT_URL_S3') ?? setting(env, 'AWS_ENDPOINT_URL')
  return endpoint === null ? {} : { endpoint }
}
