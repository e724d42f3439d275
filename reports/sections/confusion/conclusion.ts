/** How concentrated the errors are, and where. */

import type { Report } from '../../../lib/core/report.ts'
import { count, counted, pairName } from '../../words/format.ts'

export function confusionConclusion(report: Report): string {
  const { errors, pairs, pairsForHalf } = report.confusion.concentration
  if (report.input.classes < 2) return 'With one class there is nothing to confuse.'
  if (errors === 0) return "No row's nearest neighbour belongs to another class."
  if (pairs === 0) return `${counted(errors, 'row')} have no neighbour of their class.`
  const rows = counted(errors, 'error')
  if (errors === 1) return 'One error in all.'
  if (pairs === 1) return `All ${rows} are between one pair of classes.`
  if (pairs <= 3) return `The ${rows} are between ${count(pairs)} pairs of classes.`
  const [worst, next] = report.confusion.pairs
  if (worst && worst.count > (next?.count ?? 0) && worst.count >= errors / 4) {
    return `${pairName(worst.a, worst.b)} alone holds ${count(worst.count)} of the ${rows}; the rest lie between ${count(pairs - 1)} other pairs.`
  }
  if (pairsForHalf <= Math.max(2, pairs * 0.1)) {
    return `A few pairs carry the problem: ${count(pairsForHalf)} of ${count(pairs)} hold half of the ${rows}.`
  }
  return `The ${rows} are spread out: it takes ${count(pairsForHalf)} of ${count(pairs)} confused pairs to hold half of them.`
}
