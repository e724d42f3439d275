/** What a thread ranks with. */

import type { RowDistance } from '../distance/row-distance.ts'
import type { Lookout } from '../scan/lookout.ts'
import type { CandidateSets, ListArrays, RankTask } from '../types.ts'
import type { EqualCounts } from './equal-counts.ts'

export interface RankWork {
  readonly task: RankTask
  readonly lookout: Lookout
  readonly candidates: CandidateSets
  /** Null: neighbours alone are wanted. */
  readonly lists: ListArrays | null
  /** Exact distance of two rows. */
  readonly distance: RowDistance
  /** Receives which row is the nearest of another class; nobody reads it. */
  readonly otherRows: Int32Array
  /** Position of each row; null where every row has a direction. */
  readonly positionAt: Int32Array | null
  /** Null where neighbours alone are wanted, or where every row differs and has a direction. */
  readonly equal: EqualCounts | null
}

/** A distance of the data in the units of the prepared rows. */
export function preparedDistance({ isCosine, preparedRows }: Lookout, distance: number): number {
  return (isCosine ? Math.sqrt(2 * distance) : distance) * preparedRows.scale
}
