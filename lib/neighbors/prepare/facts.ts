/** Facts: four numbers of each row that the kernel reads beside the whole numbers. */

import type { Matrix } from '../../tensor/backend.ts'
import { PANEL_ROWS, panelBytes, panelPositions } from '../kernel/panels.ts'
import type { FramedRows, PreparedRows } from '../types.ts'
import { kernelNorm, quantizeRow } from './quantize.ts'

/** How many facts a row has. */
export const FACTS = 4

/**
 * `norm`: squared length of the quantised row; infinity past the last row. `scale`: its scale times √2.
 * `axisScale`: the same of its coordinates on the axes. `rest`: length of what the axes leave of it,
 * rounding errors included, times √2.
 */
const Fact = { norm: 0, scale: 1, axisScale: 2, rest: 3 } as const

const UNIT_ROUNDOFF = 2 ** -24

/** Entry of a position's fact: a panel's eight of each kind lie side by side. */
function factAt(position: number, fact: number): number {
  const inPanel = position % PANEL_ROWS
  return (position - inPanel) * FACTS + fact * PANEL_ROWS + inPanel
}

/** Makes what the last panel holds past the last row infinitely far from every row. */
export function fillPastLast({ memory, at, rows }: PreparedRows): void {
  const facts = new Float32Array(memory.buffer, at.facts, panelPositions(rows) * FACTS)
  for (let position = rows; position < panelPositions(rows); position++) {
    facts[factAt(position, Fact.norm)] = Number.POSITIVE_INFINITY
  }
}

/**
 * Quantises the rows at positions [start, end).
 * @param placeAt place of each position's row in the matrix; null: the position itself
 */
export function quantizeRows(
  { memory, at, rows, dimensions, lengths, errors, isZero }: PreparedRows,
  { matrix, padded, isZero: isZeroPlace }: FramedRows,
  placeAt: Int32Array | null,
  start: number,
  end: number,
): void {
  const positions = panelPositions(rows)
  const facts = new Float32Array(memory.buffer, at.facts, positions * FACTS)
  const words = ((positions / PANEL_ROWS) * at.panelBytes) / 2
  const panels = new Int16Array(memory.buffer, at.panels, words)
  for (let position = start; position < end; position++) {
    const place = placeAt === null ? position : placeAt[position]!
    const values = matrix.subarray(place * padded, place * padded + dimensions)
    const { scale, squares, length, error } = quantizeRow(values, panels, position)
    const zero = isZeroPlace[place] === 1
    isZero[position] = zero ? 1 : 0
    facts[factAt(position, Fact.scale)] = scale * Math.SQRT2
    facts[factAt(position, Fact.norm)] = zero ? 1 : kernelNorm(squares, scale)
    lengths[position] = zero ? 1 : length * (1 + UNIT_ROUNDOFF)
    // Before it was quantised, the row was rounded to float32.
    errors[position] = error + length * UNIT_ROUNDOFF
  }
}

/** The largest length of a row, and the largest share of a row's length that its error is. */
export function largestOf({ memory, at, rows, lengths, errors }: PreparedRows): {
  largestLength: number
  largestError: number
} {
  const facts = new Float32Array(memory.buffer, at.facts, panelPositions(rows) * FACTS)
  let largestLength = 0
  let largestError = 0
  for (let position = 0; position < rows; position++) {
    const length = lengths[position]!
    largestLength = Math.max(largestLength, length)
    // A row that is nothing beside the others is quantised to zero; its error is its whole length.
    if (facts[factAt(position, Fact.scale)]! > 0) {
      largestError = Math.max(largestError, errors[position]! / length)
    }
  }
  return { largestLength, largestError }
}

/**
 * Quantises the coordinates on the principal axes, and bounds what the axes leave of each row; returns
 * the bytes of a panel of coordinates.
 *
 * Let P be the quantised coordinates of a quantised row x, f how far P may be from the true ones, and R
 * what the axes leave of x. Then x·y ≤ P(x)·P(y) + f(x)‖y‖ + ‖x‖f(y) + ‖R(x)‖‖R(y)‖, and
 * ‖R‖² ≤ ‖x‖² − (‖P‖ − f)². With f ≤ g‖x‖ for every row, the two middle terms are at most 2g‖x‖‖y‖, and
 * by Cauchy-Schwarz (‖R(x)‖² + 2g‖x‖²)(‖R(y)‖² + 2g‖y‖²) ≥ (‖R(x)‖‖R(y)‖ + 2g‖x‖‖y‖)². So the root of
 * ‖R‖² + 2g‖x‖² serves as a row's rest.
 */
export function layAxes(preparedRows: PreparedRows, coordinates: Matrix): number {
  const { memory, at, rows, rowAt, dimensions, lengths, errors } = preparedRows
  const count = coordinates.dimensions
  const bytes = panelBytes(count)
  const positions = panelPositions(rows)
  const panels = new Int16Array(memory.buffer, at.axes, ((positions / PANEL_ROWS) * bytes) / 2)
  const facts = new Float32Array(memory.buffer, at.facts, positions * FACTS)
  // Coordinates are products in float32 of rows and axes rounded to it (Higham 2002, section 3.1).
  const coordinateError = Math.sqrt(count) * (dimensions + 24) * UNIT_ROUNDOFF * 1.01
  const onAxes = new Float64Array(rows)
  let largest = 0
  for (let position = 0; position < rows; position++) {
    const start = rowAt[position]! * count
    const values = coordinates.values.subarray(start, start + count)
    const { scale, squares, error } = quantizeRow(values, panels, position)
    facts[factAt(position, Fact.axisScale)] = scale * Math.SQRT2
    onAxes[position] = Math.sqrt(squares) * scale
    const movement = error + errors[position]! + coordinateError * lengths[position]!
    // A row that is nothing beside the others is quantised to zero, and no product of it can be wrong.
    if (facts[factAt(position, Fact.scale)]! > 0) {
      largest = Math.max(largest, movement / lengths[position]!)
    }
  }
  for (let position = 0; position < rows; position++) {
    const length = lengths[position]! * (1 + 2 ** -10)
    const leastOnAxes = Math.max(0, onAxes[position]! - largest * length)
    const rest = length ** 2 - leastOnAxes ** 2 + 2.02 * largest * length ** 2
    // Rounded upwards: a rest that is too long rules out fewer pairs, but none wrongly.
    facts[factAt(position, Fact.rest)] = Math.sqrt(2 * Math.max(0, rest)) * (1 + 2 ** -20)
  }
  return bytes
}
