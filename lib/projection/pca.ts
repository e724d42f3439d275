/** The map: the rows on the two directions in which they vary most. */

import type { Dataset } from '../core/dataset.ts'
import type { Metric } from '../core/manifest.ts'
import { sharedFloat32 } from '../core/shared-memory.ts'
import type { Backend, Matrix, Tile } from '../tensor/backend.ts'
import { leadingEigenvectors } from './eigen.ts'

export interface PlaneMap {
  readonly x: Float32Array
  readonly y: Float32Array
  /** Share of the total variance on each axis. */
  readonly explained: readonly [number, number]
  /** The rows less their mean, scaled to lengths of about 1 (cosine: their directions). */
  readonly centred: Matrix
}

const TILE = 512
/** Of lengths of about 1, in double precision. */
const ROUNDING = 1e-13
const BLOCK = 64

/**
 * Principal components of the vectors, or with cosine of their directions: eigenvectors of the
 * covariance, or where there are fewer rows than dimensions of the rows' inner products, which have
 * the same ones. Each axis points to where its largest loading is positive, so the same input gives
 * the same picture.
 */
export async function principalPlane(
  dataset: Dataset,
  metric: Metric,
  backend: Backend,
  signal: AbortSignal,
): Promise<PlaneMap> {
  const centred = centredRows(dataset, metric)
  const { rows, dimensions } = centred
  const byRows = rows < dimensions
  const products = await crossProducts(byRows ? centred : transposed(centred), backend)
  let total = 0
  for (let at = 0; at < products.rows; at++) total += products.values[at * (products.rows + 1)]!
  const { vectors, values } = await leadingEigenvectors(products, backend, signal)
  const axis = (index: number) => {
    const vector = vectors[index] ?? new Float64Array(products.rows)
    return coordinates(centred, byRows ? directionOf(centred, vector) : vector)
  }
  const explained = (index: number) =>
    total === 0 ? 0 : Math.min(1, Math.max(0, (values[index] ?? 0) / total))
  return { x: axis(0), y: axis(1), explained: [explained(0), explained(1)], centred }
}

/** Scaled, so that float32 products can't overflow, by one factor for all rows (cosine: one for each). */
function centredRows({ vectors, rows, dimensions }: Dataset, metric: Metric): Matrix {
  const factors = new Float64Array(rows)
  let largest = 0
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let d = 0; d < dimensions; d++) sum += vectors[row * dimensions + d]! ** 2
    largest = Math.max(largest, sum)
    factors[row] = sum === 0 ? 0 : 1 / Math.sqrt(sum)
  }
  if (metric === 'euclidean') factors.fill(largest === 0 ? 0 : 1 / Math.sqrt(largest))
  const mean = new Float64Array(dimensions)
  for (let row = 0; row < rows; row++) {
    const factor = factors[row]! / rows
    for (let d = 0; d < dimensions; d++) mean[d]! += vectors[row * dimensions + d]! * factor
  }
  const values = sharedFloat32(rows * dimensions)
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dimensions; d++) {
      const at = row * dimensions + d
      const value = vectors[at]! * factors[row]! - mean[d]!
      // What rounding leaves of equal rows is no variance.
      values[at] = Math.abs(value) < ROUNDING ? 0 : value
    }
  }
  return { values, rows, dimensions }
}

function transposed({ values, rows, dimensions }: Matrix): Matrix {
  const columns = sharedFloat32(rows * dimensions)
  // In blocks of rows, so that what is read and what is written both stay in the cache.
  for (let start = 0; start < rows; start += BLOCK) {
    const end = Math.min(rows, start + BLOCK)
    for (let d = 0; d < dimensions; d++) {
      for (let row = start; row < end; row++) {
        columns[d * rows + row] = values[row * dimensions + d]!
      }
    }
  }
  return { values: columns, rows: dimensions, dimensions: rows }
}

/** Inner products of all rows of a matrix. */
async function crossProducts(matrix: Matrix, backend: Backend): Promise<Matrix> {
  const size = matrix.rows
  const tiles: Tile[] = []
  for (let left = 0; left < size; left += TILE) {
    for (let right = left; right < size; right += TILE) {
      const leftEnd = Math.min(size, left + TILE)
      const rightEnd = Math.min(size, right + TILE)
      tiles.push({ leftStart: left, leftEnd, rightStart: right, rightEnd })
    }
  }
  const values = sharedFloat32(size * size)
  let next = 0
  for await (const products of backend.products(matrix, matrix, tiles)) {
    const { leftStart, leftEnd, rightStart, rightEnd } = tiles[next++]!
    let at = 0
    for (let i = leftStart; i < leftEnd; i++) {
      for (let j = rightStart; j < rightEnd; j++) {
        values[i * size + j] = products[at]!
        values[j * size + i] = products[at]!
        at++
      }
    }
  }
  return { values, rows: size, dimensions: size }
}

/** The direction in space whose rows' parts are an eigenvector of the rows' inner products. */
function directionOf({ values, rows, dimensions }: Matrix, parts: Float64Array): Float64Array {
  const direction = new Float64Array(dimensions)
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dimensions; d++) {
      direction[d]! += parts[row]! * values[row * dimensions + d]!
    }
  }
  const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0))
  return length === 0 ? direction : direction.map((value) => value / length)
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
