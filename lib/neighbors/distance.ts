/** Distances in double precision, from the vectors as they were stored. */

import type { Metric } from '../core/manifest.ts'
import { squaredDistance } from '../core/vectors.ts'
import { cosineDistance } from './cosine.ts'

/** Distance between two rows of one set of vectors. */
export type RowDistance = (a: number, b: number) => number

/** Euclidean or cosine distance; exactly 0 for equal rows. */
export function rowDistance(
  vectors: Float32Array,
  rows: number,
  dimensions: number,
  metric: Metric,
): RowDistance {
  if (metric === 'cosine') return cosineDistance(vectors, rows, dimensions)
  return (a, b) => Math.sqrt(squaredDistance(vectors, dimensions, a, b))
}

/**
 * For each row the first row with the same bytes, itself where there is none before it. Rows are
 * hashed (FNV-1a over their 32-bit words) and compared in full where hashes meet.
 */
export function firstEqualRows(
  vectors: Float32Array,
  rows: number,
  dimensions: number,
): Int32Array {
  const words = new Uint32Array(vectors.buffer, vectors.byteOffset, rows * dimensions)
  const first = new Int32Array(rows)
  const seen = new Map<number, number[]>()
  for (let row = 0; row < rows; row++) {
    const start = row * dimensions
    let hash = 0x811c9dc5
    for (let d = 0; d < dimensions; d++) hash = Math.imul(hash ^ words[start + d]!, 0x01000193)
    const others = seen.get(hash)
    const equal = others?.find((other) => {
      for (let d = 0; d < dimensions; d++) {
        if (words[start + d] !== words[other * dimensions + d]) return false
      }
      return true
    })
    first[row] = equal ?? row
    if (equal !== undefined) continue
    if (others === undefined) seen.set(hash, [row])
    else others.push(row)
  }
  return first
}
