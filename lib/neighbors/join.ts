/** Products of tiles, scanned and ranked by threads: what every kind of join is made of. */

import { throwIfCancelled } from '../core/errors.ts'
import type { Metric } from '../core/manifest.ts'
import { sharedFloat64, sharedInt32 } from '../core/shared-memory.ts'
import type { Backend, Tile } from '../tensor/backend.ts'
import { type Bins, distanceBins } from './bins.ts'
import { firstEqualRows, rowDistance } from './distance.ts'
import type { Prepared } from './prepare.ts'
import type { Exact, Ranking, Unproven } from './rank.ts'
import { rankWithin } from './rescan.ts'
import type { ScanState, TileSums } from './scan.ts'
import { ScanPool } from './scan-pool.ts'

export interface Vectors {
  /** Row-major; read in place where they lie on shared memory. */
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
}

export interface JoinOptions {
  readonly backend: Backend
  readonly metric: Metric
  readonly signal: AbortSignal
  readonly progress: (fraction: number) => void
  /** Rows on a tile's side; changes the speed, never the result. */
  readonly tileRows?: number
  /** Threads that scan and rank, likewise; as many as the machine has, unless given. */
  readonly threads?: number
}

export interface JoinPlan {
  readonly prepared: Prepared
  readonly labels: Int32Array
  /** Nearest of all others, and of the own class, that are ranked. */
  readonly depth: number
  /** 0: classes, sums and histograms are left out. */
  readonly mates: number
}

export interface Joined {
  readonly exact: Exact
  readonly ranking: Ranking
  readonly mateRanking: Ranking
  /** Width 1: the nearest of another class. */
  readonly otherRanking: Ranking
  /** Rows × classes, in the units of `Prepared.matrix`; empty where classes are left out. */
  readonly classSums: Float64Array
  /** Of the histograms, in the same units. */
  readonly bins: Bins
  readonly states: readonly ScanState[]
}

const TILE_ROWS = 1024

export async function join(input: Vectors, plan: JoinPlan, options: JoinOptions): Promise<Joined> {
  const { vectors, rows, dimensions } = input
  const { prepared, labels, depth, mates } = plan
  const { backend, metric, signal, progress } = options
  const cosine = metric === 'cosine'
  const pause = breather(signal)
  const byClass = mates > 0
  // Of the time, roughly: ranking far down the list takes its part.
  const scanShare = byClass ? 0.7 : 0.92
  // A hair more than two rows can be apart, so that rounding never leaves the last bin.
  const bins = distanceBins((cosine ? 2 : 2 * prepared.largestNorm) * 1.001 || 1)
  const tileRows = Math.min(rows, options.tileRows ?? TILE_ROWS)
  const setup = {
    prepared,
    tileRows,
    keep: depth + slack(depth),
    keepMates: byClass ? mates + slack(mates) : 0,
    cosine,
    histogram: byClass ? bins : { count: 0, first: 0 },
  }
  const ranking = emptyRanking(rows, depth)
  const mateRanking = emptyRanking(rows, mates)
  const otherRanking = emptyRanking(rows, byClass ? 1 : 0)
  const classSums = new Float64Array(byClass ? rows * (prepared.classStarts.length - 1) : 0)
  const pool = new ScanPool(setup, options.threads)
  let states: ScanState[]
  let unproven: Unproven[]
  try {
    const tiles = triangle(rows, tileRows)
    let summed = Promise.resolve()
    let done = 0
    for await (const products of backend.products(prepared.matrix, prepared.matrix, tiles)) {
      const tile = tiles[done++]!
      const { sums, ready } = pool.scan(products, tile)
      // In the tiles' order, so that sums never depend on which thread was faster.
      summed = summed.then(async () => addSums(classSums, prepared, tile, await sums))
      summed.catch(() => {})
      await ready
      progress((scanShare * done) / tiles.length)
      await pause()
    }
    await summed
    states = await pool.finish()
    const task = {
      prepared,
      labels: shareable(labels),
      candidates: states.map(({ candidates }) => candidates),
      mates: states.map((state) => state.mates),
      others: states.map((state) => state.others),
      ranking,
      mateRanking,
      otherRanking,
    }
    const source = { vectors: shareable(vectors), rows, dimensions, metric }
    unproven = await pool.rank(task, source, (fraction) => {
      progress(scanShare + (0.95 - scanShare) * fraction)
      throwIfCancelled(signal)
    })
  } finally {
    await pool.close()
  }
  const exact: Exact = {
    prepared,
    distance: rowDistance(vectors, rows, dimensions, metric),
    firstEqual: firstEqualRows(vectors, rows, dimensions),
  }
  const among = (other: boolean) => unproven.filter((one) => one.other === other)
  await rankWithin(among(false), exact, ranking, () => true, backend, pause)
  const isOther = (row: number, other: number) => labels[row] !== labels[other]
  await rankWithin(among(true), exact, otherRanking, isOther, backend, pause)
  return { exact, ranking, mateRanking, otherRanking, classSums, bins, states }
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
export function breather(signal: AbortSignal): () => Promise<void> {
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
    rows: sharedInt32(rows * depth).fill(-1),
    distances: sharedFloat64(rows * depth).fill(Number.POSITIVE_INFINITY),
  }
}

/** Adds a tile's sums to those of its rows and columns: rows of the data set × classes. */
function addSums(
  classSums: Float64Array,
  prepared: Prepared,
  tile: Tile,
  sums: TileSums | null,
): void {
  if (sums === null) return
  const { rowAt, classStarts } = prepared
  const classes = classStarts.length - 1
  const add = (start: number, end: number, firstClass: number, values: Float64Array) => {
    const width = values.length / (end - start)
    for (let position = start; position < end; position++) {
      const to = rowAt[position]! * classes + firstClass
      const from = (position - start) * width
      for (let c = 0; c < width; c++) classSums[to + c]! += values[from + c]!
    }
  }
  add(tile.leftStart, tile.leftEnd, sums.firstColumnClass, sums.rows)
  add(tile.rightStart, tile.rightEnd, sums.firstRowClass, sums.columns)
}

/** The array itself where threads can read it, else a copy that they can. */
function shareable<T extends Float32Array | Int32Array>(array: T): T {
  if (array.buffer instanceof SharedArrayBuffer) return array
  const Kind = array.constructor as new (buffer: SharedArrayBuffer) => T
  const shared = new Kind(new SharedArrayBuffer(array.byteLength))
  shared.set(array)
  return shared
}
