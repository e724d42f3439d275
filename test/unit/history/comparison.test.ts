import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareRuns } from '../../../lib/history/comparison.ts'
import { baselineOf, errorsOf, rowsOf } from './made.ts'

const samples = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../samples/${name}`, import.meta.url), 'utf8'))

test('rows are fixed and broken by id, in this run’s row order', () => {
  const current = rowsOf({ b: 4, a: 4 }, { b3: 'a', a1: 'b' })
  const baseline = baselineOf(
    'then',
    rowsOf({ a: 4, b: 4 }, { a0: 'b', a1: 'b', b1: 'a', b0: 'a' }),
  )
  expect(compareRuns(current, baseline)).toEqual({
    comparison: {
      baseline: 'then',
      matchedRows: 8,
      fixed: ['b0', 'b1', 'a0'],
      broken: ['b3'],
      p: expect.closeTo(0.625, 12),
      verdict: 'no evidence of a change',
      metrics: {},
      baselineModel: null,
    },
    note: null,
    warnings: [],
  })
})

test('the emoji stand still from pixels to mobilenet, and are better with the metric', () => {
  for (const change of samples('emoji/expected.json').changes) {
    const ids = [...change.fixed_ids, ...change.broken_ids] as string[]
    const run = (wrong: string[]) => ({
      metric: 'euclidean' as const,
      hasIds: true,
      ids,
      sourceRows: [...ids.keys()],
      inputRows: ids.length,
      labels: ids.map(() => 'x'),
      correct: ids.map((id) => (wrong.includes(id) ? 0 : 1)),
      nearestLabel: ids.map((id) => (wrong.includes(id) ? 'y' : 'x')),
    })
    const { comparison } = compareRuns(
      run(change.broken_ids),
      baselineOf(change.from, run(change.fixed_ids)),
    )
    expect(comparison!.fixed).toEqual(change.fixed_ids)
    expect(comparison!.broken).toEqual(change.broken_ids)
    expect(comparison!.p / change.mcnemar_exact_p).toBeCloseTo(1, 9)
    expect(comparison!.verdict).toBe(
      change.to === 'mobilenet-128' ? 'no evidence of a change' : 'better',
    )
  }
})

test('rows of a burst that turn together are one', () => {
  const before = rowsOf({ a: 20 })
  const now = rowsOf({ a: 20 }, errorsOf('a', 'b', 8))
  const inBursts = (size: number) =>
    compareRuns(
      { ...now, clusters: now.ids.map((_, row) => Math.floor(row / size)) },
      baselineOf('then', before),
    ).comparison
  expect(inBursts(1)).toMatchObject({ p: expect.closeTo(2 * 0.5 ** 8, 12), verdict: 'worse' })
  expect(inBursts(4)).toMatchObject({ p: 0.5, verdict: 'no evidence of a change' })
})

test('significantly more broken than fixed rows are worse', () => {
  const current = rowsOf({ a: 20 }, errorsOf('a', 'b', 8))
  expect(compareRuns(current, baselineOf('then', rowsOf({ a: 20 }))).comparison).toMatchObject({
    verdict: 'worse',
    p: expect.closeTo(0.0078125, 12),
  })
})

test('only the rows of both runs are compared, which is told', () => {
  const { comparison, warnings } = compareRuns(
    rowsOf({ a: 5, b: 3 }, { a2: 'b', a4: 'b' }),
    baselineOf('then', rowsOf({ a: 4, c: 2 }, { a0: 'c', c0: 'a' })),
  )
  expect(comparison).toMatchObject({ matchedRows: 4, fixed: ['a0'], broken: ['a2'] })
  expect(warnings).toEqual([
    {
      code: 'baseline-rows',
      message:
        '4 rows are in both runs (8 rows here, 6 in then): only those are compared. Class c (2 rows) is not in this run; 1 fixed row was its neighbour. Class b (3 rows) is not in then; 1 broken row is its neighbour.',
      headline: '4 rows are in both runs, of 8 here and 6 in then: only those are compared',
    },
  ])
})

test('rows that a class left behind are told beside the others, one that was renamed is none', () => {
  const then = rowsOf({ a: 20, c: 3 }, { ...errorsOf('a', 'c', 2), ...errorsOf('a', 'a', 2, 2) })
  const gone = compareRuns(rowsOf({ a: 20 }), baselineOf('then', then))
  expect(gone.comparison!.fixed).toHaveLength(4)
  expect(gone.warnings[0]!.message).toContain(
    'Class c (3 rows) is not in this run; 2 of the 4 fixed rows were its neighbours.',
  )
  const now = rowsOf({ a: 20, c: 3 })
  const renamed = { ...now, labels: now.labels.map((label) => (label === 'c' ? 'd' : label)) }
  const { warnings } = compareRuns(renamed, baselineOf('then', then))
  expect(warnings.map(({ code }) => code)).toEqual(['baseline-labels'])
})

test('another metric and other labels are told, and compared all the same', () => {
  const current = { ...rowsOf({ a: 2 }), metric: 'cosine' as const, labels: ['a', 'z'] }
  const { comparison, warnings } = compareRuns(current, baselineOf('then', rowsOf({ a: 2 })))
  expect(comparison).not.toBeNull()
  expect(warnings.map(({ code }) => code)).toEqual(['baseline-metric', 'baseline-labels'])
})

test('runs that share no id are not compared, with an id of each', () => {
  const result = compareRuns(rowsOf({ a: 2 }), baselineOf('then', rowsOf({ b: 2 })))
  expect(result).toEqual({
    comparison: null,
    note: 'This run and then have no id in common (here for example a0, there b0).',
    warnings: [],
  })
})

test('runs without ids are matched by place in the upload if their labels are the same', () => {
  const bare = (sizes: Record<string, number>, errors = {}) => ({
    ...rowsOf(sizes, errors),
    hasIds: false,
  })
  const then = baselineOf('then', bare({ a: 2, b: 2 }, { a0: 'b' }))
  expect(compareRuns(bare({ a: 2, b: 2 }), then).comparison).toMatchObject({ matchedRows: 4 })
  expect(compareRuns(bare({ a: 2, b: 3 }), then).note).toContain('5 rows where then has 4')
  expect(compareRuns(bare({ a: 1, b: 3 }), then).note).toContain('row 1 (counted from 0) is b')
  expect(compareRuns(rowsOf({ a: 2, b: 2 }), then).note).toContain('This run has ids and then')
})

test('rows without ids keep their places when other rows are set aside', () => {
  const all = { ...rowsOf({ a: 4 }, { a3: 'b' }), ids: ['0', '1', '2', '3'], hasIds: false }
  const from = (places: readonly number[]) => ({
    ...all,
    ids: places.map(String),
    sourceRows: places,
    labels: places.map((row) => all.labels[row]!),
    correct: places.map((row) => all.correct[row]!),
    nearestLabel: places.map((row) => all.nearestLabel[row]!),
  })
  const { comparison } = compareRuns(from([1, 2, 3]), baselineOf('then', from([0, 1, 3])))
  expect(comparison).toMatchObject({ matchedRows: 2, fixed: [], broken: [] })
  const { note } = compareRuns(from([1, 2]), baselineOf('then', from([0, 3])))
  expect(note).toBe('Neither run has ids, and no row that is evaluated here is evaluated in then.')
})

test('the order of the rows changes neither counts nor verdict', () => {
  const size = 30
  const wrong = fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }))
  fc.assert(
    fc.property(wrong, wrong, fc.infiniteStream(fc.nat()), (now, then, order) => {
      const run = (rows: number[]) =>
        rowsOf({ a: size }, Object.fromEntries(rows.map((row) => [`a${row}`, 'b'])))
      const plain = run(now)
      const places = [...plain.ids.keys()]
      const keys = places.map(() => order.next().value as number)
      places.sort((a, b) => keys[a]! - keys[b]!)
      const mixed = {
        ...plain,
        ids: places.map((row) => plain.ids[row]!),
        correct: places.map((row) => plain.correct[row]!),
        nearestLabel: places.map((row) => plain.nearestLabel[row]!),
      }
      const one = compareRuns(plain, baselineOf('then', run(then))).comparison!
      const other = compareRuns(mixed, baselineOf('then', run(then))).comparison!
      expect([...other.fixed].sort()).toEqual([...one.fixed].sort())
      expect([...other.broken].sort()).toEqual([...one.broken].sort())
      expect([other.p, other.verdict]).toEqual([one.p, one.verdict])
    }),
  )
})

test('rows of a gallery, in either run, are neither fixed nor broken', () => {
  const current = rowsOf({ a: 4, b: 4 }, { b0: 'a' })
  const then = baselineOf('then', rowsOf({ a: 4, b: 4 }, { a0: 'b', a1: 'b' }))
  const without = <T extends { nearestLabel: readonly string[] }>(run: T, row: number): T => ({
    ...run,
    nearestLabel: run.nearestLabel.map((label, at) => (at === row ? '' : label)),
  })
  expect(compareRuns(current, then).comparison).toMatchObject({
    fixed: ['a0', 'a1'],
    broken: ['b0'],
  })
  expect(compareRuns(without(current, 0), without(then, 4)).comparison).toMatchObject({
    fixed: ['a1'],
    broken: [],
  })
})
