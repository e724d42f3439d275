/** Some positions of a strip's plan, made ready for products in float32. */

import type { Metric } from '../core/manifest.ts'
import type { Matrix } from '../tensor/backend.ts'
import { rowLengths } from './prepare.ts'

/** What every block is centred and scaled by. */
export interface BlockFrame {
  readonly dimensions: number
  readonly metric: Metric
  readonly centre: Float64Array
  readonly scale: number
}

/** Positions from `start` up to, not with, `end`. */
export interface StripRange {
  readonly start: number
  readonly end: number
}

export interface Block extends StripRange {
  /** As they were stored. */
  readonly vectors: Float32Array
  readonly matrix: Matrix
  /** Squared length of each row of the matrix; 1 for zero vectors under cosine. */
  readonly squaredNorms: Float32Array
}

export function blockOf(
  { dimensions, metric, centre, scale }: BlockFrame,
  { start, end }: StripRange,
  vectors: Float32Array,
): Block {
  const rows = end - start
  const lengths = metric === 'cosine' ? rowLengths(vectors, rows, dimensions) : null
  const values = new Float32Array(new SharedArrayBuffer(rows * dimensions * 4))
  const squaredNorms = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    const length = lengths === null ? 1 : lengths[row]!
    const factor = length === 0 ? 0 : 1 / length
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      const at = row * dimensions + d
      const value = Math.fround((vectors[at]! * factor - centre[d]!) * scale)
      values[at] = value
      sum += value * value
    }
    squaredNorms[row] = length === 0 ? 1 : sum
  }
  return { start, end, vectors, matrix: { values, rows, dimensions }, squaredNorms }
}

const UNIT_ROUNDOFF = 2 ** -24

/**
 * How far a squared distance made of float32 products can be from the true one, for pairs whose true
 * distance is at most `reach`: an inner product of D terms errs by at most D·u / (1 − D·u) times the two
 * lengths in any order of summation (Higham, Accuracy and Stability of Numerical Algorithms, 2002,
 * section 3.1); rounding the prepared rows, squared lengths, their sum and the difference to float32
 * adds a few u; underflow 2⁻¹²⁴ a term at most. A row within reach is no longer than the other and the
 * reach.
 */
export function squaredDistanceError(
  dimensions: number,
  length: number,
  largestLength: number,
  reach: number,
): number {
  const other = Math.min(largestLength, length + reach)
  const products = (dimensions * UNIT_ROUNDOFF) / (1 - dimensions * UNIT_ROUNDOFF)
  const rounding = 8 * UNIT_ROUNDOFF * (length + other) ** 2
  return 2 * products * length * other + rounding + dimensions * 2 ** -123
}
