/** The order of all rows about one query, as far as its figures need it, without sorting the rest. */

export interface Answers {
  readonly hitAt1: Float64Array
  readonly hitAt10: Float64Array
  readonly averagePrecision: Float64Array
}

const BINS = 2048
const HITS = 10
/** Distances that are looked at to see how far the others reach. */
const PROBES = 65
/** Longer runs are sorted by the engine: rows of one bin are few, unless something is odd. */
const SHORT = 48

/** Its arrays are used for query after query. */
export class RankedQuery {
  readonly #labels: Int32Array
  readonly #squaredNorms: Float64Array
  readonly #ends = new Int32Array(BINS + 1)
  readonly #order: Int32Array
  readonly #probes = new Float64Array(PROBES)

  constructor(labels: Int32Array, squaredNorms: Float64Array) {
    this.#labels = labels
    this.#squaredNorms = squaredNorms
    this.#order = new Int32Array(labels.length)
  }

  /**
   * Writes the figures of a query at `place`.
   * @param products its inner products with all rows; squared distances afterwards
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
      if (this.#labels[order[rank - 1]!] !== label) continue
      if (first === 0) first = rank
      hits++
      if (rank <= mates) precision += hits / rank
    }
    answers.hitAt1[place] = first === 1 ? 1 : 0
    answers.hitAt10[place] = first > 0 && first <= HITS ? 1 : 0
    answers.averagePrecision[place] = precision / mates
  }

  /** At least `needed` rows, the nearest first, ties to the lower row. */
  #nearest(
    distances: Float32Array,
    query: number,
    hidden: ArrayLike<number>,
    needed: number,
  ): Int32Array {
    const rows = distances.length
    const norms = this.#squaredNorms
    const own = norms[query]!
    let least = Number.POSITIVE_INFINITY
    // What is hidden becomes infinitely far.
    for (let at = 0; at < hidden.length; at++) distances[hidden[at]!] = Number.NEGATIVE_INFINITY
    for (let row = 0; row < rows; row++) {
      const distance = own + norms[row]! - 2 * distances[row]!
      distances[row] = distance
      if (distance < least) least = distance
    }
    // Bins reach to where most rows are; what lies beyond, however far, shares the last one.
    for (let at = 0; at < PROBES; at++) {
      this.#probes[at] = distances[Math.floor((at * rows) / PROBES)]!
    }
    const middle = this.#probes.sort()[PROBES >> 1]!
    const scale = middle > least && Number.isFinite(middle) ? BINS / (2 * (middle - least)) : 0
    const ends = this.#ends.fill(0)
    for (let row = 0; row < rows; row++) {
      ends[Math.min(BINS - 1, ((distances[row]! - least) * scale) | 0)]!++
    }
    // Of an infinite distance `| 0` makes 0.
    ends[0]! -= hidden.length
    let last = 0
    let count = ends[0]!
    while (count < needed) count += ends[++last]!
    for (let bin = 0, end = 0; bin <= last; bin++) {
      const size = ends[bin]!
      ends[bin] = end
      end += size
    }
    const order = this.#order
    for (let row = 0; row < rows; row++) {
      if (distances[row] === Number.POSITIVE_INFINITY) continue
      const bin = Math.min(BINS - 1, ((distances[row]! - least) * scale) | 0)
      if (bin <= last) order[ends[bin]!++] = row
    }
    for (let bin = 0, start = 0; bin <= last; bin++) {
      sortRun(order, start, ends[bin]!, distances)
      start = ends[bin]!
    }
    return order
  }
}

/** Rows come in their own order, so that a stable sort leaves ties to the lower row. */
function sortRun(order: Int32Array, start: number, end: number, distances: Float32Array): void {
  if (end - start > SHORT) {
    order.subarray(start, end).sort((a, b) => distances[a]! - distances[b]! || a - b)
    return
  }
  for (let at = start + 1; at < end; at++) {
    const row = order[at]!
    const distance = distances[row]!
    let to = at
    for (; to > start && distances[order[to - 1]!]! > distance; to--) order[to] = order[to - 1]!
    order[to] = row
  }
}
