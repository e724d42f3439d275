/** Ranks of each position's mates among as many nearest as it has mates, which may be far down its list. */

import { reachOf, squareWithin } from '../distance/error-bound.ts'
import { LOOK_ROWS } from '../kernel/scratch.ts'
import { guessThresholds, roomFor, SURELY_ENOUGH } from '../scan/guess.ts'
import { LIST_ENTRY_BYTES, listArrays, nearestListed } from '../scan/lists.ts'
import type { LabelFigures, ListArrays } from '../types.ts'
import { labelRanks } from './label-ranks.ts'
import { lookInto } from './look.ts'
import type { DeepList } from './measured-lists.ts'
import type { RankWork } from './rank-work.ts'

/** The lists of one look far down take so much memory at most. */
const LOOK_BYTES = 2 ** 25
/** Codes tell distances apart to a 256th of the threshold, so what is wanted must lie so far below it. */
const CLEAR_OF_THRESHOLD = 1 + 2 ** -6

/** What a list needs to be complete, as far as the last look at it shows. */
interface Need {
  readonly position: number
  /** Null: it is to be guessed. */
  readonly threshold: number | null
  readonly room: number
}

/**
 * Ranks the mates of the positions [start, end). Where a list from the scan isn't proven to go as far as
 * its position has mates, the position takes a look, with more room. Where many rows are at the last
 * distance, that room may be too little again, but then it is known how much it takes.
 */
export function rankFar(work: RankWork, byLabel: LabelFigures, start: number, end: number): void {
  const { eligibleMates } = byLabel
  const { rowAt, rows, isZero } = work.lookout.preparedRows
  const open: number[] = []
  for (let position = start; position < end; position++) {
    if (eligibleMates[rowAt[position]!]! > 0 && isZero[position] === 0) open.push(position)
  }
  let needs = rankListed(work, byLabel, open, work.lists!).map(({ position }): Need => {
    const depth = eligibleMates[rowAt[position]!]!
    return { position, threshold: null, room: roomFor(rows, depth, SURELY_ENOUGH) }
  })
  while (needs.length > 0) needs = lookFarther(work, byLabel, needs)
}

/** Ranks by lists that are proven to go as far as their positions have mates; returns what others need. */
function rankListed(
  work: RankWork,
  byLabel: LabelFigures,
  positions: readonly number[],
  lists: ListArrays,
): Need[] {
  const { preparedRows } = work.lookout
  const { rowAt, rows } = preparedRows
  const { eligibleMates, ties } = byLabel
  const needs: Need[] = []
  const deepLists: DeepList[] = []
  for (const position of positions) {
    const depth = eligibleMates[rowAt[position]!]!
    const others = nearestListed(lists, position, depth, (squared) =>
      squareWithin(preparedRows, position, reachOf(preparedRows, position, squared)),
    )
    if (others === null) needs.push(needOf(lists, position, rows))
    else deepLists.push({ position, depth, others })
  }
  for (const [at, ranks] of labelRanks(work, deepLists).entries()) {
    const row = rowAt[deepLists[at]!.position]!
    byLabel.matesWithinR[row] = ranks.mates
    byLabel.averagePrecisionAtR[row] = ranks.averagePrecision
    byLabel.firstMateRank[row] = ranks.firstMate
    ties.matesWithinR.set(ranks.mateRange, 2 * row)
    ties.averagePrecisionAtR.set(ranks.averagePrecisionRange, 2 * row)
    ties.firstMateRank.set(ranks.firstMateRange, 2 * row)
  }
  return needs
}

/** A list that had too little room needs what was offered to it; another one needs all rows. */
function needOf(lists: ListArrays, position: number, rows: number): Need {
  const at = position - lists.start
  const count = lists.counts[at]!
  return count > lists.starts[at + 1]! - lists.starts[at]!
    ? { position, threshold: lists.thresholds[at]!, room: count }
    : { position, threshold: Number.POSITIVE_INFINITY, room: rows }
}

/**
 * Makes larger lists and ranks by them; returns what is still needed.
 * @param needs by position, ascending
 */
function lookFarther(work: RankWork, byLabel: LabelFigures, needs: readonly Need[]): Need[] {
  const { lookout } = work
  const { preparedRows, copies } = lookout
  const depthOf = (position: number) => byLabel.eligibleMates[preparedRows.rowAt[position]!]!
  const open: Need[] = []
  for (let from = 0; from < needs.length; ) {
    const start = Math.floor(needs[from]!.position / 4) * 4
    let bytes = 0
    let to = from
    // A group has as many positions as the memory for their lists allows.
    for (; to < needs.length && needs[to]!.position < start + LOOK_ROWS; to++) {
      bytes += LIST_ENTRY_BYTES * needs[to]!.room
      if (to > from && bytes > LOOK_BYTES) break
    }
    const group = needs.slice(from, to)
    const end = group.at(-1)!.position + 1
    const rooms = new Int32Array(end - start)
    for (const { position, room } of group) rooms[position - start] = room
    const caps = copies && rooms.map((_, at) => depthOf(start + at) + copies.hidden[start + at]!)
    const lists = listArrays(start, rooms, caps)
    const toGuess = new Set(
      group.flatMap(({ position, threshold }) => (threshold === null ? position : [])),
    )
    const guessDepth = (position: number) => (toGuess.has(position) ? depthOf(position) : 0)
    guessThresholds(lookout, start, end, guessDepth, SURELY_ENOUGH, lists)
    for (const { position, threshold } of group) {
      const guess = lists.thresholds[position - start]!
      lists.thresholds[position - start] =
        threshold ??
        squareWithin(preparedRows, position, reachOf(preparedRows, position, guess)) *
          CLEAR_OF_THRESHOLD
    }
    lookInto(lookout, lists)
    const positions = group.map(({ position }) => position)
    open.push(...rankListed(work, byLabel, positions, lists))
    from = to
  }
  return open
}
