/** 95 % intervals in closed form: Wilson's for shares, Johnson's for means, order statistics for medians. */

import { binomialAtMost } from './binomial.ts'
import { type Clusters, clusterSums, errorOfSum, standardErrors } from './clusters.ts'
import { quantileOfSorted, sortedNumbers } from './summary.ts'

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
 * Wilson's interval for a share of 0s and 1s that come in clusters: as of so many independent ones as
 * have the share's error (Korn & Graubard, Confidence intervals for proportions with small expected
 * number of positive counts estimated from survey data, 1998), never more than there are. Where all are
 * alike nothing tells how alike those of one cluster are, and each cluster counts once. NaN entries are
 * left out; null without any, and for a single cluster.
 */
export function shareInterval(
  values: Float64Array,
  clusters: Clusters | null,
): [number, number] | null {
  if (clusters === null) {
    const present = values.filter((value) => !Number.isNaN(value))
    return wilsonInterval(
      present.reduce((sum, value) => sum + value, 0),
      present.length,
    )
  }
  const estimate = clusteredShare(values, clusters)
  return estimate && wilsonInterval(estimate.share * estimate.trials, estimate.trials)
}

/** A share of 0s and 1s in clusters, and how many independent ones would be as sure; null for one cluster. */
export function clusteredShare(
  values: Float64Array,
  clusters: Clusters,
): { share: number; trials: number } | null {
  const present = values.filter((value) => !Number.isNaN(value))
  const share = present.reduce((sum, value) => sum + value, 0) / present.length
  const sums = clusterSums(
    values.map((value) => value - share),
    clusters,
  )
  if (sums.length < 2) return null
  return { share, trials: effectiveTrials(share, sums, present.length) }
}

/** How many independent trials make a share as sure, with Student's t for few clusters. */
function effectiveTrials(share: number, sums: Float64Array, trials: number): number {
  const error = errorOfSum(sums) / trials
  const alike = error === 0 ? sums.length : (share * (1 - share)) / error ** 2
  return Math.min(trials, alike) * (NORMAL_95 / standardErrors(sums)) ** 2
}

/** From the lowest to the highest of intervals; null where one of them is. */
export function spanning(
  intervals: readonly (readonly [number, number] | null)[],
): [number, number] | null {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const interval of intervals) {
    if (interval === null) return null
    low = Math.min(low, interval[0])
    high = Math.max(high, interval[1])
  }
  return [low, high]
}

/**
 * The mean ± 1.96 standard errors, moved by what the numbers' skewness does to it (Johnson, Modified t
 * tests and confidence intervals for asymmetrical populations, 1978). The limits of a bootstrap that
 * corrects for bias and skewness (BCa) tend to the same, without a draw. In clusters the sums of their
 * numbers' differences from the mean are what was drawn (Liang & Zeger, Longitudinal data analysis using
 * generalized linear models, 1986), with Student's t for their number. Never beyond the numbers
 * themselves; NaN entries are left out; null for fewer than two numbers or clusters.
 */
export function meanInterval(
  values: Float64Array,
  clusters: Clusters | null = null,
): [number, number] | null {
  let [count, sum, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (Number.isNaN(value)) continue
    count++
    sum += value
    if (value < least) least = value
    if (value > most) most = value
  }
  const centre = sum / count
  const sums = clusterSums(
    values.map((value) => value - centre),
    clusters,
  )
  if (sums.length < 2) return null
  let [m2, m3] = [0, 0]
  for (const difference of sums) {
    m2 += difference * difference
    m3 += difference * difference * difference
  }
  if (least === most || m2 === 0) return [centre, centre]
  const error = errorOfSum(sums) / count
  const skewness = m3 / sums.length / (m2 / sums.length) ** 1.5
  const moved = (skewness / (6 * Math.sqrt(sums.length))) * (1 + 2 * NORMAL_95 ** 2)
  const errors = clusters === null ? NORMAL_95 : standardErrors(sums)
  return [
    Math.max(least, centre + error * (moved - errors)),
    Math.min(most, centre + error * (moved + errors)),
  ]
}

/**
 * The two order statistics that hold the median of whatever the numbers were drawn from with a
 * probability of at least 95 % (Conover, Practical nonparametric statistics, 1999, 3.2): so many of
 * them lie on either side as of coins fall. In clusters, those that the share of numbers below the median
 * can reach (Woodruff, Confidence intervals for medians and other position measures, 1952). NaN entries
 * are left out. Null for fewer than six numbers, whose extremes hold it less often, and for as few clusters.
 */
export function medianInterval(
  values: Float64Array,
  clusters: Clusters | null = null,
): [number, number] | null {
  const sorted = sortedNumbers(values)
  const count = sorted.length
  let below: number
  if (clusters === null) {
    // The normal approximation is at most a few ranks off.
    below = Math.max(0, Math.floor(count / 2 - Math.sqrt(count)) - 2)
    while (binomialAtMost(below, count, 0.5) <= 0.025) below++
  } else {
    const centre = quantileOfSorted(sorted, 0.5)
    const sides = values.map((value) =>
      Number.isNaN(value) ? value : Math.sign(value - centre) / 2,
    )
    const sums = clusterSums(sides, clusters)
    if (sums.length < 6) return null
    const trials = effectiveTrials(0.5, sums, count)
    below = Math.floor(count * (0.5 - (0.5 * NORMAL_95) / Math.sqrt(trials)))
  }
  return below <= 0 ? null : [sorted[below - 1]!, sorted[count - below]!]
}
