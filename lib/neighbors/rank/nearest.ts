/** Picks the nearest of any number of rows, which are offered one by one with their exact distances. */

import { sortByDistance } from '../distance/sorting.ts'
import type { TiedRows } from './equal-counts.ts'

/** Has memory for twice as many rows as are wanted. */
export class Nearest {
  readonly #depth: number
  readonly #rows: Int32Array
  readonly #distances: Float64Array
  readonly #ties: TiedRows | null
  #count = 0
  #last = Number.POSITIVE_INFINITY
  #lastRow = -1

  /** @param ties receives the rows beyond the last of the nearest that are as near as it; null: nobody asks */
  constructor(depth: number, ties: TiedRows | null = null) {
    this.#depth = depth
    this.#ties = ties
    this.#rows = new Int32Array(2 * depth)
    this.#distances = new Float64Array(2 * depth)
  }

  /** Rows farther than this are out of the question; infinity until enough rows were offered. */
  get last(): number {
    return this.#last
  }

  offer(row: number, distance: number): void {
    if (distance > this.#last) return
    // Of many rows that are equally far, higher ones than the last can't be among the nearest.
    if (distance === this.#last && row > this.#lastRow) {
      this.#ties?.add(row)
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
    if (last < this.#last) this.#ties?.clear()
    this.#last = last
    this.#lastRow = this.#rows[this.#depth - 1]!
    if (this.#ties === null) return
    for (let at = this.#depth; at < count && this.#distances[at] === last; at++) {
      this.#ties.add(this.#rows[at]!)
    }
  }

  /** Writes the nearest, in order, to `rows` and `distances` from `offset` on. */
  write(rows: Int32Array | null, distances: Float64Array, offset: number): void {
    this.#shrink()
    rows?.set(this.#rows.subarray(0, this.#count), offset)
    distances.set(this.#distances.subarray(0, this.#count), offset)
  }
}
