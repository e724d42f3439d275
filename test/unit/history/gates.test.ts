import { expect, test } from 'vitest'
import type { Figure } from '../../../lib/core/figure.ts'
import type { Gate } from '../../../lib/core/manifest.ts'
import { type GateInputs, judgeGates } from '../../../lib/history/gates.ts'
import { figure } from '../findings/brute-force.ts'

const gate = (limits: Partial<Gate>): Gate => ({
  metric: 'hit_at_10',
  limit: null,
  minimum: null,
  maximum: null,
  noWorseThanBaselineBy: null,
  ...limits,
})

const judge = (limits: Partial<Gate>, value: number | null, given: Partial<GateInputs> = {}) =>
  judgeGates({
    gates: [gate(limits)],
    figures: { hit_at_10: figure(value) },
    rows: 899,
    allEqual: false,
    baseline: { run: 'then', metrics: { hit_at_10: 0.9 } },
    ...given,
  })

test('a value at its limit passes, one beyond it fails', () => {
  expect(judge({ minimum: 0.8 }, 0.8).passed).toBe(true)
  expect(judge({ minimum: 0.8 }, 0.7999).passed).toBe(false)
  expect(judge({ maximum: 0.8 }, 0.8).passed).toBe(true)
  expect(judge({ maximum: 0.8 }, 0.8001).passed).toBe(false)
})

test('the value decides, and the interval is told', () => {
  const { passed, results } = judge({ minimum: 0.8 }, 0.81)
  expect(passed).toBe(true)
  expect(results).toEqual([
    {
      metric: 'hit_at_10',
      title: 'Nearest-neighbour accuracy',
      value: 0.81,
      unit: 'share',
      requirement: 'at least 80 %',
      passed: true,
      reason: '95 % interval 79.0 to 83.0 %: it reaches across 80.0 %.',
    },
  ])
  expect(judge({ minimum: 0.5 }, 0.81).results[0]!.reason).toBe('95 % interval 79.0 to 83.0 %.')
})

test('a loss against the baseline is measured in the direction that is worse', () => {
  expect(judge({ noWorseThanBaselineBy: 0.02 }, 0.88).passed).toBe(true)
  expect(judge({ noWorseThanBaselineBy: 0.02 }, 0.87).passed).toBe(false)
  expect(judge({ noWorseThanBaselineBy: 0 }, 0.99).passed).toBe(true)
  const lower = (value: number): Record<string, Figure> => ({ hit_at_10: figure(value, 'lower') })
  expect(judge({ noWorseThanBaselineBy: 0.02 }, 0, { figures: lower(0.92) }).passed).toBe(true)
  expect(judge({ noWorseThanBaselineBy: 0.02 }, 0, { figures: lower(0.93) }).passed).toBe(false)
})

test.each([
  ['no baseline', { noWorseThanBaselineBy: 0.1 }, 0.9, { baseline: null }, 'no baseline'],
  [
    'a baseline without the figure',
    { noWorseThanBaselineBy: 0.1 },
    0.9,
    { baseline: { run: 'then', metrics: {} } },
    'then has no such figure',
  ],
  ['a figure that could not be computed', { minimum: 0.1 }, null, {}, 'could not be computed'],
  ['a figure that is not there', { minimum: 0.1 }, 0.9, { figures: {} }, 'no figure hit_at_10'],
  [
    'a figure of a misspelt name',
    { minimum: 0.1, metric: 'hit_at10' },
    0.9,
    {},
    'This run has no figure hit_at10. The nearest that it has is hit_at_10.',
  ],
  [
    'a figure named like what every object has',
    { minimum: 0.1, noWorseThanBaselineBy: 0.1, metric: 'constructor' },
    0.9,
    {},
    'no figure constructor',
  ],
  [
    'a figure that random neighbours reach too',
    { minimum: 0.1 },
    1,
    { figures: { hit_at_10: { ...figure(1), chance: 1 } } },
    'random neighbours reach 100 % as well',
  ],
  ['rows that are all equal', { minimum: 0.1 }, 1, { allEqual: true }, 'All rows are equal'],
  [
    'an accuracy that can be nothing but 0',
    { minimum: 0.1 },
    0,
    {
      figures: {
        hit_at_10: { ...figure(0), chance: 0 },
        nearest_neighbor_accuracy_with_match: figure(null),
      },
    },
    'No row has another of its class',
  ],
  ['19 rows', { minimum: 0.1 }, 0.9, { rows: 19 }, '19 rows were evaluated'],
] as const)(
  'with %s nothing can be judged, and that is no pass',
  (_, limits, value, given, why) => {
    const { passed, results } = judge(limits, value, given)
    expect(passed).toBeNull()
    expect(results[0]!.reason).toContain(why)
  },
)

