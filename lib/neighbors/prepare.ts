/** Rows made ready for float32 products: centred, scaled and sorted by class. */

import type { Metric } from '../core/manifest.ts'
import { sharedFloat32, sharedFloat64, sharedInt32 } from '../core/shared-memory.ts'
import type { Matrix } from '../tensor/backend.ts'

/** Everything lies on shared memory: worker threads get it as it is. */
export interface Prepared {
  /** Positions × dimensions. */
  readonly matrix: Matrix
  /** Squared length of each position's row in `matrix`; 1 for zero vectors under cosine. */
  readonly squaredNorms: Float64Array
  readonly largestNorm: number
  /** Row of the data set at each position; rows of a class are neighbours, in row order. */
  readonly rowAt: Int32Array
  /** Where each class starts, and at last the number of rows. */
  readonly classStarts: Int32Array
  /** Distances in `matrix` are those of the data times this (euclidean). */
  readonly scale: number
  /** What was taken away from every row, of unit length under cosine, before it was scaled. */
  readonly centre: Float64Array
}

/**
 * Float32 products lose a distance that is small beside the vectors' lengths, so a centre is taken
 * away and the whole scaled by a power of two to lengths of at most 1: neither changes which rows
 * are near. The centre is the median of each dimension, which no far row moves away from the others. Cosine becomes euclidean on unit vectors: 1 − cos = ‖u − v‖² / 2, which needs no
 * subtraction of near-equal numbers. A zero vector has no direction; with a squared length of 1 its
 * distance to every row comes out as 1, but only as long as nothing is centred.
 */
export function prepare(
  vectors: Float32Array,
  rows: number,
  dimensions: number,
  metric: Metric,
  labels: Int32Array,
  classes: number,
): Prepared {
  const lengths = metric === 'cosine' ? rowLengths(vectors, rows, dimensions) : null
  const hasZero = lengths?.includes(0) ?? false
  const unit = (row: number) => (lengths === null ? 1 : lengths[row]! === 0 ? 0 : 1 / lengths[row]!)

  const centre = hasZero ? new Float64Array(dimensions) : medians(vectors, rows, dimensions, unit)
  let largest = 0
  for (let row = 0; row < rows; row++) {
    const factor = unit(row)
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      const value = vectors[row * dimensions + d]! * factor - centre[d]!
      sum += value * value
    }
    largest = Math.max(largest, sum)
  }
  const scale = metric === 'cosine' || largest === 0 ? 1 : 2 ** -Math.ceil(Math.log2(largest) / 2)

  const { rowAt, classStarts } = sortByClass(labels, classes)
  const values = sharedFloat32(rows * dimensions)
  const squaredNorms = sharedFloat64(rows)
  let largestNorm = 0
  for (let position = 0; position < rows; position++) {
    const row = rowAt[position]!
    const factor = unit(row)
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      const value = Math.fround((vectors[row * dimensions + d]! * factor - centre[d]!) * scale)
      values[position * dimensions + d] = value
      sum += value * value
    }
    squaredNorms[position] = lengths !== null && lengths[row] === 0 ? 1 : sum
    largestNorm = Math.max(largestNorm, Math.sqrt(squaredNorms[position]!))
  }
  return {
    matrix: { values, rows, dimensions },
    squaredNorms,
    largestNorm,
    rowAt,
    classStarts,
    scale,
    centre,
  }
}

/** More rows than this don't move a median by what matters here. */
const MEDIAN_ROWS = 1001

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
  const lengths = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let d = 0; d < dimensions; d++) sum += vectors[row * dimensions + d]! ** 2
    lengths[row] = Math.sqrt(sum)
  }
  return lengths
}

function sortByClass(labels: Int32Array, classes: number) {
  const classStarts = sharedInt32(classes + 1)
  for (const label of labels) classStarts[label + 1]!++
  for (let c = 0; c < classes; c++) classStarts[c + 1]! += classStarts[c]!
  const next = classStarts.slice()
  const rowAt = sharedInt32(labels.length)
  for (let row = 0; row < labels.length; row++) rowAt[next[labels[row]!]!++] = row
  return { rowAt, classStarts }
}
