/** The vectors as they would be stored with fewer dimensions or fewer bits. */

import type { Dataset } from '../../core/dataset.ts'
import { sharedFloat32 } from '../../core/shared-memory.ts'
import type { TradeOffVariant } from '../../core/trade-off.ts'
import type { Matrix } from '../../tensor/backend.ts'
import { MOST_DIRECTIONS, type Space, type SpaceOptions } from '../structure/space.ts'
import type { Apart } from './rank.ts'

export interface Compressed
  extends Pick<TradeOffVariant, 'id' | 'kind' | 'title' | 'dimensions' | 'bytesPerRow'> {
  /** Rows whose Euclidean distances are the variant's, or grow as they do. */
  readonly matrix: Matrix
  readonly squaredNorms: Float64Array
  /** Those distances squared, in double precision; null where products of the rows are exact. */
  readonly apart: Apart | null
  /** Rows without a direction: 2 as a squared distance of directions from every row, cosine distance 1. */
  readonly zeros: readonly number[]
}

/** Sizes that are tried of each kind. */
const SIZES = 4
const STEPS = 255
/** Beside the greatest variance: a direction with less can't be told from noise in float32. */
const WEAK = 1e-5

/** A form of the vectors before it has a name. */
type Form = Pick<Compressed, 'matrix' | 'squaredNorms' | 'apart' | 'zeros'>
/** What the values of a row are multiplied by. */
type Factors = Float64Array

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
  const raw: Matrix = { values: dataset.vectors, rows: dataset.rows, dimensions }
  const isCosine = options.metric === 'cosine'
  const factors = factorsOf(space.norms, isCosine)
  const form = (matrix: Matrix, apart: Apart, own: Factors = factors): Form => {
    const zeros = isCosine ? [...own.keys()].filter((row) => own[row] === 0) : []
    return { matrix, squaredNorms: squaredNorms(matrix), apart, zeros }
  }
  yield {
    id: 'full',
    kind: 'full',
    title: 'As they are',
    dimensions,
    bytesPerRow: 4 * dimensions,
    ...form(centred, apartOf(raw, dimensions, factors)),
  }
  const strong = space.eigenvalues.filter((value) => value > WEAK * space.eigenvalues[0]!).length
  const projected = await projection(space, options)
  const asTheyAre = new Float64Array(dataset.rows).fill(1)
  for (const size of sizes(dimensions, Math.min(MOST_DIRECTIONS, strong))) {
    yield {
      id: `pca-${size}`,
      kind: 'pca',
      title: `PCA to ${size} dimensions`,
      dimensions: size,
      bytesPerRow: 4 * size,
      ...form(leading(projected, size, asTheyAre), apartOf(projected, size, asTheyAre)),
    }
  }
  for (const size of sizes(dimensions, dimensions)) {
    const own = isCosine ? factorsOf(lengths(raw, size), true) : factors
    const matrix = isCosine ? leading(raw, size, own) : leading(centred, size, asTheyAre)
    yield {
      id: `leading-${size}`,
      kind: 'leading',
      title: `First ${size} dimensions`,
      dimensions: size,
      bytesPerRow: 4 * size,
      ...form(matrix, apartOf(raw, size, own), own),
    }
  }
  const coarse = rounded(raw, factors)
  yield {
    id: 'int8',
    kind: 'int8',
    title: 'int8',
    dimensions,
    bytesPerRow: dimensions,
    ...form(coarse.matrix, coarse.apart),
  }
  const matrix = signs(centred)
  yield {
    id: 'binary',
    kind: 'binary',
    title: 'Binary',
    dimensions,
    bytesPerRow: Math.ceil(dimensions / 8),
    matrix,
    squaredNorms: new Float64Array(dataset.rows).fill(dimensions),
    // Sums of ones are whole numbers.
    apart: null,
    zeros: [],
  }
}

/** To unit length with cosine distance, 0 for a zero vector; else to lengths of at most 1. */
function factorsOf(norms: Float64Array, isCosine: boolean): Factors {
  const largest = norms.reduce((most, norm) => Math.max(most, norm), 0)
  return norms.map((norm) => {
    const length = isCosine ? norm : largest
    return length === 0 ? 0 : 1 / length
  })
}

/** Of the first dimensions. */
function apartOf({ values, dimensions }: Matrix, size: number, factors: Factors): Apart {
  return (query, row) => {
    const [left, right] = [query * dimensions, row * dimensions]
    const [mine, its] = [factors[query]!, factors[row]!]
    let sum = 0
    for (let d = 0; d < size; d++) {
      const difference = values[left + d]! * mine - values[right + d]! * its
      sum += difference * difference
    }
    return sum
  }
}

/** The largest powers of two below the dimensions, from 2 on. */
function sizes(dimensions: number, most: number): readonly number[] {
  const found: number[] = []
  for (let size = 2; size < dimensions && size <= most; size *= 2) found.push(size)
  return found.slice(-SIZES).reverse()
}

function squaredNorms({ values, rows, dimensions }: Matrix): Float64Array {
  const sums = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = 0
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

function leading({ values, rows, dimensions }: Matrix, size: number, factors: Factors): Matrix {
  const cut = sharedFloat32(rows * size)
  for (let row = 0; row < rows; row++) {
    const factor = factors[row]!
    for (let d = 0; d < size; d++) cut[row * size + d] = values[row * dimensions + d]! * factor
  }
  return { values: cut, rows, dimensions: size }
}

/** Lengths of the rows in their first dimensions. */
function lengths({ values, rows, dimensions }: Matrix, size: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0
    for (let d = 0; d < size; d++) sum += values[row * dimensions + d]! ** 2
    return Math.sqrt(sum)
  })
}

/** 256 even steps between the least and the largest value of each dimension, told from their middle. */
function rounded(
  { values, rows, dimensions }: Matrix,
  factors: Factors,
): { matrix: Matrix; apart: Apart } {
  const least = new Float64Array(dimensions).fill(Number.POSITIVE_INFINITY)
  const most = new Float64Array(dimensions).fill(Number.NEGATIVE_INFINITY)
  for (let row = 0, at = 0; row < rows; row++) {
    const factor = factors[row]!
    for (let d = 0; d < dimensions; d++, at++) {
      const value = values[at]! * factor
      if (value < least[d]!) least[d] = value
      if (value > most[d]!) most[d] = value
    }
  }
  const step = most.map((value, d) => (value - least[d]!) / STEPS)
  const codes = new Uint8Array(values.length)
  const coarse = sharedFloat32(values.length)
  for (let row = 0, at = 0; row < rows; row++) {
    const factor = factors[row]!
    for (let d = 0; d < dimensions; d++, at++) {
      const width = step[d]!
      const code = width > 0 ? Math.floor((values[at]! * factor - least[d]!) / width + 0.5) : 0
      codes[at] = code
      coarse[at] = width * (code - STEPS / 2)
    }
  }
  const apart: Apart = (query, row) => {
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      const steps = codes[query * dimensions + d]! - codes[row * dimensions + d]!
      sum += (step[d]! * steps) ** 2
    }
    return sum
  }
  return { matrix: { values: coarse, rows, dimensions }, apart }
}

/** 1 above a dimension's mean, else −1: squared distances are four times Hamming's. */
function signs({ values, rows, dimensions }: Matrix): Matrix {
  const bits = sharedFloat32(values.length)
  for (let at = 0; at < values.length; at++) bits[at] = values[at]! > 0 ? 1 : -1
  return { values: bits, rows, dimensions }
}
