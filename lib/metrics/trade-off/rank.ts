/** The order of the nearest rows about one query, as far as its figures need it, without sorting the rest. */

import { lowerEqualRows, oncePerBlock } from '../../core/equal-rows.ts'
import { selectSmallest } from '../../stats/select.ts'

export interface Answers {
  readonly hitAt1: Float64Array
  readonly hitAt10: Float64Array
  readonly averagePrecision: Float64Array
}

const HITS = 10
/** Distances that are looked at to guess how far the nearest reach. */
const PROBES = 256
/** The guess leaves room for more rows than are needed; where it was too short it doubles. */
const ROOM = 1.5
const SPARE_PROBES = 3
/** So many times the rows that are needed: then a selection is faster than a sort. */
const MANY_ALIKE = 2
/**
 * What float32 adds to a squared distance at most, in products and in rounding, beside the squared sum
 * of the two rows' lengths.
 */
const ERROR = 26 * 2 ** -24
/** More rows than are ever ranked; times the 32 bits of a distance still a whole number in a double. */
const MOST_ROWS = 2 ** 20

/** From every row, of one that has no direction. */
const WITHOUT_DIRECTION = 2

/** Squared distance of two rows in double precision. */
export type Apart = (query: number, row: number) => number

/** The rows that are searched. */
export interface Searched {
  readonly squaredNorms: Float64Array
  /** Null where the products are exact. */
  readonly apart: Apart | null
  /** Those that are equally far from every row, whatever their products. */
  readonly zeros: readonly number[]
}

/**
 * Distances from products in float32 put the rows in order; where they are too close for that, distances
 * in double precision do, rounded to float32, so that equal ones are equal and go to the lower row.
 * Its arrays are used for query after query.
 */
export class RankedQuery {
  readonly #labels: Int32Array
  readonly #squaredNorms: Float64Array
  readonly #lengths: Float64Array
  readonly #longest: number
  readonly #apart: Apart | null
  readonly #zeros: readonly number[]
  readonly #isZero: ReadonlySet<number>
  readonly #distances: Float32Array
  readonly #distanceBits: Int32Array
  readonly #near: Float64Array
  /** Of each rank the least that it or a later one can be. */
  readonly #least: Float64Array
  readonly #probes: Float64Array
  /** Of each row how many lower ones are equal to it; null where none are. */
  readonly #before: Int32Array | null

  /** @param firstEqual for each row the first that is equal to it; null where no two are */
  constructor(
    labels: Int32Array,
    { squaredNorms, apart, zeros }: Searched,
    firstEqual: Int32Array | null,
  ) {
    this.#labels = labels
    this.#squaredNorms = squaredNorms
    this.#lengths = squaredNorms.map(Math.sqrt)
    this.#longest = this.#lengths.reduce((most, length) => Math.max(most, length), 0)
    this.#apart = apart && firstEqual ? oncePerBlock(apart, firstEqual) : apart
    this.#before = firstEqual && lowerEqualRows(firstEqual)
    this.#zeros = zeros
    this.#isZero = new Set(zeros)
    this.#distances = new Float32Array(labels.length)
    this.#distanceBits = new Int32Array(this.#distances.buffer)
    this.#near = new Float64Array(labels.length)
    this.#least = new Float64Array(labels.length + 1)
    this.#probes = new Float64Array(Math.min(PROBES, labels.length))
  }

