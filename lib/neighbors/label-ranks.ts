/** Where a row's class mates come in the order of its neighbours, far down the list. */

import { measuredError } from './error-bound.ts'
import type { Lookout } from './look.ts'
import { sortByDistance } from './order.ts'
import { LIST_ROWS } from './scratch.ts'

export interface LabelRanks {
  /** Mates among the `depth` nearest. */
  readonly mates: number
  /** Sum over those of the precision up to each, divided by `depth`. */
  readonly averagePrecision: number
  /** Rank of the nearest mate, from 1; 0 where none is among the `depth` nearest. */
  readonly firstMate: number
}

/** Twenty-one bits behind a float32's thirty-one still are a whole number in double precision. */
const INDEX = 2 ** 21

/**
 * Ranks of the mates among the `depth` nearest of a position. The order of two rows matters only where
 * one is a mate and the other is not; so float32 distances do, and where the two kinds come closer
 * than those are good for, double precision settles it, ties going to the lower row.
 * @param others positions that hold all of the `depth` nearest; more do no harm
 */
export function labelRanks(
  lookout: Lookout,
  position: number,
  others: Int32Array,
  depth: number,
  isMate: (other: number) => boolean,
  distance: (other: number) => number,
): LabelRanks {
  const { prepared } = lookout
  const { order, distances } = measured(lookout, position, others)
  let mates = 0
  let precisions = 0
  let firstMate = 0
  let rank = 0
  const take = (mate: boolean) => {
    rank++
    if (!mate) return
    mates++
    precisions += mates / rank
    if (firstMate === 0) firstMate = rank
  }
  for (let start = 0; start < order.length && rank < depth; ) {
    let end = start + 1
    let error = measuredError(prepared, position, distances[start]!)
    const kind = isMate(others[order[start]!]!)
    let isMixed = false
    for (; end < order.length; end++) {
      const next = measuredError(prepared, position, distances[end]!)
      if (distances[end]! - distances[end - 1]! > error + next) break
      error = next
      if (isMate(others[order[end]!]!) !== kind) isMixed = true
    }
    if (!isMixed) {
      for (let at = start; at < end && rank < depth; at++) take(kind)
    } else {
      const rows = order.slice(start, end).map((at) => others[at]!)
      const exact = Float64Array.from(rows, (other) => distance(other))
      // Ties go to the lower row of the data set.
      const numbers = rows.map((other) => prepared.rowAt[other]!)
      const kinds = new Map(Array.from(numbers, (row, at) => [row, isMate(rows[at]!)]))
      sortByDistance(exact, numbers, numbers.length)
      for (let at = 0; at < numbers.length && rank < depth; at++)
        take(kinds.get(numbers[at]!) === true)
    }
    start = end
  }
  return { mates, averagePrecision: depth === 0 ? Number.NaN : precisions / depth, firstMate }
}

/** Distances in float32, sorted, and which of `others` each belongs to. */
function measured({ prepared, kernel, scratch }: Lookout, position: number, others: Int32Array) {
  const { at, isZero, rowAt } = prepared
  const keys = new Float64Array(others.length)
  const bits = new Uint32Array(scratch.squares.buffer, scratch.squares.byteOffset, LIST_ROWS)
  for (let start = 0; start < others.length; start += LIST_ROWS) {
    const part = others.subarray(start, start + LIST_ROWS)
    for (let index = 0; index < part.length; index++) scratch.list[index] = rowAt[part[index]!]!
    kernel.measure(
      at.matrix,
      at.rowBytes,
      rowAt[position]!,
      scratch.list.byteOffset,
      part.length,
      scratch.squares.byteOffset,
    )
    for (let index = 0; index < part.length; index++) {
      // A zero vector is as far from everything as unit vectors at a right angle.
      if (isZero[position] === 1 || isZero[part[index]!] === 1) scratch.squares[index] = 2
      keys[start + index] = bits[index]! * INDEX + start + index
    }
  }
  keys.sort()
  const order = new Int32Array(keys.length)
  const distances = new Float64Array(keys.length)
  const float = new Float32Array(1)
  const word = new Uint32Array(float.buffer)
  for (let at = 0; at < keys.length; at++) {
    word[0] = Math.floor(keys[at]! / INDEX)
    order[at] = keys[at]! % INDEX
    distances[at] = Math.sqrt(float[0]!)
  }
  return { order, distances }
}
