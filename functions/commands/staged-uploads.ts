/** A bucket of uploads that holds no bytes: each of its files is read where it lies. */

import { UsageError } from '../../lib/core/errors.ts'
import type { ObjectInfo, Store } from '../../lib/core/store.ts'
import { compareKeys } from '../../lib/publish/object-key.ts'
import type { PlacedFile } from './places/place.ts'

export interface StagedUploads {
  readonly store: Store
  /** Makes the file one of the bucket's; null: an empty one, of which the name is told. */
  add(key: string, file: PlacedFile | null): void
}

/** @param clock when what is no upload yet is taken to have come */
export function stagedUploads(clock: () => Date): StagedUploads {
  const files = new Map<string, { readonly file: PlacedFile | null; readonly addedAt: string }>()

  const infoOf = (key: string, info: ObjectInfo): ObjectInfo => {
    const { file, addedAt } = files.get(key)!
    return { ...info, key, modifiedAt: file?.isUpload ? info.modifiedAt : addedAt }
  }
  const empty = (key: string) => ({ key, byteLength: 0, etag: '', modifiedAt: '' })
  const headOf = async (key: string) => {
    const { file } = files.get(key)!
    const info = file === null ? empty(key) : await file.store.head(file.key)
    return info && infoOf(key, info)
  }
  const readOnly = (key: string): never => {
    throw new UsageError('read-only', `${key} can't be written: inputs are only read`)
  }

  return {
    add: (key, file) => void files.set(key, { file, addedAt: clock().toISOString() }),
    store: {
      name: 'the input',
      async get(key) {
        const staged = files.get(key)
        if (staged === undefined) return null
        const { file } = staged
        const stored =
          file === null
            ? { ...empty(key), body: new Uint8Array(0) }
            : await file.store.get(file.key)
        return stored && { ...infoOf(key, stored), body: stored.body }
      },
      async getRange(key, start, end, options) {
        const file = files.get(key)?.file ?? null
        return file?.store.getRange(file.key, start, end, options) ?? null
      },
      async head(key) {
        return files.has(key) ? headOf(key) : null
      },
      async *list(prefix) {
        const keys = [...files.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys)
        for (const key of keys) {
          const known = isBelowUpload(key) ? files.get(key)?.file?.info : null
          const info = known ? infoOf(key, known) : await headOf(key)
          if (info !== null) yield info
        }
      },
      put: async (key) => readOnly(key),
      delete: async (key) => readOnly(key),
    },
  }
}

/** Pictures in folders of an upload don't count as a change of it, and there may be many. */
function isBelowUpload(key: string): boolean {
  return key.split('/').length > UPLOAD_PARTS
}

/** `uploads/<project>/<run>/<file>` */
const UPLOAD_PARTS = 4
