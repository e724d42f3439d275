/** Many keys of a store at once: listed, and deleted. */

import type { Store } from '../core/store.ts'

const CONCURRENT_CALLS = 8

export async function keysOf(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}

export function deleteKeys(store: Store, keys: readonly string[]): Promise<void> {
  return inTurns(keys, (key) => store.delete(key))
}

/** Works on a few at a time. */
export async function inTurns<T>(
  all: readonly T[],
  work: (one: T) => Promise<unknown>,
  atATime = CONCURRENT_CALLS,
): Promise<void> {
  for (let start = 0; start < all.length; start += atATime) {
    await Promise.all(all.slice(start, start + atATime).map(work))
  }
}
