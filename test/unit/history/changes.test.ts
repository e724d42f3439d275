/** Fixed and broken parts, kept neighbours and fallen rows, against scipy's values and by hand. */

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { changesSince } from '../../../lib/history/changes.ts'
import { testParts } from '../../../lib/history/paired-change.ts'
import { matchRows, runRows } from '../../../lib/history/run-rows.ts'
import { mcnemarExact } from '../../../lib/stats/mcnemar.ts'
import { evaluate, readSample, type Sample } from '../findings/brute-force.ts'
import { counted } from './counted.ts'
import { publishedAs } from './made.ts'

const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/between-runs.json', import.meta.url), 'utf8'),
)

function changesBetween(before: Sample, now: Sample) {
  const evaluation = evaluate(now)
  const current = runRows(evaluation)
  const baseline = publishedAs('then', evaluate(before))
  const matching = matchRows(current, baseline)
  if ('note' in matching) throw new Error(matching.note)
  return changesSince(evaluation, current, baseline, matching.baselineRow)
}

describe('digits', () => {
  const samples = new Map<string, Sample>()
  beforeAll(async () => {
    for (const name of ['pca-8', 'nca-16-small', 'nca-32']) {
      samples.set(name, await readSample(`digits/${name}`))
    }
  })

  test.each([0, 1])('classes and kept neighbours agree with scipy and numpy (%i)', (at) => {
    const expected = oracle.changes[at]
    const { changes } = changesBetween(samples.get(expected.before)!, samples.get(expected.now)!)
    expect(changes.overlap!.mean).toBeCloseTo(expected.overlap.mean, 10)
    expect(changes.overlap!.interval![0]).toBeLessThan(expected.overlap.mean)
    expect(changes.overlap!.chance).toBeCloseTo(10 / 898, 12)
    for (const [place, told] of changes.classes.entries()) {
      const { label, fixed, broken, p, adjustedP } = expected.classes[place]
      expect(told).toMatchObject({ label, fixed, broken, p: expect.closeTo(p, 12) })
      if (adjustedP === null) expect(told.adjustedP).toBeNull()
      else expect(told.adjustedP).toBeCloseTo(adjustedP, 12)
      expect(told.overlap).toBeCloseTo(expected.overlap.classes[label], 10)
    }
  })

  test('the pairs count what turned within them', () => {
    const { changes } = changesBetween(samples.get('pca-8')!, samples.get('nca-32')!)
    expect(changes.pairs[0]).toMatchObject({ a: '1', b: '8', before: 12, now: 7 })
    expect(changes.pairs.find(({ a, b }) => a === '3' && b === '9')).toMatchObject({
      before: 13,
      now: 1,
      fixed: 13,
      broken: 1,
      verdict: 'better',
    })
    for (const { before, now, fixed, broken } of changes.pairs) {
      expect(before - fixed + broken).toBe(now)
    }
  })
})

/** Two clusters on a line, 8 rows each, and single rows moved beside a row of the other cluster. */
function line(moved: readonly number[] = [], order = (rows: number[]) => rows): Sample {
  const rows = order([...Array(16).keys()])
  const place = (row: number) => (row < 8 ? 0 : 1000) + 10 * row + row ** 2 / 10
  return {
    ids: rows.map((row) => `row-${row}`),
    labels: rows.map((row) => (row < 8 ? 'a' : 'b')),
    vectors: rows.map((row) => [moved.includes(row) ? place((row + 8) % 16) + 1 : place(row)]),
  }
}

