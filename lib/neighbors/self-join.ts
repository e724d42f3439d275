/**
 * The exact self-join: every pair of rows is multiplied once, for both of its rows, in tiles of
 * bounded size; float32 products pick candidates, double precision settles distances and order.
 *
 *   prepare ─► products of tiles ─► scan ─► rank ─► (the few unproven rows again) ─► Neighborhood
 */

import { throwIfCancelled } from '../core/errors.ts'
import type { Neighborhood } from '../core/evaluation.ts'
import type { Metric } from '../core/manifest.ts'
import type { Backend, Tile } from '../tensor/backend.ts'
import { Candidates } from './candidates.ts'
import { firstEqualRows, type RowDistance, rowDistance } from './distance.ts'
import { type Prepared, prepare } from './prepare.ts'
import { Nearest, rankCandidates } from './rank.ts'
import { scanTile, type Tally } from './scan.ts'

export interface SelfJoinInput {
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
  readonly labels: Int32Array
  readonly classes: number
}

export interface SelfJoinOptions {
  readonly backend: Backend
  readonly metric: Metric
  /** Neighbours of each row that are kept and shown. */
  readonly k: number
  readonly signal: AbortSignal
  readonly progress: (fraction: number) => void
  /** Rows on a tile's side; changes the speed, never the result. */
  readonly tileRows?: number
  /** Bytes that the candidates may take: bounds how far the ranking goes. */
  readonly candidateBytes?: number
}

const TILE_ROWS = 1024
const CANDIDATE_BYTES = 256 * 2 ** 20
const HISTOGRAM_BINS = 2 ** 16

/**
 * Neighbours of every row among all others, ties to the lower row, and what the same pass yields
 * besides. At least two rows. The result doesn't depend on tiles, threads or backend; sums of
 * distances are made of float32 products and differ in their seventh digit.
 */
export async function selfJoin(
  input: SelfJoinInput,
  options: SelfJoinOptions,
): Promise<Neighborhood> {
  const { vectors, rows, dimensions, labels, classes } = input
  const { backend, metric, signal } = options
  const prepared = prepare(vectors, rows, dimensions, metric, labels, classes)
  const k = Math.min(options.k, rows - 1)
  const depth = rankingDepth(input, k, options.candidateBytes ?? CANDIDATE_BYTES)
  const keep = depth + slack(depth)
  // A hair more than two rows can be apart, so that rounding never leaves the last bin.
  const limit = (metric === 'cosine' ? 2 : 2 * prepared.largestNorm) * 1.001 || 1
  const tally: Tally = {
    candidates: new Candidates(rows, keep),
    classSums: new Float64Array(rows * classes),
    histogramSame: new Float64Array(HISTOGRAM_BINS),
    histogramOther: new Float64Array(HISTOGRAM_BINS),
    binsPerUnit: HISTOGRAM_BINS / limit,
    nearestOther: new Float64Array(rows).fill(Number.POSITIVE_INFINITY),
    nearestOtherAt: new Int32Array(rows).fill(-1),
  }
  const classAt = prepared.rowAt.map((row) => labels[row]!)

  const tiles = triangle(rows, options.tileRows ?? TILE_ROWS)
  const pause = breather(signal)
  let done = 0
  for await (const products of backend.products(prepared.matrix, prepared.matrix, tiles)) {
    scanTile(products, tiles[done]!, prepared, classAt, metric === 'cosine', tally)
    done++
    options.progress((0.8 * done) / tiles.length)
    await pause()
  }

  const distance = rowDistance(vectors, rows, dimensions, metric)
  const ranking = new Int32Array(rows * depth).fill(-1)
  const distances = new Float64Array(rows * depth).fill(Number.POSITIVE_INFINITY)
  const unproven: Unproven[] = []
  for (let position = 0; position < rows; position++) {
    const limit = rankCandidates(
      prepared,
      position,
      tally.candidates.of(position),
      tally.candidates.thresholds[position]!,
      depth,
      distance,
      ranking,
      distances,
      prepared.rowAt[position]! * depth,
    )
    if (limit !== null) unproven.push({ position, limit })
    if (position % 64 === 63) {
      options.progress(0.8 + (0.15 * position) / rows)
      await pause()
    }
  }
  const equal = firstEqualRows(vectors, rows, dimensions)
  await rankUnproven(unproven, prepared, equal, distance, depth, ranking, distances, backend, pause)

  const unscale = 1 / prepared.scale
  const { nearestSame, nearestOther } = nearestByClass(
    input,
    prepared,
    ranking,
    distances,
    depth,
    distance,
    tally.nearestOtherAt,
  )
  options.progress(1)
  return {
    metric,
    backend: { name: backend.name, version: backend.version, threads: backend.threads },
    k,
    neighbors: firstColumns(ranking, rows, depth, k),
    distances: firstColumns(distances, rows, depth, k),
    depth,
    ranking,
    nearestSame,
    nearestOther,
    classDistanceSums: tally.classSums.map((sum) => sum * unscale),
    pairHistogram: {
      limit: limit * unscale,
      same: tally.histogramSame,
      other: tally.histogramOther,
    },
    firstEqual: equal,
  }
}

/**
 * Far enough for R-precision of the largest class and one row beyond, which is of another class;
 * less where the memory for candidates doesn't allow it.
 */
