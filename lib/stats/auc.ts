/** Area under the ROC curve: how often a positive ranks before a negative, ties counted half. */

import type { WeightedStatistic } from './interval.ts'

/**
 * The area as a function of the rows' weights, with low scores ranking first. Rows with a NaN score
 * are left out; NaN without positives or without negatives. Sorted once, then linear a call.
 */
export function lowScoreAuc(scores: Float64Array, positive: Uint8Array): WeightedStatistic {
  const rows = Int32Array.from(scores.keys())
    .filter((row) => !Number.isNaN(scores[row]!))
    .sort((a, b) => scores[a]! - scores[b]!)
  return (weights) => {
    let positives = 0
    let negatives = 0
    let wins = 0
    for (let at = 0; at < rows.length; ) {
      const score = scores[rows[at]!]!
      let tiedPositives = 0
      let tiedNegatives = 0
      for (; at < rows.length && scores[rows[at]!] === score; at++) {
        if (positive[rows[at]!]) tiedPositives += weights[rows[at]!]!
        else tiedNegatives += weights[rows[at]!]!
      }
      // Positives so far rank before these negatives.
      wins += tiedNegatives * (positives + tiedPositives / 2)
      positives += tiedPositives
      negatives += tiedNegatives
    }
    return positives === 0 || negatives === 0 ? Number.NaN : wins / (positives * negatives)
  }
}
