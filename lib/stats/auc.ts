/** Area under the ROC curve: how often a positive ranks before a negative, ties counted half. */

import { type Clusters, clusterSums, errorOfSum, standardErrors } from './clusters.ts'
import { NORMAL_95 } from './interval.ts'
import { sortedNumbers } from './summary.ts'

export interface Area {
  readonly value: number
  /** 95 %; null where the scores tell all rows apart, or one of a kind is all there is. */
  readonly interval: [number, number] | null
}

/**
 * Low scores rank first; rows with a NaN score are left out; null without positives or without
 * negatives. The interval is DeLong's (DeLong, DeLong, Clarke-Pearson, Comparing the areas under two or
 * more correlated ROC curves, 1988), on the logit scale, so that it stays within 0 and 1 (Pepe, The
 * statistical evaluation of medical tests, 2003, 5.2). In clusters their rows' parts of it are summed
 * first (Obuchowski, Nonparametric analysis of clustered ROC curve data, 1997), with Student's t for
 * their number. Sorted once, then linear.
 *
 * @param rows as `lowestFirst` gives them, where the caller has sorted them already
 */
export function lowScoreAuc(
  scores: Float64Array,
  positive: Uint8Array,
  clusters: Clusters | null = null,
  rows: Int32Array = lowestFirst(scores),
): Area | null {
  let positives = 0
  for (const row of rows) if (positive[row]) positives++
  const negatives = rows.length - positives
  if (positives === 0 || negatives === 0) return null
  // For each row the share of the other kind that it ranks rightly to: a tied run of rows shares one.
  const ranked = new Float64Array(scores.length).fill(Number.NaN)
  let before = 0
  let after = negatives
  let wins = 0
  for (let at = 0; at < rows.length; ) {
    const score = scores[rows[at]!]!
    const first = at
    let tiedPositives = 0
    for (; at < rows.length && scores[rows[at]!] === score; at++) {
      if (positive[rows[at]!]) tiedPositives++
    }
    const tiedNegatives = at - first - tiedPositives
    const ofPositive = (after - tiedNegatives / 2) / negatives
    const ofNegative = (before + tiedPositives / 2) / positives
    for (let tied = first; tied < at; tied++) {
      const row = rows[tied]!
      ranked[row] = positive[row] ? ofPositive : ofNegative
    }
    wins += tiedPositives * ofPositive
    before += tiedPositives
    after -= tiedNegatives
  }
  const value = wins / positives
  const parts = ranked.map(
    (share, row) => (share - value) / (positive[row] ? positives : negatives),
  )
  if (clusters === null) {
    const errorOf = (kind: number) =>
      errorOfSum(parts.filter((part, row) => positive[row] === kind && !Number.isNaN(part)))
    return { value, interval: logitInterval(value, NORMAL_95 * Math.hypot(errorOf(1), errorOf(0))) }
  }
  const sums = clusterSums(parts, clusters)
  const half = sums.length < 2 ? Number.NaN : standardErrors(sums) * errorOfSum(sums)
  return { value, interval: logitInterval(value, half) }
}

/** The rows that have a score, lowest first; equal ones in row order. */
export function lowestFirst(scores: Float64Array): Int32Array {
  // Sorting numbers and finding each row's place among them is many times faster than sorting rows.
  const sorted = sortedNumbers(scores)
  const placesUsed = new Int32Array(sorted.length)
  const rows = new Int32Array(sorted.length)
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!
    if (Number.isNaN(score)) continue
    const first = firstAtLeast(sorted, score)
    rows[first + placesUsed[first]!++] = row
  }
  return rows
}

function firstAtLeast(sorted: Float64Array, score: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < score) low = middle + 1
    else high = middle
  }
  return low
}

function logitInterval(value: number, half: number): [number, number] | null {
  // All or none right, or one of a kind: nothing tells how sure that is.
  if (!(value > 0 && value < 1 && half > 0)) return null
  const logit = Math.log(value / (1 - value))
  const reach = half / (value * (1 - value))
  const share = (x: number) => 1 / (1 + Math.exp(-x))
  return [share(logit - reach), share(logit + reach)]
}
