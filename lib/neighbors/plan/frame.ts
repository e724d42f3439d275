/** The frame in which rows are compared: a centre that is taken away, and a scale. */

import { farLimit, middleOf, offsetsFrom } from '../../core/far-rows.ts'
import type { Metric } from '../../core/manifest.ts'

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
  /** Rows so far from the centre that beside them the others would be nothing, ascending. */
  readonly farRows: Int32Array
}

/** Far rows are brought to this length in their frame, so that float32 holds the square. */
export const LONGEST_LENGTH = 2 ** 60

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
 * The centre is the median of each dimension, which no far row moves away from the others, and a few
 * far rows don't set the scale: they stay longer than 1, and what they are to others is measured. Cosine
 * becomes euclidean on unit vectors: 1 − cos = ‖u − v‖² / 2, which needs no subtraction of near-equal
 * numbers. A zero vector has no direction; with a squared length of 1 its distance to every row comes
 * out as 1, but only as long as nothing is centred.
 */
export function frameOf({ vectors, rows, dimensions, metric }: FrameInput): Frame {
  const lengths = metric === 'cosine' ? rowLengths(vectors, rows, dimensions) : null
  const hasZero = lengths?.includes(0) ?? false
  const farRows = new Int32Array(0)
  if (hasZero) return { centre: new Float64Array(dimensions), scale: 1, farRows }
  const unit = (row: number) => (lengths === null ? 1 : 1 / lengths[row]!)
  const centre = middleOf(vectors, rows, dimensions, unit)
  const offsets = offsetsFrom(centre, vectors, rows, unit)
  const limit = farLimit(offsets)
  let largest = 0
  for (const offset of offsets) if (offset <= limit) largest = Math.max(largest, offset)
  return {
    centre,
    scale: largest === 0 ? 1 : 2 ** -Math.ceil(Math.log2(largest)),
    farRows: Int32Array.from(offsets.keys()).filter((row) => offsets[row]! > limit),
  }
}

/** Writes the rows at places [start, end), centred and scaled. */
export function frameRows(
  { vectors, dimensions, metric }: FrameInput,
  { centre, scale, farRows }: Frame,
  { matrix, padded, rowAt, isZero }: FramedRows,
  start: number,
  end: number,
): void {
  const isFar = new Set(farRows)
  for (let place = start; place < end; place++) {
    const from = rowAt[place]! * dimensions
    const to = place * padded
    let factor = 1
    if (metric === 'cosine') {
      const length = lengthOf(vectors, from, dimensions)
      isZero[place] = length === 0 ? 1 : 0
      factor = length === 0 ? 0 : 1 / length
    }
    const own = isFar.has(rowAt[place]!) ? scale * shrunk(vectors, from, centre, scale) : scale
    for (let d = 0; d < dimensions; d++) {
      matrix[to + d] = (vectors[from + d]! * factor - centre[d]!) * own
    }
  }
}

/** What a far row is to be multiplied by besides the scale. */
function shrunk(vectors: Float32Array, start: number, centre: Float64Array, scale: number): number {
  let sum = 0
  for (const [d, middle] of centre.entries()) sum += ((vectors[start + d]! - middle) * scale) ** 2
  const length = Math.sqrt(sum)
  return length <= LONGEST_LENGTH ? 1 : LONGEST_LENGTH / length
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
