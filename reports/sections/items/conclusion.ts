/** How much there is to do, for whom, and what the most of it is worth. */

import { openItems } from '../../../lib/core/item.ts'
import type { Report } from '../../../lib/core/report.ts'
import { hasNoMatch } from '../../words/bare-case.ts'
import { counted, points } from '../../words/format.ts'

export function itemsConclusion(report: Report): string {
  const open = openItems(report)
  if (open.length === 0) {
    return hasNoMatch(report)
      ? 'Nothing is found wrong where no row has another of its class to find.'
      : nothingStandsOut(report)
  }
  const best = open.reduce((most, item) => (item.gain > most.gain ? item : most))
  const owners = new Set(open.map((item) => item.owner)).size
  const lead = `${counted(open.length, 'thing')} to fix, for ${counted(owners, 'owner')}`
  return best.gain > 0
    ? `${lead}; the largest is worth up to ${points(best.gain)} of accuracy.`
    : `${lead}.`
}

/** Without an item: nothing is wrong, or nothing of what is wrong stands out. */
function nothingStandsOut({ confusion }: Report): string {
  const { errors, pairs } = confusion.concentration
  if (errors === 0) return 'Nothing needs to be fixed first.'
  return `Nothing stands out to be fixed first among ${counted(errors, 'error')} in ${counted(pairs, 'pair')} of classes.`
}
