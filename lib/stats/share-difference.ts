/** Whether a share differs between two sets of rows that come in clusters. */

import type { Clusters } from './clusters.ts'
import { fisherExact } from './fisher.ts'
import { clusteredShare } from './interval.ts'

/**
 * The larger of a p that takes rows one by one and Fisher's for as many independent rows as have the
 * errors of the two shares, as their intervals take them: rows of a burst are wrong together. Rounded
 * towards no difference. 1 where either side is a single cluster; without clusters the p as it is.
 *
 * @param holds 1 or 0 for each row
 * @param others what the share of some rows is held against; it may hold those rows too
 */
export function heldByClusters(
  p: number,
  holds: ArrayLike<number>,
  some: readonly number[],
  others: readonly number[],
  clusters: Clusters | null,
): number {
  if (!clusters || p === 1) return p
  const inside = new Set(some)
  const shareOf = (rows: readonly number[]) =>
    clusteredShare(
      Float64Array.from(rows, (row) => holds[row]!),
      Int32Array.from(rows, (row) => clusters[row]!),
    )
  const [one, other] = [shareOf(some), shareOf(others.filter((row) => !inside.has(row)))]
  if (one === null || other === null) return 1
  const [more, fewer] = one.share > other.share ? [one, other] : [other, one]
  const [moreRows, fewerRows] = [Math.floor(more.trials), Math.floor(fewer.trials)]
  const [most, least] = [
    Math.floor(more.share * moreRows + 1e-9),
    Math.ceil(fewer.share * fewerRows - 1e-9),
  ]
  if (most * fewerRows <= least * moreRows) return 1
  return Math.max(p, fisherExact(most, moreRows, least, fewerRows))
}
