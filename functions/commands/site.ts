/** The published site that a command is to work on: a folder, or a bucket. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Context } from '../../lib/core/context.ts'
import { UsageError } from '../../lib/core/errors.ts'
import type { Store } from '../../lib/core/store.ts'
import { directoryStore } from '../../lib/publish/directory.ts'
import { PROJECTS_KEY, VAULT_PREFIX } from '../../lib/publish/keys.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import { type Environment, endpointOf, setting } from '../context.ts'

/** Where `report` writes unless it is told otherwise. */
export const DEFAULT_SITE = 'nearmiss-report'

const BUCKET = /^s3:\/\/([^/]+)(?:\/(.*))?$/

/**
 * The store of SITE: a folder with a site in it, the folder of `nearmiss serve` (whose site lies in
 * `site`), or `s3://bucket[/prefix]`, with the environment's credentials.
 *
 * @throws UsageError `no-site` where the folder holds none.
 */
export async function openSite(
  place: string = DEFAULT_SITE,
  env: Environment = process.env,
): Promise<Store> {
  if (place.startsWith('s3:')) return openBucket(place, env)
  const folder = [place, join(place, 'site')].find(isSite)
  if (folder !== undefined) return directoryStore(folder)
  throw new UsageError('no-site', `there is no site in ${place}`, {
    hint: 'A site is what `nearmiss report --out DIR` or `nearmiss serve --bucket DIR` wrote, or s3://bucket/prefix.',
  })
}

async function openBucket(place: string, env: Environment): Promise<Store> {
  const [, bucket, prefix = ''] = BUCKET.exec(place) ?? []
  if (bucket === undefined) {
    throw new UsageError('no-site', `${place} names no bucket`, {
      hint: 'It is s3://bucket, or s3://bucket/prefix.',
    })
  }
  // Loaded here, since the SDK is a large part of a command's start.
  const { s3Client, s3Store } = await import('../../lib/publish/s3.ts')
  return s3Store({ client: s3Client(endpointOf(env)), bucket, prefix })
}

export type Place = Pick<Context, 'site' | 'vault' | 'uploads'> & {
  /** Where the uploads lie; null where nobody said, or `report` wrote the site. */
  readonly uploadsPlace: string | null
}

/**
 * The site of SITE with what belongs to it: the vault beside it and, of the folder of `serve`, the
 * uploads. Those of a bucket are in the one that UPLOADS_BUCKET names.
 */
export async function openPlace(
  place: string = DEFAULT_SITE,
  env: Environment = process.env,
): Promise<Place> {
  const site = await openSite(place, env)
  if (place.startsWith('s3:')) {
    const bucket = setting(env, 'UPLOADS_BUCKET')
    const of = (prefix: string) => openBucket(`s3://${bucket}/${prefix}`, env)
    return bucket
      ? { site, uploads: await of(''), vault: await of(VAULT_PREFIX), uploadsPlace: bucket }
      : { site, uploads: memoryStore(), vault: memoryStore(), uploadsPlace: null }
  }
  const isOfServe = !isSite(place)
  const vault = isOfServe ? join(place, VAULT_PREFIX) : `${resolve(place)}.vault`
  return {
    site,
    vault: directoryStore(vault, { private: true }),
    uploads: isOfServe ? directoryStore(place) : memoryStore(),
    uploadsPlace: isOfServe ? place : null,
  }
}

/** Whether an operand can only be a SITE, or is one: a bucket, a path, or a folder that holds a site. */
export function namesSite(operand: string): boolean {
  return /[/\\]/.test(operand) || isSite(operand) || isSite(join(operand, 'site'))
}

/** Whether a folder holds the list of projects, or runs of at least one. */
function isSite(folder: string): boolean {
  if (existsSync(join(folder, PROJECTS_KEY))) return true
  try {
    return readdirSync(folder).some((name) => {
      const runs = join(folder, name, 'runs')
      return existsSync(runs) && statSync(runs).isDirectory()
    })
  } catch {
    return false
  }
}
