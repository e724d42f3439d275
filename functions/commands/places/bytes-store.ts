/** A file whose bytes came already and are nobody else's: they are given out as they are, not copied. */

import { sha256 } from '../../../lib/core/canonical.ts'
import { checkConditions } from '../../../lib/publish/precondition.ts'
import { checkRange, rangePastEnd } from '../../../lib/publish/range.ts'
import type { FileStore } from './place.ts'

/** Holds one file, under any key; only what never changes bytes may read it. */
export function bytesStore(name: string, body: Uint8Array): FileStore {
  const etag = sha256(body)
  const info = (key: string) => ({
    key,
    byteLength: body.length,
    etag,
    modifiedAt: new Date(0).toISOString(),
  })
  return {
    head: async (key) => info(key),
    get: async (key) => ({ ...info(key), body }),
    async getRange(key, start, end, conditions = {}) {
      checkRange(key, start, end)
      checkConditions(name, key, etag, conditions)
      if (end > body.length) throw rangePastEnd(name, key, start, end, body.length)
      return body.subarray(start, end)
    },
  }
}