  /**
   * Writes the figures of a query at `place`.
   * @param products its inner products with all rows
   * @param mates rows of its class that aren't hidden
   * @param hidden rows that it may not find, itself among them, each once
   */
  answer(
    products: Float32Array,
    query: number,
    mates: number,
    hidden: ArrayLike<number>,
    answers: Answers,
    place: number,
  ) {
    const needed = Math.min(products.length - hidden.length, Math.max(mates, HITS))
    const order = this.#nearest(products, query, hidden, needed)
    const label = this.#labels[query]!
    let hits = 0
    let precision = 0
    let first = 0
    for (let rank = 1; rank <= needed; rank++) {
      if (this.#labels[rowOf(order[rank - 1]!)] !== label) continue
      if (first === 0) first = rank
      hits++
      if (rank <= mates) precision += hits / rank
    }
    answers.hitAt1[place] = first === 1 ? 1 : 0
    answers.hitAt10[place] = first > 0 && first <= HITS ? 1 : 0
    answers.averagePrecision[place] = precision / mates
  }

  /** Keys of at least `needed` rows, the nearest first, ties to the lower row. */
  #nearest(
    products: Float32Array,
    query: number,
    hidden: ArrayLike<number>,
    needed: number,
  ): Float64Array {
    const rows = products.length
    const norms = this.#squaredNorms
    const distances = this.#distances
    // Less the query's own norm, which is part of all of its squared distances.
    if (this.#isZero.has(query)) return this.#lowest(hidden, needed)
    for (let row = 0; row < rows; row++) distances[row] = norms[row]! - 2 * products[row]!
    for (const row of this.#zeros) distances[row] = WITHOUT_DIRECTION - norms[query]!
    for (let at = 0; at < hidden.length; at++) distances[hidden[at]!] = Number.POSITIVE_INFINITY
    const before = this.#before
    const mostOff = this.#off(query, this.#longest)
    let reach = Math.ceil((ROOM * needed * this.#probes.length) / rows) + SPARE_PROBES
    for (;;) {
      const farthest = this.#probe(reach)
      let count = 0
      for (let row = 0; row < rows; row++) {
        const distance = distances[row]!
        if (distance > farthest + mostOff) continue
        // As many that are equal to it and lower come first.
        if (before !== null && before[row]! >= needed + hidden.length) continue
        if (distance > farthest + this.#off(query, this.#lengths[row]!)) continue
        this.#near[count++] = keyOf(this.#distanceBits[row]!, row)
      }
      // What is hidden is infinitely far and comes last.
      if (count >= needed) {
        const near = this.#near.subarray(0, count)
        const { most, inReach } = this.#reachOf(near, query, needed)
        if (most <= farthest) return this.#ordered(near.subarray(0, inReach), query, needed)
      }
      reach *= 2
    }
  }

  /** Keys of the lowest rows, where all are equally far. */
  #lowest(hidden: ArrayLike<number>, needed: number): Float64Array {
    const left = new Set(Array.from(hidden))
    let count = 0
    for (let row = 0; count < needed; row++) {
      if (!left.has(row)) this.#near[count++] = keyOf(0, row)
    }
    return this.#near.subarray(0, count)
  }

  /** The distance that so many of some rows at even steps are nearer than; infinite beyond the last. */
  #probe(reach: number): number {
    const probes = this.#probes
    if (reach >= probes.length) return Number.POSITIVE_INFINITY
    const step = this.#distances.length / probes.length
    for (let at = 0; at < probes.length; at++) {
      const distance = this.#distances[Math.floor(at * step)]!
      if (at > reach && distance >= probes[reach]!) continue
      let place = Math.min(at, reach)
      for (; place > 0 && probes[place - 1]! > distance; place--) probes[place] = probes[place - 1]!
      probes[place] = distance
    }
    return probes[reach]!
  }

  /** How far a distance from products may be off. */
  #off(query: number, length: number): number {
    return this.#apart === null ? 0 : ERROR * (this.#lengths[query]! + length) ** 2
  }

  /**
   * The greatest distance that one of the `needed` nearest may be at: none beyond it can be one of them.
   * Moves the `inReach` rows that may be to the front.
   */
  #reachOf(near: Float64Array, query: number, needed: number): { most: number; inReach: number } {
    selectSmallest(near, needed)
    const distances = this.#distances
    const lengths = this.#lengths
    let most = Number.NEGATIVE_INFINITY
    for (let at = 0; at < needed; at++) {
      const row = rowOf(near[at]!)
      most = Math.max(most, distances[row]! + this.#off(query, lengths[row]!))
    }
    let inReach = needed
    for (let at = needed; at < near.length; at++) {
      const key = near[at]!
      const row = rowOf(key)
      if (distances[row]! - this.#off(query, lengths[row]!) > most) continue
      near[at] = near[inReach]!
      near[inReach++] = key
    }
    return { most, inReach }
  }

  /** The `needed` nearest in order; where products can't tell many apart, without sorting all of those. */
  #ordered(near: Float64Array, query: number, needed: number): Float64Array {
    const apart = this.#apart
    if (near.length > MANY_ALIKE * needed) {
      if (apart !== null) this.#measure(near, query, apart)
      selectSmallest(near, needed)
      return near.subarray(0, needed).sort()
    }
    near.sort()
    if (apart !== null) this.#settle(near, query, apart)
    return near
  }

  /** Puts every run of rows that products can't tell apart in order. */
  #settle(near: Float64Array, query: number, apart: Apart): void {
    const distances = this.#distances
    const lengths = this.#lengths
    const least = this.#least
    least[near.length] = Number.POSITIVE_INFINITY
    for (let rank = near.length - 1; rank >= 0; rank--) {
      const row = rowOf(near[rank]!)
      least[rank] = Math.min(least[rank + 1]!, distances[row]! - this.#off(query, lengths[row]!))
    }
    let most = Number.NEGATIVE_INFINITY
    let start = 0
    for (let rank = 0; rank < near.length; rank++) {
      const row = rowOf(near[rank]!)
      most = Math.max(most, distances[row]! + this.#off(query, lengths[row]!))
      if (least[rank + 1]! <= most) continue
      if (rank > start) {
        const run = near.subarray(start, rank + 1)
        this.#measure(run, query, apart)
        run.sort()
      }
      start = rank + 1
    }
  }

  /** Makes keys of the distances in double precision. */
  #measure(run: Float64Array, query: number, apart: Apart): void {
    for (let at = 0; at < run.length; at++) {
      const row = rowOf(run[at]!)
      settled[0] = this.#isZero.has(row) ? WITHOUT_DIRECTION : apart(query, row)
      run[at] = keyOf(settledBits[0]!, row)
    }
  }
}

/** One distance in float32, and its bits. */
const settled = new Float32Array(1)
const settledBits = new Int32Array(settled.buffer)

/**
 * A number that sorts as the distance does, and of equal distances as the row: sorting numbers is many
 * times faster than sorting rows by a function. Bits of floats sort as whole numbers do, those of
 * negative ones backwards.
 */
function keyOf(bits: number, row: number): number {
  return (bits >= 0 ? bits : -(2 ** 31) - bits) * MOST_ROWS + row
}

function rowOf(key: number): number {
  return key - Math.floor(key / MOST_ROWS) * MOST_ROWS
}
