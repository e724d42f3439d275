import { expect, test } from 'vitest'
import type { Comparison } from '../../../lib/core/changes.ts'
import type { ConfusedPair } from '../../../lib/core/confusion.ts'
import type { Report } from '../../../lib/core/report.ts'
import { FIRST_RUN } from '../../../lib/history/baseline.ts'
import { summarizeRun, verdictSentence } from '../../../lib/history/verdict.ts'
import { figure } from '../findings/brute-force.ts'
import { item } from './made.ts'

const pair = (a: string, b: string, count: number): ConfusedPair => ({
  a,
  b,
  count,
  aAsB: count,
  bAsA: 0,
  rate: 0,
  gain: 0,
})

const confusion = (pairs: readonly ConfusedPair[]) => ({
  counts: [],
  pairs,
  concentration: {
    errors: 0,
    pairs: 0,
    possiblePairs: 0,
    pairsForHalf: 0,
    pairsForFourFifths: 0,
    gini: 0,
  },
  labelChangingTies: 0,
})

const compared = (
  baseline: string,
  fixed: number,
  broken: number,
  p: number,
  verdict: Comparison['verdict'],
) => ({
  metrics: {},
  comparisonNote: null,
  confusion: confusion([pair('1', '8', 8), pair('3', '8', 5)]),
  comparison: {
    baseline,
    matchedRows: 899,
    fixed: Array<string>(fixed).fill('x'),
    broken: Array<string>(broken).fill('x'),
    p,
    verdict,
    metrics: {},
    baselineModel: null,
  },
})

test.each([
  [
    compared('pca-8', 50, 16, 3.3e-5, 'better'),
    'Better than pca-8: 50 rows fixed, 16 broken (p < 0.001). 1/8 is the worst pair with 8 errors.',
  ],
  [
    compared('nca-16-small', 19, 13, 0.377, 'no evidence of a change'),
    'No evidence of a change since nca-16-small: 19 rows fixed, 13 broken (p = 0.38). 1/8 is the worst pair with 8 errors.',
  ],
  [
    compared('good', 1, 12, 0.0034, 'worse'),
    'Worse than good: 1 row fixed, 12 broken (p = 0.0034). 1/8 is the worst pair with 8 errors.',
  ],
  [
    compared('same', 0, 0, 1, 'no evidence of a change'),
    'No evidence of a change since same: 0 rows fixed, 0 broken (p = 1). 1/8 is the worst pair with 8 errors.',
  ],
] as const)('a comparison says what changed and how sure that is', (report, sentence) => {
  expect(verdictSentence(report)).toBe(sentence)
})

test('a first run says where it stands', () => {
  const accuracy = { ...figure(0.93215), interval: [0.9134, 0.9471] as const }
  const report = {
    metrics: { nearest_neighbor_accuracy: accuracy },
    comparison: null,
    comparisonNote: FIRST_RUN,
    confusion: confusion([pair('3', '9', 13), pair('1', '8', 13)]),
  }
  const stands = '93.2 % of rows have a nearest neighbour of their class (91.3 to 94.7 %).'
  const worst = '3/9 is among the worst pairs with 13 errors.'
  expect(verdictSentence(report)).toBe(`First run: ${stands} ${worst}`)
  expect(verdictSentence({ ...report, comparisonNote: 'No id in common.' })).toBe(
    `Not compared with another run: ${stands} ${worst}`,
  )
})

test('a run without errors or figures has a verdict too', () => {
  const report = {
    metrics: {},
    comparison: null,
    comparisonNote: FIRST_RUN,
    confusion: confusion([]),
  }
  expect(verdictSentence(report)).toBe(
    'First run: nearest-neighbour accuracy could not be computed. No row is confused with another class.',
  )
})

test('the entry of a run counts the items that need someone', () => {
  const accepted = { state: 'accepted', reason: 'Twins.', until: null } as const
  const report = {
    ...compared('pca-8', 50, 16, 3.3e-5, 'better'),
    metrics: { nearest_neighbor_accuracy: figure(0.97), map_at_r: figure(0.55) },
    input: { evaluatedRows: 899, classes: 10, dimensions: 16 } as Report['input'],
    metric: 'euclidean',
    model: { name: 'nca', version: '1', preprocessing: null },
    items: [
      item('confusion:1|8', 8, 'persisting'),
      item('confusion:3|9', 0, 'resolved'),
      item('spread:8', 4, 'not-evaluated'),
      { ...item('duplicates:exact', 4), known: accepted },
    ],
    gate: { passed: true, results: [] },
  } as const
  expect(summarizeRun(report)).toEqual({
    rows: 899,
    classes: 10,
    dimensions: 16,
    metric: 'euclidean',
    model: 'nca',
    accuracy: 0.97,
    accuracyInterval: [0.95, 0.99],
    mapAtR: 0.55,
    baseline: 'pca-8',
    fixed: 50,
    broken: 16,
    p: 3.3e-5,
    worstPair: { a: '1', b: '8', count: 8 },
    openItems: 1,
    gatePassed: true,
    verdict: verdictSentence(report),
  })
})
