/** The order of the nearest rows about one query, as far as its figures need it, without sorting the rest. */

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
const SPARE_PROBES = 6
/** What float32 adds to a squared distance at most, beside the squared sum of the two rows' lengths. */
const ERROR = 24 * 2 ** -24
/** More rows than are ever ranked; times the 32 bits of a distance still a whole number in a double. */
const MOST_ROWS = 2 ** 20

/** Squared distance of two rows in double precision. */
export type Apart = (query: number, row: number) => number

/**
 * Products in float32 pick the rows that may be nearest; their order is settled by distances in double
 * precision, which are then rounded to float32, so that equal ones are equal and go to the lower row.
 * Its arrays are used for query after query.
 */
export class RankedQuery {
  readonly #labels: Int32Array
  readonly #squaredNorms: Float64Array
  readonly #lengths: Float64Array
  readonly #apart: Apart | null
  readonly #distances: Float32Array
  readonly #distanceBits: Int32Array
  readonly #near: Float64Array
  readonly #probes: Float32Array

  /** @param apart null where the products are exact */
  constructor(labels: Int32Array, squaredNorms: Float64Array, apart: Apart | null) {
    this.#labels = labels
    this.#squaredNorms = squaredNorms
    this.#lengths = squaredNorms.map(Math.sqrt)
    this.#apart = apart
    this.#distances = new Float32Array(labels.length)
    this.#distanceBits = new Int32Array(this.#distances.buffer)
    this.#near = new Float64Array(labels.length)
    this.#probes = new Float32Array(Math.min(PROBES, labels.length))
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
    for (let row = 0; row < rows; row++) distances[row] = norms[row]! - 2 * products[row]!
    for (let at = 0; at < hidden.length; at++) distances[hidden[at]!] = Number.POSITIVE_INFINITY
    const probes = this.#probes
    const step = rows / probes.length
    for (let at = 0; at < probes.length; at++) probes[at] = distances[Math.floor(at * step)]!
    probes.sort()
    let reach = Math.ceil((ROOM * needed) / step) + SPARE_PROBES
    for (;;) {
      const farthest = reach < probes.length ? probes[reach]! : Number.POSITIVE_INFINITY
      let count = 0
      for (let row = 0; row < rows; row++) {
        if (distances[row]! <= farthest) this.#near[count++] = keyOf(this.#distanceBits[row]!, row)
      }
      // What is hidden is infinitely far and comes last.
      if (count >= needed) {
        const near = this.#near.subarray(0, count).sort()
        return this.#apart === null ? near : this.#settled(this.#apart, near, query, needed)
      }
      reach *= 2
    }
  }

  /** The same for every row that may be one of the `needed`, from their distances in double precision. */
  #settled(apart: Apart, near: Float64Array, query: number, needed: number): Float64Array {
    const distances = this.#distances
    const lengths = this.#lengths
    const own = lengths[query]!
    let bound = Number.NEGATIVE_INFINITY
    for (let rank = 0; rank < needed; rank++) {
      const row = rowOf(near[rank]!)
      bound = Math.max(bound, distances[row]! + ERROR * (own + lengths[row]!) ** 2)
    }
    let count = 0
    for (let row = 0; row < distances.length; row++) {
      if (!(distances[row]! - ERROR * (own + lengths[row]!) ** 2 <= bound)) continue
      distances[row] = apart(query, row)
      this.#near[count++] = keyOf(this.#distanceBits[row]!, row)
    }
    return this.#near.subarray(0, count).sort()
  }
}

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
