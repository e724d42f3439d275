/** Candidates: for each position the nearest others so far, by their distance as quantised, in bounded memory. */

import { sharedFloat32, sharedInt32 } from '../../core/shared-memory.ts'
import { selectSmallest } from '../distance/sorting.ts'
import type { CandidateArrays } from '../types.ts'

/**
 * Room for the candidates of the positions [start, end). There are more than are asked for, because
 * others may be at nearly the last one's distance; where rows are equal, as many as a block may add.
 * @param depth how many of each position's nearest are asked for
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
 * Writes to a position's candidates. When its room is full, the nearer half stays, and the largest
 * distance of that half becomes the threshold: what isn't below it is dropped from then on.
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
    for (let entry = start; entry < start + this.#keep; entry++) {
      largest = Math.max(largest, this.#distances[entry]!)
    }
    this.#thresholds[at] = largest
  }
}

/**
 * A position's candidates of one set or of several, in no order, and the smallest of their thresholds:
 * every other that was dropped is at that distance or beyond.
 */
export function candidatesOf(
  all: readonly CandidateArrays[],
  position: number,
): { distances: Float32Array; others: Int32Array; threshold: number } {
  const total = all.reduce((sum, { start, counts }) => sum + counts[position - start]!, 0)
  const distances = new Float32Array(total)
  const others = new Int32Array(total)
  let threshold = Number.POSITIVE_INFINITY
  let count = 0
  for (const one of all) {
    const at = position - one.start
    const from = at * 2 * one.keep
    const to = from + one.counts[at]!
    distances.set(one.distances.subarray(from, to), count)
    others.set(one.others.subarray(from, to), count)
    count += to - from
    threshold = Math.min(threshold, one.thresholds[at]!)
  }
  return { distances, others, threshold }
}
