/** A few axes on which rows differ most: pairs that are far apart on them needn't be multiplied in full. */

import type { Backend, Matrix, Tile } from '../../tensor/backend.ts'
import { orthonormalize } from '../../tensor/orthonormal.ts'

const SAMPLE_ROWS = 512
/** The pairs of so many rows of the sample tell how much the axes save. */
const PROBE_ROWS = 128
const TILE_ROWS = 2048
/** Numbers of axes to choose from. */
const COUNTS = [16, 32, 48, 64, 96]
const ITERATIONS = 2
/** The kernel's check after it multiplied the axes costs as much as so many dimensions. */
const CHECK_DIMENSIONS = 34
/** Axes are used where the expected work is below this share of all. */
const WORTH = 0.85
const PATCH_PAIRS = 32
/** The squared distance that matters is up to so much larger than the sample says. */
const REACH_MARGIN = 1.03
/** Pairs within so many times that squared distance lie in patches together. */
const NEAR_SHARE = 1.3

/**
 * Coordinates of all rows on orthonormal axes, or null where multiplying them first wouldn't pay. The
 * axes are the leading principal axes of a sample, by subspace iteration (Halko, Martinsson, Tropp:
 * Finding structure with randomness, 2011, algorithm 4.4). Any orthonormal axes would give bounds that
 * hold; better ones rule out more.
 * @param matrix rows × dimensions, centred
 * @param farRows are left out of the sample: one of them would turn the first axis towards itself
 * @param k how many neighbours are looked for: says which distances matter
 * @returns rows × axes
 */
export async function principalCoordinates(
  matrix: Matrix,
  farRows: Int32Array,
  k: number,
  backend: Backend,
): Promise<Matrix | null> {
  const { rows, dimensions } = matrix
  const most = mostAxes(dimensions)
  if (most === 0 || rows < 4 * SAMPLE_ROWS) return null
  const sample = sampleRows(matrix, farRows, SAMPLE_ROWS)
  const axes = await leadingAxes(sample, most, backend)
  const coordinates = await multiply(sample, axes, backend)
  const count = bestCount(sample, coordinates, k, rows)
  if (count === null) return null
  const best = { values: axes.values.subarray(0, count * dimensions), rows: count, dimensions }
  return multiply(matrix, best, backend)
}

/** The largest number of axes for rows of so many dimensions; 0 where they have too few. */
function mostAxes(dimensions: number): number {
  return COUNTS.filter((count) => count <= dimensions / 2).at(-1) ?? 0
}

/** Takes rows at even steps, so that each class has its share where classes lie one behind the other. */
function sampleRows(
  { values, rows, dimensions }: Matrix,
  farRows: Int32Array,
  count: number,
): Matrix {
  const isFar = new Set(farRows)
  const sample = new Float32Array(count * dimensions)
  for (let at = 0; at < count; at++) {
    // The step shares no factor with the count, so the sample's first rows are of all classes too.
    let row = Math.floor((((at * 331) % count) * rows) / count)
    while (isFar.has(row)) row = (row + 1) % rows
    sample.set(values.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions)
  }
  return { values: sample, rows: count, dimensions }
}

async function leadingAxes(sample: Matrix, count: number, backend: Backend): Promise<Matrix> {
  const { dimensions } = sample
  const columns = transpose(sample)
  let axes: Matrix = { values: sample.values.slice(0, count * dimensions), rows: count, dimensions }
  for (let step = 0; step < ITERATIONS; step++) {
    const along = transpose(await multiply(sample, axes, backend))
    const next = transpose(await multiply(columns, along, backend))
    axes = orthonormalRows(next)
  }
  return axes
}

/** Inner products of the rows of two matrices: left rows × right rows. */
async function multiply(left: Matrix, right: Matrix, backend: Backend): Promise<Matrix> {
  const values = new Float32Array(left.rows * right.rows)
  const tiles = rowTiles(left.rows, right.rows)
  let at = 0
  for await (const products of backend.products(left, right, tiles)) {
    values.set(products, at)
    at += products.length
  }
  return { values, rows: left.rows, dimensions: right.rows }
}

/** All columns at once, some rows at a time. */
export function rowTiles(rows: number, columns: number): Tile[] {
  const tiles: Tile[] = []
  for (let start = 0; start < rows; start += TILE_ROWS) {
    const end = Math.min(rows, start + TILE_ROWS)
    tiles.push({ leftStart: start, leftEnd: end, rightStart: 0, rightEnd: columns })
  }
  return tiles
}

