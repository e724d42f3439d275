/** Histograms of distances: counts of pairs of one class and of two, by bin. */

import { sharedFloat64 } from '../../core/shared-memory.ts'
import type { Histograms } from '../types.ts'

export function emptyHistograms(bins: number): Histograms {
  return { same: sharedFloat64(bins), other: sharedFloat64(bins) }
}

/** Adds another's counts, in as many bins or in none. */
export function addHistograms(sum: Histograms, { same, other }: Histograms): void {
  for (let bin = 0; bin < same.length; bin++) {
    sum.same[bin]! += same[bin]!
    sum.other[bin]! += other[bin]!
  }
}
