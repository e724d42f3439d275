/** Ranks by label: where a position's mates come in the order of its nearest, far down the list. */

import { KNOWN_LENGTH, measuredError } from '../distance/error-bound.ts'
import { sortByDistance, sortByKey } from '../distance/sorting.ts'
import { TiedRows } from './equal-counts.ts'
import { type LabelRanks, MateTally } from './mate-tally.ts'
import { type DeepList, measureLists } from './measured-lists.ts'
import type { RankWork } from './rank-work.ts'

/**
 * Ranks of the mates among the nearest of some positions. The order of two rows matters only where one
 * of them is a mate and the other is not. So float32 distances suffice, except where rows of both kinds
 * are closer together than those can tell apart: there exact distances settle the order, and ties go to
 * the lower row. A list may hold fewer rows of a block of equal ones than there are, so where it ends in
 * a block, all rows of the block are counted.
 */
export function labelRanks(work: RankWork, lists: readonly DeepList[]): LabelRanks[] {
  const longest = lists.reduce((most, { others }) => Math.max(most, others.length), 0)
  const spare = { keys: new Uint32Array(longest), values: new Int32Array(longest) }
  const others = new Int32Array(longest)
  const squares = measureLists(work.lookout, lists)
  return lists.map((list, at) => {
    others.set(list.others)
    sortByKey(squares[at]!, others, list.others.length, spare)
    return ranksOf(work, list, others, new Float32Array(squares[at]!.buffer))
  })
}

/**
 * Goes down a list until its depth.
 * @param others of the list, nearest first as far as float32 tells
 * @param squares their squared distances
 */
function ranksOf(
  work: RankWork,
  { position, depth, others: { length } }: DeepList,
  others: Int32Array,
  squares: Float32Array,
): LabelRanks {
  const { equal, lookout } = work
  const { classStarts, rowAt } = lookout.preparedRows
  const [classStart, classEnd] = classOf(classStarts, position)
  const isMate = (other: number) => other >= classStart && other < classEnd
  const hasEquals = (other: number) => equal !== null && equal.blockOf(rowAt[other]!) !== null
  const { share, base } = measuredError(lookout.preparedRows, position)
  const tally = new MateTally(depth)
  for (let start = 0; start < length && !tally.isFull; ) {
    const kind = isMate(others[start]!)
    let distance = Math.sqrt(squares[start]!)
    // Where there are equal rows, others of their block may be missing from the list.
    let needsExact = hasEquals(others[start]!)
    let end = start + 1
    for (; end < length; end++) {
      const next = Math.sqrt(squares[end]!)
      const isApart = next - distance > share * (distance + next) + 2 * base
      if (isApart && distance < KNOWN_LENGTH / 2) break
      distance = next
      if (isMate(others[end]!) !== kind || hasEquals(others[end]!)) needsExact = true
    }
    if (needsExact) takeByExactDistance(work, tally, position, others.slice(start, end), isMate)
    else for (let at = start; at < end && !tally.isFull; at++) tally.take(kind)
    start = end
  }
  return tally.ranks()
}

/** Takes others whose order float32 doesn't tell. */
function takeByExactDistance(
  { distance, lookout, task, equal }: RankWork,
  tally: MateTally,
  position: number,
  others: Int32Array,
  isMate: (other: number) => boolean,
): void {
  const { rowAt } = lookout.preparedRows
  const { labels } = task
  const own = rowAt[position]!
  const distances = Float64Array.from(others, (other) => distance(own, rowAt[other]!))
  const rows = others.map((other) => rowAt[other]!)
  const isMateRow = new Map(Array.from(others, (other, at) => [rows[at]!, isMate(other)]))
  sortByDistance(distances, rows, rows.length)
  for (let from = 0; from < rows.length && !tally.isFull; ) {
    let to = from + 1
    while (to < rows.length && distances[to] === distances[from]) to++
    const equals = rows.subarray(from, to)
    const ties = new TiedRows(position, labels, equal)
    for (const row of equals) ties.add(row)
    let mates = 0
    let strangers = 0
    for (const [label, count] of ties.counts()) {
      if (label === labels[own]) mates += count
      else strangers += count
    }
    tally.takeEqual(
      Array.from(equals, (row) => isMateRow.get(row)!),
      mates,
      strangers,
    )
    from = to
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
