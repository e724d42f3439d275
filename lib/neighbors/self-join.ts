/**
 * The exact join of all pairs: whole numbers of 16 bits pick candidates, double precision settles
 * distances and order, and for every row it is proven that none is missing.
 *
 *   plan ─► prepare ─► scan of tiles ─► rank ─► Neighborhood
 */

import type { Neighborhood } from '../core/evaluation.ts'
import type { Metric } from '../core/manifest.ts'
import type { Backend } from '../tensor/backend.ts'
import {
  type ClassJoinInput,
  type ClassJoinOptions,
  joinByClass,
  planClassJoin,
  unscaled,
} from './class-join.ts'
import { countedPairs } from './distance/pair-error.ts'
import { sortedPairs } from './rank/exact-pairs.ts'

export type SelfJoinInput = ClassJoinInput

export interface SelfJoinOptions extends ClassJoinOptions {
  readonly backend: Backend
  readonly metric: Metric
  /** Neighbours of each row that are kept and shown. */
  readonly k: number
}

/**
 * Neighbours of every row among all others, ties to the lower row, and what the same pass yields
 * besides. At least two rows. Nothing of it depends on tiles, threads or backend. Distances of
 * neighbours and of mates are exact, and of few rows all are; of more rows sums and histograms of all
 * pairs are made of distances of the quantised rows, typically within 10⁻⁵ of the rows' lengths, and
 * `pair-error.ts` says within what for sure. Sums within a class that this is much for are measured once
 * more, see `tight-classes.ts`, and so are the pairs of rows that lie far from all others.
 */
export async function selfJoin(
  input: SelfJoinInput,
  options: SelfJoinOptions,
): Promise<Neighborhood> {
  const { backend, metric } = options
  const plan = planClassJoin(input, metric, options.k)
  const joined = await joinByClass(input.vectors, plan, null, options)
  options.progress(1)
  const { neighbors, byLabel, sums } = joined
  const unscale = unscaled(plan)
  for (let at = 0; at < sums.values.length; at++) sums.values[at]! *= unscale
  return {
    metric,
    backend: { name: backend.name, version: backend.version, threads: backend.threads },
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
    classDistanceSums: sums.values,
    firstEqual: plan.firstEqual,
    meanErrors: joined.meanErrors,
    pairHistogram: countedPairs(plan, joined.histograms, joined.pairError, unscale),
    pairDistances: sortedPairs(joined.pairs, plan, input.rows),
  }
}
