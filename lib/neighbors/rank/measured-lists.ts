/** Lists measured by the kernel: float32 distances, without what quantising adds to them. */

import { MEASURED_PAIRS } from '../kernel/scratch.ts'
import type { Lookout } from '../scan/lookout.ts'

/** A position and others that include all of its `depth` nearest. */
export interface DeepList {
  readonly position: number
  readonly depth: number
  readonly others: Int32Array
}

/** The rows of a chunk stay in a core's second-level cache while they are measured. */
const CACHED_BYTES = 2 ** 18

/**
 * Squared distances in float32 of each list, as bits, which sort as the numbers do. Pairs are measured
 * chunk by chunk of the other rows, because lists of rows that are alike name the same others, and those
 * are then in the cache.
 */
export function measureLists(lookout: Lookout, lists: readonly DeepList[]): Uint32Array[] {
  const { preparedRows, kernel, scratch } = lookout
  const { at, rows, isZero, hasZero } = preparedRows
  const squares = lists.map(({ others }) => new Uint32Array(others.length))
  const shift = Math.max(0, Math.floor(Math.log2(CACHED_BYTES / at.rowBytes)))
  const ends = new Int32Array((rows >> shift) + 2)
  let total = 0
  for (const { others } of lists) {
    for (let index = 0; index < others.length; index++) ends[(others[index]! >> shift) + 1]!++
    total += others.length
  }
  for (let chunk = 1; chunk < ends.length; chunk++) ends[chunk]! += ends[chunk - 1]!
  const listAt = new Int32Array(total)
  const indexAt = new Int32Array(total)
  for (const [list, { others }] of lists.entries()) {
    for (let index = 0; index < others.length; index++) {
      const to = ends[others[index]! >> shift]!++
      listAt[to] = list
      indexAt[to] = index
    }
  }
  const { pairs, squareBits } = scratch
  for (let start = 0; start < total; start += MEASURED_PAIRS) {
    const count = Math.min(MEASURED_PAIRS, total - start)
    for (let pair = 0; pair < count; pair++) {
      const { position, others } = lists[listAt[start + pair]!]!
      pairs[2 * pair] = position
      pairs[2 * pair + 1] = others[indexAt[start + pair]!]!
    }
    kernel.measure({
      rows: at,
      pairs: pairs.byteOffset,
      count,
      squares: scratch.squares.byteOffset,
    })
    for (let pair = 0; pair < count; pair++) {
      squares[listAt[start + pair]!]![indexAt[start + pair]!] = squareBits[pair]!
    }
  }
  if (!hasZero) return squares
  // A zero vector is as far from everything as unit vectors at a right angle.
  const two = new Uint32Array(Float32Array.of(2).buffer)[0]!
  for (const [list, { position, others }] of lists.entries()) {
    for (const [index, other] of others.entries()) {
      if (isZero[position] === 1 || isZero[other] === 1) squares[list]![index] = two
    }
  }
  return squares
}
