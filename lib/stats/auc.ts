/** Area under the ROC curve: how often a positive ranks before a negative, ties counted half. */

import { NORMAL_95 } from './interval.ts'

export interface Area {
  readonly value: number
  /** 95 %; null where the scores tell all rows apart, or one of a kind is all there is. */
  readonly interval: [number, number] | null
}

/**
 * Low scores rank first; rows with a NaN score are left out; null without positives or without
 * negatives. The interval is DeLong's (DeLong, DeLong, Clarke-Pearson, Comparing the areas under two or
 * more correlated ROC curves, 1988), on the logit scale, so that it stays within 0 and 1 (Pepe, The
 * statistical evaluation of medical tests, 2003, 5.2). Sorted once, then linear.
 */
export function lowScoreAuc(scores: Float64Array, positive: Uint8Array): Area | null {
  const rows = Int32Array.from(scores.keys())
    .filter((row) => !Number.isNaN(scores[row]!))
    .sort((a, b) => scores[a]! - scores[b]!)
  const positives = rows.reduce((count, row) => count + (positive[row] ? 1 : 0), 0)
  const negatives = rows.length - positives
  if (positives === 0 || negatives === 0) return null
  // Sums over the rows of either kind of the share of the other kind that they rank rightly to, and
  // of its square: a tied run of rows shares one.
  let [before, after] = [0, negatives]
  let [wins, squaresOfPositives, squaresOfNegatives] = [0, 0, 0]
  for (let at = 0; at < rows.length; ) {
    const score = scores[rows[at]!]!
    let [tiedPositives, tiedNegatives] = [0, 0]
    for (; at < rows.length && scores[rows[at]!] === score; at++) {
      if (positive[rows[at]!]) tiedPositives++
      else tiedNegatives++
    }
    const ofPositive = (after - tiedNegatives / 2) / negatives
    const ofNegative = (before + tiedPositives / 2) / positives
    wins += tiedPositives * ofPositive
    squaresOfPositives += tiedPositives * ofPositive ** 2
    squaresOfNegatives += tiedNegatives * ofNegative ** 2
    before += tiedPositives
    after -= tiedNegatives
  }
  const value = wins / positives
  const variance =
    varianceOf(squaresOfPositives, value, positives) / positives +
    varianceOf(squaresOfNegatives, value, negatives) / negatives
  return { value, interval: logitInterval(value, Math.sqrt(variance)) }
}

/** NaN for one number, of which there is none. */
function varianceOf(squares: number, mean: number, count: number): number {
  return Math.max(0, squares - count * mean * mean) / (count - 1)
}

function logitInterval(value: number, error: number): [number, number] | null {
  // All or none right, or one of a kind: nothing tells how sure that is.
  if (!(value > 0 && value < 1 && error > 0)) return null
  const logit = Math.log(value / (1 - value))
  const half = (NORMAL_95 * error) / (value * (1 - value))
  const share = (x: number) => 1 / (1 + Math.exp(-x))
  return [share(logit - half), share(logit + half)]
}
