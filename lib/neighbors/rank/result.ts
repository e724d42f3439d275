/** The last step: what scanning and ranking gave, with how far it may be off. */

import { meanErrors, type PairError, pairError } from '../distance/pair-error.ts'
import { unitOf } from '../plan/join-plan.ts'
import type {
  ExactPairs,
  Histograms,
  JoinPlan,
  LabelFigures,
  PreparedRows,
  Ranking,
} from '../types.ts'
import type { RangeClassDistances } from './class-distances.ts'
import type { ClassRankTask } from './task.ts'

/** Entries of the range's rows are filled in, in the order of the data set; see `Neighborhood`. */
export interface JoinResult extends RangeClassDistances {
  readonly neighbors: Ranking
  readonly byLabel: LabelFigures
  readonly histograms: Histograms
  readonly pairs: ExactPairs
  /** How far the distances of the histograms may be off. */
  readonly pairError: PairError
  /** How far the mean of each row's distances to a class may be off, in units of the data. */
  readonly meanErrors: Float64Array
}

export function joinResult(
  plan: JoinPlan,
  preparedRows: PreparedRows,
  { neighbors, byLabel, pairs }: ClassRankTask,
  classDistances: RangeClassDistances,
  histograms: Histograms,
): JoinResult {
  const { rows, k, rowAt, groups, queries, metric } = plan
  const unit = unitOf(plan)
  const error = pairError(preparedRows)
  const nearestOf = (position: number) =>
    queries === null && groups === null ? neighbors.distances[rowAt[position]! * k]! / unit : 0
  const byRow = new Float64Array(rows)
  if (pairs.distances === null) {
    const byPosition = meanErrors(preparedRows, error, nearestOf, metric === 'cosine', unit)
    for (let position = 0; position < rows; position++)
      byRow[rowAt[position]!] = byPosition[position]!
  }
  return {
    ...classDistances,
    neighbors,
    byLabel,
    histograms,
    pairs,
    pairError: error,
    meanErrors: byRow,
  }
}
