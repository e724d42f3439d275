/** Rows so far from all others that beside them the others would be nothing. */

/** More rows than this don't move a median by what matters here. */
const MEDIAN_ROWS = 301
/** Rows farther from the middle than the middle one by more than this are far. */
const FAR = 2 ** 8
/** Of the rows: if more lie far off they are no exception. */
const MOST_FAR_SHARE = 1 / 4

/** Median of each dimension, of rows at even steps: no far row moves it away from the others. */
export function middleOf(
  vectors: Float32Array,
  rows: number,
  dimensions: number,
  factorOf: (row: number) => number,
): Float64Array {
  const count = Math.min(rows, MEDIAN_ROWS)
  const sample = Array.from({ length: count }, (_, at) => Math.floor((at * rows) / count))
  const factors = sample.map(factorOf)
  const values = new Float64Array(count)
  return Float64Array.from({ length: dimensions }, (_, d) => {
    for (let at = 0; at < count; at++) {
      values[at] = vectors[sample[at]! * dimensions + d]! * factors[at]!
    }
    return values.sort()[count >> 1]!
  })
}

/** Distance of each row from the middle. */
export function offsetsFrom(
  middle: Float64Array,
  vectors: Float32Array,
  rows: number,
  factorOf: (row: number) => number,
): Float64Array {
  const offsets = new Float64Array(rows)
  for (let row = 0, at = 0; row < rows; row++) {
    const factor = factorOf(row)
    let sum = 0
    for (let d = 0; d < middle.length; d++, at++) {
      const value = vectors[at]! * factor - middle[d]!
      sum += value * value
    }
    offsets[row] = Math.sqrt(sum)
  }
  return offsets
}

/** From where on a row is far; infinity where none is, or too many are. */
export function farLimit(offsets: Float64Array): number {
  const sorted = offsets.slice().sort()
  const first = sorted.findIndex((offset) => offset > 0)
  if (first < 0) return Number.POSITIVE_INFINITY
  const limit = FAR * sorted[(first + sorted.length) >> 1]!
  const near = sorted.findLastIndex((offset) => offset <= limit) + 1
  const far = sorted.length - near
  return far > 0 && far <= MOST_FAR_SHARE * sorted.length ? limit : Number.POSITIVE_INFINITY
}

/**
 * The rows with far ones brought in to where a row begins to be far: for pictures, in which a far row
 * would leave one dot of all others. The same array where none is far.
 */
export function broughtIn(vectors: Float32Array, rows: number, dimensions: number): Float32Array {
  const middle = middleOf(vectors, rows, dimensions, () => 1)
  const offsets = offsetsFrom(middle, vectors, rows, () => 1)
  const limit = farLimit(offsets)
  if (limit === Number.POSITIVE_INFINITY) return vectors
  const near = vectors.slice()
  for (const [row, offset] of offsets.entries()) {
    if (offset <= limit) continue
    for (let d = 0, at = row * dimensions; d < dimensions; d++, at++) {
      near[at] = middle[d]! + (vectors[at]! - middle[d]!) * (limit / offset)
    }
  }
  return near
}
