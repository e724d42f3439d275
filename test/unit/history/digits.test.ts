/** Three models of the same digits, one after the other: what becomes of their items. */

import { beforeAll, expect, test } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import type { Item } from '../../../lib/core/item.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import { chooseBaseline } from '../../../lib/history/baseline.ts'
import { compareRuns } from '../../../lib/history/comparison.ts'
import { decideItems } from '../../../lib/history/items.ts'
import { appendRun, emptyIndex } from '../../../lib/history/project-index.ts'
import { type BaselineRows, runRows } from '../../../lib/history/run-rows.ts'
import { verdictSentence } from '../../../lib/history/verdict.ts'
import { findFindings, recallFinding } from '../findings/asked.ts'
import { evaluate, manifest, readSample, type Sample } from '../findings/brute-force.ts'
import { baselineOf, day, entry } from './made.ts'

interface Told {
  readonly items: readonly Item[]
  readonly verdict: string
}

const names = ['pca-8', 'nca-16-small', 'nca-32']

/** Each run compared with the one before it, as the pipeline does it. */
function tell(samples: readonly Sample[]): { runs: readonly Told[]; index: ProjectIndex } {
  let index = emptyIndex('digits')
  const published = new Map<string, BaselineRows>()
  const runs = samples.map((sample, at): Told => {
    const [run, createdAt] = [names[at]!, day(at + 1)]
    const evaluation: Evaluation = evaluate(sample)
    const current = runRows(evaluation)
    const choice = chooseBaseline(index, 'previous', run, createdAt)
    const baseline = choice.run === null ? null : published.get(choice.run)!
    const compared = baseline
      ? compareRuns(current, baseline)
      : { comparison: null, note: choice.reason }
    const items = decideItems({
      findings: findFindings(evaluation, manifest),
      recall: (id) => recallFinding(evaluation, manifest, id),
      evaluation,
      current,
      manifest,
      baseline,
      index,
      run,
      createdAt,
      today: '2026-03-20',
    })
    index = appendRun(index, entry(run, createdAt), items)
    const { classes, confusion } = evaluation
    published.set(run, { ...baselineOf(run, current, items), classes })
    const { comparison, note } = compared
    const report = { metrics: evaluation.figures, comparison, comparisonNote: note, confusion }
    return { items, verdict: verdictSentence(report) }
  })
  return { runs, index }
}

const story = ({ items }: Told) =>
  Object.fromEntries(items.map(({ id, state, measure }) => [id, `${state} ${measure.value}`]))

let samples: Sample[]
let told: ReturnType<typeof tell>
beforeAll(async () => {
  samples = await Promise.all(names.map((name) => readSample(`digits/${name}`)))
  told = tell(samples)
})

test('3|9 is new, resolved, gone; 1|8 is new and persists, since 12, 8, 7 is no evidence', () => {
  expect(told.runs.map(story)).toEqual([
    { 'confusion:3|9': 'new 13', 'confusion:1|8': 'new 12', 'label-issue:other': 'new 10' },
    {
      'confusion:1|8': 'persisting 8',
      'confusion:3|9': 'resolved 0',
      // 10, 4, 5 rows could be chance.
      'label-issue:other': 'persisting 4',
    },
    { 'confusion:1|8': 'persisting 7', 'label-issue:other': 'persisting 5' },
  ])
})

test('each state says what it was before and how sure that is', () => {
  const text = (run: number, id: string) => told.runs[run]!.items.find((item) => item.id === id)!
  expect(text(1, 'confusion:3|9')).toMatchObject({
    // Of two tests the smaller p counts double.
    change: { before: 13, p: expect.closeTo(4 * 0.5 ** 13, 12) },
  })
  expect(text(1, 'confusion:3|9').finding).toBe(
    'No row of 3 or 9 has a nearest neighbour of the other class. Resolved: 0 now. In pca-8 it was 13 (paired test on 182 rows of 3 and 9: 13 fixed, 0 broken, corrected for 2 tests, p < 0.001).',
  )
  expect(text(1, 'confusion:1|8').finding).toContain(
    'In pca-8 it was 12: no evidence of a change (paired test on 178 rows of 1 and 8',
  )
})

test('the verdicts are those of the samples', () => {
  expect(told.runs.map(({ verdict }) => verdict)).toEqual([
    'First run: 93.2 % of rows have a nearest neighbour of their class (91.2 to 95.2 %). 3/9 is the worst pair with 13 errors.',
    'Better than pca-8: 50 rows fixed, 16 broken (p < 0.001). 1/8 is the worst pair with 8 errors.',
    'No evidence of a change since nca-16-small: 19 rows fixed, 13 broken (p = 0.38). 1/8 is the worst pair with 7 errors.',
  ])
})

test('the index holds the life of each item', () => {
  const lives = Object.values(told.index.items).map(({ id, states }) => [
    id,
    states.map(({ run, state, measure }) => `${run} ${state} ${measure}`),
  ])
  expect(Object.fromEntries(lives)).toEqual({
    'confusion:1|8': ['pca-8 new 12', 'nca-16-small persisting 8', 'nca-32 persisting 7'],
    'confusion:3|9': ['pca-8 new 13', 'nca-16-small resolved 0'],
    'label-issue:other': ['pca-8 new 10', 'nca-16-small persisting 4', 'nca-32 persisting 5'],
  })
})

test('the order of the rows changes neither ids nor states', () => {
  const reversed = samples.map(({ ids, labels, vectors }) => ({
    ids: [...ids].reverse(),
    labels: [...labels].reverse(),
    vectors: [...vectors].reverse(),
  }))
  expect(tell(reversed).runs.map(story)).toEqual(told.runs.map(story))
})

test('other names for the classes change the ids alone', () => {
  const name = (digit: string) => `|${9 - Number(digit)}\\`
  const renamed = samples.map((sample) => ({ ...sample, labels: sample.labels.map(name) }))
  const states = (run: Told) => run.items.map(({ state, measure }) => [state, measure.value])
  expect(tell(renamed).runs.map(states)).toEqual(told.runs.map(states))
  expect(tell(renamed).runs[0]!.items.map(({ id }) => id)).toContain('confusion:\\|0\\\\|\\|6\\\\')
})
