/**
 * Where the layouts start: on the principal plane, found in double precision without the backend, so
 * that the last digit of a backend's products can't turn one picture into another.
 */

import { broughtIn } from '../core/far-rows.ts'
import type { Metric } from '../core/manifest.ts'
import { dot } from '../core/vectors.ts'
import { orthonormalize } from '../tensor/orthonormal.ts'

export interface Layout {
  readonly x: Float64Array
  readonly y: Float64Array
}

/** Rows that the plane is found from, evenly spread: where the layouts start needn't be exact. */
const MOST_ROWS = 2000
const DIRECTIONS = 4
const MOST_ITERATIONS = 40
/** Of the plane's squared part outside the last one. */
const SETTLED = 1e-8
/** What is left of a vector below it is rounding. */
const ROUNDING = 1e-12

/** @param allVectors rows × dimensions; with cosine their directions are taken */
export function startingPlane(
  allVectors: Float32Array,
  rows: number,
  dimensions: number,
  metric: Metric,
): Layout {
  const vectors = metric === 'cosine' ? allVectors : broughtIn(allVectors, rows, dimensions)
  const count = Math.min(rows, MOST_ROWS)
  const values = new Float64Array(count * dimensions)
  const mean = new Float64Array(dimensions)
  for (let at = 0; at < count; at++) {
    const row = Math.floor((at * rows) / count)
    const factor = scaleOf(vectors, row, dimensions, metric)
    for (let d = 0; d < dimensions; d++) {
      const value = vectors[row * dimensions + d]! * factor
      values[at * dimensions + d] = value
      mean[d]! += value / count
    }
  }
  for (let at = 0; at < values.length; at++) values[at]! -= mean[at % dimensions]!
  const [first, second] = directions(values, count, dimensions)
  const x = new Float64Array(rows)
  const y = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const factor = scaleOf(vectors, row, dimensions, metric)
    let sumX = 0
    let sumY = 0
    for (let d = 0; d < dimensions; d++) {
      const value = vectors[row * dimensions + d]! * factor - mean[d]!
      sumX += value * first[d]!
      sumY += value * second[d]!
    }
    x[row] = sumX
    y[row] = sumY
  }
  return { x, y }
}

function scaleOf(vectors: Float32Array, row: number, dimensions: number, metric: Metric): number {
  if (metric === 'euclidean') return 1
  let sum = 0
  for (let at = row * dimensions; at < (row + 1) * dimensions; at++) sum += vectors[at]! ** 2
  return sum === 0 ? 0 : 1 / Math.sqrt(sum)
}

/** The two leading right singular vectors by orthogonal iteration; each one's largest part is positive. */
function directions(
  values: Float64Array,
  rows: number,
  dimensions: number,
): readonly [Float64Array, Float64Array] {
  const count = Math.min(DIRECTIONS, dimensions)
  let basis: Float64Array[] = Array.from({ length: count }, (_, column) =>
    Float64Array.from({ length: dimensions }, (_, d) =>
      Math.cos((d + 1) * (column + 1) * 1.234567),
    ),
  )
  orthonormalize(basis, ROUNDING)
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const next = basis.map((vector) => throughRows(values, rows, dimensions, vector))
    orthonormalize(next, ROUNDING)
    const moved = outside(next.slice(0, 2), basis.slice(0, 2))
    basis = next
    if (moved < SETTLED) break
  }
  const zero = () => new Float64Array(dimensions)
  return [upright(basis[0] ?? zero()), upright(basis[1] ?? zero())]
}

/** The covariance times a vector, made of the rows themselves. */
function throughRows(
  values: Float64Array,
  rows: number,
  dimensions: number,
  vector: Float64Array,
): Float64Array {
  const result = new Float64Array(dimensions)
  for (let row = 0; row < rows; row++) {
    const from = row * dimensions
    let sum = 0
    for (let d = 0; d < dimensions; d++) sum += values[from + d]! * vector[d]!
    for (let d = 0; d < dimensions; d++) result[d]! += sum * values[from + d]!
  }
  return result
}

/** Squared part of the unit vectors that lies outside the span of the others. */
function outside(vectors: readonly Float64Array[], others: readonly Float64Array[]): number {
  let sum = 0
  for (const vector of vectors) {
    sum += dot(vector, vector)
    for (const other of others) sum -= dot(vector, other) ** 2
  }
  return sum
}

function upright(vector: Float64Array): Float64Array {
  let largest = 0
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value
  return largest < 0 ? vector.map((value) => -value) : vector
}
