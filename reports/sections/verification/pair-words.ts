/** Rates, thresholds and bounds of pairs, in words. */

import type { ThresholdBounds, Verification } from '../../../lib/core/verification.ts'
import { boundsText, count, distanceAmong, setting, share } from '../../words/format.ts'

/** `1 in 1,000`. */
export function oneIn(far: number): string {
  return `1 in ${count(1 / far)}`
}

/** A false accept rate, which may be far below what shares are told with: `0.01 %`. */
export function rateText(far: number): string {
  return far >= 0.001 ? share(far) : `${setting(100 * far)}\u00a0%`
}

/** With as many digits as tell distances apart: rounded to fewer it accepts other pairs. */
export function thresholdText({ histogram }: Verification, threshold: number | null): string {
  return distanceAmong(threshold, [histogram.edges[0]!, histogram.edges.at(-1)!])
}

/** What is read from bins, as far as it is sure. */
export function boundsOf(bounds: ThresholdBounds | undefined): string {
  if (bounds === undefined) return ''
  const rejected = [1 - bounds.tar[1], 1 - bounds.tar[0]] as const
  return ` (for sure ${boundsText(bounds.far, 'share')}, and ${boundsText(rejected, 'share')})`
}
