/** The published site that a command is to work on: a folder, or a bucket. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../lib/core/errors.ts'
import type { Store } from '../../lib/core/store.ts'
import { directoryStore } from '../../lib/publish/directory.ts'
import { PROJECTS_KEY } from '../../lib/publish/keys.ts'
import { type Environment, endpointOf } from '../context.ts'

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
