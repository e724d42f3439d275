/** How far two configurations of the same points are apart, as they are and after the best turn. */

import { symmetricEigen } from './symmetric-eigen.ts'

/** Row-major points, all of one width. */
export interface Configuration {
  readonly values: ArrayLike<number>
  readonly dimensions: number
}

/**
 * Squared distance between the points, over the sum of both configurations' scatter around their
 * means: 0 where they are the same, around 1 and more where they have nothing to do with each other.
 */
export function movedShare(a: Configuration, b: Configuration, points: number): number {
  let moved = 0
  for (let at = 0; at < points * a.dimensions; at++) moved += (a.values[at]! - b.values[at]!) ** 2
  const scatter =
    trace(gram(centred(a, points), a.dimensions)) + trace(gram(centred(b, points), b.dimensions))
  return scatter === 0 ? (moved === 0 ? 0 : 1) : moved / scatter
}

/**
 * Disparity of Procrustes analysis (Gower, 1975): both configurations centred and scaled to unit
 * size, squared distance after the best turn and scale, 1 − (sum of the singular values of XᵀY)². The
 * same as `scipy.spatial.procrustes` gives. The dimensions may differ. 1 where a configuration is one
 * point.
 */
export function procrustesDisparity(a: Configuration, b: Configuration, points: number): number {
  const [x, y] = [gram(centred(a, points), a.dimensions), gram(centred(b, points), b.dimensions)]
  const size = Math.sqrt(trace(x) * trace(y))
  if (size === 0) return 1
  // With L Lᵀ = XXᵀ, the singular values of XᵀY are the roots of the eigenvalues of Lᵀ YYᵀ L.
  const left = factor(x)
  const product = left.map((_, i) =>
    Float64Array.from({ length: points }, (_, j) => {
      let sum = 0
      for (let k = 0; k < points; k++) sum += left[k]![i]! * y[k]![j]!
      return sum
    }),
  )
  const symmetric = new Float64Array(points * points)
  for (const [i, row] of product.entries()) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = j; k < points; k++) sum += row[k]! * left[k]![j]!
      symmetric[i * points + j] = sum
    }
  }
  const singular = symmetricEigen(symmetric, points).values.reduce(
    (sum, value) => sum + Math.sqrt(Math.max(0, value)),
    0,
  )
  return Math.max(0, 1 - (singular / size) ** 2)
}

function centred({ values, dimensions }: Configuration, points: number): Float64Array[] {
  const means = new Float64Array(dimensions)
  for (let at = 0; at < points * dimensions; at++) means[at % dimensions]! += values[at]! / points
  return Array.from({ length: points }, (_, point) =>
    means.map((value, d) => values[point * dimensions + d]! - value),
  )
}

function gram(rows: readonly Float64Array[], dimensions: number): Float64Array[] {
  const products = rows.map(() => new Float64Array(rows.length))
  for (const [i, a] of rows.entries()) {
    for (let j = 0; j <= i; j++) {
      const b = rows[j]!
      let sum = 0
      for (let d = 0; d < dimensions; d++) sum += a[d]! * b[d]!
      products[i]![j] = sum
      products[j]![i] = sum
    }
  }
  return products
}

function trace(matrix: readonly Float64Array[]): number {
  return matrix.reduce((sum, row, i) => sum + row[i]!, 0)
}

/** Lower triangle L with L Lᵀ = matrix (Cholesky), zero in the directions that the matrix lacks. */
function factor(matrix: readonly Float64Array[]): Float64Array[] {
  const least = 1e-13 * trace(matrix)
  const lower = matrix.map((row) => new Float64Array(row.length))
  for (let j = 0; j < matrix.length; j++) {
    for (let i = j; i < matrix.length; i++) {
      let sum = matrix[i]![j]!
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!
      if (i === j) lower[j]![j] = sum > least ? Math.sqrt(sum) : 0
      else lower[i]![j] = lower[j]![j] === 0 ? 0 : sum / lower[j]![j]!
    }
  }
  return lower
}
