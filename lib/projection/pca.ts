/** The map's plane: the rows on the two directions in which they vary most. */

import type { Matrix } from '../tensor/backend.ts'

/** Principal directions of the rows, as they were found for the figures of the space. */
export interface PrincipalSpace {
  /** The rows less their mean, scaled to lengths of about 1 (cosine: their directions). */
  readonly centred: Matrix
  /** Unit length, that of the most variance first. */
  readonly directions: readonly Float64Array[]
  /** Variance along each. */
  readonly eigenvalues: Float64Array
  readonly totalVariance: number
}

export interface PlaneMap {
  readonly x: Float32Array
  readonly y: Float32Array
  /** Share of the total variance on each axis. */
  readonly explained: readonly [number, number]
}

/** Of the first direction's variance: what float32 products can't tell from none. */
const ROUNDING = 1e-9

/**
 * Each axis points to where its largest loading is positive, so the same input gives the same picture;
 * a direction in which nothing varies is 0 for every row.
 */
export function principalPlane(space: PrincipalSpace): PlaneMap {
  const { centred, directions, eigenvalues, totalVariance } = space
  const varies = (index: number) =>
    totalVariance > 0 && (eigenvalues[index] ?? 0) > ROUNDING * eigenvalues[0]!
  const axis = (index: number) =>
    varies(index) ? coordinates(centred, directions[index]!) : new Float32Array(centred.rows)
  const explained = (index: number) =>
    varies(index) ? Math.min(1, eigenvalues[index]! / totalVariance) : 0
  return { x: axis(0), y: axis(1), explained: [explained(0), explained(1)] }
}

function coordinates({ values, rows, dimensions }: Matrix, direction: Float64Array): Float32Array {
  const largest = direction.reduce(
    (best, value) => (Math.abs(value) > Math.abs(best) ? value : best),
    0,
  )
  const sign = largest < 0 ? -1 : 1
  const along = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let d = 0; d < dimensions; d++) sum += values[row * dimensions + d]! * direction[d]!
    along[row] = sign * sum
  }
  return along
}
