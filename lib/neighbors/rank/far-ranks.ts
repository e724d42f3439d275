/** Ranks of each row's mates among as many nearest as it has mates, which may be far down its list. */

import type { RowDistance } from '../distance/distance.ts'
import { reachOf, squareWithin } from '../distance/error-bound.ts'
import { LOOK_ROWS } from '../kernel/scratch.ts'
import { guessThresholds, roomFor, SURELY_ENOUGH } from '../scan/guess.ts'
import { LIST_ENTRY_BYTES, type ListArrays, listArrays, nearestListed } from '../scan/lists.ts'
import type { EqualCounts } from './equal-counts.ts'
import { type AskedOfLabels, type Listed, labelRanks } from './label-ranks.ts'
import { type Lookout, lookInto } from './look.ts'
import type { LabelFindings, RankTask } from './rank.ts'

/** Of the ranking's memory while a look goes far down the list. */
const LOOK_BYTES = 2 ** 25
/** Codes tell distances apart to a 256th of the threshold: what is wanted must lie so far below it. */
const CLEAR_OF_THRESHOLD = 1 + 2 ** -6

/** What ranks far down the lists are made of and written to. */
export interface FarRanks {
  readonly lists: ListArrays
  readonly distance: RowDistance
  readonly equal: EqualCounts | null
  readonly byLabel: LabelFindings
}

interface Asked extends AskedOfLabels {
  readonly found: LabelFindings
}

/** What a list needs to be whole, as far as one look told. */
interface Need {
  readonly position: number
  /** Null: to be guessed. */
  readonly threshold: number | null
  readonly room: number
}

/**
 * Positions whose lists from the pass over all pairs aren't proven to go as far as they have mates are
 * looked at once more, with more room; where many rows are at the last distance also that is too little,
 * and then it is known how much it takes.
 */
export function rankFar(
  lookout: Lookout,
  start: number,
  end: number,
  { labels }: RankTask,
  { lists, distance, equal, byLabel: found }: FarRanks,
): void {
  const exact = (position: number, other: number) => distance(rowAt[position]!, rowAt[other]!)
  const asked: Asked = { exact, labels, equal, found }
  const { rowAt, rows, isZero } = lookout.prepared
  const wanted: number[] = []
  for (let position = start; position < end; position++) {
    const isOpen = found.eligibleMates[rowAt[position]!]! > 0 && isZero[position] === 0
    if (isOpen) wanted.push(position)
  }
  const left = rankListed(lookout, wanted, lists, asked)
  let needs = left.map(({ position }): Need => {
    const depth = found.eligibleMates[rowAt[position]!]!
    return { position, threshold: null, room: roomFor(rows, depth, SURELY_ENOUGH) }
  })
  while (needs.length > 0) needs = lookFarther(lookout, needs, asked)
}

/** Returns what the lists need that are not proven to go as far as their positions have mates. */
function rankListed(
  lookout: Lookout,
  positions: readonly number[],
  lists: ListArrays,
  asked: Asked,
): Need[] {
  const { found } = asked
  const { prepared } = lookout
  const { rowAt, rows } = prepared
  const open: Need[] = []
  const listed: Listed[] = []
  for (const position of positions) {
    const depth = found.eligibleMates[rowAt[position]!]!
    const others = nearestListed(lists, position, depth, (squared) =>
      squareWithin(prepared, position, reachOf(prepared, position, squared)),
    )
    if (others !== null) {
      listed.push({ position, depth, others })
      continue
    }
    const at = position - lists.start
    const count = lists.counts[at]!
    const isFull = count > lists.starts[at + 1]! - lists.starts[at]!
    open.push(
      isFull
        ? { position, threshold: lists.thresholds[at]!, room: count }
        : { position, threshold: Number.POSITIVE_INFINITY, room: rows },
    )
  }
  for (const [at, ranks] of labelRanks(lookout, listed, asked).entries()) {
    const row = rowAt[listed[at]!.position]!
    found.matesWithinR[row] = ranks.mates
    found.averagePrecisionAtR[row] = ranks.averagePrecision
    found.firstMateRank[row] = ranks.firstMate
    found.ties.matesWithinR.set(ranks.mateRange, 2 * row)
    found.ties.averagePrecisionAtR.set(ranks.averagePrecisionRange, 2 * row)
    found.ties.firstMateRank.set(ranks.firstMateRange, 2 * row)
  }
  return open
}

/** @param needs by position, ascending */
function lookFarther(lookout: Lookout, needs: readonly Need[], asked: Asked): Need[] {
  const { found } = asked
  const { prepared, copies } = lookout
  const depthOf = (position: number) => found.eligibleMates[prepared.rowAt[position]!]!
  const open: Need[] = []
  for (let from = 0; from < needs.length; ) {
    const start = Math.floor(needs[from]!.position / 4) * 4
    let bytes = 0
    let to = from
    // As many at a time as the memory for their lists allows.
    for (; to < needs.length && needs[to]!.position < start + LOOK_ROWS; to++) {
      bytes += LIST_ENTRY_BYTES * needs[to]!.room
      if (to > from && bytes > LOOK_BYTES) break
    }
    const part = needs.slice(from, to)
    const end = part.at(-1)!.position + 1
    const rooms = new Int32Array(end - start)
    for (const { position, room } of part) rooms[position - start] = room
    const caps = copies && rooms.map((_, at) => depthOf(start + at) + copies.hidden[start + at]!)
    const lists = listArrays(start, rooms, caps)
    const isGuessed = new Set(
      part.flatMap(({ position, threshold }) => (threshold === null ? position : [])),
    )
    const guessed = (position: number) => (isGuessed.has(position) ? depthOf(position) : 0)
    guessThresholds(lookout, start, end, guessed, SURELY_ENOUGH, lists)
    for (const { position, threshold } of part) {
      const guessed = lists.thresholds[position - start]!
      lists.thresholds[position - start] =
        threshold ??
        squareWithin(prepared, position, reachOf(prepared, position, guessed)) * CLEAR_OF_THRESHOLD
    }
    lookInto(lookout, lists)
    const positions = part.map(({ position }) => position)
    open.push(...rankListed(lookout, positions, lists, asked))
    from = to
  }
  return open
}
