/** 95 % intervals in closed form: Wilson's for shares, Johnson's for means, order statistics for medians. */

import { binomialAtMost } from './binomial.ts'

/** Two-sided 95 % of the normal distribution. */
export const NORMAL_95 = 1.959963984540054

/**
 * Wilson's score interval for `successes` of `trials` (Wilson, 1927): keeps its coverage for small
 * numbers and at 0 and 1, where the textbook interval fails. Null without trials.
 */
export function wilsonInterval(successes: number, trials: number): [number, number] | null {
  if (trials === 0) return null
  const z = NORMAL_95
  const share = successes / trials
  const centre = (share + (z * z) / (2 * trials)) / (1 + (z * z) / trials)
  const half =
    (z / (1 + (z * z) / trials)) *
    Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))
  // Rounding must not leave a hair between the interval and a share of 0 or 1.
  return [successes === 0 ? 0 : centre - half, successes === trials ? 1 : centre + half]
}

/**
 * The mean ± 1.96 standard errors, moved by what the numbers' skewness does to it (Johnson, Modified t
 * tests and confidence intervals for asymmetrical populations, 1978). The limits of a bootstrap that
 * corrects for bias and skewness (BCa) tend to the same, without a draw. Never beyond the numbers
 * themselves; NaN entries are left out; null for fewer than two.
 */
export function meanInterval(values: ArrayLike<number>): [number, number] | null {
  let [count, sum, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    if (Number.isNaN(value)) continue
    count++
    sum += value
    if (value < least) least = value
    if (value > most) most = value
  }
  if (count < 2) return null
  const centre = sum / count
  let [m2, m3] = [0, 0]
  for (let at = 0; at < values.length; at++) {
    const difference = values[at]! - centre
    if (Number.isNaN(difference)) continue
    m2 += difference * difference
    m3 += difference * difference * difference
  }
  if (least === most || m2 === 0) return [centre, centre]
  const error = Math.sqrt(m2 / (count - 1) / count)
  const skewness = m3 / count / (m2 / count) ** 1.5
  const moved = (skewness / (6 * Math.sqrt(count))) * (1 + 2 * NORMAL_95 ** 2)
  return [
    Math.max(least, centre + error * (moved - NORMAL_95)),
    Math.min(most, centre + error * (moved + NORMAL_95)),
  ]
}

/**
 * The two order statistics that hold the median of whatever the numbers were drawn from with a
 * probability of at least 95 % (Conover, Practical nonparametric statistics, 1999, 3.2): so many of
 * them lie on either side as of coins fall. Null for fewer than six numbers, whose extremes hold it less often.
 *
 * @param sorted ascending
 */
export function medianInterval(sorted: ArrayLike<number>): [number, number] | null {
  const count = sorted.length
  // The normal approximation is at most a few ranks off.
  let below = Math.max(0, Math.floor(count / 2 - Math.sqrt(count)) - 2)
  while (binomialAtMost(below, count, 0.5) <= 0.025) below++
  return below === 0 ? null : [sorted[below - 1]!, sorted[count - below]!]
}

/** Quantile with linear interpolation between order statistics (type 7, numpy's default). */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN
  const at = (sorted.length - 1) * share
  const low = Math.floor(at)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low)
}