function transpose({ values, rows, dimensions }: Matrix): Matrix {
  const columns = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dimensions; d++) columns[d * rows + row] = values[row * dimensions + d]!
  }
  return { values: columns, rows: dimensions, dimensions: rows }
}

/** Rows at right angles and of length 1; dependent ones become zero. */
function orthonormalRows({ values, rows, dimensions }: Matrix): Matrix {
  const axes = Array.from({ length: rows }, (_, row) =>
    Float64Array.from(values.subarray(row * dimensions, (row + 1) * dimensions)),
  )
  orthonormalize(axes, 1e-6)
  const result = new Float32Array(rows * dimensions)
  for (const [at, axis] of axes.entries()) result.set(axis, at * dimensions)
  return { values: result, rows, dimensions }
}

/**
 * The number of axes with the least expected work; null where no number is worth it.
 *
 * A row's nearest in the sample is about as far as its (rows ÷ sample)-th nearest of all, so distances up
 * to a little more than that matter. A patch of 32 pairs is multiplied in full where the axes leave one
 * of them. Pairs that really are near lie in patches together; far pairs that the axes don't rule out may
 * be anywhere.
 */
function bestCount(sample: Matrix, coordinates: Matrix, k: number, rows: number): number | null {
  const { values, dimensions } = sample
  const probe = Math.min(PROBE_ROWS, sample.rows)
  const rank = Math.max(1, Math.ceil((k * sample.rows) / rows))
  const reach = REACH_MARGIN * typicalReach(sample, probe, rank)
  const pairs = (probe * (probe - 1)) / 2
  const isNear = new Uint8Array(probe * probe)
  let near = 0
  for (let i = 0; i < probe; i++) {
    for (let j = 0; j < i; j++) {
      if (squaredDifference(values, dimensions, i, j, dimensions) >= NEAR_SHARE * reach) continue
      isNear[i * probe + j] = 1
      near++
    }
  }
  const rests = new Float64Array(probe)
  let best: { count: number; cost: number } | null = null
  for (const count of COUNTS.filter((one) => one <= coordinates.dimensions)) {
    for (let row = 0; row < probe; row++) {
      const whole = squareSum(values, row * dimensions, dimensions)
      const onAxes = squareSum(coordinates.values, row * coordinates.dimensions, count)
      rests[row] = Math.sqrt(Math.max(0, whole - onAxes))
    }
    let passes = 0
    for (let i = 0; i < probe; i++) {
      for (let j = 0; j < i; j++) {
        if (isNear[i * probe + j] === 1) continue
        const onAxes = squaredDifference(coordinates.values, coordinates.dimensions, i, j, count)
        if (onAxes + (rests[i]! - rests[j]!) ** 2 < reach) passes++
      }
    }
    const patches = near / pairs + 1 - (1 - passes / Math.max(1, pairs - near)) ** PATCH_PAIRS
    const cost = (count + CHECK_DIMENSIONS) / dimensions + patches
    if (best === null || cost < best.cost) best = { count, cost }
  }
  return best !== null && best.cost < WORTH ? best.count : null
}

/** Median over the probed rows of the squared distance to the `rank`-th nearest of the sample. */
function typicalReach({ values, rows, dimensions }: Matrix, probe: number, rank: number): number {
  const step = 16
  const reaches: number[] = []
  const squares = new Float64Array(rows - 1)
  for (let i = 0; i < probe; i += step) {
    for (let j = 0, at = 0; j < rows; j++) {
      if (j !== i) squares[at++] = squaredDifference(values, dimensions, i, j, dimensions)
    }
    reaches.push(squares.sort()[Math.min(squares.length, rank) - 1]!)
  }
  return reaches.sort((a, b) => a - b)[reaches.length >> 1]!
}

function squareSum(values: Float32Array, start: number, count: number): number {
  let sum = 0
  for (let at = start; at < start + count; at++) sum += values[at]! ** 2
  return sum
}

function squaredDifference(
  values: Float32Array,
  width: number,
  i: number,
  j: number,
  count: number,
): number {
  let sum = 0
  for (let d = 0; d < count; d++) {
    const difference = values[i * width + d]! - values[j * width + d]!
    sum += difference * difference
  }
  return sum
}