describe('kept neighbours', () => {
  test('are all of them where nothing moved, whatever the order of the rows', () => {
    const { changes, overlap } = changesBetween(
      line(),
      line([], (rows) => rows.reverse()),
    )
    expect([...overlap]).toEqual(Array(16).fill(1))
    expect(changes.overlap).toMatchObject({ k: 10, rows: 16, mean: 1 })
    expect(changes.lookFirst).toEqual([])
  })

  test('are counted among the rows of both runs alone', () => {
    const half = line()
    const keep = (values: readonly unknown[]) => values.filter((_, row) => row % 2 === 0)
    const fewer = {
      ids: keep(half.ids) as string[],
      labels: keep(half.labels) as string[],
      vectors: keep(half.vectors) as number[][],
    }
    expect(changesBetween(half, fewer).changes.overlap!.mean).toBe(1)
    const { overlap } = changesBetween(fewer, half)
    expect(
      [...overlap].map((share, row) => (row % 2 === 0 ? share === 1 : Number.isNaN(share))),
    ).toEqual(Array(16).fill(true))
  })
})

describe('a class that one run lacks', () => {
  /** 7 rows of a lie beside rows of b, and c is far away. */
  const then: Sample = line([0, 1, 2, 3, 4, 5, 6])
  const withC = (sample: Sample): Sample => ({
    ids: [...sample.ids, 'c-0', 'c-1'],
    labels: [...sample.labels, 'c', 'c'],
    vectors: [...sample.vectors, [9000], [9001]],
  })
  const withoutB = (sample: Sample): Sample => {
    const keep = <T>(values: readonly T[]) => values.filter((_, row) => sample.labels[row] !== 'b')
    return { ids: keep(sample.ids), labels: keep(sample.labels), vectors: keep(sample.vectors) }
  }
  const all = withC(then)

  test('fixes no class by going, and no pair of its own', () => {
    const { changes } = changesBetween(all, withoutB(all))
    // The eighth, left alone, is also nearest to a row of b. All are right once no row of b is left.
    expect(changes.classes[0]).toMatchObject({
      label: 'a',
      rows: 8,
      fixed: 0,
      broken: 0,
      absentNeighbors: 8,
      verdict: 'no evidence of a change',
    })
    expect(changes.classes[1]).not.toHaveProperty('absentNeighbors')
    expect(changes.pairs).toEqual([])
  })

  test('breaks no class by coming', () => {
    const { changes } = changesBetween(withoutB(all), all)
    expect(changes.classes[0]).toMatchObject({ label: 'a', broken: 0, absentNeighbors: 8 })
    expect(changes.pairs).toEqual([])
  })
})

describe('rows to look at first', () => {
  test('are the broken ones, the farthest fall first, with what both runs said', () => {
    const { changes } = changesBetween(line(), line([3, 12]))
    // The rows that they came to lie beside are broken too, and some keep a nearer one.
    expect(changes.lookFirst.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['row-3', 'row-12', 'row-4', 'row-11']),
    )
    for (const { label, before, now } of changes.lookFirst) {
      expect(before.label).toBe(label)
      expect(before.id).toMatch(/^row-/)
      expect(now.label).toBe(label === 'a' ? 'b' : 'a')
    }
    const falls = changes.lookFirst.map(({ fall }) => fall!)
    expect(falls).toEqual([...falls].sort((a, b) => b - a))
    expect(falls.at(-1)).toBeGreaterThan(0)
  })

  test('start with the part that got worse as a whole', () => {
    const { changes } = changesBetween(line(), line([0, 1, 2, 3, 4, 5, 6, 12]))
    expect(changes.classes[0]).toMatchObject({ label: 'a', verdict: 'worse' })
    expect(changes.lookFirst.at(0)!.part).not.toBeNull()
  })
})

