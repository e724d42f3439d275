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

const given = (about: Partial<Figure>) => ({ figures: { hit_at_10: { ...figure(0.9), ...about } } })
const outcome = (limits: Partial<Gate>, about: Partial<Figure>, inputs: Partial<GateInputs> = {}) =>
  judge(limits, about.value ?? 0.9, { ...given(about), ...inputs }).results[0]!

test('a limit beyond what a perfect model reaches can not be judged, wherever it comes from', () => {
  const about = { value: 0.6, ceiling: 0.69, interval: [0.57, 0.63] } as const
  const beyond = outcome({ minimum: 0.75 }, about)
  expect(beyond.passed).toBeNull()
  expect(beyond.reason).toContain('reaches 69.0 % here: it fails a limit of 75 % as well')
  expect(outcome({ minimum: 0.6901 }, about).passed).toBeNull()
  expect(outcome({ minimum: 0.69 }, about).passed).toBe(false)
  expect(outcome({ minimum: 0.69 }, { ...about, value: 0.69 }).passed).toBe(true)
  // The baseline had classes that more could be reached with.
  expect(outcome({ noWorseThanBaselineBy: 0.05 }, about).passed).toBeNull()
  // No share is above 1, or below 0: a limit in per cent.
  expect(outcome({ minimum: 80 }, { value: 0.9 }).passed).toBeNull()
  expect(outcome({ maximum: -0.1 }, { value: 0.1, better: 'lower' }).passed).toBeNull()
})

test('a limit that random neighbours meet as well passes nothing, and may fail', () => {
  const about = { value: 0.984, chance: 0.999, interval: [0.98, 0.99] } as const
  const met = outcome({ minimum: 0.8 }, about)
  expect(met.passed).toBeNull()
  expect(met.reason).toContain('random neighbours reach 99.9 % as well, and the limit is 80 %')
  expect(outcome({ minimum: 0.8 }, { ...about, value: 0.7 }).passed).toBe(false)
  const fine = { value: 0.9, chance: 0.8, interval: [0.88, 0.92] } as const
  expect(outcome({ minimum: 0.8 }, fine).passed).toBeNull()
  expect(outcome({ minimum: 0.8001 }, fine).passed).toBe(true)
  const lower = { value: 0.1, chance: 0.5, better: 'lower', interval: null } as const
  expect(outcome({ maximum: 0.5 }, lower).passed).toBeNull()
  expect(outcome({ maximum: 0.4999 }, lower).passed).toBe(true)
  expect(outcome({ limit: 5 }, lower).passed).toBeNull()
  // What is to stay below guards against something else, such as leaked rows.
  expect(outcome({ maximum: 0.95 }, fine).passed).toBe(true)
})

test('a value that can not be told from chance passes nothing', () => {
  const about = { value: 0.52, chance: 0.48, interval: [0.48, 0.56] } as const
  const near = outcome({ minimum: 0.5 }, about)
  expect(near.passed).toBeNull()
  expect(near.reason).toBe(
    "It can't be told from the 48.0 % that random neighbours reach: 95 % interval 48.0 to 56.0 %.",
  )
  expect(outcome({ minimum: 0.5 }, { ...about, interval: [0.4801, 0.56] }).passed).toBe(true)
  expect(outcome({ minimum: 0.55 }, about).passed).toBe(false)
})

test('a limit that no value misses is no gate', () => {
  const about = { value: 0.02, better: 'lower' } as const
  expect(outcome({ maximum: 1 }, about).passed).toBeNull()
  expect(outcome({ maximum: 0.99 }, about).passed).toBe(true)
  expect(outcome({ minimum: 0 }, { value: 0.9 }).passed).toBeNull()
  expect(outcome({ minimum: 0.01 }, { value: 0.9 }).passed).toBe(true)
})

test('a limit between the ends that the order of equal distances gives can not be judged', () => {
  const about = { value: 0.965, ties: [0.895, 0.965], interval: [0.87, 0.98] } as const
  const between = outcome({ minimum: 0.9 }, about)
  expect(between.passed).toBeNull()
  expect(between.reason).toBe(
    'Many distances are equal, and the order of the rows at one distance alone gives 89.5 to 96.5 %: the limit of 90 % lies in between.',
  )
  expect(outcome({ minimum: 0.895 }, about).passed).toBe(true)
  expect(outcome({ minimum: 0.8951 }, about).passed).toBeNull()
  expect(outcome({ minimum: 0.965 }, about).passed).toBeNull()
  expect(outcome({ minimum: 0.9651 }, about).passed).toBe(false)
  expect(outcome({ maximum: 0.9 }, about).passed).toBeNull()
  expect(outcome({ noWorseThanBaselineBy: 0 }, about).passed).toBeNull()
})

test('a figure of fewer than 20 rows or pairs can not be judged, however many there are', () => {
  expect(outcome({ minimum: 0.1 }, { count: 19 }).passed).toBeNull()
  expect(outcome({ minimum: 0.1 }, { count: 19 }).reason).toContain('Only 19 rows, or pairs')
  expect(outcome({ minimum: 0.1 }, { count: 20 }).passed).toBe(true)
})

test('a limit within the bounds of a value that is not exact can not be judged', () => {
  const about = { value: 0.9, interval: null, bounds: [0.89, 0.91] } as const
  expect(outcome({ minimum: 0.905 }, about).passed).toBeNull()
  expect(outcome({ minimum: 0.895 }, about).reason).toContain('within 89.0 to 91.0 %')
  expect(outcome({ minimum: 0.89 }, about).passed).toBe(true)
  expect(outcome({ minimum: 0.92 }, about).passed).toBe(false)
})

test('distances are judged and told in their own scale', () => {
  const distance = (value: number): Record<string, Figure> => ({
    hit_at_10: {
      ...figure(value),
      unit: 'distance',
      interval: [0.8 * value, 1.2 * value],
    },
  })
  const least = (minimum: number, value: number) =>
    judge({ minimum }, null, { figures: distance(value) })
  expect(least(1e-13, 0.99e-13).passed).toBe(false)
  expect(least(1e-13, 1e-13).passed).toBe(true)
  expect(least(2e-5, 2.1e-5).results[0]!.reason).toBe(
    '95 % interval 1.68e-5 to 2.52e-5: it reaches across 2.00e-5.',
  )
  expect(least(1e7, 2e7).results[0]!.reason).toBe('95 % interval 1.60e+7 to 2.40e+7.')
})

test('bounds that lie close together are told apart', () => {
  const bounds = [0.80001, 0.80009] as const
  const figures = { hit_at_10: { ...figure(0.80005), bounds } }
  const { passed, results } = judge({ minimum: 0.80004 }, null, { figures })
  expect(passed).toBeNull()
  expect(results[0]!.reason).toContain('within 80.00100 to 80.00900 %, not where')
})
