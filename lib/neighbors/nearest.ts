/** The nearest of any number of rows that are offered, in double precision. */

import { sortByDistance } from './order.ts'

/** Keeps memory for twice as many as are wanted. */
export class Nearest {
  readonly #depth: number
  readonly #rows: Int32Array
  readonly #distances: Float64Array
  #count = 0
  #last = Number.POSITIVE_INFINITY
  #lastRow = -1

  constructor(depth: number) {
    this.#depth = depth
    this.#rows = new Int32Array(2 * depth)
    this.#distances = new Float64Array(2 * depth)
  }

  /** The distance from which on nothing is taken any more; infinity until enough were offered. */
  get last(): number {
    return this.#last
  }

  offer(row: number, distance: number): void {
    if (distance > this.#last) return
    // Of many that are equally far, those that are of no use any more take no sorting.
    if (distance === this.#last && row > this.#lastRow) return
    this.#rows[this.#count] = row
    this.#distances[this.#count] = distance
    this.#count++
    if (this.#count === 2 * this.#depth) this.#shrink()
  }

  #shrink(): void {
    sortByDistance(this.#distances, this.#rows, this.#count)
    this.#count = Math.min(this.#count, this.#depth)
    if (this.#count < this.#depth) return
    this.#last = this.#distances[this.#depth - 1]!
    this.#lastRow = this.#rows[this.#depth - 1]!
  }

  /** Writes the nearest, in order, to `rows` and `distances` from `offset` on. */
  write(rows: Int32Array | null, distances: Float64Array, offset: number): void {
    this.#shrink()
    rows?.set(this.#rows.subarray(0, this.#count), offset)
    distances.set(this.#distances.subarray(0, this.#count), offset)
  }
}
