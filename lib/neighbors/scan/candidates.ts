/** For each position the nearest others seen so far, by their distance as quantised, in bounded memory. */

import { sharedFloat32, sharedInt32 } from '../../core/shared-memory.ts'
import { selectSmallest } from '../distance/sorting.ts'

/** On shared memory: threads take turns at a block of positions. */
export interface CandidateArrays {
  /** Position of the first entry. */
  readonly start: number
  /** How many of each position's nearest are asked for. */
  readonly depth: number
  /** How many it keeps at least, to prove that none is missing; it has room for twice as many. */
  readonly keep: number
  readonly counts: Int32Array
  /** Squared distance below which a pair is still of interest to a position. */
  readonly thresholds: Float32Array
  readonly distances: Float32Array
  readonly others: Int32Array
}

/**
 * Candidates beyond those that are asked for are for others at nearly the last distance: where rows are
 * equal, for as many of the last one's block as may be asked for.
 */
export function candidateArrays(
  start: number,
  end: number,
  depth: number,
  hasCopies: boolean,
): CandidateArrays {
  const positions = end - start
  const keep = depth + Math.max(6, hasCopies ? depth + 4 : depth >> 3)
  return {
    start,
    depth,
    keep,
    counts: sharedInt32(positions),
    thresholds: sharedFloat32(positions).fill(Number.POSITIVE_INFINITY),
    distances: sharedFloat32(positions * 2 * keep),
    others: sharedInt32(positions * 2 * keep),
  }
}

/**
 * When a position's room is full, the nearer half stays and its largest distance becomes the threshold:
 * whatever isn't below it needn't be looked at again.
 */
export class Candidates {
  readonly #first: number
  readonly #keep: number
  readonly #room: number
  readonly #counts: Int32Array
  readonly #thresholds: Float32Array
  readonly #distances: Float32Array
  readonly #others: Int32Array

  constructor({ start, keep, counts, thresholds, distances, others }: CandidateArrays) {
    this.#first = start
    this.#keep = keep
    this.#room = 2 * keep
    this.#counts = counts
    this.#thresholds = thresholds
    this.#distances = distances
    this.#others = others
  }

  /** Squared distance from which on a pair can't be among the position's nearest. */
  threshold(position: number): number {
    return this.#thresholds[position - this.#first]!
  }

  /** Takes a pair in, unless it is at the position's threshold or beyond. */
  offer(position: number, other: number, squaredDistance: number): void {
    const at = position - this.#first
    if (!(squaredDistance < this.#thresholds[at]!)) return
    const start = at * this.#room
    const count = this.#counts[at]!
    this.#distances[start + count] = squaredDistance
    this.#others[start + count] = other
    this.#counts[at] = count + 1
    if (count + 1 === this.#room) this.#shrink(at, start)
  }

  #shrink(at: number, start: number): void {
    selectSmallest(this.#distances, this.#others, start, this.#room, this.#keep)
    this.#counts[at] = this.#keep
    let largest = Number.NEGATIVE_INFINITY
    for (let kept = start; kept < start + this.#keep; kept++) {
      largest = Math.max(largest, this.#distances[kept]!)
    }
    this.#thresholds[at] = largest
  }
}

/**
 * What a position holds, in no order, in one or several, and the smallest of their thresholds: whatever
 * was dropped is at that distance or beyond.
 */
export function candidatesOf(
  all: readonly CandidateArrays[],
  position: number,
): { distances: Float32Array; others: Int32Array; threshold: number } {
  const total = all.reduce((sum, { start, counts }) => sum + counts[position - start]!, 0)
  const distances = new Float32Array(total)
  const others = new Int32Array(total)
  let threshold = Number.POSITIVE_INFINITY
  let filled = 0
  for (const one of all) {
    const at = position - one.start
    const from = at * 2 * one.keep
    const to = from + one.counts[at]!
    distances.set(one.distances.subarray(from, to), filled)
    others.set(one.others.subarray(from, to), filled)
    filled += to - from
    threshold = Math.min(threshold, one.thresholds[at]!)
  }
  return { distances, others, threshold }
}
