/** Where the rows lie: their mean, their spread along each dimension and each principal direction. */

import type { Dataset } from '../../core/dataset.ts'
import { throwIfCancelled } from '../../core/errors.ts'
import { broughtIn } from '../../core/far-rows.ts'
import type { Metric } from '../../core/manifest.ts'
import { sharedFloat32 } from '../../core/shared-memory.ts'
import { symmetricEigen } from '../../stats/symmetric-eigen.ts'
import type { Backend, Matrix, Tile } from '../../tensor/backend.ts'
import { leadingSubspace } from './subspace.ts'

type Rows = Pick<Dataset, 'vectors' | 'rows' | 'dimensions'>

/** Variance of the rows along their principal directions. */
interface Spread {
  /** Greatest first. */
  readonly eigenvalues: Float64Array
  /** In all. */
  readonly totalVariance: number
  /** How many principal directions there are; more than `eigenvalues` where only the greatest are computed. */
  readonly directionCount: number
}

/**
 * The space's own spread and directions are of `centred`, in which the far rows that hide all others are
 * brought in.
 */
export interface Space extends Spread {
  /** Euclidean length of each row as it is evaluated. */
  readonly norms: Float64Array
  /** The same as it was uploaded, before anything was taken away from all rows. */
  readonly uploadedNorms: Float64Array
  /** Variance of each dimension as it was uploaded, far rows brought in. */
  readonly variances: Float64Array
  /**
   * Rows less their mean, scaled by one factor to lengths of at most about 1; with cosine distance the
   * rows' directions less their mean.
   */
  readonly centred: Matrix
  /** Unit vectors along the greatest of the principal directions; at most `MOST_DIRECTIONS`. */
  readonly directions: readonly Float64Array[]
  /** The spread of all rows as they were uploaded. */
  readonly whole: Spread
}

export interface SpaceOptions {
  readonly metric: Metric
  readonly backend: Backend
  readonly signal: AbortSignal
  readonly random: (seed: number) => () => number
}

/** Principal directions that are computed. */
export const MOST_DIRECTIONS = 256
/** Of a larger matrix only the greatest eigenvalues are computed: all of them would take minutes. */
const WHOLE_SPECTRUM = 1024
const TILE = 256
/** Variance of lengths of about 1 that float32 can't tell from none. */
const ROUNDING = 1e-20
/** Products that are added in float32; their sums are in double precision. */
const CHUNK = 1024

export async function measureSpace(dataset: Dataset, options: SpaceOptions): Promise<Space> {
  const { rows, dimensions, vectors } = dataset
  const isCosine = options.metric === 'cosine'
  const near = isCosine ? vectors : broughtIn(vectors, rows, dimensions)
  const norms = rowNorms(dataset, null)
  const origin = dataset.narrowing?.origin ?? null
  const { centred, variances } = centredRows(
    { rows, dimensions, vectors: near },
    near === vectors ? norms : rowNorms({ rows, dimensions, vectors: near }, null),
    options.metric,
  )
  const { directions, ...spread } = await principalSpread(centred, options)
  const whole =
    near === vectors
      ? spread
      : await principalSpread(centredRows(dataset, norms, options.metric).centred, options)
  const { eigenvalues, totalVariance, directionCount } = whole
  return {
    norms,
    uploadedNorms: origin === null ? norms : rowNorms(dataset, origin),
    variances,
    centred,
    ...spread,
    directions,
    whole: { eigenvalues, totalVariance, directionCount },
  }
}

async function principalSpread(
  centred: Matrix,
  options: SpaceOptions,
): Promise<Spread & Pick<Space, 'directions'>> {
  const { rows, dimensions } = centred
  const byRows = rows < dimensions
  const covariance = byRows
    ? // They have the same principal directions.
      await productsOfAll(centred, options)
    : await dimensionProducts(centred, options)
  const size = covariance.rows
  let total = 0
  for (let at = 0; at < size; at++) total += covariance.values[at * (size + 1)]!
  const wanted = Math.min(MOST_DIRECTIONS, size)
  const { values, vectors } =
    size <= WHOLE_SPECTRUM
      ? symmetricEigen(covariance.values, size, wanted)
      : await leadingSubspace(covariance, wanted, options)
  // Rows of which only rounding tells that they differ are equal.
  const variance = total / rows < ROUNDING ? 0 : total / rows
  return {
    eigenvalues: values.map((value) => (variance === 0 ? 0 : Math.max(0, value) / rows)),
    totalVariance: variance,
    directionCount: size,
    directions: byRows ? vectors.map((parts) => directionOf(centred, parts)) : vectors,
  }
}

