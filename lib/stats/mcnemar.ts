/** The exact McNemar test: did more rows turn right than turned wrong, beyond chance? */

import { binomialAtMost } from './binomial.ts'

/** A change whose p is this or more is no evidence of a change. */
export const SIGNIFICANCE = 0.05

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
