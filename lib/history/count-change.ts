/** Whether what is counted, rather than tested row by row, has changed since the baseline. */

import { SIGNIFICANCE } from '../core/significance.ts'
import { pValue } from '../core/words.ts'
import { mcnemarExact } from '../stats/mcnemar.ts'
import type { Change, ChangeInputs } from './change.ts'
import { isResolvedStill } from './ledger.ts'

/**
 * Identical vectors are counted, not sampled, so every change of their number is one. But rows that
 * weren't uploaded this time are no repair: half of the evidence must be here.
 */
export function compareFact(inputs: ChangeInputs): Change {
  const { finding, current, baseline, baselineRow, inBaseline, past } = inputs
  const evidence = inBaseline?.evidence ?? []
  const here = new Set(current.ids)
  const present = evidence.filter((id) => here.has(id)).length
  if (2 * present < evidence.length) {
    return {
      judged: false,
      reason: `Only ${present} of the ${evidence.length} rows that showed it in ${baseline.run} are in this run.`,
    }
  }
  const before = inBaseline?.measure.value ?? past?.measure ?? null
  const now = finding.measure.value
  const direction =
    before === null || before === now ? 'no evidence' : now < before ? 'lower' : 'higher'
  const matched = baselineRow.reduce((count, then) => count + (then >= 0 ? 1 : 0), 0)
  const complete = matched === baseline.ids.length
  const grown = matched < current.ids.length
  return { judged: true, before, p: null, direction, test: 'counted', complete, grown }
}

/**
 * Rows that a model's neighbourhoods point at come and go with the model. Only that none is left, or
 * a change that is significant even if no row were the same in both counts, is a change: since the
 * baseline, or in small steps since the item was last judged.
 */
export function compareCount(inputs: ChangeInputs): Change {
  const change = compareFact(inputs)
  const now = inputs.finding.measure.value
  if (!change.judged || change.before === null || now === 0) return change
  const p = mcnemarExact(change.before, now)
  const direction = p >= SIGNIFICANCE.evidence ? 'no evidence' : change.direction
  const test = `counted; ${pValue(p)} at the most cautious`
  return sinceSettled(inputs, { ...change, direction, test })
}

/**
 * An item that shrinks run by run may never show a significant step, nor one that comes back so. Its
 * count is then held against the run in which it was raised, resolved or last judged, whose rows are
 * not at hand. Of all ways in which as many errors can have become as few, the one where none of
 * them is the same row gives the exact paired test its largest p: if even that is significant, the
 * drop is, whichever rows they were. It needs all of the baseline's rows, since errors that weren't
 * uploaded again are not fewer; a rise needs that there are no others.
 */
export function sinceSettled({ finding, past }: ChangeInputs, change: Change): Change {
  if (!change.judged || change.direction !== 'no evidence' || !past) return change
  const { run, measure } = past.settled
  const now = finding.measure.value
  const isLower = !isResolvedStill(past) && now < measure && change.complete
  const isHigher = isResolvedStill(past) && now > measure && !change.grown
  const p = mcnemarExact(measure, now)
  if ((!isLower && !isHigher) || p >= SIGNIFICANCE.evidence) return change
  const test = `${measure} in ${run}; paired test at its most cautious`
  return { ...change, p, direction: isLower ? 'lower' : 'higher', test }
}
