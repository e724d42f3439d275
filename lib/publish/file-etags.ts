/** Etags of files: the hashes of their bytes, which are remembered while a file stays as it is. */

import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'

export async function hashStream(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

/** Hashes of files, known while the file's stamp stays: a listing needn't read everything again. */
export function etagCache() {
  const entries = new Map<string, { readonly stamp: string; readonly etag: string }>()
  const stampOf = ({ ino, size, mtimeNs, ctimeNs }: BigIntStats) =>
    `${ino}:${size}:${mtimeNs}:${ctimeNs}`
  return {
    recall(file: string, stats: BigIntStats): string | null {
      const entry = entries.get(file)
      return entry?.stamp === stampOf(stats) ? entry.etag : null
    },
    remember(file: string, stats: BigIntStats, etag: string): void {
      // A file that just changed may change again within the clock's tick, under the same stamp.
      if (Date.now() - Number(stats.ctimeMs) < 2_000) return
      entries.set(file, { stamp: stampOf(stats), etag })
    },
  }
}
