/** What the kernel knows of each row besides its whole numbers, and how those are made. */

import type { Matrix } from '../../tensor/backend.ts'
import type { FramedRows } from '../plan/frame.ts'
import type { Prepared } from './prepare.ts'
import { kernelNorm, PANEL_ROWS, panelBytes, quantizeRow } from './quantize.ts'

/** Of each row, in the kernel's memory. */
export const FACTS = 4

/**
 * The squared length of the quantised row (infinity past the last one), its unit times √2, likewise on
 * the axes, and the length of what the axes leave, rounding errors included, times √2.
 */
const Fact = { norm: 0, scale: 1, axisScale: 2, rest: 3 } as const

const UNIT_ROUNDOFF = 2 ** -24

/** Where a fact of a position lies: a panel's eight of each kind are side by side. */
function factAt(position: number, fact: number): number {
  const inPanel = position % PANEL_ROWS
  return (position - inPanel) * FACTS + fact * PANEL_ROWS + inPanel
}

/** Rounded up to whole panels. */
export function panelPositions(rows: number): number {
  return Math.ceil(rows / PANEL_ROWS) * PANEL_ROWS
}

export function fillPastLast({ memory, at, rows }: Prepared): void {
  const facts = new Float32Array(memory.buffer, at.facts, panelPositions(rows) * FACTS)
  for (let position = rows; position < panelPositions(rows); position++) {
    facts[factAt(position, Fact.norm)] = Number.POSITIVE_INFINITY
  }
}

/**
 * Quantises the rows at positions [start, end).
 * @param placeAt where a position's row lies in the matrix; null: at the position itself
 */
export function quantizeRows(
  { memory, at, rows, dimensions, lengths, errors, isZero }: Prepared,
  { matrix, padded, isZero: isZeroPlace }: FramedRows,
  placeAt: Int32Array | null,
  start: number,
  end: number,
): void {
  const positions = panelPositions(rows)
  const facts = new Float32Array(memory.buffer, at.facts, positions * FACTS)
  const words = ((positions / PANEL_ROWS) * at.fullBytes) / 2
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
    // What was quantised had been rounded to float32 before.
    errors[position] = error + length * UNIT_ROUNDOFF
  }
}

/** The largest of the lengths, and of the errors as a share of a row's length. */
export function largestOf({ memory, at, rows, lengths, errors }: Prepared): {
  largestLength: number
  largestError: number
} {
  const facts = new Float32Array(memory.buffer, at.facts, panelPositions(rows) * FACTS)
  let largestLength = 0
  let largestError = 0
  for (let position = 0; position < rows; position++) {
    const length = lengths[position]!
    largestLength = Math.max(largestLength, length)
    // A row that is nothing beside the others is quantised to zero, and its error is its length.
    if (facts[factAt(position, Fact.scale)]! > 0) {
      largestError = Math.max(largestError, errors[position]! / length)
    }
  }
  return { largestLength, largestError }
}

/**
 * Quantises the coordinates on the principal axes, and bounds what they leave of each row; returns the
 * bytes of a panel.
 *
 * With P the coordinates as they are quantised, R what the axes leave of a quantised row x, and f how
 * far P may be from the true coordinates: x·y ≤ P(x)·P(y) + f(x)‖y‖ + ‖x‖f(y) + ‖R(x)‖‖R(y)‖, and
 * ‖R‖² ≤ ‖x‖² − (‖P‖ − f)². With f ≤ g‖x‖ for every row the two middle terms are at most 2g‖x‖‖y‖, and
 * (‖R(x)‖² + 2g‖x‖²)(‖R(y)‖² + 2g‖y‖²) ≥ (‖R(x)‖‖R(y)‖ + 2g‖x‖‖y‖)² by Cauchy-Schwarz: so the root of
 * such a sum serves as a row's rest.
 */
export function layAxes(prepared: Prepared, coordinates: Matrix): number {
  const { memory, at, rows, rowAt, dimensions, lengths, errors } = prepared
  const count = coordinates.dimensions
  const bytes = panelBytes(count)
  const positions = panelPositions(rows)
  const panels = new Int16Array(memory.buffer, at.axes, ((positions / PANEL_ROWS) * bytes) / 2)
  const facts = new Float32Array(memory.buffer, at.facts, positions * FACTS)
  // Products in float32, of rows and axes that are rounded to it (Higham 2002, section 3.1).
  const computed = Math.sqrt(count) * (dimensions + 24) * UNIT_ROUNDOFF * 1.01
  const known = new Float64Array(rows)
  let largest = 0
  for (let position = 0; position < rows; position++) {
    const start = rowAt[position]! * count
    const values = coordinates.values.subarray(start, start + count)
    const { scale, squares, error } = quantizeRow(values, panels, position)
    facts[factAt(position, Fact.axisScale)] = scale * Math.SQRT2
    known[position] = Math.sqrt(squares) * scale
    const off = error + errors[position]! + computed * lengths[position]!
    // A row that is nothing beside the others is quantised to zero: no product of it can be wrong.
    if (facts[factAt(position, Fact.scale)]! > 0) {
      largest = Math.max(largest, off / lengths[position]!)
    }
  }
  for (let position = 0; position < rows; position++) {
    const length = lengths[position]! * (1 + 2 ** -10)
    const surely = Math.max(0, known[position]! - largest * length)
    const rest = length ** 2 - surely ** 2 + 2.02 * largest * length ** 2
    // Upwards: a rest that is too long only saves less.
    facts[factAt(position, Fact.rest)] = Math.sqrt(2 * Math.max(0, rest)) * (1 + 2 ** -20)
  }
  return bytes
}
