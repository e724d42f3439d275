import { describe, expect, test } from 'vitest'
import { rowSketch } from '../../../lib/core/comparable-runs.ts'
import type { ProjectIndex, RunSummary } from '../../../lib/core/project-index.ts'
import { chooseBaseline, FIRST_RUN } from '../../../lib/history/baseline.ts'
import { day, entry } from './made.ts'

const SKETCH = rowSketch(['1', '2', '3'], ['a', 'b', 'c'])
const OTHER = rowSketch(['4', '5', '6'], ['a', 'b', 'c'])

const index: ProjectIndex = {
  schema: 'nearmiss.index/1',
  project: 'digits',
  runs: [
    entry('one', day(1)),
    entry('two', day(2)),
    entry('bad', day(3), 'failed'),
    entry('late', day(9)),
  ],
  items: {},
}

test('the previous run is the latest published one that was created before', () => {
  expect(chooseBaseline(index, 'previous', 'now', day(5))).toEqual({
    run: 'two',
    reason: null,
    warning: null,
  })
  expect(chooseBaseline(index, 'previous', 'two', day(2)).run).toBe('one')
})

test('of two runs of one moment the one whose name comes first is the earlier', () => {
  expect(chooseBaseline(index, 'previous', 'three', day(2)).run).toBe('one')
  expect(chooseBaseline(index, 'previous', 'zwei', day(2)).run).toBe('two')
})

test('the first run has none, which is no reason for a warning', () => {
  const none = { run: null, reason: FIRST_RUN, warning: null }
  expect(chooseBaseline(null, 'previous', 'now', day(5))).toEqual(none)
  expect(chooseBaseline(index, 'previous', 'one', day(1))).toEqual(none)
})

test('a manifest can ask for none', () => {
  expect(chooseBaseline(index, 'none', 'now', day(5))).toMatchObject({ run: null, warning: null })
})

test('a run can be named, whenever it was made', () => {
  expect(chooseBaseline(index, 'one', 'now', day(5)).run).toBe('one')
  expect(chooseBaseline(index, 'late', 'now', day(5)).run).toBe('late')
})

test.each([
  ['three', 'is not in this project'],
  ['bad', 'could not be evaluated'],
  ['now', 'is this run itself'],
])('a named run %s that %s is a warning, not a crash', (name, why) => {
  const choice = chooseBaseline(index, name, 'now', day(5))
  expect(choice.run).toBeNull()
  expect(choice.reason).toBe(`The manifest asks for the baseline ${name}, which ${why}.`)
  expect(choice.warning?.code).toBe('baseline-missing')
  expect(choice.warning?.message).toContain('late, one, two')
})

describe('the best run', () => {
  const summary = (accuracy: number, metric: 'euclidean' | 'cosine' = 'euclidean') =>
    ({ accuracy, metric, sketch: SKETCH }) as RunSummary
  const runs = [
    { ...entry('v1', day(1)), summary: summary(0.8) },
    { ...entry('v2', day(2)), summary: summary(0.9) },
    { ...entry('v3', day(3)), summary: summary(0.99, 'cosine') },
    { ...entry('v4', day(4)), summary: summary(0.9) },
    { ...entry('v5', day(5)), summary: summary(0.85) },
    { ...entry('v9', day(9)), summary: summary(1) },
  ]
  const index = { schema: 'nearmiss.index/1' as const, project: 'p', runs, items: {} }
  const like = { metric: 'euclidean' as const, sketch: SKETCH }

  test('is the most accurate earlier one that can be compared, the later of two alike', () => {
    expect(chooseBaseline(index, 'best', 'v6', day(6), like).run).toBe('v4')
    expect(chooseBaseline(index, 'best', 'v3b', day(3), { ...like, metric: 'cosine' }).run).toBe(
      'v3',
    )
  })

  test('is none where no earlier run has the same rows', () => {
    expect(chooseBaseline(index, 'best', 'v6', day(6), { ...like, sketch: OTHER })).toEqual({
      run: null,
      reason: 'No earlier run of the same rows can be the best one.',
      warning: null,
    })
  })
})
