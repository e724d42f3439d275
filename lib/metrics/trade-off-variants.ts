/** The vectors as they would be stored with fewer dimensions or fewer bits. */

import type { Dataset } from '../core/dataset.ts'
import { sharedFloat32 } from '../core/shared-memory.ts'
import type { TradeOffVariant } from '../core/trade-off.ts'
import type { Matrix } from '../tensor/backend.ts'
import { MOST_DIRECTIONS, type Space, type SpaceOptions } from './space.ts'

export interface Compressed
  extends Pick<TradeOffVariant, 'id' | 'kind' | 'title' | 'dimensions' | 'bytesPerRow'> {
  /** Rows whose Euclidean distances are the variant's, or grow as they do. */
  readonly matrix: Matrix
  readonly squaredNorms: Float64Array
}

/** Sizes that are tried of each kind. */
const SIZES = 4
const STEPS = 255

/**
 * One after the other, the vectors as they are first. With cosine distance every variant starts from
 * the rows' directions; leading dimensions are brought to unit length anew, as models that are
 * trained for them expect.
 */
export async function* compressions(
  dataset: Dataset,
  space: Space,
  options: SpaceOptions,
): AsyncGenerator<Compressed, void> {
  const { dimensions } = dataset
  const { centred } = space
  const zero = options.metric === 'cosine' ? space.norms.map((norm) => (norm === 0 ? 1 : 0)) : null
  const made = (
    matrix: Matrix,
    about: Omit<Compressed, 'matrix' | 'squaredNorms'>,
  ): Compressed => ({
    ...about,
    matrix,
    squaredNorms: squaredNorms(matrix, zero),
  })
  yield made(centred, {
    id: 'full',
    kind: 'full',
    title: 'As they are',
    dimensions,
    bytesPerRow: 4 * dimensions,
  })
  const strong = space.eigenvalues.filter((value) => value > 1e-9 * space.eigenvalues[0]!).length
  const projected = await projection(space, options)
  for (const size of sizes(dimensions, Math.min(MOST_DIRECTIONS, strong))) {
    yield made(
      leading(projected, size, () => 1),
      {
        id: `pca-${size}`,
        kind: 'pca',
        title: `PCA to ${size} dimensions`,
        dimensions: size,
        bytesPerRow: 4 * size,
      },
    )
  }
  const raw: Matrix = { values: dataset.vectors, rows: dataset.rows, dimensions }
  for (const size of sizes(dimensions, dimensions)) {
    const matrix =
      options.metric === 'cosine'
        ? leading(raw, size, (row) => 1 / (lengthOf(raw, row, size) || 1))
        : leading(centred, size, () => 1)
    yield made(matrix, {
      id: `leading-${size}`,
      kind: 'leading',
      title: `First ${size} dimensions`,
      dimensions: size,
      bytesPerRow: 4 * size,
    })
  }
  yield made(rounded(centred), {
    id: 'int8',
    kind: 'int8',
    title: 'int8',
    dimensions,
    bytesPerRow: dimensions,
  })
  const matrix = signs(centred)
  yield {
    id: 'binary',
    kind: 'binary',
    title: 'Binary',
    dimensions,
    bytesPerRow: Math.ceil(dimensions / 8),
    matrix,
    squaredNorms: squaredNorms(matrix, null),
  }
}

/** The largest powers of two below the dimensions, from 2 on. */
function sizes(dimensions: number, most: number): readonly number[] {
  const found: number[] = []
  for (let size = 2; size < dimensions && size <= most; size *= 2) found.push(size)
  return found.slice(-SIZES).reverse()
}

/** A zero vector is at cosine distance 1 from every row: 2 as a squared distance of directions. */
function squaredNorms(
  { values, rows, dimensions }: Matrix,
  zero: Float64Array | null,
): Float64Array {
  const sums = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = zero?.[row] ?? 0
    for (let at = row * dimensions; at < (row + 1) * dimensions; at++) sum += values[at]! ** 2
    sums[row] = sum
  }
  return sums
}

/** Coordinates of the rows along the principal directions. */
async function projection(
  { centred, directions }: Space,
  { backend }: SpaceOptions,
): Promise<Matrix> {
  const { rows, dimensions } = centred
  const axes = sharedFloat32(directions.length * dimensions)
  for (const [at, direction] of directions.entries()) axes.set(direction, at * dimensions)
  const right: Matrix = { values: axes, rows: directions.length, dimensions }
  const values = sharedFloat32(rows * directions.length)
  const tile = 2048
  const tiles = Array.from({ length: Math.ceil(rows / tile) }, (_, at) => ({
    leftStart: at * tile,
    leftEnd: Math.min(rows, (at + 1) * tile),
    rightStart: 0,
    rightEnd: directions.length,
  }))
  let next = 0
  for await (const block of backend.products(centred, right, tiles)) {
    values.set(block, tiles[next++]!.leftStart * directions.length)
  }
  return { values, rows, dimensions: directions.length }
}

function leading(
  { values, rows, dimensions }: Matrix,
  size: number,
  factor: (row: number) => number,
): Matrix {
  const cut = sharedFloat32(rows * size)
  for (let row = 0; row < rows; row++) {
    const scale = factor(row)
    for (let d = 0; d < size; d++) cut[row * size + d] = values[row * dimensions + d]! * scale
  }
  return { values: cut, rows, dimensions: size }
}

function lengthOf({ values, dimensions }: Matrix, row: number, size: number): number {
  let sum = 0
  for (let d = 0; d < size; d++) sum += values[row * dimensions + d]! ** 2
  return Math.sqrt(sum)
}

/** 256 even steps between the least and the largest value of each dimension. */
function rounded({ values, rows, dimensions }: Matrix): Matrix {
  const least = new Float64Array(dimensions).fill(Number.POSITIVE_INFINITY)
  const most = new Float64Array(dimensions).fill(Number.NEGATIVE_INFINITY)
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dimensions; d++) {
      const value = values[row * dimensions + d]!
      if (value < least[d]!) least[d] = value
      if (value > most[d]!) most[d] = value
    }
  }
  const step = most.map((value, d) => (value - least[d]!) / STEPS)
  const coarse = sharedFloat32(values.length)
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dimensions; d++) {
      const at = row * dimensions + d
      const width = step[d]!
      coarse[at] =
        width === 0
          ? values[at]!
          : least[d]! + width * Math.round((values[at]! - least[d]!) / width)
    }
  }
  return { values: coarse, rows, dimensions }
}

/** 1 above a dimension's mean, else −1: squared distances are four times Hamming's. */
function signs({ values, rows, dimensions }: Matrix): Matrix {
  const bits = sharedFloat32(values.length)
  for (let at = 0; at < values.length; at++) bits[at] = values[at]! > 0 ? 1 : -1
  return { values: bits, rows, dimensions }
}
