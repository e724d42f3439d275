/** The nearest of any number of rows that are offered, in double precision. */

import { sortByDistance } from '../distance/sorting.ts'
import type { TiedRows } from './equal-counts.ts'

/** Keeps memory for twice as many as are wanted. */
export class Nearest {
  readonly #depth: number
  readonly #rows: Int32Array
  readonly #distances: Float64Array
  readonly #tied: TiedRows | null
  #count = 0
  #last = Number.POSITIVE_INFINITY
  #lastRow = -1

  /** @param tied takes what was offered and isn't kept, as near as the last one; null: nobody asks for it */
  constructor(depth: number, tied: TiedRows | null = null) {
    this.#depth = depth
    this.#tied = tied
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
    if (distance === this.#last && row > this.#lastRow) {
      this.#tied?.add(row)
      return
    }
    this.#rows[this.#count] = row
    this.#distances[this.#count] = distance
    this.#count++
    if (this.#count === 2 * this.#depth) this.#shrink()
  }

  #shrink(): void {
    sortByDistance(this.#distances, this.#rows, this.#count)
    const count = this.#count
    this.#count = Math.min(count, this.#depth)
    if (this.#count < this.#depth) return
    const last = this.#distances[this.#depth - 1]!
    if (last < this.#last) this.#tied?.clear()
    this.#last = last
    this.#lastRow = this.#rows[this.#depth - 1]!
    if (this.#tied === null) return
    for (let at = this.#depth; at < count && this.#distances[at] === last; at++) {
      this.#tied.add(this.#rows[at]!)
    }
  }

  /** Writes the nearest, in order, to `rows` and `distances` from `offset` on. */
  write(rows: Int32Array | null, distances: Float64Array, offset: number): void {
    this.#shrink()
    rows?.set(this.#rows.subarray(0, this.#count), offset)
    distances.set(this.#distances.subarray(0, this.#count), offset)
  }
}
