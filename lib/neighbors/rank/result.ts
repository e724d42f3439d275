/** The last step: what scanning and ranking gave, with how far it may be off. */

import { meanErrors, type PairError, pairError } from '../distance/pair-error.ts'
import { unitOf } from '../plan/join-plan.ts'
import type {
  ClassSums,
  ExactPairs,
  Histograms,
  JoinPlan,
  LabelFigures,
  Ranking,
  ScanSetup,
} from '../types.ts'
import { sumPairs } from './exact-pairs.ts'
import type { ClassRankTask } from './task.ts'

/** Entries of the range's rows are filled in, in the order of the data set; see `Neighborhood`. */
export interface JoinResult {
  readonly neighbors: Ranking
  readonly byLabel: LabelFigures
  /** By place; in distances of the prepared rows. */
  readonly sums: ClassSums
  readonly histograms: Histograms
  readonly pairs: ExactPairs
  /** How far the distances of the histograms may be off. */
  readonly pairError: PairError
  /** How far the mean of each position's distances to a class may be off, in units of the data; by place. */
  readonly meanErrors: Float64Array
}

export function joinResult(
  plan: JoinPlan,
  { preparedRows, tiling, byClass, isCosine }: ScanSetup,
  { neighbors, byLabel, pairs }: ClassRankTask,
  histograms: Histograms,
): JoinResult {
  const { rows, k, rowAt, groups, queries } = plan
  const { start, end } = tiling.range
  const { sums } = byClass!
  const unit = unitOf(plan)
  sumPairs(pairs, plan, sums)
  const error = pairError(preparedRows)
  const nearestOf = (position: number) =>
    queries === null && groups === null ? neighbors.distances[rowAt[position]! * k]! / unit : 0
  const isExact = pairs.distances !== null
  const byPosition = isExact
    ? new Float64Array(rows)
    : meanErrors(preparedRows, error, nearestOf, isCosine, unit)
  const byPlace = new Float64Array(end - start)
  for (let position = start; position < end; position++) {
    byPlace[sums.placeAt[position]!] = byPosition[position]!
  }
  return { neighbors, byLabel, sums, histograms, pairs, pairError: error, meanErrors: byPlace }
}
