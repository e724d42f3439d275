/** Rankings that are still empty, for the threads to fill. */

import { sharedFloat64, sharedInt32 } from '../../core/shared-memory.ts'
import { unitOf } from '../plan/join-plan.ts'
import type { JoinPlan, LabelFigures, Range, Ranking, RankTask } from '../types.ts'
import { exactPairs, measuresAll } from './exact-pairs.ts'

export interface ClassRankTask extends RankTask {
  readonly byLabel: NonNullable<RankTask['byLabel']>
  readonly pairs: NonNullable<RankTask['pairs']>
}

/** @param atOnce whether the positions of the range are ranked at once */
export function classRankTask(plan: JoinPlan, range: Range, atOnce: boolean): ClassRankTask {
  const { rows, dimensions, k, firstEqual, rowAt, classStarts } = plan
  const labels = sharedInt32(rows)
  for (let c = 0; c + 1 < classStarts.length; c++) {
    for (let at = classStarts[c]!; at < classStarts[c + 1]!; at++) labels[rowAt[at]!] = c
  }
  return {
    labels,
    firstEqual,
    neighbors: emptyRanking(rows, k),
    byLabel: emptyLabelFigures(plan),
    pairs: exactPairs(
      rows,
      range,
      measuresAll(rows, dimensions),
      atOnce && range.end - range.start === rows,
      1 / unitOf(plan),
    ),
  }
}

export function emptyRanking(rows: number, width: number): Ranking {
  const distances = sharedFloat64(rows * width).fill(Number.POSITIVE_INFINITY)
  return { width, rows: sharedInt32(rows * width).fill(-1), distances }
}

function emptyLabelFigures({ rows, mates, eligibleMates }: JoinPlan): LabelFigures {
  return {
    mates: emptyRanking(rows, mates),
    eligibleMates,
    matesWithinR: sharedInt32(rows),
    averagePrecisionAtR: sharedFloat64(rows).fill(Number.NaN),
    firstMateRank: sharedInt32(rows),
    nearestOther: sharedFloat64(rows).fill(Number.POSITIVE_INFINITY),
    nearestUnpredicted: sharedFloat64(rows).fill(Number.POSITIVE_INFINITY),
    ties: {
      firstMateRank: sharedInt32(2 * rows),
      matesWithinR: sharedInt32(2 * rows),
      averagePrecisionAtR: sharedFloat64(2 * rows).fill(Number.NaN),
      matches: sharedInt32(2 * rows),
      vote: sharedInt32(2 * rows),
    },
  }
}
