/**
 * The k nearest rows of every row, and nothing else: what a search library answers. The steps are those
 * of `self-join.ts`, where the words are explained, without plan, guess and result:
 *
 *   1. prepare  prepare/   rows that are alike side by side, framed and quantised
 *   2. scan     scan/      tiles of rows that are alike first; the axes rule most pairs out
 *   3. rank     rank/      exact order, proofs, and looks where a proof fails
 */

import { firstEqualRows } from '../core/equal-rows.ts'
import type { Metric } from '../core/manifest.ts'
import { shareable } from '../core/shared-memory.ts'
import type { Backend, Matrix } from '../tensor/backend.ts'
import type { Vectors } from './input.ts'
import { scratchBytes } from './kernel/scratch.ts'
import { copiesOf } from './plan/copies.ts'
import { frameOf } from './plan/frame.ts'
import { nearestFirst, tilingOf } from './plan/tiles.ts'
import { nearestEnds, nearestFirstShare, stepProgress } from './plan/time-shares.ts'
import { clusteredOrder } from './prepare/clusters.ts'
import { leaveOut, prepareByLikeness } from './prepare/prepare.ts'
import { emptyRanking } from './rank/task.ts'
import { candidateArrays } from './scan/candidates.ts'
import { locksOf } from './scan/locks.ts'
import { JoinPool, threadCount } from './threads/pool.ts'
import type { PreparedRows, RankTask, ScanSetup, Tiling } from './types.ts'

export interface NearestOptions {
  readonly backend: Backend
  readonly metric: Metric
  /** Neighbours of each row that are ranked. */
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
 * The k nearest of every row among all others, ties to the lower row. At least two rows. Pairs that a
 * bound on a few principal axes proves too far apart are not multiplied.
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
  const progress = stepProgress(ends, options.progress)
  const pool = new JoinPool(threads, options.signal)
  try {
    const source = { ...input, vectors: shareable(input.vectors), metric }
    // With rows that are alike side by side, a bound often holds for all pairs of a patch.
    const orderOf = async (coordinates: Matrix | null) => {
      progress.prepare(0.5)
      const order = await clusteredOrder(rows, coordinates, backend)
      if (coordinates !== null) tiling = nearestFirst(tiling, coordinates, order.rowAt)
      return order
    }
    const scratch = scratchBytes(tiling.side, 0)
    const axes = { backend, k }
    const preparedRows = await prepareByLikeness(
      source,
      frameOf(source),
      orderOf,
      axes,
      pool,
      scratch,
    )
    const firstEqual = firstEqualRows(input.vectors, rows, dimensions)
    const setup = nearestScanSetup(preparedRows, tiling, metric, k, firstEqual)
    await pool.scan(setup, (share) =>
      progress.scan(
        preparedRows.at.axisBytes > 0
          ? nearestFirstShare(share, Math.ceil(rows / tiling.side))
          : share,
      ),
    )
    const neighbors = emptyRanking(rows, k)
    const task: RankTask = {
      labels: new Int32Array(0),
      firstEqual,
      neighbors,
      byLabel: null,
      pairs: null,
    }
    await pool.rank(setup, task, source, progress.rank)
    options.progress(1)
    return { k, neighbors: neighbors.rows, distances: neighbors.distances }
  } finally {
    await pool.close()
  }
}

function nearestScanSetup(
  preparedRows: PreparedRows,
  tiling: Tiling,
  metric: Metric,
  k: number,
  firstEqual: Int32Array,
): ScanSetup {
  const relations = { groups: null, queries: null }
  const copies = copiesOf(firstEqual, preparedRows, relations)
  for (const [position, zero] of preparedRows.isZero.entries()) {
    if (zero === 1) leaveOut(preparedRows, position)
  }
  return {
    preparedRows,
    tiling,
    relations,
    isCosine: metric === 'cosine',
    candidates: [candidateArrays(0, preparedRows.rows, k, copies !== null)],
    copies,
    byClass: null,
    locks: locksOf(tiling),
  }
}