export function rowNorms(
  { vectors, rows, dimensions }: Rows,
  origin: Float64Array | null,
): Float64Array {
  const norms = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      sum += (vectors[row * dimensions + d]! + (origin === null ? 0 : origin[d]!)) ** 2
    }
    norms[row] = Math.sqrt(sum)
  }
  return norms
}

function centredRows(
  { vectors, rows, dimensions }: Rows,
  norms: Float64Array,
  metric: Metric,
): { centred: Matrix; variances: Float64Array } {
  const largest = norms.reduce((most, norm) => Math.max(most, norm), 0)
  const factors = norms.map((norm) => {
    const length = metric === 'cosine' ? norm : largest
    return length === 0 ? 0 : 1 / length
  })
  const sums = new Float64Array(dimensions)
  const uploadedSums = new Float64Array(dimensions)
  for (let row = 0; row < rows; row++) {
    const factor = factors[row]!
    for (let d = 0; d < dimensions; d++) {
      const value = vectors[row * dimensions + d]!
      sums[d]! += value * factor
      uploadedSums[d]! += value
    }
  }
  const mean = sums.map((sum) => sum / rows)
  const uploadedMean = uploadedSums.map((sum) => sum / rows)
  const values = sharedFloat32(rows * dimensions)
  const variances = new Float64Array(dimensions)
  for (let row = 0; row < rows; row++) {
    const factor = factors[row]!
    for (let d = 0; d < dimensions; d++) {
      const at = row * dimensions + d
      values[at] = vectors[at]! * factor - mean[d]!
      const off = vectors[at]! - uploadedMean[d]!
      variances[d]! += off * off
    }
  }
  for (let d = 0; d < dimensions; d++) {
    variances[d]! /= rows
    if (variances[d]! < ROUNDING * uploadedMean[d]! ** 2) variances[d] = 0
  }
  return { centred: { values, rows, dimensions }, variances }
}

/** Inner products of the dimensions over all rows. */
function dimensionProducts({ values, rows, dimensions }: Matrix, options: SpaceOptions) {
  return productsOfAll({ values, rows: dimensions, dimensions: rows, byDimension: true }, options)
}

/** Inner products of all rows of a matrix. */
async function productsOfAll(matrix: Matrix, { backend, signal }: SpaceOptions): Promise<Matrix> {
  const { rows, dimensions } = matrix
  const tiles: Required<Tile>[] = []
  for (let from = 0; from < dimensions; from += CHUNK) {
    const to = Math.min(dimensions, from + CHUNK)
    for (let leftStart = 0; leftStart < rows; leftStart += TILE) {
      const leftEnd = Math.min(rows, leftStart + TILE)
      for (let rightStart = leftStart; rightStart < rows; rightStart += TILE) {
        const rightEnd = Math.min(rows, rightStart + TILE)
        tiles.push({ leftStart, leftEnd, rightStart, rightEnd, from, to })
      }
    }
  }
  const sums = new Float64Array(rows * rows)
  let next = 0
  for await (const products of backend.products(matrix, matrix, tiles)) {
    throwIfCancelled(signal)
    const { leftStart, leftEnd, rightStart, rightEnd } = tiles[next++]!
    let at = 0
    for (let i = leftStart; i < leftEnd; i++) {
      for (let j = rightStart; j < rightEnd; j++) sums[i * rows + j]! += products[at++]!
    }
  }
  return symmetric(sums, rows)
}

/** Both triangles from the upper one. */
function symmetric(sums: Float64Array, size: number): Matrix {
  const values = sharedFloat32(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      values[i * size + j] = sums[i * size + j]!
      values[j * size + i] = sums[i * size + j]!
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
