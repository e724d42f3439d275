/** Finds what a command is told to read, of whatever kind its place is. */

import type { Store } from '../../../lib/core/store.ts'
import type { Transfer } from '../../../lib/publish/resumed-body.ts'
import type { Environment } from '../../context.ts'
import { openBucket } from './bucket.ts'
import { httpPlaces } from './http-place.ts'
import { localPlaces } from './local-place.ts'
import { type Found, placeKind } from './place.ts'
import { s3Places } from './s3-place.ts'
import { type StandardInput, stdinPlace } from './stdin-place.ts'

export interface PlacesOptions extends Transfer {
  readonly env?: Environment
  readonly stdin?: StandardInput
}

export interface Places {
  /** Throws `InputError` where nothing is there, and `UsageError` for what is no place. */
  find(text: string): Promise<Found>
}

export function openPlaces({
  env = process.env,
  stdin = process.stdin,
  ...transfer
}: PlacesOptions = {}): Places {
  const buckets = new Map<string, Promise<Store>>()
  const bucketOf = (bucket: string) => {
    const store = buckets.get(bucket) ?? openBucket({ bucket, env, ...transfer })
    buckets.set(bucket, store)
    return store
  }
  const find = {
    path: localPlaces(),
    s3: s3Places(bucketOf),
    http: httpPlaces(transfer),
    stdin: stdinPlace(stdin, transfer),
  }
  return { find: async (text) => find[placeKind(text)](text) }
}
