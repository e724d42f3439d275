/** A share of pairs, where pairs that share a row are not independent. */

import { fUpperTail } from './f-distribution.ts'
import { NORMAL_95, wilsonInterval } from './interval.ts'
import { tCritical } from './t-distribution.ts'

export interface PairShare {
  readonly share: number
  /** How many independent pairs would be as sure. */
  readonly trials: number
  /** Degrees of freedom of what is known about the share's error. */
  readonly freedom: number
}

/**
 * The share of pairs of which something holds. The rows are what was drawn: each counts with the sum of
 * its pairs' differences from the share, so that the standard error over all pairs of n rows is
 * 2 sd(a row's share) / √n (Hoeffding, A class of statistics with asymptotically normal distribution,
 * 1948; for any pairs Fafchamps & Gubert, The formation of risk sharing networks, 2007). Where all pairs
 * are alike nothing tells how alike those of one row are, and half of the rows count: so many pairs share
 * no row. Rows with many pairs weigh most in that error, which leaves as many degrees of freedom as there
 * are such rows (Satterthwaite).
 *
 * @param holds of each pair 1 or 0; one pair or more
 * @param firsts the pairs' one row, as an index
 * @param seconds the other one
 */
export function pairShare(holds: Uint8Array, firsts: Int32Array, seconds: Int32Array): PairShare {
  const pairs = holds.length
  const share = holds.reduce((sum, one) => sum + one, 0) / pairs
  const rows = new Map<number, { pairs: number; sum: number }>()
  for (const [pair, one] of holds.entries()) {
    for (const row of [firsts[pair]!, seconds[pair]!]) {
      const own = rows.get(row) ?? { pairs: 0, sum: 0 }
      own.pairs++
      own.sum += one - share
      rows.set(row, own)
    }
  }
  let [squares, second, fourth] = [0, 0, 0]
  for (const { pairs: own, sum } of rows.values()) {
    squares += sum * sum
    second += own ** 2
    fourth += own ** 4
  }
  const counted = (second * second) / fourth
  const freedom = counted - 1
  if (share === 0 || share === 1) return { share, trials: Math.min(pairs, counted / 2), freedom }
  const variance = ((counted / freedom) * squares) / pairs ** 2
  return { share, trials: Math.min(pairs, (share * (1 - share)) / variance), freedom }
}

/** Wilson's 95 % interval for as many independent pairs, with Student's t for few rows. */
export function pairShareInterval({ share, trials, freedom }: PairShare): [number, number] {
  if (freedom < 1) return [0, 1]
  const sure = trials * (NORMAL_95 / tCritical(freedom)) ** 2
  return wilsonInterval(share * sure, sure)!
}

/**
 * Chance that pairs reach such a share though their rate is `rate`, one-sided: a score test for as many
 * independent pairs, with Student's t. The error is that at the rate or that at the share, whichever is
 * larger: near 0 and 1 shares scatter little, and one that went there by luck would look sure.
 */
export function pairShareAtLeast({ share, trials, freedom }: PairShare, rate: number): number {
  if (freedom < 1 || share <= rate) return 1
  // Rows that lie far off reject all their pairs: then half of them decide.
  if (share === 1) return rate ** trials
  const variance = Math.max(share * (1 - share), rate * (1 - rate)) / trials
  return fUpperTail((share - rate) ** 2 / variance, 1, freedom) / 2
}
