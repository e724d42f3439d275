/** Distances in double precision, from the vectors as they were stored. */

import type { Metric } from '../core/manifest.ts'
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
 * Squares are added up in four partial sums, of every fourth dimension each: independent additions run
 * at once.
 */
function squaredDistance(vectors: Float32Array, dimensions: number, a: number, b: number): number {
  let i = a * dimensions
  let j = b * dimensions
  const end = i + dimensions
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  for (; i + 3 < end; i += 4, j += 4) {
    const d0 = vectors[i]! - vectors[j]!
    const d1 = vectors[i + 1]! - vectors[j + 1]!
    const d2 = vectors[i + 2]! - vectors[j + 2]!
    const d3 = vectors[i + 3]! - vectors[j + 3]!
    sum0 += d0 * d0
    sum1 += d1 * d1
    sum2 += d2 * d2
    sum3 += d3 * d3
  }
  for (; i < end; i++, j++) {
    const d = vectors[i]! - vectors[j]!
    sum0 += d * d
  }
  return sum0 + sum1 + (sum2 + sum3)
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
