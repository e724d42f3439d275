/**
 * The fifth step: candidates and lists become final ranks, in exact distances, and it is proven that no
 * row is missing from them. Where the proof fails, positions take a look at all others.
 */

import type { RowDistance } from '../distance/row-distance.ts'
import { positionsByRow } from '../plan/row-order.ts'
import type { Lookout } from '../scan/lookout.ts'
import type { RankTask, ScanSetup } from '../types.ts'
import { rankDirectionlessRows } from './directionless.ts'
import { EqualCounts } from './equal-counts.ts'
import { rankFar } from './far-ranks.ts'
import { rankFirstMates } from './first-mate.ts'
import { rankOtherClasses, rankUnpredicted } from './nearest-others.ts'
import { rankMates, rankNearest } from './nearest-ranks.ts'
import type { RankWork } from './rank-work.ts'

/** Puts together what a thread ranks with. */
export function rankWork(
  { candidates, byClass }: ScanSetup,
  task: RankTask,
  lookout: Lookout,
  distance: RowDistance,
): RankWork {
  const { hasZero, rowAt } = lookout.preparedRows
  const countsEqual = task.byLabel !== null && (hasZero || lookout.copies !== null)
  return {
    task,
    lookout,
    candidates,
    lists: byClass?.lists ?? null,
    distance,
    otherRows: new Int32Array(task.byLabel === null ? 0 : task.labels.length),
    positionAt: hasZero ? positionsByRow(rowAt) : null,
    equal: countsEqual
      ? new EqualCounts(task.labels, task.firstEqual, rowAt, lookout.relations)
      : null,
  }
}

/**
 * Ranks the positions [start, end).
 * @param start a multiple of `LOOK_ROWS`
 */
export function rank(work: RankWork, start: number, end: number): void {
  const { byLabel } = work.task
  rankDirectionlessRows(work, start, end)
  rankNearest(work, start, end)
  if (byLabel === null) return
  rankMates(work, byLabel, start, end)
  rankOtherClasses(work, byLabel, start, end)
  rankFar(work, byLabel, start, end)
  rankFirstMates(work, byLabel, start, end)
  rankUnpredicted(work, byLabel, start, end)
}