describe('many parts', () => {
  test('are corrected together, by hand: 0.03125 and 0.0625 of two tests', () => {
    const parts = [
      { rows: 50, fixed: 6, broken: 0 },
      { rows: 50, fixed: 1, broken: 7 },
      { rows: 50, fixed: 5, broken: 0 },
    ]
    expect(testParts(parts.map(counted))).toMatchObject([
      // p = 2 × 0.5⁶ = 0.03125 and 2 × 9 × 0.5⁸ = 0.0703125; the smaller counts double.
      { adjustedP: expect.closeTo(0.0625, 12), verdict: 'no evidence of a change' },
      { adjustedP: expect.closeTo(0.0703125, 12), verdict: 'no evidence of a change' },
      // Five changes can't be evidence, so they are no test.
      { p: 0.0625, adjustedP: null, verdict: 'no evidence of a change' },
    ])
  })

  test('never show evidence that a part alone doesn’t, and turn with the direction', () => {
    const counts = fc.record({
      rows: fc.constant(100),
      fixed: fc.nat({ max: 40 }),
      broken: fc.nat({ max: 40 }),
    })
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 20 }), (parts) => {
        const told = testParts(parts.map(counted))
        const turned = testParts(
          parts.map(({ rows, fixed, broken }) => counted({ rows, fixed: broken, broken: fixed })),
        )
        for (const [at, { fixed, broken, adjustedP, verdict }] of told.entries()) {
          if (adjustedP !== null) {
            expect(adjustedP).toBeGreaterThan(mcnemarExact(fixed, broken) - 1e-12)
          }
          const opposite = { better: 'worse', worse: 'better' } as const
          expect(turned[at]!.verdict).toBe(
            verdict === 'no evidence of a change' ? verdict : opposite[verdict],
          )
        }
      }),
    )
  })
})

describe('slices', () => {
  const withColumn = (sample: Sample, values: readonly string[]) => {
    const evaluation = evaluate(sample)
    return {
      ...evaluation,
      dataset: {
        ...evaluation.dataset,
        metadata: [{ name: 'camera', type: 'text' as const, values }],
      },
    }
  }
  const told = (values: readonly string[]) => {
    const evaluation = withColumn(line([0, 1, 2, 3, 4, 5, 6]), values)
    const baseline = publishedAs('then', evaluate(line()))
    const current = runRows(evaluation)
    const matching = matchRows(current, baseline)
    if ('note' in matching) throw new Error(matching.note)
    return changesSince(evaluation, current, baseline, matching.baselineRow).changes
  }

  test('that got worse come first, rows without a value in none', () => {
    const values = Array.from({ length: 16 }, (_, row) =>
      row < 8 ? 'north' : row < 15 ? 'south' : '',
    )
    const { slices } = told(values)
    expect(slices.map(({ value, rows }) => [value, rows])).toEqual([
      ['north', 8],
      ['south', 7],
    ])
    expect(slices[0]).toMatchObject({ column: 'camera', verdict: 'worse' })
  })

  test('are not made of a column with one value', () => {
    expect(told(Array(16).fill('north'))).toMatchObject({ slices: [], slicesTested: 0 })
  })
})

describe('a pair', () => {
  test('counts a row that was wrong and still is as neither fixed nor broken', () => {
    const [before, now] = [evaluate(line([3])), evaluate(line([3, 12]))]
    const count = (was: number, is: number) =>
      [...now.rows.correct.keys()].filter(
        (row) => before.rows.correct[row] === was && now.rows.correct[row] === is,
      ).length
    expect(count(0, 0)).toBeGreaterThan(0)
    // With two classes every error is the pair's.
    expect(changesBetween(line([3]), line([3, 12])).changes.pairs).toMatchObject([
      { a: 'a', b: 'b', fixed: count(0, 1), broken: count(1, 0) },
    ])
  })
})

test('how far a row fell does not hang on the scale of either run', () => {
  const scaled = (sample: Sample): Sample => ({
    ...sample,
    vectors: sample.vectors.map((vector) => Array.from(vector, (value) => 64 * value)),
  })
  const falls = (before: Sample, now: Sample) =>
    changesBetween(before, now).changes.lookFirst.map(({ id, fall }) => [id, fall])
  const plain = falls(line(), line([3, 12]))
  expect(falls(scaled(line()), line([3, 12]))).toEqual(plain)
  expect(falls(line(), scaled(line([3, 12])))).toEqual(plain)
})