test('a share is told in per cent with all of its digits, another figure as it is', () => {
  expect(judge({ minimum: 0.9375 }, 0.9).results[0]!.requirement).toBe('at least 93.75 %')
  expect(judge({ minimum: 0.07 }, 0.9).results[0]!.requirement).toBe('at least 7 %')
  const figures = { hit_at_10: { ...figure(0.4), unit: 'number' as const } }
  expect(judge({ minimum: 0.25 }, 0.4, { figures }).results).toMatchObject([
    { unit: 'number', requirement: 'at least 0.25' },
  ])
})

test('a failed gate outweighs one that can not be judged', () => {
  const gates = [gate({ minimum: 0.95 }), gate({ metric: 'unknown', minimum: 0.1 })]
  const { passed, results } = judge({}, 0.9, { gates })
  expect(results.map((result) => result.passed)).toEqual([false, null])
  expect(passed).toBe(false)
})

test('each requirement of a gate has its own result', () => {
  const { results } = judge({ minimum: 0.5, maximum: 0.95, noWorseThanBaselineBy: 0.1 }, 0.9)
  expect(results.map(({ requirement }) => requirement)).toEqual([
    'at least 50 %',
    'at most 95 %',
    'no worse than then by more than 10 points',
  ])
})

test('a number alone is the least value, or the greatest where lower is better', () => {
  const requirement = (better: Figure['better']) =>
    judge({ limit: 0.9 }, 0.95, { figures: { hit_at_10: { ...figure(0.95), better } } }).results
  expect(requirement('higher')).toMatchObject([{ requirement: 'at least 90 %', passed: true }])
  expect(requirement('neither')).toMatchObject([{ requirement: 'at least 90 %', passed: true }])
  expect(requirement('lower')).toMatchObject([{ requirement: 'at most 90 %', passed: false }])
  expect(judge({ limit: 0.9 }, null, { figures: {} }).results).toHaveLength(1)
})

test('from 20 rows on a gate is judged', () => {
  expect(judge({ minimum: 0.1 }, 0.9, { rows: 20 }).passed).toBe(true)
})

test('a value that is a limit but for the last bits of a double is at it', () => {
  // 0.8 − 0.1 is 0.7000000000000001 as doubles.
  const baseline = { run: 'then', metrics: { hit_at_10: 0.8 } }
  expect(judge({ noWorseThanBaselineBy: 0.1 }, 0.7, { baseline }).passed).toBe(true)
})

test('a figure in units of distance is not held to a baseline of another scale', () => {
  const figures = { margin: { ...figure(0.5), unit: 'distance' as const } }
  const judged = (scale?: number) =>
    judgeGates({
      gates: [{ ...gate({ noWorseThanBaselineBy: 0.1 }), metric: 'margin' }],
      figures,
      rows: 899,
      allEqual: false,
      baseline: {
        run: 'then',
        metrics: { margin: 0.4 },
        ...(scale === undefined ? {} : { scale }),
      },
    })
  expect(judged().passed).toBe(true)
  expect(judged(1).passed).toBe(true)
  expect(judged(10)).toMatchObject({
    passed: null,
    results: [{ reason: expect.stringContaining('10.0 times those of then') }],
  })
})
