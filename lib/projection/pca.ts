/** The map: the rows on the two directions in which they vary most. */

import type { Dataset } from '../core/dataset.ts'
import type { Metric } from '../core/manifest.ts'
import type { Backend, Tile } from '../tensor/backend.ts'

export interface PlaneMap {
  readonly x: Float32Array
  readonly y: Float32Array
  /** Share of the total variance on each axis. */
  readonly explained: readonly [number, number]
}

/** Directions that are iterated together: more than two, so that a close third doesn't slow them. */
const SUBSPACE = 8
const MOST_ITERATIONS = 300
const TILE = 512
const BLOCK = 64

/**
 * Principal components by subspace iteration on the covariance (Halko, Martinsson, Tropp, 2011), of
 * the vectors, or with cosine of their directions. The covariance is multiplied by the backend; each
 * axis points to where its largest loading is positive, so the same input gives the same picture.
 */
export async function principalPlane(
  dataset: Dataset,
  metric: Metric,
  backend: Backend,
): Promise<PlaneMap> {
  const { rows, dimensions } = dataset
  const centred = centre(dataset, metric)
  const covariance = await crossProducts(centred.columns, dimensions, rows, backend)
  let total = 0
  for (let d = 0; d < dimensions; d++) total += covariance[d * dimensions + d]!
  const { vectors, values } = leadingEigenvectors(covariance, dimensions)
  const explained = (index: number) =>
    total === 0 ? 0 : Math.min(1, Math.max(0, (values[index] ?? 0) / total))
  return {
    x: coordinates(dataset, centred, vectors[0]),
    y: coordinates(dataset, centred, vectors[1]),
    explained: [explained(0), explained(1)],
  }
}

interface Centred {
  /** Dimensions × rows: each dimension less its mean, scaled so that float32 products can't overflow. */
  readonly columns: Float32Array
  readonly mean: Float64Array
  /** What each row is multiplied by before the mean is taken away. */
  readonly factors: Float64Array
}

function centre({ vectors, rows, dimensions }: Dataset, metric: Metric): Centred {
  const factors = new Float64Array(rows)
  let largest = 0
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let d = 0; d < dimensions; d++) sum += vectors[row * dimensions + d]! ** 2
    largest = Math.max(largest, sum)
    factors[row] =
      metric === 'euclidean' || sum === 0 ? Number(metric === 'euclidean') : 1 / Math.sqrt(sum)
  }
  if (metric === 'euclidean' && largest > 0) factors.fill(1 / Math.sqrt(largest))
  const mean = new Float64Array(dimensions)
  for (let row = 0; row < rows; row++) {
    const factor = factors[row]! / rows
    for (let d = 0; d < dimensions; d++) mean[d]! += vectors[row * dimensions + d]! * factor
  }
  const columns = new Float32Array(new SharedArrayBuffer(rows * dimensions * 4))
  // In blocks of rows, so that what is read and what is written both stay in the cache.
  for (let start = 0; start < rows; start += BLOCK) {
    const end = Math.min(rows, start + BLOCK)
    for (let d = 0; d < dimensions; d++) {
      for (let row = start; row < end; row++) {
        columns[d * rows + row] = vectors[row * dimensions + d]! * factors[row]! - mean[d]!
      }
    }
  }
  return { columns, mean, factors }
}

function coordinates(
  { vectors, rows, dimensions }: Dataset,
  { mean, factors }: Centred,
  direction: Float64Array | undefined,
): Float32Array {
  const along = new Float32Array(rows)
  if (direction === undefined) return along
  for (let row = 0; row < rows; row++) {
    const factor = factors[row]!
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      sum += (vectors[row * dimensions + d]! * factor - mean[d]!) * direction[d]!
    }
    along[row] = sum
  }
  return along
}

/** Dimensions × dimensions inner products of the columns. */
async function crossProducts(
  columns: Float32Array,
  dimensions: number,
  rows: number,
  backend: Backend,
): Promise<Float64Array> {
  const matrix = { values: columns, rows: dimensions, dimensions: rows }
  const tiles: Tile[] = []
  for (let left = 0; left < dimensions; left += TILE) {
    for (let right = left; right < dimensions; right += TILE) {
      tiles.push({
        leftStart: left,
        leftEnd: Math.min(dimensions, left + TILE),
        rightStart: right,
        rightEnd: Math.min(dimensions, right + TILE),
      })
    }
  }
  const products = new Float64Array(dimensions * dimensions)
  let next = 0
  for await (const values of backend.products(matrix, matrix, tiles)) {
    const { leftStart, leftEnd, rightStart, rightEnd } = tiles[next++]!
    let at = 0
    for (let i = leftStart; i < leftEnd; i++) {
      for (let j = rightStart; j < rightEnd; j++) {
        products[i * dimensions + j] = values[at]!
        products[j * dimensions + i] = values[at]!
        at++
      }
    }
  }
  return products
}

