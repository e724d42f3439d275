/** Distances in double precision, from the vectors as they were stored. */

import type { Metric } from '../core/manifest.ts'
import { rowLengths } from './frame.ts'

/** Distance between two rows of one set of vectors. */
export type RowDistance = (a: number, b: number) => number

/**
 * Euclidean distance, or 1 − cosine similarity as half the squared distance of the unit vectors
 * (exactly 0 for equal rows; 1 where either is the zero vector). Squares are added up in four partial
 * sums, of every fourth dimension each: independent additions run at once.
 */
export function rowDistance(
  vectors: Float32Array,
  rows: number,
  dimensions: number,
  metric: Metric,
): RowDistance {
  if (metric === 'euclidean') {
    return (a, b) => Math.sqrt(squaredDistance(vectors, dimensions, a, 1, b, 1))
  }
  const inverse = rowLengths(vectors, rows, dimensions).map((length) =>
    length > 0 ? 1 / length : 0,
  )
  return (a, b) => {
    const factorA = inverse[a]!
    const factorB = inverse[b]!
    if (factorA === 0 || factorB === 0) return 1
    return squaredDistance(vectors, dimensions, a, factorA, b, factorB) / 2
  }
}

function squaredDistance(
  vectors: Float32Array,
  dimensions: number,
  a: number,
  factorA: number,
  b: number,
  factorB: number,
): number {
  let i = a * dimensions
  let j = b * dimensions
  const end = i + dimensions
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  for (; i + 3 < end; i += 4, j += 4) {
    const d0 = vectors[i]! * factorA - vectors[j]! * factorB
    const d1 = vectors[i + 1]! * factorA - vectors[j + 1]! * factorB
    const d2 = vectors[i + 2]! * factorA - vectors[j + 2]! * factorB
    const d3 = vectors[i + 3]! * factorA - vectors[j + 3]! * factorB
    sum0 += d0 * d0
    sum1 += d1 * d1
    sum2 += d2 * d2
    sum3 += d3 * d3
  }
  for (; i < end; i++, j++) {
    const d = vectors[i]! * factorA - vectors[j]! * factorB
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
