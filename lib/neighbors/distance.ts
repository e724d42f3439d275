/** Distances in double precision, from the vectors as they were stored. */

import type { Metric } from '../core/manifest.ts'
import { rowLengths } from './prepare.ts'

/** Distance between two rows of one set of vectors. */
export type RowDistance = (a: number, b: number) => number

/**
 * Euclidean distance, or 1 − cosine similarity as half the squared distance of the unit vectors
 * (exactly 0 for equal rows; 1 where either is the zero vector). Sums run over the dimensions in order.
 */
export function rowDistance(
  vectors: Float32Array,
  rows: number,
  dimensions: number,
  metric: Metric,
): RowDistance {
  if (metric === 'euclidean') {
    return (a, b) => {
      const offsetA = a * dimensions
      const offsetB = b * dimensions
      let sum = 0
      for (let d = 0; d < dimensions; d++) {
        const difference = vectors[offsetA + d]! - vectors[offsetB + d]!
        sum += difference * difference
      }
      return Math.sqrt(sum)
    }
  }
  const inverse = rowLengths(vectors, rows, dimensions).map((length) =>
    length > 0 ? 1 / length : 0,
  )
  return (a, b) => {
    const factorA = inverse[a]!
    const factorB = inverse[b]!
    if (factorA === 0 || factorB === 0) return 1
    const offsetA = a * dimensions
    const offsetB = b * dimensions
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      const difference = vectors[offsetA + d]! * factorA - vectors[offsetB + d]! * factorB
      sum += difference * difference
    }
    return sum / 2
  }
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
