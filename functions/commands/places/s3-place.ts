/** Objects and prefixes of buckets, as files and folders. */

import { InputError, StoreRefusedError, UsageError } from '../../../lib/core/errors.ts'
import type { ObjectInfo, Store } from '../../../lib/core/store.ts'
import { nearest } from '../arguments.ts'
import type { Folder, Found, PlacedFile } from './place.ts'

export interface S3Address {
  readonly bucket: string
  /** Without slashes at its start and end; empty: the bucket itself. */
  readonly key: string
  /** Whether it can only be a folder. */
  readonly isFolder: boolean
}

/** More is no upload, but the bucket or folder that holds all of them. */
const MOST_FILES = 100_000
/** So many are looked at for the name that was meant. */
const MOST_NEIGHBORS = 1000

/** @throws UsageError where it names no bucket */
export function s3Address(text: string): S3Address {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/i.exec(text) ?? []
  if (bucket === undefined) {
    throw new UsageError('wrong-usage', `${text} names no bucket`, {
      hint: 'It is s3://bucket, or s3://bucket/prefix.',
    })
  }
  const trimmed = key.replace(/^\/+|\/+$/g, '')
  return { bucket, key: trimmed, isFolder: trimmed === '' || key.endsWith('/') }
}

/**
 * Finds what an address names; throws `InputError` where nothing is there.
 *
 * @param openBucket the store of a whole bucket
 */
export function s3Places(
  openBucket: (bucket: string) => Promise<Store>,
): (text: string) => Promise<Found> {
  return async (text) => {
    const { bucket, key, isFolder } = s3Address(text)
    const store = await openBucket(bucket)
    if (key === '') return { folder: folderOf(store, bucket, []), file: null }
    const path = key.split('/')
    // Listed and not asked for: the answer tells a missing bucket, a wrong region and a lost session apart.
    const file = isFolder ? null : await first(list(store, key, text))
    if (file?.key === key) {
      return {
        folder: folderOf(store, bucket, path.slice(0, -1)),
        file: placed(store, bucket, file),
      }
    }
    const below = await first(list(store, `${key}/`, text))
    if (below !== null) return { folder: folderOf(store, bucket, path), file: null }
    throw await notFound(store, bucket, path)
  }
}

function folderOf(store: Store, bucket: string, path: readonly string[]): Folder {
  const prefix = path.map((part) => `${part}/`).join('')
  const shown = `s3://${bucket}/${prefix}`
  /** What was listed: it needn't be asked for again. */
  const known = new Map<string, ObjectInfo>()
  let areAllKnown = false
  async function* listed(start: string): AsyncGenerator<string> {
    for await (const info of list(store, `${prefix}${start}`, shown)) {
      const name = info.key.slice(prefix.length)
      known.set(name, info)
      yield name
    }
  }
  return {
    shown,
    path: [bucket, ...path],
    all: async () => {
      const names: string[] = []
      for await (const name of listed('')) {
        if (names.length === MOST_FILES) throw tooMany(shown)
        if (!name.split('/').some((part) => part.startsWith('.'))) names.push(name)
      }
      areAllKnown = true
      return names.sort()
    },
    startingWith: async (starts) => {
      const names: string[] = []
      for (const start of starts) {
        for await (const name of listed(start)) if (!name.includes('/')) names.push(name)
      }
      return names.sort()
    },
    file: async (name) => {
      const key = `${prefix}${name}`
      const listedFirst = async () => (areAllKnown ? null : first(list(store, key, shown)))
      const info = known.get(name) ?? (await listedFirst())
      return info?.key === key ? placed(store, bucket, info) : null
    },
    parent: path.length === 0 ? null : folderOf(store, bucket, path.slice(0, -1)),
  }
}

function placed(store: Store, bucket: string, info: ObjectInfo): PlacedFile {
  const { key, byteLength } = info
  return {
    name: key.slice(key.lastIndexOf('/') + 1),
    shown: `s3://${bucket}/${key}`,
    store,
    key,
    info,
    remoteBytes: byteLength,
    isUpload: true,
  }
}

/** A listing that is refused says what it was for. */
async function* list(store: Store, prefix: string, shown: string): AsyncGenerator<ObjectInfo> {
  try {
    yield* store.list(prefix)
  } catch (error) {
    const isDenied = error instanceof StoreRefusedError && error.code === 'access-denied'
    // Not a key that is wrong: there the remedy is another.
    if (!isDenied || (error.cause as Error | undefined)?.name !== 'AccessDenied') throw error
    throw new StoreRefusedError(error.code, error.message, {
      cause: error,
      hint: `Allow s3:ListBucket for whoever runs this. What lies beside ${shown} counts (labels, nearmiss.yaml), so it must be listed; a file alone can be given by its https address.`,
    })
  }
}

async function first(objects: AsyncIterable<ObjectInfo>): Promise<ObjectInfo | null> {
  for await (const object of objects) return object
  return null
}

async function notFound(
  store: Store,
  bucket: string,
  path: readonly string[],
): Promise<InputError> {
  const folder = path
    .slice(0, -1)
    .map((part) => `${part}/`)
    .join('')
  const names = new Set<string>()
  let seen = 0
  for await (const { key } of store.list(folder)) {
    names.add(key.slice(folder.length).split('/')[0]!)
    if (++seen === MOST_NEIGHBORS) break
  }
  const meant = nearest(path.at(-1)!, [...names])
  const place = `s3://${bucket}/${path.join('/')}`
  return new InputError({
    code: 'not-found',
    message: `there is no object ${place}, and none below it`,
    where: place,
    hint: meant
      ? `did you mean s3://${bucket}/${folder}${meant}?`
      : `check bucket and key: aws s3 ls s3://${bucket}/${folder} lists what is there`,
  })
}

function tooMany(shown: string): InputError {
  return new InputError({
    code: 'too-many-files',
    message: `more than ${MOST_FILES.toLocaleString('en-US')} objects lie below it`,
    where: shown,
    hint: 'Give the folder of one upload, or the file of embeddings itself.',
  })
}
