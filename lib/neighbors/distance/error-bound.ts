/** How far the distances of quantised rows can be from the true ones. */

import type { PreparedRows } from '../types.ts'
import { LONGEST_LENGTH } from './lengths.ts'

const UNIT_ROUNDOFF = 2 ** -24
/** How far quantising moves a row that is nothing beside the others. */
const NEGLIGIBLE = 2 ** -40
/** Far rows may have been shortened to twice this length, so bounds hold for rows of less than this. */
export const KNOWN_LENGTH = LONGEST_LENGTH / 2

/** How far the kernel's arithmetic in float32 may move a squared distance of rows of these lengths. */
function rounding(length: number, other: number): number {
  return 24 * UNIT_ROUNDOFF * (length + other) ** 2
}

/**
 * An upper bound of the true distance of a pair, from its squared distance as quantised: each of the
 * two rows was moved by no more than its error, so the distance changed by no more than both errors.
 * All are in units of the prepared rows.
 */
export function reachOf(preparedRows: PreparedRows, position: number, squared: number): number {
  const { lengths, errors, largestLength, largestError } = preparedRows
  const length = lengths[position]!
  let other = largestLength
  let reach = Number.POSITIVE_INFINITY
  let before = Number.POSITIVE_INFINITY
  // A row within reach is no longer than this row and the reach: each round makes both smaller.
  for (let round = 0; round < 3 || other < before / 2; round++) {
    before = other
    const quantized = Math.sqrt(Math.max(0, squared) + rounding(length, other))
    reach = quantized + errors[position]! + largestError * other + NEGLIGIBLE
    other = Math.min(other, length + reach)
  }
  return length + reach < KNOWN_LENGTH ? reach : Number.POSITIVE_INFINITY
}

/**
 * An upper bound of the squared distance, as quantised, of every pair of a position whose true distance
 * is at most `reach`, also where only rounding to a multiple of the step makes it so.
 */
export function squareWithin(preparedRows: PreparedRows, position: number, reach: number): number {
  const { lengths, errors, largestLength, largestError, squareStep } = preparedRows
  const length = lengths[position]!
  const most = Math.sqrt(reach ** 2 + squareStep)
  const other = Math.min(largestLength, length + most)
  if (length + most >= KNOWN_LENGTH) return Number.POSITIVE_INFINITY
  const error = errors[position]! + largestError * other + NEGLIGIBLE
  return (most + error) ** 2 + 2 * rounding(length, other)
}

/** A lower bound of the squared distance, as quantised, of every pair at `distance` or beyond. */
export function squareBeyond(
  preparedRows: PreparedRows,
  position: number,
  distance: number,
): number {
  const { lengths, errors, largestLength, largestError, squareStep } = preparedRows
  const length = lengths[position]!
  const other = Math.min(largestLength, length + distance)
  const error = errors[position]! + largestError * other + NEGLIGIBLE
  if (length + distance >= KNOWN_LENGTH) return Number.NEGATIVE_INFINITY
  const least = Math.max(0, Math.sqrt(Math.max(0, distance ** 2 - squareStep)) - error)
  return least ** 2 - 2 * rounding(length, other)
}

/**
 * How far a distance that the kernel's `measure` gives can be from the true one: by `share` of it plus
 * `base`. `measure` adds float32 squares in 16 sums (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2002, section 4.2), of rows that were rounded to float32. The base covers the rounding of
 * exact distances to multiples of the step too.
 */
export function measuredError(
  { at, lengths, squareStep }: PreparedRows,
  position: number,
): { readonly share: number; readonly base: number } {
  const terms = at.rowBytes / 64 + 8
  if (lengths[position]! >= KNOWN_LENGTH) return { share: 0, base: Number.POSITIVE_INFINITY }
  return {
    share: (terms + 2.1) * UNIT_ROUNDOFF,
    base: 4.2 * UNIT_ROUNDOFF * lengths[position]! + Math.sqrt(squareStep) + 2 ** -60,
  }
}
