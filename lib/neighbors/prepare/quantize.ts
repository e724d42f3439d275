/** Quantising: rows become whole numbers of 16 bits, in the panels that the kernel multiplies. */

import { PANEL_ROWS, panelBytes } from '../kernel/panels.ts'

/** Two rows of this length in whole numbers have an inner product of less than 2³¹, rounding included. */
const LARGEST_LENGTH = 46_000
const LARGEST_VALUE = 32_766
/** Shorter rows become zero: beside rows of length 1 they are nothing, and no float32 holds their scale. */
const SHORTEST_LENGTH = 2 ** -40

export interface QuantizedRow {
  /** Length of the row before it was quantised. */
  readonly length: number
  /** What a whole number of 1 stands for. */
  readonly scale: number
  /** How far rounding moved the row. */
  readonly error: number
  /** Sum of the squares of the whole numbers. */
  readonly squares: number
}

/**
 * Rounds a row to whole multiples of a scale of its own, the smallest that keeps inner products within
 * 32 bits, and writes them to the position's panel.
 * @param panels of all positions
 */
export function quantizeRow(
  values: Float32Array,
  panels: Int16Array,
  position: number,
): QuantizedRow {
  const dimensions = values.length
  let largest = 0
  let sum = 0
  for (let d = 0; d < dimensions; d++) {
    const value = values[d]!
    largest = Math.max(largest, Math.abs(value))
    sum += value * value
  }
  const length = Math.sqrt(sum)
  if (length < SHORTEST_LENGTH) return { length, scale: 0, error: length, squares: 0 }
  const inverse = Math.min(LARGEST_VALUE / largest, LARGEST_LENGTH / length)
  const scale = 1 / inverse
  const width = 2 * PANEL_ROWS
  let at =
    Math.floor(position / PANEL_ROWS) * (panelBytes(dimensions) / 2) + (position % PANEL_ROWS) * 2
  let squares = 0
  let squaredError = 0
  for (let d = 0; d < dimensions; d += 2, at += width) {
    for (let half = 0; half < 2 && d + half < dimensions; half++) {
      const value = values[d + half]!
      const unit = Math.round(value * inverse)
      panels[at + half] = unit
      squares += unit * unit
      const difference = value - unit * scale
      squaredError += difference * difference
    }
  }
  return { length, scale, error: Math.sqrt(squaredError), squares }
}

/** The square of a row's length, rounded as the kernel rounds products: so equal rows are at distance 0. */
export function kernelNorm(squares: number, scale: number): number {
  const root = Math.fround(scale * Math.SQRT2)
  return Math.fround(Math.fround(squares) * Math.fround(root * root)) / 2
}
