/** The frame in which rows are compared: a centre that is taken away, and a scale. */

import type { Metric } from '../core/manifest.ts'

export interface FrameInput {
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
  readonly metric: Metric
}

/** What is taken away from each row, and the power of two that each is multiplied by. */
export interface Frame {
  readonly centre: Float64Array
  readonly scale: number
}

/** Rows in their frame; may be handed to a worker thread. */
export interface FramedRows {
  /** On shared memory; places × padded dimensions. */
  readonly matrix: Float32Array
  readonly padded: number
  /** Row of the data set at each place. */
  readonly rowAt: Int32Array
  /** One entry a place: 1 for zero vectors under cosine, which are at distance 1 from every row. */
  readonly isZero: Uint8Array
}

/**
 * Whole numbers lose a distance that is small beside the vectors' lengths, so a centre is taken away
 * and the whole scaled by a power of two to lengths of at most 1: neither changes which rows are near.
 * The centre is the median of each dimension, which no far row moves away from the others. Cosine
 * becomes euclidean on unit vectors: 1 − cos = ‖u − v‖² / 2, which needs no subtraction of near-equal
 * numbers. A zero vector has no direction; with a squared length of 1 its distance to every row comes
 * out as 1, but only as long as nothing is centred.
 */
export function frameOf({ vectors, rows, dimensions, metric }: FrameInput): Frame {
  const lengths = metric === 'cosine' ? rowLengths(vectors, rows, dimensions) : null
  const hasZero = lengths?.includes(0) ?? false
  if (hasZero) return { centre: new Float64Array(dimensions), scale: 1 }
  const unit = (row: number) => (lengths === null ? 1 : 1 / lengths[row]!)
  const centre = medians(vectors, rows, dimensions, unit)
  let largest = 0
  for (let row = 0, at = 0; row < rows; row++) {
    const factor = unit(row)
    let sum = 0
    for (let d = 0; d < dimensions; d++, at++) {
      const value = vectors[at]! * factor - centre[d]!
      sum += value * value
    }
    largest = Math.max(largest, sum)
  }
  return { centre, scale: largest === 0 ? 1 : 2 ** -Math.ceil(Math.log2(largest) / 2) }
}

/** Writes the rows at places [start, end), centred and scaled. */
export function frameRows(
  { vectors, dimensions, metric }: FrameInput,
  { centre, scale }: Frame,
  { matrix, padded, rowAt, isZero }: FramedRows,
  start: number,
  end: number,
): void {
  for (let place = start; place < end; place++) {
    const from = rowAt[place]! * dimensions
    const to = place * padded
    let factor = 1
    if (metric === 'cosine') {
      const length = lengthOf(vectors, from, dimensions)
      isZero[place] = length === 0 ? 1 : 0
      factor = length === 0 ? 0 : 1 / length
    }
    for (let d = 0; d < dimensions; d++) {
      matrix[to + d] = (vectors[from + d]! * factor - centre[d]!) * scale
    }
  }
}

/** More rows than this don't move a median by what matters here. */
const MEDIAN_ROWS = 301

/** Median of each dimension, of rows at even steps. */
function medians(
  vectors: Float32Array,
  rows: number,
  dimensions: number,
  unit: (row: number) => number,
): Float64Array {
  const count = Math.min(rows, MEDIAN_ROWS)
  const sample = Array.from({ length: count }, (_, at) => Math.floor((at * rows) / count))
  const factors = sample.map(unit)
  const values = new Float64Array(count)
  return Float64Array.from({ length: dimensions }, (_, d) => {
    for (let at = 0; at < count; at++) {
      values[at] = vectors[sample[at]! * dimensions + d]! * factors[at]!
    }
    return values.sort()[count >> 1]!
  })
}

/** Euclidean length of each row, in double precision. */
export function rowLengths(vectors: Float32Array, rows: number, dimensions: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    lengthOf(vectors, row * dimensions, dimensions),
  )
}

function lengthOf(vectors: Float32Array, start: number, dimensions: number): number {
  let sum = 0
  for (let at = start; at < start + dimensions; at++) sum += vectors[at]! ** 2
  return Math.sqrt(sum)
}
