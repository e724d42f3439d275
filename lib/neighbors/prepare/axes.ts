/** A few axes on which rows differ most: what is far apart on them needs no further look. */

import type { Backend, Matrix, Tile } from '../../tensor/backend.ts'
import { orthonormalize } from '../../tensor/orthonormal.ts'

const SAMPLE_ROWS = 512
/** Pairs of the sample's first rows tell how much the axes save. */
const PROBE_ROWS = 128
const TILE_ROWS = 2048
/** How many axes there may be. */
const COUNTS = [16, 32, 48, 64, 96]
const ITERATIONS = 2
/** What the check after the axes costs, in dimensions, and the gain under which it isn't worth it. */
const CHECK_DIMENSIONS = 34
const WORTH = 0.85
const BLOCK_PAIRS = 32
const REACH_MARGIN = 1.03
const NEAR_SHARE = 1.3

/**
 * Coordinates of all rows on orthonormal axes, or null where multiplying them first wouldn't pay. The
 * axes are the leading principal axes of a sample, by subspace iteration (Halko, Martinsson, Tropp:
 * Finding structure with randomness, 2011, algorithm 4.4); any orthonormal ones would give bounds that
 * hold, better ones save more.
 * @param matrix rows × dimensions, centred
 * @param farRows of which one would turn the first axis to itself, and hide the others
 * @param k how many neighbours are looked for: says which distances matter
 * @returns rows × count
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
  const sample = sampled(matrix, farRows, SAMPLE_ROWS)
  const axes = await leadingAxes(sample, most, backend)
  const coordinates = await multiplied(sample, axes, backend)
  const count = bestCount(sample, coordinates, k, rows)
  if (count === null) return null
  const kept = { values: axes.values.subarray(0, count * dimensions), rows: count, dimensions }
  return multiplied(matrix, kept, backend)
}

/** Axes that rows of so many dimensions can have at most. */
function mostAxes(dimensions: number): number {
  return COUNTS.filter((count) => count <= dimensions / 2).at(-1) ?? 0
}

/** Rows at even steps: classes lie one behind the other. */
function sampled({ values, rows, dimensions }: Matrix, farRows: Int32Array, count: number): Matrix {
  const isFar = new Set(farRows)
  const sample = new Float32Array(count * dimensions)
  for (let at = 0; at < count; at++) {
    // A step that shares no factor with the count mixes the classes among the first rows too.
    let row = Math.floor((((at * 331) % count) * rows) / count)
    while (isFar.has(row)) row = (row + 1) % rows
    sample.set(values.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions)
  }
  return { values: sample, rows: count, dimensions }
}

async function leadingAxes(sample: Matrix, count: number, backend: Backend): Promise<Matrix> {
  const { dimensions } = sample
  const turned = transposed(sample)
  let axes: Matrix = { values: sample.values.slice(0, count * dimensions), rows: count, dimensions }
  for (let step = 0; step < ITERATIONS; step++) {
    const along = transposed(await multiplied(sample, axes, backend))
    const next = transposed(await multiplied(turned, along, backend))
    axes = orthonormal(next)
  }
  return axes
}

/** Rows of the left matrix times rows of the right one: left rows × right rows. */
async function multiplied(left: Matrix, right: Matrix, backend: Backend): Promise<Matrix> {
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

function transposed({ values, rows, dimensions }: Matrix): Matrix {
  const turned = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dimensions; d++) turned[d * rows + row] = values[row * dimensions + d]!
  }
  return { values: turned, rows: dimensions, dimensions: rows }
}

/** Rows at right angles and of length 1; dependent ones become zero. */
function orthonormal({ values, rows, dimensions }: Matrix): Matrix {
  const axes = Array.from({ length: rows }, (_, row) =>
    Float64Array.from(values.subarray(row * dimensions, (row + 1) * dimensions)),
  )
  orthonormalize(axes, 1e-6)
  const result = new Float32Array(rows * dimensions)
  for (const [at, axis] of axes.entries()) result.set(axis, at * dimensions)
  return { values: result, rows, dimensions }
}

/**
 * The number of axes with the least expected work. In the sample a row's nearest is about as far as
 * its (rows ÷ sample)-th nearest in all: what matters is up to a little more than that. Of a block's 32
 * pairs one that isn't ruled out is enough to multiply the block. Pairs that really are near lie in
 * blocks together; far ones that the axes don't rule out may be anywhere.
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
  const left = new Float64Array(probe)
  let best: { count: number; cost: number } | null = null
  for (const count of COUNTS.filter((one) => one <= coordinates.dimensions)) {
    for (let row = 0; row < probe; row++) {
      const whole = squareSum(values, row * dimensions, dimensions)
      const known = squareSum(coordinates.values, row * coordinates.dimensions, count)
      left[row] = Math.sqrt(Math.max(0, whole - known))
    }
    let kept = 0
    for (let i = 0; i < probe; i++) {
      for (let j = 0; j < i; j++) {
        if (isNear[i * probe + j] === 1) continue
        const known = squaredDifference(coordinates.values, coordinates.dimensions, i, j, count)
        if (known + (left[i]! - left[j]!) ** 2 < reach) kept++
      }
    }
    const blocks = near / pairs + 1 - (1 - kept / Math.max(1, pairs - near)) ** BLOCK_PAIRS
    const cost = (count + CHECK_DIMENSIONS) / dimensions + blocks
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
