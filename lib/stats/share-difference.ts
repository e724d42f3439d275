/** Whether a share differs between two sets of rows that come in clusters. */

import type { Clusters } from './clusters.ts'
import { fUpperTail } from './f-distribution.ts'

/**
 * Two-sided p of there being no difference between the share of some rows and that of the others: a score
 * test, in which the sum of each cluster's differences from the common share is what was drawn (Liang &
 * Zeger, Longitudinal data analysis using generalized linear models, 1986), with Student's t for the
 * clusters of the side that has fewer. A cluster may lie on both sides. 1 where a side has only one.
 *
 * @param holds 1 or 0 for each row
 * @param side 1 for the rows that are held against the others, 0 for those, −1 for rows that don't count
 */
export function shareDifferenceP(
  holds: ArrayLike<number>,
  side: Int8Array,
  clusters: Clusters,
): number {
  const rows = [0, 0]
  const held = [0, 0]
  for (let row = 0; row < side.length; row++) {
    const own = side[row]!
    if (own < 0) continue
    rows[own]!++
    held[own]! += holds[row]!
  }
  const [others = 0, some = 0] = rows
  const common = (held[0]! + held[1]!) / (others + some)
  const sums = new Map<number, number>()
  const drawn = [new Set<number>(), new Set<number>()]
  for (let row = 0; row < side.length; row++) {
    const own = side[row]!
    if (own < 0) continue
    const cluster = clusters[row]!
    drawn[own]!.add(cluster)
    const part = (holds[row]! - common) / (own === 1 ? some : -others)
    sums.set(cluster, (sums.get(cluster) ?? 0) + part)
  }
  const fewest = Math.min(drawn[0]!.size, drawn[1]!.size)
  if (fewest < 2) return 1
  let [difference, squares] = [0, 0]
  for (const sum of sums.values()) {
    difference += sum
    squares += sum * sum
  }
  if (squares === 0) return 1
  const variance = (sums.size / (sums.size - 1)) * squares
  return fUpperTail(difference ** 2 / variance, 1, fewest - 1)
}
