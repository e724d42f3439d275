/** The leading eigenvectors of a symmetric matrix. */

import { throwIfCancelled } from '../core/errors.ts'
import { sharedFloat32 } from '../core/shared-memory.ts'
import type { Backend, Matrix } from '../tensor/backend.ts'

/** Directions that are iterated together: more than two, so that a close third doesn't slow them. */
const SUBSPACE = 8
/** A map that isn't settled by then has no direction to settle on. */
const MOST_ITERATIONS = 60
/** Of the plane that two directions span; an angle of 1e-5. */
const SETTLED = 1e-10

/**
 * The two leading eigenvectors of a symmetric positive matrix, unit length, with their eigenvalues:
 * subspace iteration with Rayleigh-Ritz (Halko, Martinsson, Tropp, 2011), its products made by the
 * backend. Zero where the matrix has no such direction.
 */
export async function leadingEigenvectors(
  matrix: Matrix,
  backend: Backend,
  signal: AbortSignal,
): Promise<{ vectors: Float64Array[]; values: number[] }> {
  const size = matrix.rows
  const count = Math.min(SUBSPACE, size)
  // A start with a part in every direction that doesn't depend on chance.
  let basis = Array.from({ length: count }, (_, column) =>
    Float64Array.from({ length: size }, (_, d) => Math.cos((d + 1) * (column + 1) * 1.234567)),
  )
  orthonormalize(basis)
  let values: number[] = []
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    await new Promise(setImmediate)
    throwIfCancelled(signal)
    const next = await multiply(matrix, basis, backend)
    const projected = basis.map((a) => next.map((b) => dot(a, b)))
    const { order, rotation, eigenvalues } = symmetricEigen(projected)
    values = order.map((index) => eigenvalues[index]!)
    const turned = order.map((index) => {
      const vector = new Float64Array(size)
      for (let part = 0; part < count; part++) {
        const weight = rotation[part]![index]!
        for (let d = 0; d < size; d++) vector[d]! += weight * next[part]![d]!
      }
      return vector
    })
    orthonormalize(turned)
    const before = basis
    basis = turned
    if (outside(basis.slice(0, 2), before.slice(0, 2)) < SETTLED) break
  }
  return { vectors: basis.slice(0, 2), values: values.slice(0, 2) }
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

async function multiply(
  matrix: Matrix,
  basis: readonly Float64Array[],
  backend: Backend,
): Promise<Float64Array[]> {
  const size = matrix.rows
  const count = basis.length
  const values = sharedFloat32(count * size)
  for (const [index, vector] of basis.entries()) values.set(vector, index * size)
  const tile = { leftStart: 0, leftEnd: size, rightStart: 0, rightEnd: count }
  const products = basis.map(() => new Float64Array(size))
  const right = { values, rows: count, dimensions: size }
  for await (const block of backend.products(matrix, right, [tile])) {
    for (let row = 0; row < size; row++) {
      for (let index = 0; index < count; index++) {
        products[index]![row] = block[row * count + index]!
      }
    }
  }
  return products
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
    // Products are float32: what is left below their precision is no direction.
    const factor = length <= before * 1e-6 || length === 0 ? 0 : 1 / length
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
