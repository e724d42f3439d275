/** The exact McNemar test, of rows or of clusters of rows: did more rows turn right than turned wrong, beyond chance? */

import { binomialAtMost } from './binomial.ts'
import { fUpperTail } from './f-distribution.ts'

/**
 * Fewest rows that can reach significance even if every one of them changes the same way:
 * 2 × 0.5⁶ = 0.03, while five give 2 × 0.5⁵ = 0.06.
 */
export const FEWEST_TELLING_ROWS = 6

/**
 * Two-sided exact p of McNemar's test (McNemar, 1947; exact form by the binomial distribution):
 * without a change, each row that changed is as likely fixed as broken.
 *
 * @param fixed rows that were wrong and are right
 * @param broken rows that were right and are wrong
 * @returns p, 1 where no row changed
 * @example mcnemarExact(19, 13) // 0.377
 */
export function mcnemarExact(fixed: number, broken: number): number {
  if (fixed === broken) return 1
  return Math.min(1, 2 * binomialAtMost(Math.min(fixed, broken), fixed + broken, 0.5))
}

/** Steps of the exact distribution: so many take ten milliseconds. */
const MOST_STEPS = 1e7

/**
 * The same where rows come in clusters, such as bursts, of which those of one may turn together: without
 * a change each cluster is as likely to have turned as far the other way, so the signs of their sums are
 * those of coins (Fisher, The design of experiments, 1935, 21: the randomisation test of paired
 * differences). With clusters of one row it is McNemar's. Beyond what is affordable, by the sum's variance.
 *
 * @param turned of each cluster the rows fixed less those broken
 * @returns two-sided p, 1 where no cluster turned
 * @example signFlipExact([3, 1, 1, 1, -1]) // 0.3125: six rows fixed and one broken, but in five clusters
 */
export function signFlipExact(turned: Iterable<number>): number {
  let [sum, fixed, broken, squares] = [0, 0, 0, 0]
  const sizes: number[] = []
  for (const difference of turned) {
    if (difference === 0) continue
    sum += difference
    squares += difference ** 2
    sizes.push(Math.abs(difference))
    if (difference > 0) fixed++
    else broken++
  }
  if (sum === 0) return 1
  if (sizes.every((size) => size === sizes[0])) return mcnemarExact(fixed, broken)
  // The other side's share of all that turned: as little of it, or less.
  const most = (sizes.reduce((all, size) => all + size, 0) - Math.abs(sum)) / 2
  if (sizes.length * (most + 1) > MOST_STEPS) return fUpperTail(sum ** 2 / squares, 1, sizes.length)
  const chances = new Float64Array(most + 1)
  chances[0] = 1
  for (const size of sizes) {
    for (let at = most; at >= 0; at--) {
      chances[at] = (chances[at]! + (at < size ? 0 : chances[at - size]!)) / 2
    }
  }
  return Math.min(1, 2 * chances.reduce((all, chance) => all + chance, 0))
}
