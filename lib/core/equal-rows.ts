/** Which rows are equal, and what that saves: equal rows are at one distance from any other. */

import { sharedInt32 } from './shared-memory.ts'

const SIGN_BIT = 0x8000_0000

/**
 * For each row the first that is equal to it, itself where there is none before it. Rows are hashed
 * (FNV-1a over their 32-bit words) and compared in full where hashes meet. −0 and 0 are equal.
 */
export function firstEqualRows(
  vectors: Float32Array,
  rows: number,
  dimensions: number,
): Int32Array {
  const words = new Uint32Array(vectors.buffer, vectors.byteOffset, rows * dimensions)
  const wordAt = (at: number) => (words[at] === SIGN_BIT ? 0 : words[at]!)
  const first = sharedInt32(rows)
  const rowsByHash = new Map<number, number[]>()
  for (let row = 0; row < rows; row++) {
    const start = row * dimensions
    let hash = 0x811c9dc5
    for (let d = 0; d < dimensions; d++) hash = Math.imul(hash ^ wordAt(start + d), 0x01000193)
    const others = rowsByHash.get(hash)
    const equal = others?.find((other) => {
      for (let d = 0; d < dimensions; d++) {
        if (wordAt(start + d) !== wordAt(other * dimensions + d)) return false
      }
      return true
    })
    first[row] = equal ?? row
    if (equal !== undefined) continue
    if (others === undefined) rowsByHash.set(hash, [row])
    else others.push(row)
  }
  return first
}

/** For each row how many lower ones are equal to it. */
export function lowerEqualRows(firstEqual: Int32Array): Int32Array {
  const counts = new Int32Array(firstEqual.length)
  return firstEqual.map((first) => counts[first]!++)
}

/** Measures a row against a block of equal rows once, while it asks for no other row in between. */
export function oncePerBlock(
  distance: (row: number, other: number) => number,
  firstEqual: Int32Array,
): (row: number, other: number) => number {
  const askedBy = new Int32Array(firstEqual.length).fill(-1)
  const distances = new Float64Array(firstEqual.length)
  return (row, other) => {
    const first = firstEqual[other]!
    if (askedBy[first] !== row) {
      askedBy[first] = row
      distances[first] = distance(row, first)
    }
    return distances[first]!
  }
}
