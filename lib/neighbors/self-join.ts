/**
 * The exact join of all rows with all rows: the neighbours of each row, and what the same pass over all
 * pairs tells of the classes. Whole numbers of 16 bits find candidates, double precision settles their
 * distances and order, and for every row it is proven that no neighbour is missing.
 *
 * `selfJoin` takes these steps, one call each; all but the first are in `joinRange`:
 *
 *   1. plan     plan/      rows in the order of their classes, the frame, the bins
 *   2. prepare  prepare/   rows are framed and quantised in the kernel's memory
 *   3. guess    scan/      how far each position's list must reach, from a sample
 *   4. scan     scan/      all pairs, tile by tile: candidates, lists, class sums, histograms
 *   5. rank     rank/      exact order, proofs, and looks where a proof fails
 *   6. result   rank/      how far sums and counts may be off; then the `Neighborhood`
 *
 * Class sums are one a row and class. Where they are too many to keep, steps 3 to 5 are taken for one part
 * of the positions after the other, and of each part's sums only the nearest classes are kept.
 *
 * `kernel/` holds the loops over pairs in WebAssembly, `distance/` exact distances and the bounds of
 * quantised ones, `threads/` the threads that do steps 2 to 5, and `types.ts` the data between the steps.
 *
 *                  positions as columns ─►
 *                ┌────────┬────────┬────────┬────────┐
 *   positions    │ tile   │ tile   │        │        │   A tile is a square of pairs.
 *   as rows      ├────────┼────────┼────────┼────────┤
 *      │         │ strip: a range of rows,           │   A strip holds all pairs of its rows.
 *      ▼         │ each with all columns             │
 *                ├────────┼────────┼────────┼────────┤
 *                │        │        │ part │ │        │   A part of a tile: one class with one class.
 *                └────────┴────────┴────────┴────────┘
 *
 * - row: a vector of the data set, by its number there. Results are by row.
 * - position: where a row stands in the order of the join, class by class. Steps 2 to 5 are by position.
 * - place: where a position's entry lies in an array that has another order, or fewer entries.
 * - range: the positions whose neighbours are looked for; all of them, or a strip's.
 * - strip: the part of a join that one shard computes, for a range of positions.
 * - panel: eight positions whose numbers lie side by side, as the kernel multiplies them.
 * - patch: four rows by a panel, the pairs that the kernel multiplies at once.
 * - tile: a square of pairs that a thread scans at a time; a row of tiles shares its positions.
 * - part: the pairs of a tile whose rows are of one class and whose columns are of one class.
 * - band: the rows that one call of the kernel's `near` compares, between which thresholds are lowered.
 * - frame: the centre that is taken away from the rows, and the scale that they are multiplied by.
 * - far row: a row so far from the centre that its pairs are measured one by one, not scanned.
 * - zero vector: under cosine a row without a direction, at distance 1 from every other row.
 * - other: the second position of a pair; mate: one of the same class; stranger: one of another class.
 * - block: all rows that are equal to one another; copy: a row of a block that comes after others of it.
 * - threshold: the squared distance, as quantised, from which on a pair is of no interest to a position.
 * - hit: four pairs of a row that the kernel reports because one of them is below a threshold.
 * - candidate: another that may be among a position's nearest; list: all others up to a guessed distance.
 * - look: the comparison of some positions with all others once more, for what the scan left open.
 */

import { MOST_SUMS } from '../core/class-distances.ts'
import type { Neighborhood } from '../core/evaluation.ts'
import type { Metric } from '../core/manifest.ts'
import { shareable, sharedFloat64 } from '../core/shared-memory.ts'
import type { Backend } from '../tensor/backend.ts'
import { pairHistogram } from './distance/pair-error.ts'
import type { SelfJoinInput } from './input.ts'
import { scratchBytes } from './kernel/scratch.ts'
import { planJoin, unitOf } from './plan/join-plan.ts'
import { partsOf, tilingOf } from './plan/tiles.ts'
import { classJoinEnds, stepProgress } from './plan/time-shares.ts'
import { prepareInOrder } from './prepare/prepare.ts'
import { classDistanceWork } from './rank/class-distances.ts'
import { sortedPairs, sumPairs } from './rank/exact-pairs.ts'
import { type JoinResult, joinResult } from './rank/result.ts'
import { classRankTask } from './rank/task.ts'
import { subtractSelfDistances } from './scan/class-sums.ts'
import { addHistograms, emptyHistograms } from './scan/histograms.ts'
import { classScanSetup, joinSize, rankDepths } from './scan/setup.ts'
import { JoinPool, threadCount } from './threads/pool.ts'
import type { JoinPlan, Range } from './types.ts'

export interface JoinOptions {
  readonly signal: AbortSignal
  readonly progress: (fraction: number) => void
  /** Positions on a tile's side at most, a power of two; changes the speed, never the result. */
  readonly tileRows?: number
  /** Threads that scan and rank, likewise; as many as the machine has, unless given. */
  readonly threads?: number
  /** Bytes that lists may take, likewise: positions without a list take a look. */
  readonly listBytes?: number
  /** Sums that are kept at a time, one a row and class, likewise: beyond, positions are joined in parts. */
  readonly mostSums?: number
}

