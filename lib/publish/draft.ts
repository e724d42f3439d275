/** A store that notes which of its objects change, and, as a draft, changes none of them. */

import { sha256 } from '../core/canonical.ts'
import type { ObjectInfo, Store, StoredObject } from '../core/store.ts'
import { compareKeys } from './object-key.ts'
import { checkConditions } from './precondition.ts'

export interface Changes {
  /** Keys of objects that are new, or other than they were. */
  readonly written: ReadonlySet<string>
  readonly deleted: ReadonlySet<string>
}

/**
 * The store, which writes only what differs from what is there.
 *
 * @param isDraft whether changes are kept in memory, to be seen through this store alone
 */
export function noting(store: Store, isDraft: boolean): { store: Store; changes: Changes } {
  const written = new Set<string>()
  const deleted = new Set<string>()
  /** Objects as the draft has them; null: deleted. */
  const draft = new Map<string, StoredObject | null>()
  const get = async (key: string) => {
    const drafted = draft.get(key)
    return drafted === undefined ? store.get(key) : drafted
  }
  return {
    changes: { written, deleted },
    store: {
      name: store.name,
      get,
      async getRange(key, start, end, options = {}) {
        const drafted = draft.get(key)
        if (drafted === undefined) return store.getRange(key, start, end, options)
        if (drafted !== null) checkConditions(store.name, key, drafted.etag, options)
        return drafted?.body.slice(start, end) ?? null
      },
      async head(key) {
        const drafted = draft.get(key)
        return drafted === undefined ? store.head(key) : drafted && infoOf(drafted)
      },
      async put(key, content, options = {}) {
        const current = await get(key)
        const body = Buffer.from(content as Uint8Array)
        if (current !== null && Buffer.compare(current.body, body) === 0) {
          checkConditions(store.name, key, current.etag, options)
          return infoOf(current)
        }
        if (!isDraft) {
          const info = await store.put(key, content, options)
          written.add(key)
          return info
        }
        checkConditions(store.name, key, current?.etag ?? null, options)
        const stored: StoredObject = {
          key,
          byteLength: body.byteLength,
          etag: sha256(body),
          modifiedAt: new Date().toISOString(),
          body,
        }
        draft.set(key, stored)
        written.add(key)
        deleted.delete(key)
        return infoOf(stored)
      },
      async *list(prefix) {
        const infos: ObjectInfo[] = []
        for await (const info of store.list(prefix)) if (!draft.has(info.key)) infos.push(info)
        for (const [key, stored] of draft) {
          if (stored !== null && key.startsWith(prefix)) infos.push(infoOf(stored))
        }
        yield* infos.sort((a, b) => compareKeys(a.key, b.key))
      },
      async delete(key) {
        const isThere = (await get(key)) !== null
        if (isDraft) draft.set(key, null)
        else await store.delete(key)
        // What was only written here, and is gone again, was no change.
        if (written.delete(key) && isDraft && (await store.head(key)) === null) return
        if (isThere) deleted.add(key)
      },
    },
  }
}

function infoOf({ key, byteLength, etag, modifiedAt }: ObjectInfo): ObjectInfo {
  return { key, byteLength, etag, modifiedAt }
}
