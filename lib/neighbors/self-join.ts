/**
 * The exact self-join: every pair of rows is multiplied once, for both of its rows, in tiles of
 * bounded size; float32 products pick candidates, double precision settles distances and order.
 *
 *   prepare ─► products of tiles ─► scan ─► rank ─► rescan of unproven rows ─► Neighborhood
 */

import { throwIfCancelled } from '../core/errors.ts'
import type { Neighborhood } from '../core/evaluation.ts'
import type { Metric } from '../core/manifest.ts'
import type { Backend, Tile } from '../tensor/backend.ts'
import { firstEqualRows, rowDistance } from './distance.ts'
import { prepare } from './prepare.ts'
import { type Exact, Nearest, type Ranking, rankCandidates } from './rank.ts'
import { exactDistance, ranksOf, rankUnproven } from './rescan.ts'
import { Scan } from './scan.ts'

export interface SelfJoinInput {
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
  /** Class of each row, from 0. */
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
const MATES = 10

/**
 * Neighbours of every row among all others, ties to the lower row, and what the same pass yields
 * besides. At least two rows. Neighbours, ranks and their distances don't depend on tiles, threads
 * or backend; sums of distances are made of float32 products and differ in their seventh digit.
 */
export async function selfJoin(
  input: SelfJoinInput,
  options: SelfJoinOptions,
): Promise<Neighborhood> {
  const { vectors, rows, dimensions, labels, classes } = input
  const { backend, metric } = options
  const cosine = metric === 'cosine'
  const pause = breather(options.signal)
  const sizes = new Int32Array(classes)
  for (const label of labels) sizes[label]!++
  const k = Math.min(options.k, rows - 1)
  const depth = rankingDepth(rows, sizes, k, options.candidateBytes ?? CANDIDATE_BYTES)
  const mates = Math.min(MATES, Math.max(...sizes) - 1)

  const prepared = prepare(vectors, rows, dimensions, metric, labels, classes)
  const classAt = prepared.rowAt.map((row) => labels[row]!)
  // A hair more than two rows can be apart, so that rounding never leaves the last bin.
  const limit = (cosine ? 2 : 2 * prepared.largestNorm) * 1.001 || 1
  const tileRows = Math.min(rows, options.tileRows ?? TILE_ROWS)
  const scan = new Scan(prepared, {
    tileRows,
    keep: depth + slack(depth),
    keepMates: mates + slack(mates),
    cosine,
    bins: HISTOGRAM_BINS,
    binsPerUnit: HISTOGRAM_BINS / limit,
  })
  const tiles = triangle(rows, tileRows)
  let done = 0
  for await (const products of backend.products(prepared.matrix, prepared.matrix, tiles)) {
    scan.add(products, tiles[done]!)
    done++
    options.progress((0.7 * done) / tiles.length)
    await pause()
  }
  scan.drain()

  const exact: Exact = {
    prepared,
    distance: rowDistance(vectors, rows, dimensions, metric),
    firstEqual: firstEqualRows(vectors, rows, dimensions),
  }
  const ranking = emptyRanking(rows, depth)
  const nearestMates = emptyRanking(rows, mates)
  const unproven: { position: number; limit: number }[] = []
  for (let position = 0; position < rows; position++) {
    const limit = rankCandidates(exact, position, scan.candidates, depth, ranking)
    if (limit !== null) unproven.push({ position, limit })
    const others = Math.min(mates, sizes[classAt[position]!]! - 1)
    if (rankCandidates(exact, position, scan.mates, others, nearestMates) !== null) {
      rankClass(exact, position, classAt[position]!, nearestMates)
    }
    if (position % 64 === 63) {
      options.progress(0.7 + (0.25 * position) / rows)
      await pause()
    }
  }
  await rankUnproven(unproven, exact, ranking, backend, pause)
  const firstMateRank = await firstMateRanks(exact, nearestMates, ranking, cosine, backend, pause)
  options.progress(1)

  const unscale = 1 / prepared.scale
  return {
    metric,
    backend: { name: backend.name, version: backend.version, threads: backend.threads },
    k,
    neighbors: firstColumns(ranking.rows, rows, depth, k),
    distances: firstColumns(ranking.distances, rows, depth, k),
    depth,
    ranking: ranking.rows,
    mates,
    mateDistances: nearestMates.distances,
    firstMateRank,
    ...nearestByLabel(exact, labels, ranking, nearestMates, scan.nearestOtherAt),
    classDistanceSums: scan.classSums.map((sum) => sum * unscale),
    firstEqual: exact.firstEqual,
    pairHistogram: {
      limit: limit * unscale,
      same: scan.sameHistogram,
      other: scan.otherHistogram,
    },
  }
}

/**
 * Far enough for R-precision of the largest class, and to find a row that is not of a given class;
 * less where the memory for candidates doesn't allow it.
 */
function rankingDepth(rows: number, sizes: Int32Array, k: number, bytes: number): number {
  const wanted = Math.max(k, Math.max(...sizes) + 1)
  const affordable = Math.max(k, Math.floor(bytes / (rows * 18)))
  return Math.min(rows - 1, wanted, affordable)
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

function emptyRanking(rows: number, depth: number): Ranking {
  return {
    depth,
    rows: new Int32Array(rows * depth).fill(-1),
    distances: new Float64Array(rows * depth).fill(Number.POSITIVE_INFINITY),
  }
}

/** Ranks a position's class in double precision, for the few whose candidates weren't proven. */
function rankClass(exact: Exact, position: number, label: number, ranking: Ranking): void {
  const { classStarts, rowAt } = exact.prepared
  const nearest = new Nearest(ranking.depth)
  for (let mate = classStarts[label]!; mate < classStarts[label + 1]!; mate++) {
    if (mate !== position) {
      nearest.offer(rowAt[mate]!, exactDistance(exact, rowAt[position]!, rowAt[mate]!))
    }
  }
  nearest.write(ranking.rows, ranking.distances, rowAt[position]! * ranking.depth)
}

/** Where the nearest of the own class stands in the ranking, or would stand if it went on. */
async function firstMateRanks(
  exact: Exact,
  mates: Ranking,
  ranking: Ranking,
  cosine: boolean,
  backend: Backend,
  pause: () => Promise<void>,
): Promise<Int32Array> {
  const { rowAt } = exact.prepared
  const ranks = new Int32Array(rowAt.length)
  if (mates.depth === 0) return ranks
  const beyond: number[] = []
  for (let position = 0; position < rowAt.length; position++) {
    const row = rowAt[position]!
    const mate = mates.rows[row * mates.depth]!
    if (mate < 0) continue
    const start = row * ranking.depth
    ranks[row] = ranking.rows.subarray(start, start + ranking.depth).indexOf(mate) + 1
    if (ranks[row] === 0) beyond.push(position)
  }
  const mateOf = beyond.map((position) => mates.rows[rowAt[position]! * mates.depth]!)
  const reach = beyond.map((position) => mates.distances[rowAt[position]! * mates.depth]!)
  const found = await ranksOf(beyond, mateOf, reach, cosine, exact, backend, pause)
  for (const [at, position] of beyond.entries()) ranks[rowAt[position]!] = found[at]!
  return ranks
}

/**
 * Distance of each row's nearest of another class than its own, and of another class than its nearest
 * neighbour's; infinity where there is none.
 */
function nearestByLabel(
  { prepared: { rowAt }, distance }: Exact,
  labels: Int32Array,
  ranking: Ranking,
  mates: Ranking,
  nearestOtherAt: Int32Array,
) {
  const rows = rowAt.length
  const nearestOther = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  const nearestUnpredicted = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  for (let position = 0; position < rows; position++) {
    const row = rowAt[position]!
    const start = row * ranking.depth
    const others = ranking.rows.subarray(start, start + ranking.depth)
    const nearestWithout = (label: number) => {
      const rank = others.findIndex((other) => labels[other] !== label)
      return rank < 0 ? Number.POSITIVE_INFINITY : ranking.distances[start + rank]!
    }
    const label = labels[row]!
    const predicted = labels[others[0]!]!
    nearestOther[row] = nearestWithout(label)
    if (nearestOther[row] === Number.POSITIVE_INFINITY && nearestOtherAt[position]! >= 0) {
      // Beyond the kept ranking: the nearest by float32 products, at its distance in double precision.
      nearestOther[row] = distance(row, rowAt[nearestOtherAt[position]!]!)
    }
    nearestUnpredicted[row] = predicted === label ? nearestOther[row]! : nearestWithout(predicted)
    if (
      predicted !== label &&
      nearestUnpredicted[row] === Number.POSITIVE_INFINITY &&
      mates.depth > 0
    ) {
      // Beyond the kept ranking as well: the row's own class is one that isn't the predicted one.
      nearestUnpredicted[row] = mates.distances[row * mates.depth]!
    }
  }
  return { nearestOther, nearestUnpredicted }
}

function firstColumns<T extends Int32Array | Float64Array>(
  all: T,
  rows: number,
  from: number,
  to: number,
): T {
  const columns = all.slice(0, rows * to) as T
  for (let row = 0; row < rows; row++) {
    columns.set(all.subarray(row * from, row * from + to), row * to)
  }
  return columns
}
