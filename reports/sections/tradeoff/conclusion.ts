/** Which smaller form of the vectors would do. */

import type { Report } from '../../../lib/core/report.ts'
import { bytes, count, counted } from '../../words/format.ts'

export function tradeOffConclusion({ tradeOff }: Report): string {
  if (tradeOff.note !== null) return `Smaller vectors weren’t tried. ${tradeOff.note}`
  const full = tradeOff.variants[0]
  const best = tradeOff.variants.find(({ id }) => id === tradeOff.smallest)
  if (!full) return 'Smaller vectors weren’t tried.'
  if (!best) return 'No smaller form of the vectors that was tried keeps the target.'
  return `${best.title} would do: ${bytes(best.bytesPerRow)} a row instead of ${bytes(full.bytesPerRow)}, within a point of Hit@1 and MAP@R.`
}

/** How sure the trade-off is, below its chart. */
export function tradeOffNote({ tradeOff }: Report): string {
  const best = tradeOff.variants.find(({ id }) => id === tradeOff.smallest)
  const asked =
    tradeOff.exactness === 'exact'
      ? `All ${counted(tradeOff.queries, 'row')} with another of their class to find were asked`
      : `A seeded sample of ${counted(tradeOff.queries, 'row')}, in proportion to their classes, was asked against ${count(tradeOff.gallery)}; among more rows losses tend to be larger`
  if (!best) return `${asked}.`
  const most = Math.max(best.hitAt1Loss.interval[1], best.mapAtRLoss.interval[1])
  return most <= tradeOff.target
    ? `${asked}. Even the upper ends of the 95 % intervals of what ${best.title} loses lie within a point.`
    : `${asked}. The loss of ${best.title} may be as much as ${(100 * most).toFixed(1)} points (95 %): try it on more rows before you rely on it.`
}
