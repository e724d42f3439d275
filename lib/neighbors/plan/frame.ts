/** The frame in which rows are compared: a centre that is taken away, and a scale. */

import { farLimit, middleOf, offsetsFrom } from '../../core/far-rows.ts'
import { LONGEST_LENGTH, lengthOf, rowLengths } from '../distance/lengths.ts'
import type { Source } from '../input.ts'
import type { Frame, FramedRows } from '../types.ts'

/**
 * The frame of a set of vectors.
 *
 * Whole numbers of 16 bits lose a distance that is small beside the vectors' lengths. So a centre is
 * taken away, and all is scaled by a power of two to lengths of at most 1: neither changes which rows
 * are near. The centre is the median of each dimension, which no far row moves away from the others. Far
 * rows don't set the scale either: they stay longer than 1, and their pairs are measured one by one.
 *
 * Cosine becomes euclidean on unit vectors: 1 − cos = ‖u − v‖² / 2, which needs no subtraction of
 * near-equal numbers. A zero vector has no direction. The kernel takes its squared length to be 1, and
 * then its distance to every row comes out as 1, but only where no centre is taken away.
 */
export function frameOf({ vectors, rows, dimensions, metric }: Source): Frame {
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
  { vectors, dimensions, metric }: Source,
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
    const own = isFar.has(rowAt[place]!) ? scale * shrinkage(vectors, from, centre, scale) : scale
    for (let d = 0; d < dimensions; d++) {
      matrix[to + d] = (vectors[from + d]! * factor - centre[d]!) * own
    }
  }
}

/** What a far row is multiplied by besides the scale, so that it isn't longer than `LONGEST_LENGTH`. */
function shrinkage(
  vectors: Float32Array,
  start: number,
  centre: Float64Array,
  scale: number,
): number {
  let sum = 0
  for (const [d, middle] of centre.entries()) sum += ((vectors[start + d]! - middle) * scale) ** 2
  const length = Math.sqrt(sum)
  return length <= LONGEST_LENGTH ? 1 : LONGEST_LENGTH / length
}