/** The two leading eigenvectors of a symmetric positive matrix, and their eigenvalues. */
export function leadingEigenvectors(matrix: Float64Array, size: number) {
  const count = Math.min(SUBSPACE, size)
  // A start with a part in every direction that doesn't depend on chance.
  let basis = Array.from({ length: count }, (_, column) =>
    Float64Array.from({ length: size }, (_, d) => Math.cos((d + 1) * (column + 1) * 1.234567)),
  )
  orthonormalize(basis)
  let values: number[] = []
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const next = basis.map((vector) => multiply(matrix, size, vector))
    const projected = basis.map((a) => next.map((b) => dot(a, b)))
    const { order, rotation, eigenvalues } = symmetricEigen(projected)
    const before = values
    values = order.map((index) => eigenvalues[index]!)
    basis = order.map((index) => {
      const vector = new Float64Array(size)
      for (let part = 0; part < count; part++) {
        const weight = rotation[part]![index]!
        for (let d = 0; d < size; d++) vector[d]! += weight * next[part]![d]!
      }
      return vector
    })
    orthonormalize(basis)
    const settled = [0, 1].every(
      (index) =>
        Math.abs((values[index] ?? 0) - (before[index] ?? Number.POSITIVE_INFINITY)) <=
        1e-10 * Math.abs(values[0] ?? 0),
    )
    if (settled) break
  }
  for (const vector of basis) pointToLargest(vector)
  return { vectors: basis.slice(0, 2), values: values.slice(0, 2) }
}

function pointToLargest(vector: Float64Array): void {
  const largest = vector.reduce(
    (best, value) => (Math.abs(value) > Math.abs(best) ? value : best),
    0,
  )
  if (largest < 0) for (let d = 0; d < vector.length; d++) vector[d] = -vector[d]!
}

function multiply(matrix: Float64Array, size: number, vector: Float64Array): Float64Array {
  return vector.map((_, row) => dot(matrix.subarray(row * size, (row + 1) * size), vector))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let d = 0; d < a.length; d++) sum += a[d]! * b[d]!
  return sum
}

/** Gram-Schmidt, twice for accuracy; what vanishes becomes zero. */
function orthonormalize(basis: Float64Array[]): void {
  for (const [index, vector] of basis.entries()) {
    const before = Math.sqrt(dot(vector, vector))
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis.slice(0, index)) {
        const part = dot(vector, other)
        for (let d = 0; d < vector.length; d++) vector[d]! -= part * other[d]!
      }
    }
    const length = Math.sqrt(dot(vector, vector))
    const factor = length <= before * 1e-12 || length === 0 ? 0 : 1 / length
    for (let d = 0; d < vector.length; d++) vector[d]! *= factor
  }
}

/** Eigenvalues of a small symmetric matrix by Jacobi rotations, the greatest first in `order`. */
function symmetricEigen(matrix: readonly (readonly number[])[]) {
  const n = matrix.length
  const a = matrix.map((row, i) => row.map((value, j) => (value + matrix[j]![i]!) / 2))
  const rotation: number[][] = a.map((_, i) => a.map((_, j) => Number(i === j)))
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p]![q]! ** 2
    if (off === 0) break
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p]![q] === 0) continue
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!)
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1))
        const c = 1 / Math.hypot(t, 1)
        const s = t * c
        for (let i = 0; i < n; i++) {
          const [ip, iq] = [a[i]![p]!, a[i]![q]!]
          a[i]![p] = c * ip - s * iq
          a[i]![q] = s * ip + c * iq
        }
        for (let i = 0; i < n; i++) {
          const [pi, qi] = [a[p]![i]!, a[q]![i]!]
          a[p]![i] = c * pi - s * qi
          a[q]![i] = s * pi + c * qi
          const [rp, rq] = [rotation[i]![p]!, rotation[i]![q]!]
          rotation[i]![p] = c * rp - s * rq
          rotation[i]![q] = s * rp + c * rq
        }
      }
    }
  }
  const eigenvalues = a.map((row, i) => row[i]!)
  const order = eigenvalues.map((_, i) => i).sort((i, j) => eigenvalues[j]! - eigenvalues[i]!)
  return { eigenvalues, rotation, order }
}
