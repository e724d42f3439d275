/** How each finding is held against the same finding in the baseline: a test that fits what it measures. */

import type { Finding } from '../core/finding.ts'
import type { Judgement } from '../core/judgement.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import type { Change, ChangeInputs } from './change.ts'
import { compareCount, compareFact } from './count-change.ts'
import { compareCluster, comparePair } from './error-change.ts'
import { compareSlice } from './slice-change.ts'
import { compareSpread } from './spread-change.ts'

/** In words for the reference page, and as a function: of runs whose rows are matched, or of any two. */
export type Judge = { readonly says: string } & (
  | { readonly of: 'matched rows'; readonly compare: (inputs: ChangeInputs) => Change }
  | { readonly of: 'any runs'; readonly compare: (finding: Finding) => Change }
)

const P = `p < ${SIGNIFICANCE.evidence}`
const CAUTIOUS = `the exact paired test on the two counts, as if no row were the same in both (${P})`

export const judges: Readonly<Record<Judgement, Judge>> = {
  pair: {
    says: `The exact paired test on the rows of the two classes that both runs have: errors between the two that are gone, against those that have come (${P}). Where no single step shows a change, the count is held against the run in which the item was last judged, by ${CAUTIOUS}.`,
    of: 'matched rows',
    compare: comparePair,
  },
  cluster: {
    says: `The exact paired test on the rows, in both runs, of the classes that the cluster had in the baseline: rows that turned right against rows that turned wrong (${P}). The cluster’s own count follows its threshold, which every run sets anew, and is not compared.`,
    of: 'matched rows',
    compare: compareCluster,
  },
  spread: {
    says: 'How many times as far apart the class’s rows lie, over how many times the median class’s do; beyond 1.96 standard errors of its rows’ scatter it is a change.',
    of: 'matched rows',
    compare: ({ finding, evaluation, baseline }) => compareSpread(finding, evaluation, baseline),
  },
  slice: {
    says: `How the errors of the slice’s rows changed against how those of all other rows did, on the rows of both runs (difference of paired changes, ${P}); and it is gone where the slice has no more errors than the others and no row was left out.`,
    of: 'matched rows',
    compare: compareSlice,
  },
  count: {
    says: `Counted. Since the rows behind it come and go with the model, another count is a change only by ${CAUTIOUS}; none left is one in any case. Half of the rows that showed it must be in the run.`,
    of: 'matched rows',
    compare: compareCount,
  },
  fact: {
    says: 'Counted. There is no noise in it, so that any other count is a change. Half of the rows that showed it must be in the run.',
    of: 'matched rows',
    compare: compareFact,
  },
  step: {
    says: 'Each run tests the step from its baseline to itself: a step that shows none resolves it. How much another step showed is no measure.',
    of: 'any runs',
    compare: compareStep,
  },
}

/**
 * A drift is about one step, from the baseline to this run, in which every class was tested. How many
 * classes moved in another step, from another baseline, is no measure for it: a class that moved
 * away and back is found in two steps, and one that stays away in the first alone.
 */
function compareStep(finding: Finding): Change {
  return {
    judged: true,
    isStep: true,
    before: null,
    p: null,
    direction: finding.measure.value === 0 ? 'lower' : 'no evidence',
    test: 'each class tested, corrected for all of them',
    complete: true,
    grown: false,
  }
}
