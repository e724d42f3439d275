/** The greatest eigenvalues of a matrix that is too large to be taken apart as a whole. */

import { throwIfCancelled } from '../../core/errors.ts'
import { sharedFloat32 } from '../../core/shared-memory.ts'
import { dot } from '../../core/vectors.ts'
import { type SymmetricEigen, symmetricEigen } from '../../stats/symmetric-eigen.ts'
import type { Backend, Matrix } from '../../tensor/backend.ts'
import { orthonormalize } from '../../tensor/orthonormal.ts'

/** Directions that are followed beside the wanted ones, so that the last of those settle too. */
const OVERSAMPLING = 64
const POWER_ITERATIONS = 3
/** Products are float32: what is left below their precision is no direction. */
const ROUNDING = 1e-6
const SEED = 11
const TILE = 512

/**
 * Randomised subspace iteration with Rayleigh-Ritz (Halko, Martinsson, Tropp: Finding structure with
 * randomness, 2011), the products made by the backend.
 *
 * @param matrix symmetric, positive
 * @returns `wanted` eigenvectors, and the eigenvalues of somewhat more
 */
export async function leadingSubspace(
  matrix: Matrix,
  wanted: number,
  options: {
    readonly backend: Backend
    readonly signal: AbortSignal
    readonly random: (seed: number) => () => number
  },
): Promise<SymmetricEigen> {
  const size = matrix.rows
  const width = Math.min(size, wanted + OVERSAMPLING)
  const random = options.random(SEED)
  let basis: readonly Float64Array[] = Array.from({ length: width }, () =>
    Float64Array.from({ length: size }, () => random() - 0.5),
  )
  for (let iteration = 0; iteration < POWER_ITERATIONS; iteration++) {
    basis = await multiply(matrix, basis, options.backend)
    throwIfCancelled(options.signal)
    orthonormalize(basis, ROUNDING)
  }
  const products = await multiply(matrix, basis, options.backend)
  const projected = new Float64Array(width * width)
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) projected[i * width + j] = dot(basis[i]!, products[j]!)
  }
  const { values, vectors } = symmetricEigen(projected, width, wanted)
  return {
    values,
    vectors: vectors.map((weights) => {
      const vector = new Float64Array(size)
      for (const [part, weight] of weights.entries()) {
        const direction = basis[part]!
        for (let d = 0; d < size; d++) vector[d]! += weight * direction[d]!
      }
      return vector
    }),
  }
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
  const right: Matrix = { values, rows: count, dimensions: size }
  const tiles = Array.from({ length: Math.ceil(size / TILE) }, (_, tile) => ({
    leftStart: tile * TILE,
    leftEnd: Math.min(size, (tile + 1) * TILE),
    rightStart: 0,
    rightEnd: count,
  }))
  const products = basis.map(() => new Float64Array(size))
  let next = 0
  for await (const block of backend.products(matrix, right, tiles)) {
    const { leftStart, leftEnd } = tiles[next++]!
    let at = 0
    for (let row = leftStart; row < leftEnd; row++) {
      for (let index = 0; index < count; index++) products[index]![row] = block[at++]!
    }
  }
  return products
}
