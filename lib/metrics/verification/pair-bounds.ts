/** What a threshold accepts for sure, and at most, where pairs are counted in bins. */

import type { PairHistogram } from '../../core/evaluation.ts'
import type { ThresholdBounds } from '../../core/verification.ts'

/**
 * A pair is accepted for sure where the farthest that its bin holds is, and rejected for sure where the
 * nearest is: whoever applies the threshold to all pairs counts something in between.
 */
export function boundsAt(
  { same, other, nearest, farthest }: PairHistogram,
  threshold: number,
): ThresholdBounds {
  const shares = (counts: Float64Array): [number, number] => {
    let [all, least, most] = [0, 0, 0]
    for (const [bin, count] of counts.entries()) {
      all += count
      if (farthest[bin]! <= threshold) least += count
      if (nearest[bin]! <= threshold) most += count
    }
    return [least / all, most / all]
  }
  return { far: shares(other), tar: shares(same) }
}
