/** Candidates put into their final order, in double precision, with the proof that none is missing. */

import { type CandidateArrays, gather } from './candidates.ts'
import type { RowDistance } from './distance.ts'
import { selectSmallest, sortByDistance } from './order.ts'
import type { Prepared } from './prepare.ts'

/** What is written for every row: width `depth`, entries from row × depth on; −1 past the last. */
export interface Ranking {
  readonly depth: number
  readonly rows: Int32Array
  readonly distances: Float64Array
}

/** What settles the order where float32 can't. */
export interface Exact {
  readonly prepared: Prepared
  readonly distance: RowDistance
  /** For each row the first row with the same bytes. */
  readonly firstEqual: Int32Array
}

const UNIT_ROUNDOFF = 2 ** -24

/**
 * How far a squared distance made of float32 products can be from the true one, for the pairs of a
 * position whose true distance is at most `reach` (all in the units of `Prepared.matrix`).
 *
 * An inner product of D terms errs by at most D·u / (1 − D·u) times the two lengths in any order of
 * summation (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1); rounding the
 * prepared rows to float32 moves each by u times its length; squared lengths, their sum and the
 * difference are rounded to float32 by the scan; and underflow adds 2⁻¹²⁴ a term at most.
 * A row within reach is no longer than this row's length plus the reach.
 */
export function squaredDistanceError(prepared: Prepared, position: number, reach: number): number {
  const { dimensions } = prepared.matrix
  const length = Math.sqrt(prepared.squaredNorms[position]!)
  const other = Math.min(prepared.largestNorm, length + reach)
  const products = (dimensions * UNIT_ROUNDOFF) / (1 - dimensions * UNIT_ROUNDOFF)
  const rounding = 8 * UNIT_ROUNDOFF * (length + other) ** 2
  return 2 * products * length * other + rounding + dimensions * 2 ** -123
}

/**
 * Writes the `count` nearest of a position among its candidates, of which there are at least as many,
 * to its row of `ranking`. Returns null
 * where they are proven to be the nearest of all, else the squared float32 distance up to which rows
 * have to be looked at for the proof.
 *
 * Every row that was dropped is at the threshold or beyond by its float32 distance. The count-th
 * smallest float32 distance plus twice the error bounds the float32 distance of every true neighbour;
 * where that is below the threshold, no true neighbour can have been dropped.
 */
export function rankCandidates(
  prepared: Prepared,
  distance: RowDistance,
  position: number,
  candidates: readonly CandidateArrays[],
  count: number,
  ranking: Ranking,
): number | null {
  if (count === 0) return null
  const { distances, others, threshold } = gather(candidates, position)
  selectSmallest(distances, others, 0, others.length, count)
  let farthest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < count; at++) farthest = Math.max(farthest, distances[at]!)
  const limit = farthest + 2 * errorWithin(prepared, position, farthest)
  if (limit >= threshold) return limit

  const { rowAt } = prepared
  const row = rowAt[position]!
  const rows = new Int32Array(others.length)
  const exact = new Float64Array(others.length)
  let within = 0
  for (let at = 0; at < others.length; at++) {
    if (distances[at]! > limit) continue
    rows[within] = rowAt[others[at]!]!
    exact[within] = distance(row, rows[within]!)
    within++
  }
  sortByDistance(exact, rows, within)
  ranking.rows.set(rows.subarray(0, count), row * ranking.depth)
  ranking.distances.set(exact.subarray(0, count), row * ranking.depth)
  return null
}

/** The error for pairs that are at most as far as a squared float32 distance says, error included. */
function errorWithin(prepared: Prepared, position: number, squared: number): number {
  const widest = squaredDistanceError(prepared, position, Number.POSITIVE_INFINITY)
  return squaredDistanceError(prepared, position, Math.sqrt(Math.max(0, squared) + widest))
}

/** Positions to rank: among all others, in their own class, and in the other classes. */
export interface RankTask {
  readonly prepared: Prepared
  readonly labels: Int32Array
  readonly start: number
  readonly end: number
  readonly candidates: readonly CandidateArrays[]
  readonly mates: readonly CandidateArrays[]
  readonly others: readonly CandidateArrays[]
  readonly ranking: Ranking
  readonly mateRanking: Ranking
  readonly otherRanking: Ranking
}

/** A position whose candidates were not proven, and how far rows have to be looked at for the proof. */
export interface Unproven {
  readonly position: number
  /** Whether it is the nearest of another class that isn't proven. */
  readonly other: boolean
  /** Squared float32 distance. */
  readonly limit: number
}

/** Ranks the positions of a task; a class whose candidates aren't proven is looked
 * through at once. */
export function rankPositions(task: RankTask, distance: RowDistance): Unproven[] {
  const { prepared, labels, candidates, mates, others, ranking, mateRanking, otherRanking } = task
  const { rowAt, classStarts } = prepared
  const unproven: Unproven[] = []
  for (let position = task.start; position < task.end; position++) {
    const limit = rankCandidates(prepared, distance, position, candidates, ranking.depth, ranking)
    if (limit !== null) unproven.push({ position, other: false, limit })
    const label = labels[rowAt[position]!]!
    const start = classStarts[label]!
    const end = classStarts[label + 1]!
    const count = Math.min(mateRanking.depth, end - start - 1)
    if (rankCandidates(prepared, distance, position, mates, count, mateRanking) !== null) {
      rankClass(prepared, distance, position, label, mateRanking)
    }
    const outside = Math.min(otherRanking.depth, rowAt.length - (end - start))
    const reach = rankCandidates(prepared, distance, position, others, outside, otherRanking)
    if (reach !== null) unproven.push({ position, other: true, limit: reach })
  }
  return unproven
}

function rankClass(
  { rowAt, classStarts }: Prepared,
  distance: RowDistance,
  position: number,
  label: number,
  ranking: Ranking,
): void {
  const nearest = new Nearest(ranking.depth)
  for (let mate = classStarts[label]!; mate < classStarts[label + 1]!; mate++) {
    if (mate !== position) nearest.offer(rowAt[mate]!, distance(rowAt[position]!, rowAt[mate]!))
  }
  nearest.write(ranking.rows, ranking.distances, rowAt[position]! * ranking.depth)
}

/** The nearest rows of one row among any number that are offered, in memory for twice as many. */
export class Nearest {
  readonly #depth: number
  readonly #rows: Int32Array
  readonly #distances: Float64Array
  #count = 0
  #last = Number.POSITIVE_INFINITY

  constructor(depth: number) {
    this.#depth = depth
    this.#rows = new Int32Array(2 * depth)
    this.#distances = new Float64Array(2 * depth)
  }

  offer(row: number, distance: number): void {
    if (distance > this.#last) return
    this.#rows[this.#count] = row
    this.#distances[this.#count] = distance
    this.#count++
    if (this.#count === 2 * this.#depth) this.#shrink()
  }

  #shrink(): void {
    sortByDistance(this.#distances, this.#rows, this.#count)
    this.#count = Math.min(this.#count, this.#depth)
    if (this.#count === this.#depth) this.#last = this.#distances[this.#depth - 1]!
  }

  /** Writes the nearest, in order, to `neighbors` and `distances` from `offset` on. */
  write(neighbors: Int32Array, distances: Float64Array, offset: number): void {
    this.#shrink()
    neighbors.set(this.#rows.subarray(0, this.#count), offset)
    distances.set(this.#distances.subarray(0, this.#count), offset)
  }
}
