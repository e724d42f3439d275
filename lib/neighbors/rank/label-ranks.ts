/** Where a row's class mates come in the order of its neighbours, far down the list. */

import type { TieRange } from '../../core/vote.ts'
import { KNOWN_LENGTH, measuredError } from '../distance/error-bound.ts'
import { sortByDistance, sortByKey } from '../distance/sorting.ts'
import { MEASURED_PAIRS } from '../kernel/scratch.ts'
import { type EqualCounts, TiedRows } from './equal-counts.ts'
import type { Lookout } from './look.ts'

export interface LabelRanks {
  /** Mates among the `depth` nearest. */
  readonly mates: number
  /** Sum over those of the precision up to each, divided by `depth`. */
  readonly averagePrecision: number
  /** Rank of the nearest mate, from 1; 0 where none is among the `depth` nearest. */
  readonly firstMate: number
  /** The least and the most of each over all orders of others at equal distances. */
  readonly mateRange: TieRange
  readonly averagePrecisionRange: TieRange
  readonly firstMateRange: TieRange
}

export interface AskedOfLabels {
  /** Distance of two positions, in double precision. */
  readonly exact: (position: number, other: number) => number
  /** By row. */
  readonly labels: Int32Array
  /** Null: no rows are equal. */
  readonly equal: EqualCounts | null
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
 * those are good for, double precision settles it, ties going to the lower row. Of equal rows a list may
 * hold only as many as it is deep, so where it ends in a block of them all of the block are counted.
 */
export function labelRanks(
  lookout: Lookout,
  lists: readonly Listed[],
  asked: AskedOfLabels,
): LabelRanks[] {
  const longest = lists.reduce((most, { others }) => Math.max(most, others.length), 0)
  const spare = { keys: new Uint32Array(longest), values: new Int32Array(longest) }
  const others = new Int32Array(longest)
  const squares = measured(lookout, lists)
  return lists.map((list, at) => {
    others.set(list.others)
    sortByKey(squares[at]!, others, list.others.length, spare)
    return walked(lookout, list, others, new Float32Array(squares[at]!.buffer), asked)
  })
}

function walked(
  { prepared }: Lookout,
  { position, depth, others: { length } }: Listed,
  others: Int32Array,
  squares: Float32Array,
  { exact, labels, equal }: AskedOfLabels,
): LabelRanks {
  const [classStart, classEnd] = classOf(prepared.classStarts, position)
  const isMate = (other: number) => other >= classStart && other < classEnd
  const { share, base } = measuredError(prepared, position)
  const ordered = new Tally()
  // The same until the first others of both kinds at one distance.
  let worst = ordered
  let best = ordered
  let firstMateRange: TieRange = [0, 0]
  const take = (mate: boolean) => {
    if (firstMateRange[0] === 0 && mate) firstMateRange = [ordered.rank + 1, ordered.rank + 1]
    ordered.take(mate)
    if (worst === ordered) return
    worst.take(mate)
    best.take(mate)
  }
  /** Others at one distance, by row: those that are listed, and how many there are of both kinds. */
  const takeEqual = (kinds: readonly boolean[], mates: number, others: number) => {
    if (mates === 0 || others === 0) {
      for (let at = 0; at < kinds.length && ordered.rank < depth; at++) take(kinds[at]!)
      return
    }
    if (worst === ordered) {
      worst = ordered.copy()
      best = ordered.copy()
    }
    const { rank } = ordered
    if (firstMateRange[0] === 0) firstMateRange = [rank + 1, rank + others + 1]
    for (let at = 0; at < kinds.length && ordered.rank < depth; at++) {
      ordered.take(kinds[at]!)
      worst.take(at >= others)
      best.take(at < mates)
    }
  }
  const own = labels[prepared.rowAt[position]!]!
  const countEqual = (rows: Int32Array) => {
    const tied = new TiedRows(position, labels, equal)
    for (const row of rows) tied.add(row)
    let [mates, others] = [0, 0]
    for (const [label, count] of tied.counts()) {
      if (label === own) mates += count
      else others += count
    }
    return [mates, others] as const
  }
  const hasEquals = (other: number) =>
    equal !== null && equal.blockOf(prepared.rowAt[other]!) !== null
  for (let start = 0; start < length && ordered.rank < depth; ) {
    const kind = isMate(others[start]!)
    let distance = Math.sqrt(squares[start]!)
    // Of its block others may not be listed.
    let isMixed = hasEquals(others[start]!)
    let end = start + 1
    for (; end < length; end++) {
      const next = Math.sqrt(squares[end]!)
      const apart = next - distance > share * (distance + next) + 2 * base
      if (apart && distance < KNOWN_LENGTH / 2) break
      distance = next
      if (isMate(others[end]!) !== kind || hasEquals(others[end]!)) isMixed = true
    }
    if (!isMixed) {
      for (let at = start; at < end && ordered.rank < depth; at++) take(kind)
    } else {
      const close = others.slice(start, end)
      const distances = Float64Array.from(close, (other) => exact(position, other))
      // Ties go to the lower row of the data set.
      const rows = close.map((other) => prepared.rowAt[other]!)
      const kinds = new Map(Array.from(close, (other, at) => [rows[at]!, isMate(other)]))
      sortByDistance(distances, rows, rows.length)
      for (let from = 0; from < rows.length && ordered.rank < depth; ) {
        let to = from + 1
        while (to < rows.length && distances[to] === distances[from]) to++
        const equals = rows.subarray(from, to)
        takeEqual(
          Array.from(equals, (row) => kinds.get(row)!),
          ...countEqual(equals),
        )
        from = to
      }
    }
    start = end
  }
  return {
    mates: ordered.mates,
    averagePrecision: ordered.precisions / depth,
    firstMate: ordered.firstMate,
    mateRange: [worst.mates, best.mates],
    averagePrecisionRange: [worst.precisions / depth, best.precisions / depth],
    firstMateRange,
  }
}

/** What was found down to a rank. */
class Tally {
  rank = 0
  mates = 0
  precisions = 0
  firstMate = 0

  take(mate: boolean): void {
    this.rank++
    if (!mate) return
    this.mates++
    this.precisions += this.mates / this.rank
    if (this.firstMate === 0) this.firstMate = this.rank
  }

  copy(): Tally {
    return Object.assign(new Tally(), this)
  }
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
