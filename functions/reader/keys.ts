/** The keys that readers' tokens are signed with, and what a set of them is for. */

import { randomBytes } from 'node:crypto'

export interface ReaderKey {
  /** Names the key in a token's head. */
  readonly kid: string
  /** 64 hexadecimal digits, whose characters are the key. */
  readonly key: string
  /** ISO 8601, UTC. */
  readonly madeAt: string
}

/** Newest last. */
export type ReaderKeys = readonly ReaderKey[]

/** A key is known everywhere after this: no token is signed with a younger one while there is an older. */
const SPREAD_MS = 10 * 60_000

/** Under which name CloudFront's key-value store holds a key. */
export function keyValueName(kid: string): string {
  return `key:${kid}`
}

export function newKey(now: Date): ReaderKey {
  return {
    kid: randomBytes(8).toString('hex'),
    key: randomBytes(32).toString('hex'),
    madeAt: now.toISOString(),
  }
}

/** The key to sign with: the newest that is known everywhere, or the oldest where none is. */
export function signingKey(keys: ReaderKeys, now: Date): ReaderKey {
  const spread = keys.findLast(({ madeAt }) => Date.parse(madeAt) + SPREAD_MS <= now.getTime())
  const key = spread ?? keys[0]
  if (key === undefined) throw new Error('there is no key to sign with')
  return key
}

/**
 * The keys after a rotation: a new one, and of the others those that tokens may still be signed with.
 * The one before the new one signs until that is known everywhere.
 *
 * @param lifetimeMs of a token
 */
export function rotatedKeys(keys: ReaderKeys, now: Date, lifetimeMs: number): ReaderKeys {
  const rotated = [...keys, newKey(now)]
  return rotated.filter((_, at) => {
    const successor = rotated[at + 1]
    if (successor === undefined) return true
    const lastUseMs = Date.parse(successor.madeAt) + SPREAD_MS
    return now.getTime() <= lastUseMs + lifetimeMs
  })
}
