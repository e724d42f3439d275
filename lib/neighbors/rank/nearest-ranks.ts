/** The nearest of each position among its candidates, and where those don't suffice among all others. */

import type { TieRanges } from '../../core/evaluation.ts'
import { reachOf, squareWithin } from '../distance/error-bound.ts'
import { selectSmallest, sortByDistance } from '../distance/sorting.ts'
import { isCopy } from '../plan/copies.ts'
import { candidatesOf } from '../scan/candidates.ts'
import type { CandidateArrays, LabelFigures, Ranking } from '../types.ts'
import { TiedRows } from './equal-counts.ts'
import { LookLimits, look } from './look.ts'
import { Nearest } from './nearest.ts'
import { writeNearestTies } from './nearest-ties.ts'
import type { RankWork } from './rank-work.ts'

/** Which nearest others are wanted, and where they are written. */
export interface NearestTask {
  /** Together they hold every candidate. */
  readonly candidates: readonly CandidateArrays[]
  readonly ranking: Ranking
  /** Which of the copies' counts says how many equal rows come before; null where no rows are equal. */
  readonly before: Int32Array | null
  /** Whether a position asks for another one. */
  readonly accepts: (position: number, other: number) => boolean
  /** Null: nobody asks what ties decide. */
  readonly ties: TieRanges | null
}

/** Ranks the k nearest neighbours of the positions [start, end), and what ties among them decide. */
export function rankNearest(work: RankWork, start: number, end: number): void {
  const { task, lookout, candidates } = work
  rankAmongAll(work, start, end, {
    candidates,
    ranking: task.neighbors,
    before: lookout.copies?.before ?? null,
    accepts: () => true,
    ties: task.byLabel?.ties ?? null,
  })
}

/** Ranks among the candidates, and among all others for the positions whose candidates don't suffice. */
export function rankAmongAll(work: RankWork, start: number, end: number, task: NearestTask): void {
  const { lookout, distance } = work
  const { preparedRows, copies } = lookout
  const { rowAt, isZero } = preparedRows
  const { ranking, before, accepts, ties } = task
  const limits = new LookLimits(start, end)
  for (let position = start; position < end; position++) {
    if (isZero[position] === 1) continue
    const limit = takeCandidates(work, position, task.candidates, ranking, ties)
    if (limit !== null) limits.set(position, limit)
  }
  if (!limits.isOpen) return
  const nearestOf = new Map<number, Nearest>()
  const tiesOf = new Map<number, TiedRows>()
  look(lookout, start, end, limits, (position, other) => {
    if (!accepts(position, other)) return
    if (copies !== null && isCopy(copies, before!, ranking.width, position, other)) return
    let nearest = nearestOf.get(position)
    if (nearest === undefined) {
      if (ties !== null) tiesOf.set(position, tiedRows(work, position))
      nearest = new Nearest(ranking.width, tiesOf.get(position))
      nearestOf.set(position, nearest)
    }
    nearest.offer(rowAt[other]!, distance(rowAt[position]!, rowAt[other]!))
  })
  for (const [position, nearest] of nearestOf) {
    nearest.write(ranking.rows, ranking.distances, rowAt[position]! * ranking.width)
    if (ties !== null) writeTies(work, position, tiesOf.get(position)!, ties)
  }
}

/**
 * Ranks the nearest mates of the positions [start, end): among the candidates of their class, and among
 * the whole class where those don't suffice.
 */
export function rankMates(
  work: RankWork,
  { mates }: LabelFigures,
  start: number,
  end: number,
): void {
  const { lookout, task, candidates, distance } = work
  const { preparedRows, isRelated, copies } = lookout
  const { rowAt, isZero, classStarts } = preparedRows
  const isOutOfQuestion = (position: number, mate: number) =>
    !isRelated(position, mate) ||
    (copies !== null && isCopy(copies, copies.beforeInClass, mates.width, position, mate))
  for (let position = start; position < end; position++) {
    if (isZero[position] === 1) continue
    if (takeCandidates(work, position, [candidates[0]], mates, null) === null) continue
    const nearest = new Nearest(mates.width)
    const row = rowAt[position]!
    const label = task.labels[row]!
    for (let mate = classStarts[label]!; mate < classStarts[label + 1]!; mate++) {
      if (isOutOfQuestion(position, mate)) continue
      nearest.offer(rowAt[mate]!, distance(row, rowAt[mate]!))
    }
    nearest.write(mates.rows, mates.distances, row * mates.width)
  }
}

/**
 * Writes the nearest of a position among its candidates. Returns null where they are proven to be
 * the nearest of all, else the squared distance up to which others have to be looked at.
 *
 * Every pair that was dropped is at the threshold or beyond, as quantised. The last wanted candidate
 * bounds the true distance of every true neighbour, and so its quantised distance: where that bound
 * is below the threshold, no true neighbour can have been dropped.
 */
function takeCandidates(
  work: RankWork,
  position: number,
  candidates: readonly CandidateArrays[],
  ranking: Ranking,
  ties: TieRanges | null,
): number | null {
  const { preparedRows } = work.lookout
  const { distances, others, threshold } = candidatesOf(candidates, position)
  const isComplete = threshold === Number.POSITIVE_INFINITY
  const count = Math.min(ranking.width, others.length)
  if (count === 0) return isComplete ? null : Number.POSITIVE_INFINITY
  selectSmallest(distances, others, 0, others.length, count)
  let farthest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < count; at++) farthest = Math.max(farthest, distances[at]!)
  const limit = squareWithin(preparedRows, position, reachOf(preparedRows, position, farthest))
  if (!isComplete && limit >= threshold) return limit

  const row = preparedRows.rowAt[position]!
  const rows = new Int32Array(others.length)
  const exact = new Float64Array(others.length)
  let within = 0
  for (let at = 0; at < others.length; at++) {
    if (distances[at]! > limit) continue
    rows[within] = preparedRows.rowAt[others[at]!]!
    exact[within] = work.distance(row, rows[within]!)
    within++
  }
  sortByDistance(exact, rows, within)
  ranking.rows.set(rows.subarray(0, count), row * ranking.width)
  ranking.distances.set(exact.subarray(0, count), row * ranking.width)
  if (ties !== null) {
    // Every row that may be as near as the last neighbour is a candidate, or a copy of one.
    const last = tiedRows(work, position)
    for (let at = count; at < within && exact[at] === exact[count - 1]; at++) last.add(rows[at]!)
    writeTies(work, position, last, ties)
  }
  return null
}

function tiedRows({ task, equal }: RankWork, position: number): TiedRows {
  return new TiedRows(position, task.labels, equal)
}

/** @param last rows that are as near as the last neighbour and not among the neighbours */
function writeTies(
  { task, lookout }: RankWork,
  position: number,
  last: TiedRows,
  ties: TieRanges,
): void {
  const { labels, neighbors } = task
  const row = lookout.preparedRows.rowAt[position]!
  const from = row * neighbors.width
  const others = Array.from(
    neighbors.rows.subarray(from, from + neighbors.width).filter((other) => other >= 0),
  )
  const distances = neighbors.distances.subarray(from, from + others.length)
  for (const [at, other] of others.entries()) {
    if (distances[at] === distances.at(-1)) last.add(other)
  }
  writeNearestTies(ties, row, {
    label: labels[row]!,
    labels: others.map((other) => labels[other]!),
    distances,
    last: last.counts(),
  })
}
