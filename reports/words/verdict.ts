/** What a run comes to: the sentence at the head of its page, in its preview and in its project's list. */

import { openItems } from '../../lib/core/item.ts'
import type { Report } from '../../lib/core/report.ts'
import { allEqual, hasNoMatch } from './bare-case.ts'
import { count, named, pairName, pValue, share } from './format.ts'

/** The whole run in a sentence or two. */
export function verdict(report: Report): string {
  const [worst, next] = report.confusion.pairs
  const tail = worst
    ? ` ${pairName(worst.a, worst.b)} is ${next?.count === worst.count ? 'among the worst pairs' : 'the worst pair'}.`
    : report.confusion.concentration.errors === 0 && report.input.classes > 1
      ? ' No row sits next to another class.'
      : ''
  if (allEqual(report)) {
    return `All ${count(report.input.evaluatedRows)} vectors are equal: no figure tells anything about the model.`
  }
  const comparison = report.comparison
  if (comparison === null) {
    const accuracy = report.metrics.nearest_neighbor_accuracy?.value ?? null
    if (hasNoMatch(report)) {
      return 'No row has another of its class to find: no figure of retrieval can be told.'
    }
    if (report.input.classes < 2) return 'All rows have one label: there is nothing to confuse.'
    if (accuracy === null) return `Nothing to compare with yet.${tail}`
    const able = report.metrics.nearest_neighbor_accuracy_with_match?.value ?? accuracy
    const matched =
      share(able) === share(accuracy) ? '' : `, ${share(able)} of those that have another row of it`
    const lead = `${share(accuracy)} of rows sit next to their own class${matched}`
    // Where the errors lie says nothing then.
    if (openItems(report).some(({ kind }) => kind === 'at-chance')) {
      const { chance } = report.metrics.nearest_neighbor_accuracy!
      return `${lead}, where random neighbours reach ${share(chance)}: the labels can’t be told from these vectors.`
    }
    return `${lead}.${tail}`
  }
  const baseline = named(comparison.baseline)
  if (comparison.matchedRows === 0) {
    return `Can't be compared with ${baseline}: no row is in both.${tail}`
  }
  const numbers = `${count(comparison.fixed.length)} ${comparison.fixed.length === 1 ? 'row' : 'rows'} fixed, ${count(comparison.broken.length)} broken (${pValue(comparison.p)})`
  if (comparison.verdict === 'no evidence of a change') {
    if (comparison.fixed.length + comparison.broken.length === 0) {
      return `The same as ${baseline}: not one row changed sides.${tail}`
    }
    return `No evidence of a change since ${baseline}: ${numbers}.${tail}`
  }
  const word = comparison.verdict === 'better' ? 'Better' : 'Worse'
  return `${word} than ${baseline}: ${numbers}.${tail}`
}
