/** What a strip collects for one of its rows while all rows pass by. */

import { sortByDistance } from './order.ts'

/** The nearest `depth` that were offered, in room for twice as many; ties to the lower row. */
export class NearestRows {
  readonly depth: number
  readonly rows: Int32Array
  readonly distances: Float64Array
  #count = 0
  /** No row that is farther away can be among the nearest any more. */
  reach: number

  constructor(depth: number) {
    this.depth = depth
    this.rows = new Int32Array(2 * depth)
    this.distances = new Float64Array(2 * depth)
    this.reach = depth === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }

  offer(row: number, distance: number): void {
    if (distance > this.reach) return
    this.rows[this.#count] = row
    this.distances[this.#count] = distance
    this.#count++
    if (this.#count === 2 * this.depth) this.settle()
  }

  /** Brings the nearest into their order; resolves to how many there are. */
  settle(): number {
    sortByDistance(this.distances, this.rows, this.#count)
    this.#count = Math.min(this.#count, this.depth)
    if (this.#count === this.depth && this.depth > 0) this.reach = this.distances[this.depth - 1]!
    return this.#count
  }
}

/** The nearest row, and the nearest one of another class than that one's, in one pass. */
export class NearestClasses {
  firstClass = -1
  #firstRow = -1
  #first = Number.POSITIVE_INFINITY
  second = Number.POSITIVE_INFINITY

  offer(row: number, label: number, distance: number): void {
    const isFirst = distance < this.#first || (distance === this.#first && row < this.#firstRow)
    if (isFirst || this.firstClass < 0) {
      // What was nearest so far is the nearest of all classes but the new one's.
      if (label !== this.firstClass) this.second = this.#first
      this.firstClass = label
      this.#firstRow = row
      this.#first = distance
    } else if (label !== this.firstClass && distance < this.second) this.second = distance
  }

  /** How far away a row of a class may be to change anything. */
  reach(label: number): number {
    return label === this.firstClass ? this.#first : this.second
  }
}