function rankingDepth(input: SelfJoinInput, k: number, bytes: number): number {
  const sizes = new Int32Array(input.classes)
  for (const label of input.labels) sizes[label]!++
  const wanted = Math.max(k, ...sizes)
  const bytesEach = input.rows * 2 * 8 * 1.125
  const affordable = Math.max(k, Math.floor(bytes / bytesEach))
  return Math.min(input.rows - 1, wanted, affordable)
}

/** Candidates beyond the depth, so that rows at nearly the last distance need no second look. */
function slack(depth: number): number {
  return Math.max(16, depth >> 3)
}

/** Tiles on and above the diagonal, in runs that share their left rows. */
export function triangle(rows: number, tileRows: number): Tile[] {
  const tiles: Tile[] = []
  for (let left = 0; left < rows; left += tileRows) {
    for (let right = left; right < rows; right += tileRows) {
      tiles.push({
        leftStart: left,
        leftEnd: Math.min(rows, left + tileRows),
        rightStart: right,
        rightEnd: Math.min(rows, right + tileRows),
      })
    }
  }
  return tiles
}

/** Lets timers and signals through now and then, and throws once the evaluation is cancelled. */
function breather(signal: AbortSignal): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < 30) return
    await new Promise(setImmediate)
    last = performance.now()
    throwIfCancelled(signal)
  }
}

interface Unproven {
  readonly position: number
  /** Squared float32 distance up to which rows may be among its nearest. */
  readonly limit: number
}

/** Multiplies the unproven rows once more and takes every row that may be among their nearest. */
async function rankUnproven(
  unproven: readonly Unproven[],
  prepared: Prepared,
  equal: Int32Array,
  distance: RowDistance,
  depth: number,
  ranking: Int32Array,
  distances: Float64Array,
  backend: Backend,
  pause: () => Promise<void>,
): Promise<void> {
  const { rowAt, squaredNorms, matrix } = prepared
  const { rows, dimensions } = matrix
  for (let start = 0; start < unproven.length; start += TILE_ROWS) {
    const part = unproven.slice(start, start + TILE_ROWS)
    const values = new Float32Array(new SharedArrayBuffer(part.length * dimensions * 4))
    for (const [at, { position }] of part.entries()) {
      values.set(
        matrix.values.subarray(position * dimensions, (position + 1) * dimensions),
        at * dimensions,
      )
    }
    const tiles: Tile[] = []
    for (let right = 0; right < rows; right += TILE_ROWS) {
      tiles.push({
        leftStart: 0,
        leftEnd: part.length,
        rightStart: right,
        rightEnd: Math.min(rows, right + TILE_ROWS),
      })
    }
    const nearest = part.map(() => new Nearest(depth))
    let tileAt = 0
    for await (const products of backend.products(
      { values, rows: part.length, dimensions },
      matrix,
      tiles,
    )) {
      const { rightStart, rightEnd } = tiles[tileAt++]!
      const width = rightEnd - rightStart
      for (const [at, { position, limit }] of part.entries()) {
        const row = rowAt[position]!
        const norm = squaredNorms[position]!
        for (let j = rightStart; j < rightEnd; j++) {
          const squared = norm + squaredNorms[j]! - 2 * products[at * width + j - rightStart]!
          if (Math.max(0, squared) > limit || j === position) continue
          const other = rowAt[j]!
          // Equal rows are as far from each other as a row from itself, which needs no sum each time.
          nearest[at]!.offer(other, distance(row, equal[row] === equal[other] ? row : other))
        }
      }
      await pause()
    }
    for (const [at, { position }] of part.entries()) {
      nearest[at]!.write(ranking, distances, rowAt[position]! * depth)
    }
  }
}

/** Distance of each row's nearest of its own class and of any other; infinity where there is none. */
function nearestByClass(
  input: SelfJoinInput,
  prepared: Prepared,
  ranking: Int32Array,
  distances: Float64Array,
  depth: number,
  distance: RowDistance,
  nearestOtherAt: Int32Array,
) {
  const { rows, labels } = input
  const { rowAt, classStarts } = prepared
  const nearestSame = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  const nearestOther = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  for (let position = 0; position < rows; position++) {
    const row = rowAt[position]!
    const label = labels[row]!
    for (let rank = 0; rank < depth; rank++) {
      const at = row * depth + rank
      const nearest = labels[ranking[at]!] === label ? nearestSame : nearestOther
      if (nearest[row] === Number.POSITIVE_INFINITY) nearest[row] = distances[at]!
      if (
        nearestSame[row]! < Number.POSITIVE_INFINITY &&
        nearestOther[row]! < Number.POSITIVE_INFINITY
      )
        break
    }
    if (nearestSame[row] === Number.POSITIVE_INFINITY) {
      // None of its class is in the ranking: the class is looked through.
      for (let mate = classStarts[label]!; mate < classStarts[label + 1]!; mate++) {
        if (mate !== position)
          nearestSame[row] = Math.min(nearestSame[row]!, distance(row, rowAt[mate]!))
      }
    }
    if (nearestOther[row] === Number.POSITIVE_INFINITY && nearestOtherAt[position]! >= 0) {
      nearestOther[row] = distance(row, rowAt[nearestOtherAt[position]!]!)
    }
  }
  return { nearestSame, nearestOther }
}

function firstColumns<T extends Int32Array | Float64Array>(
  all: T,
  rows: number,
  from: number,
  to: number,
): T {
  const columns = all.slice(0, rows * to) as T
  for (let row = 0; row < rows; row++)
    columns.set(all.subarray(row * from, row * from + to), row * to)
  return columns
}
