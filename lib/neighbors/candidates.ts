/** For each position the nearest others seen so far, by their float32 distance, in bounded memory. */

import { selectSmallest } from './order.ts'

/**
 * Every position keeps room for twice `keep` candidates. When it is full, the nearer half stays and
 * its largest distance becomes the threshold: whatever isn't below it needn't be looked at again.
 */
export class Candidates {
  /** Squared distance below which a pair is still of interest to a position. */
  readonly thresholds: Float32Array
  readonly #keep: number
  readonly #room: number
  readonly #distances: Float32Array
  readonly #others: Int32Array
  readonly #counts: Int32Array

  constructor(positions: number, keep: number) {
    this.#keep = keep
    this.#room = 2 * keep
    this.thresholds = new Float32Array(positions).fill(Number.POSITIVE_INFINITY)
    this.#distances = new Float32Array(positions * this.#room)
    this.#others = new Int32Array(positions * this.#room)
    this.#counts = new Int32Array(positions)
  }

  /** To be called only with a squared distance below the position's threshold. */
  add(position: number, other: number, squaredDistance: number): void {
    const start = position * this.#room
    const count = this.#counts[position]!
    this.#distances[start + count] = squaredDistance
    this.#others[start + count] = other
    this.#counts[position] = count + 1
    if (count + 1 === this.#room) this.#shrink(position, start)
  }

  #shrink(position: number, start: number): void {
    selectSmallest(this.#distances, this.#others, start, this.#room, this.#keep)
    this.#counts[position] = this.#keep
    let largest = Number.NEGATIVE_INFINITY
    for (let at = start; at < start + this.#keep; at++) {
      largest = Math.max(largest, this.#distances[at]!)
    }
    this.thresholds[position] = largest
  }

  /** The position's candidates in no order; views that the next `add` may change. */
  of(position: number): { distances: Float32Array; others: Int32Array } {
    const start = position * this.#room
    const end = start + this.#counts[position]!
    return {
      distances: this.#distances.subarray(start, end),
      others: this.#others.subarray(start, end),
    }
  }
}
