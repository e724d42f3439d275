/** A store in memory, for tests and for evaluations that leave nothing behind. */

import { sha256 } from '../core/canonical.ts'
import type { ObjectInfo, Store, StoredObject } from '../core/store.ts'
import { checkKey, checkPrefix, compareKeys } from './object-key.ts'
import { checkConditions } from './precondition.ts'
import { checkRange, rangePastEnd } from './range.ts'

/** An empty store. Bodies are copied in and out, so that nobody changes them from outside. */
export function memoryStore(name = 'memory', clock: () => Date = () => new Date()): Store {
  const objects = new Map<string, StoredObject>()
  return {
    name,
    async get(key) {
      checkKey(key)
      const stored = objects.get(key)
      return stored ? { ...stored, body: stored.body.slice() } : null
    },
    async getRange(key, start, end, options = {}) {
      checkKey(key)
      checkRange(key, start, end)
      const stored = objects.get(key)
      if (!stored) return null
      checkConditions(name, key, stored.etag, options)
      if (end > stored.byteLength) throw rangePastEnd(name, key, start, end, stored.byteLength)
      return stored.body.slice(start, end)
    },
    async head(key) {
      checkKey(key)
      const stored = objects.get(key)
      return stored ? infoOf(stored) : null
    },
    async put(key, content, options = {}) {
      checkKey(key)
      const current = objects.get(key)?.etag ?? null
      checkConditions(name, key, current, options)
      const body = bytesOf(content)
      const stored = {
        key,
        byteLength: body.byteLength,
        etag: sha256(body),
        modifiedAt: clock().toISOString(),
        body,
      }
      objects.set(key, stored)
      return infoOf(stored)
    },
    async *list(prefix) {
      checkPrefix(prefix)
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys)
      for (const key of keys) {
        const stored = objects.get(key)
        if (stored) yield infoOf(stored)
      }
    },
    async delete(key) {
      checkKey(key)
      objects.delete(key)
    },
  }
}

function infoOf({ key, byteLength, etag, modifiedAt }: StoredObject): ObjectInfo {
  return { key, byteLength, etag, modifiedAt }
}

function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)
}
