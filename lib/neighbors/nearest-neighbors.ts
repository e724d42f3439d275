/** The k nearest rows of every row, and nothing else. */

import { firstEqualRows } from '../core/equal-rows.ts'
import type { Metric } from '../core/manifest.ts'
import type { Backend, Matrix } from '../tensor/backend.ts'
import { emptyRanking, shareable, type Vectors } from './class-join.ts'
import { scratchBytes } from './kernel/scratch.ts'
import { copiesOf } from './plan/copies.ts'
import { frameOf } from './plan/frame.ts'
import { nearestFirst, tilingOf } from './plan/tiles.ts'
import { nearestEnds, nearestFirstShare } from './plan/time-shares.ts'
import { clusteredOrder } from './prepare/clusters.ts'
import { leaveOut, prepareByLikeness } from './prepare/prepare.ts'
import type { RankTask } from './rank/rank.ts'
import { candidateArrays } from './scan/candidates.ts'
import { locksOf, type ScanSetup } from './scan/scan.ts'
import { JoinPool, threadCount } from './threads/pool.ts'

export interface NearestOptions {
  readonly backend: Backend
  readonly metric: Metric
  /** Neighbours of each row that are kept. */
  readonly k: number
  readonly signal: AbortSignal
  readonly progress: (fraction: number) => void
  /** As for `selfJoin`. */
  readonly tileRows?: number
  readonly threads?: number
}

const SIDE = 512

/** Rows × k, as in `Neighborhood`. */
export interface NearestNeighbors {
  readonly k: number
  readonly neighbors: Int32Array
  readonly distances: Float64Array
}

/**
 * The k nearest of every row among all others, ties to the lower row, and nothing else: what a search
 * library answers. At least two rows. Pairs that a bound on a few principal axes proves too far apart
 * are not multiplied.
 *
 * @example
 * const { neighbors } = await nearestNeighbors({ vectors, rows, dimensions }, { backend, metric, k: 10, … })
 */
export async function nearestNeighbors(
  input: Vectors,
  options: NearestOptions,
): Promise<NearestNeighbors> {
  const { rows, dimensions } = input
  const { backend, metric } = options
  const k = Math.min(options.k, rows - 1)
  let tiling = tilingOf(rows, dimensions, options.tileRows ?? SIDE, null)
  const threads = threadCount(options.threads, tiling.count, rows * rows * dimensions)
  const ends = nearestEnds(rows, dimensions, Math.max(1, threads))
  const pool = new JoinPool(threads, options.signal)
  try {
    const source = { ...input, vectors: shareable(input.vectors), metric }
    // Rows that are alike lie side by side: a bound then often holds for a whole block of pairs.
    const orderOf = async (coordinates: Matrix | null) => {
      options.progress(0.5 * ends.prepared)
      const order = await clusteredOrder(rows, coordinates, backend)
      if (coordinates !== null) tiling = nearestFirst(tiling, coordinates, order.rowAt)
      return order
    }
    const prepared = await prepareByLikeness(
      source,
      frameOf(source),
      orderOf,
      { backend, k },
      pool,
      scratchBytes(tiling.side, 0),
    )
    for (const [position, zero] of prepared.isZero.entries()) {
      if (zero === 1) leaveOut(prepared, position)
    }
    const relations = { groups: null, queries: null }
    const firstEqual = firstEqualRows(input.vectors, rows, dimensions)
    const copies = copiesOf(firstEqual, prepared, relations)
    const found = [candidateArrays(0, rows, k, copies !== null)] as const
    const setup: ScanSetup = {
      prepared,
      tiling,
      relations,
      cosine: metric === 'cosine',
      found,
      copies,
      byClass: null,
      locks: locksOf(tiling),
    }
    const prunes = prepared.at.axisBytes > 0
    await pool.scan(setup, (tiles) => {
      const done = prunes ? nearestFirstShare(tiles, Math.ceil(rows / tiling.side)) : tiles
      options.progress(ends.prepared + (ends.scanned - ends.prepared) * done)
    })
    const neighbors = emptyRanking(rows, k)
    const labels = new Int32Array(0)
    const task: RankTask = { found, labels, firstEqual, neighbors, byLabel: null, pairs: null }
    await pool.rank(setup, task, source, (done) =>
      options.progress(ends.scanned + (1 - ends.scanned) * done),
    )
    options.progress(1)
    return { k, neighbors: neighbors.rows, distances: neighbors.distances }
  } finally {
    await pool.close()
  }
}
