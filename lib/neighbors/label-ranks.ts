/** Where a row's class mates come in the order of its neighbours, far down the list. */

import { KNOWN_LENGTH, measuredError } from './error-bound.ts'
import type { Lookout } from './look.ts'
import { sortByDistance, sortByKey } from './order.ts'
import { MEASURED_PAIRS } from './scratch.ts'

export interface LabelRanks {
  /** Mates among the `depth` nearest. */
  readonly mates: number
  /** Sum over those of the precision up to each, divided by `depth`. */
  readonly averagePrecision: number
  /** Rank of the nearest mate, from 1; 0 where none is among the `depth` nearest. */
  readonly firstMate: number
}

/** A position and others that hold all of its `depth` nearest; more do no harm. */
export interface Listed {
  readonly position: number
  readonly depth: number
  readonly others: Int32Array
}

/** Rows that are measured while they lie in a core's second-level cache. */
const CACHED_BYTES = 2 ** 18

/**
 * Ranks of the mates among the nearest of some positions. The order of two rows matters only where one
 * is a mate and the other is not; so float32 distances do, and where the two kinds come closer than
 * those are good for, double precision settles it, ties going to the lower row.
 * @param exact distance of two positions, in double precision
 */
export function labelRanks(
  lookout: Lookout,
  lists: readonly Listed[],
  exact: (position: number, other: number) => number,
): LabelRanks[] {
  const longest = lists.reduce((most, { others }) => Math.max(most, others.length), 0)
  const spare = { keys: new Uint32Array(longest), values: new Int32Array(longest) }
  const others = new Int32Array(longest)
  const squares = measured(lookout, lists)
  return lists.map((list, at) => {
    others.set(list.others)
    sortByKey(squares[at]!, others, list.others.length, spare)
    return walked(lookout, list, others, new Float32Array(squares[at]!.buffer), exact)
  })
}

function walked(
  { prepared }: Lookout,
  { position, depth, others: { length } }: Listed,
  others: Int32Array,
  squares: Float32Array,
  exact: (position: number, other: number) => number,
): LabelRanks {
  const [classStart, classEnd] = classOf(prepared.classStarts, position)
  const isMate = (other: number) => other >= classStart && other < classEnd
  const { share, base } = measuredError(prepared, position)
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
  for (let start = 0; start < length && rank < depth; ) {
    const kind = isMate(others[start]!)
    let distance = Math.sqrt(squares[start]!)
    let isMixed = false
    let end = start + 1
    for (; end < length; end++) {
      const next = Math.sqrt(squares[end]!)
      const apart = next - distance > share * (distance + next) + 2 * base
      if (apart && distance < KNOWN_LENGTH / 2) break
      distance = next
      if (isMate(others[end]!) !== kind) isMixed = true
    }
    if (!isMixed) {
      for (let at = start; at < end && rank < depth; at++) take(kind)
    } else {
      const close = others.slice(start, end)
      const distances = Float64Array.from(close, (other) => exact(position, other))
      // Ties go to the lower row of the data set.
      const rows = close.map((other) => prepared.rowAt[other]!)
      const kinds = new Map(Array.from(close, (other, at) => [rows[at]!, isMate(other)]))
      sortByDistance(distances, rows, rows.length)
      for (let at = 0; at < rows.length && rank < depth; at++) take(kinds.get(rows[at]!)!)
    }
    start = end
  }
  return { mates, averagePrecision: precisions / depth, firstMate }
}

function classOf(classStarts: Int32Array, position: number): [start: number, end: number] {
  let low = 0
  let high = classStarts.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (classStarts[middle]! <= position) low = middle
    else high = middle
  }
  return [classStarts[low]!, classStarts[high]!]
}

/**
 * Squared distances in float32 of each list, as bits, which sort as the numbers do. Pairs are taken in
 * the order of the other row, some rows at a time: lists of rows that are alike name the same others,
 * which then are at hand.
 */
function measured(lookout: Lookout, lists: readonly Listed[]): Uint32Array[] {
  const { prepared, kernel, scratch } = lookout
  const { at, rows, isZero, hasZero } = prepared
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
    kernel.measure(at.matrix, at.rowBytes, pairs.byteOffset, count, scratch.squares.byteOffset)
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
