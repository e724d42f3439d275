/** What a strip collects for one of its rows while all rows pass by. */

import { selectSmallest, sortByDistance } from './order.ts'

/** The nearest `depth` that were offered, in room for twice as many; ties to the lower row. */
export class NearestRows {
  readonly rows: Int32Array
  readonly distances: Float64Array
  /** No row that is farther away can be among the nearest any more. */
  reach: number
  readonly #depth: number
  #count = 0

  constructor(depth: number) {
    this.#depth = depth
    const room = depth === 1 ? 1 : 2 * depth
    this.rows = new Int32Array(room).fill(-1)
    this.distances = new Float64Array(room).fill(Number.POSITIVE_INFINITY)
    this.reach = depth === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }

  /** True where the reach became shorter. */
  offer(row: number, distance: number): boolean {
    if (distance > this.reach) return false
    if (this.#depth === 1) return this.#offerOne(row, distance)
    this.rows[this.#count] = row
    this.distances[this.#count] = distance
    this.#count++
    if (this.#count < 2 * this.#depth) return false
    this.#shrink()
    return true
  }

  /** Keeps the nearer half, and what is as far as its last. */
  #shrink(): void {
    const depth = this.#depth
    const { rows, distances } = this
    selectSmallest(distances, rows, 0, this.#count, depth)
    let last = Number.NEGATIVE_INFINITY
    for (let at = 0; at < depth; at++) last = Math.max(last, distances[at]!)
    let kept = depth
    for (let at = depth; at < this.#count; at++) {
      if (distances[at]! > last) continue
      rows[kept] = rows[at]!
      distances[kept] = distances[at]!
      kept++
    }
    this.#count = kept
    this.reach = last
    // So many that are equally far: only the lower rows of them can stay.
    if (kept > 1.5 * depth) this.settle()
  }

  #offerOne(row: number, distance: number): boolean {
    if (distance === this.reach && row > this.rows[0]! && this.#count > 0) return false
    this.rows[0] = row
    this.distances[0] = distance
    this.#count = 1
    this.reach = distance
    return true
  }

  /** Brings the nearest into their order; returns how many there are. */
  settle(): number {
    sortByDistance(this.distances, this.rows, this.#count)
    this.#count = Math.min(this.#count, this.#depth)
    if (this.#count === this.#depth && this.#depth > 0) {
      this.reach = this.distances[this.#depth - 1]!
    }
    return this.#count
  }
}

/** The nearest row, and the nearest one of another class than that one's, in one pass. */
export class NearestClasses {
  #firstClass = -1
  #firstRow = -1
  #first = Number.POSITIVE_INFINITY
  second = Number.POSITIVE_INFINITY

  /** True where a reach became shorter, or longer for another class. */
  offer(row: number, label: number, distance: number): boolean {
    const isFirst =
      this.#firstClass < 0 ||
      distance < this.#first ||
      (distance === this.#first && row < this.#firstRow)
    if (isFirst) {
      // What was nearest so far is the nearest of all classes but the new one's.
      if (label !== this.#firstClass) this.second = this.#first
      this.#firstClass = label
      this.#firstRow = row
      this.#first = distance
      return true
    }
    if (label === this.#firstClass || distance >= this.second) return false
    this.second = distance
    return true
  }

  /** How far away a row of a class may be to change anything. */
  reach(label: number): number {
    return label === this.#firstClass ? this.#first : this.second
  }
}
