/** The published site that a command is to work on: a folder, or a bucket. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Context } from '../../lib/core/context.ts'
import { UsageError } from '../../lib/core/errors.ts'
import type { Store } from '../../lib/core/store.ts'
import { directoryStore } from '../../lib/publish/directory.ts'
import { PROJECTS_KEY, VAULT_PREFIX } from '../../lib/publish/keys.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import { tenantContext, tenantOfPrefix } from '../../lib/publish/tenant.ts'
import { type Environment, setting } from '../context.ts'
import { openBucket } from './places/bucket.ts'
import { placeKind, shownAddress } from './places/place.ts'
import { s3Address } from './places/s3-place.ts'

/** Where `report` writes unless it is told otherwise. */
export const DEFAULT_SITE = 'nearmiss-report'

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
  if (isBucket(place)) return openBucket({ ...bucketOf(place), env })
  const folder = [place, join(place, 'site')].find(isSite)
  if (folder !== undefined) return directoryStore(folder)
  throw new UsageError('no-site', `there is no site in ${place}`, {
    hint: 'A site is what `nearmiss report --out DIR` or `nearmiss serve --bucket DIR` wrote, or s3://bucket/prefix.',
  })
}

/** Where `report` writes: the site, and what is kept beside it. */
export type Out = Pick<Context, 'site' | 'vault'> & {
  /** How the place of a page is written. */
  readonly placeOf: (key: string) => string
}

/**
 * The site that `--out` names, which needn't be there yet.
 *
 * @throws UsageError `no-vault` for a whole bucket, where nobody says where else the vault is
 */
export async function openOut(place: string, env: Environment = process.env): Promise<Out> {
  if (!isBucket(place)) {
    return {
      site: directoryStore(place),
      // Beside the site, not in it: people copy the site's folder to where others read it.
      vault: directoryStore(`${resolve(place)}.vault`, { private: true }),
      placeOf: (key) => join(place, key),
    }
  }
  const vault = await bucketVault(place, env)
  if (vault === null) {
    throw new UsageError(
      'no-vault',
      `${place} is a whole bucket, so nothing can be kept beside the site`,
      {
        hint: "Set UPLOADS_BUCKET to the bucket of uploads, whose vault/ keeps what readers of the site mustn't see, or give a prefix: s3://bucket/site.",
      },
    )
  }
  const { bucket, prefix } = bucketOf(place)
  const root = `s3://${bucket}/${prefix === '' ? '' : `${prefix}/`}`
  return { site: await openSite(place, env), vault, placeOf: (key) => `${root}${key}` }
}

/**
 * The vault of a site in a bucket: that of the deployment in the bucket of uploads, else `prefix.vault/`
 * beside the site's prefix; null where neither is there.
 */
async function bucketVault(place: string, env: Environment): Promise<Store | null> {
  const deployment = await deployed(place, env)
  if (deployment !== null) return deployment.vault
  const { bucket, prefix } = bucketOf(place)
  return prefix === '' ? null : openBucket({ bucket, prefix: `${prefix}.vault/`, env })
}

/** The uploads and the vault of a deployment that belong to a site, a tenant's where it is a tenant's; null without a deployment. */
async function deployed(
  place: string,
  env: Environment,
): Promise<{ readonly uploads: Store; readonly vault: Store } | null> {
  const bucket = setting(env, 'UPLOADS_BUCKET')
  if (bucket === null) return null
  const stores = {
    site: memoryStore(),
    uploads: await openBucket({ bucket, env }),
    vault: await openBucket({ bucket, prefix: VAULT_PREFIX, env }),
  }
  const { uploads, vault } = tenantContext(stores, tenantOfPrefix(bucketOf(place).prefix))
  return { uploads, vault }
}

/** @throws UsageError for a place that no site can be in */
function isBucket(place: string): boolean {
  const kind = placeKind(place)
  if (kind === 's3' || kind === 'path') return kind === 's3'
  throw new UsageError('wrong-usage', `${shownAddress(place)} can hold no site`, {
    hint: 'A site is a folder, or s3://bucket/prefix.',
  })
}

function bucketOf(place: string): { readonly bucket: string; readonly prefix: string } {
  const { bucket, key } = s3Address(place)
  return { bucket, prefix: key }
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
  if (isBucket(place)) {
    const bucket = setting(env, 'UPLOADS_BUCKET')
    const { vault = memoryStore(), uploads = memoryStore() } = (await deployed(place, env)) ?? {
      vault: (await bucketVault(place, env)) ?? undefined,
    }
    return { site, uploads, vault, uploadsPlace: bucket }
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
