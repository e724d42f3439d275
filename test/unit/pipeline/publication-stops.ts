/** Publications that are stopped: sites as they are after so many writes, and stores that die. */

import type { Store } from '../../../lib/core/store.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'

/** What a store holds, by key. */
export type Snapshot = ReadonlyMap<string, string>

/** One write; null: the object was deleted. */
export interface Write {
  readonly key: string
  readonly body: string | null
}

// One character a byte.
const textOf = (body: Uint8Array | string) =>
  (typeof body === 'string' ? Buffer.from(body) : Buffer.from(body)).toString('latin1')

export async function snapshot(store: Store): Promise<Snapshot> {
  const found = new Map<string, string>()
  for await (const { key } of store.list('')) {
    const stored = await store.get(key)
    if (stored) found.set(key, textOf(stored.body))
  }
  return found
}

/** A store with what another held, after some writes more. */
export async function storeOf(held: Snapshot, writes: readonly Write[] = []): Promise<Store> {
  const store = memoryStore('site')
  for (const [key, body] of held) await store.put(key, Buffer.from(body, 'latin1'))
  for (const { key, body } of writes) {
    if (body === null) await store.delete(key)
    else await store.put(key, Buffer.from(body, 'latin1'))
  }
  return store
}

/** The store, and every write that takes effect in it, in their order. */
export function recorded(store: Store): { store: Store; writes: Write[] } {
  const writes: Write[] = []
  return {
    writes,
    store: {
      ...store,
      async put(key, body, options) {
        const info = await store.put(key, body, options)
        writes.push({ key, body: textOf(body) })
        return info
      },
      async delete(key) {
        await store.delete(key)
        writes.push({ key, body: null })
      },
    },
  }
}

/** The store of a process that is killed at its write of this number: nothing is answered from then on. */
export function mortal(store: Store, lastWrite: number): Store {
  let writes = 0
  const live = async <T>(work: () => Promise<T>, isWrite = false): Promise<T> => {
    if (writes >= lastWrite) throw new Error('killed')
    if (isWrite) writes++
    const answer = await work()
    if (isWrite && writes >= lastWrite) throw new Error('killed')
    return answer
  }
  return {
    name: store.name,
    get: (key) => live(() => store.get(key)),
    getRange: (key, start, end) => live(() => store.getRange(key, start, end)),
    head: (key) => live(() => store.head(key)),
    put: (key, body, options) => live(() => store.put(key, body, options), true),
    delete: (key) => live(() => store.delete(key), true),
    async *list(prefix) {
      yield* await live(async () => store.list(prefix))
    },
  }
}