export interface SelfJoinOptions extends JoinOptions {
  readonly backend: Backend
  readonly metric: Metric
  /** Neighbours of each row that are ranked. */
  readonly k: number
}

const SIDE = 256
const LIST_BYTES = 512 * 2 ** 20

/**
 * Neighbours of every row among all others, ties to the lower row, and what the same pass yields
 * besides. At least two rows. Nothing of it depends on tiles, threads or backend. Distances of
 * neighbours and of mates are exact, and so are all distances where rows are few. Where they are more,
 * sums and histograms of all pairs are made of distances of the quantised rows, typically within 10⁻⁵ of
 * the rows' lengths; `pair-error.ts` says within what for sure. Sums within a class for which that is
 * too much are measured (`tight-classes.ts`), and so are the pairs of far rows (`exact-pairs.ts`).
 */
export async function selfJoin(
  input: SelfJoinInput,
  options: SelfJoinOptions,
): Promise<Neighborhood> {
  const plan = planJoin(input, options.metric, options.k)
  const result = await joinRange(input.vectors, plan, null, options)
  options.progress(1)
  return neighborhoodOf(plan, result, options.backend)
}

/**
 * The steps after the plan, for all positions or for a range of them.
 * @param vectors in the order of the data set
 * @param range its start a multiple of 8; null: all positions
 */
export async function joinRange(
  vectors: Float32Array,
  plan: JoinPlan,
  range: Range | null,
  options: JoinOptions,
): Promise<JoinResult> {
  const { rows, dimensions, metric, bins, classStarts } = plan
  const classes = classStarts.length - 1
  const source = { vectors: shareable(vectors), rows, dimensions, metric }
  const whole = tilingOf(rows, dimensions, options.tileRows ?? SIDE, range)
  const { start, end } = whole.range
  const parts = partsOf(whole, Math.floor((options.mostSums ?? MOST_SUMS) / classes))
  const tilings =
    parts.length === 1 ? [whole] : parts.map((part) => tilingOf(rows, dimensions, whole.side, part))
  const products = (end - start) * rows * dimensions
  const threads = threadCount(options.threads, whole.count, products)
  const pool = new JoinPool(threads, options.signal)
  try {
    const scratch = scratchBytes(whole.side, bins.count)
    const preparedRows = await prepareInOrder(source, plan, plan, pool, scratch)
    const task = classRankTask(plan, whole.range, parts.length === 1)
    const classDistances = classDistanceWork(plan, start)
    const histograms = emptyHistograms(bins.count)
    const sums = sharedFloat64(Math.max(...parts.map((part) => part.end - part.start)) * classes)
    for (const tiling of tilings) {
      const part = tiling.range
      const depths = rankDepths(plan, preparedRows, part)
      const listBytes = options.listBytes ?? LIST_BYTES
      const setup = classScanSetup(plan, preparedRows, tiling, depths, listBytes, sums)
      const progress = stepProgress(classJoinEnds(joinSize(setup, depths)), (fraction) =>
        options.progress((part.start - start + fraction * (part.end - part.start)) / (end - start)),
      )
      await pool.guess(setup, depths)
      progress.prepare(1)
      addHistograms(histograms, await pool.scan(setup, progress.scan))
      if (!tiling.symmetric) subtractSelfDistances(setup, task.labels)
      addHistograms(histograms, await pool.rank(setup, task, source, progress.rank))
      sumPairs(task.pairs, plan, setup.byClass!.sums)
      classDistances.add(setup.byClass!.sums, part.start, part.end)
    }
    return joinResult(plan, preparedRows, task, classDistances.end(), histograms)
  } finally {
    await pool.close()
  }
}

/** The result of all positions, in units of the data. */
function neighborhoodOf(
  plan: JoinPlan,
  { neighbors, byLabel, distances, histograms, pairs, pairError, meanErrors }: JoinResult,
  { name, version, threads }: Backend,
): Neighborhood {
  const unit = unitOf(plan)
  return {
    metric: plan.metric,
    backend: { name, version, threads },
    k: plan.k,
    neighbors: neighbors.rows,
    distances: neighbors.distances,
    mates: plan.mates,
    mateDistances: byLabel.mates.distances,
    eligibleMates: plan.eligibleMates,
    matesWithinR: byLabel.matesWithinR,
    averagePrecisionAtR: byLabel.averagePrecisionAtR,
    firstMateRank: byLabel.firstMateRank,
    nearestOther: byLabel.nearestOther,
    nearestUnpredicted: byLabel.nearestUnpredicted,
    ties: byLabel.ties,
    classDistances: distances,
    firstEqual: plan.firstEqual,
    meanErrors,
    pairHistogram: pairHistogram(plan, histograms, pairError, unit),
    pairDistances: sortedPairs(pairs, plan, plan.rows),
  }
}
