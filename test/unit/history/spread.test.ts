/** Changes of how far the rows of a class are spread. */

import { expect, test } from 'vitest'
import type { ClassFigures } from '../../../lib/core/class-figures.ts'
import { compareSpread } from '../../../lib/history/spread-change.ts'
import { baselineOf, evaluationOf, finding, rowsOf } from './made.ts'

const sizes = { a: 4, b: 4, c: 4, d: 4, e: 4 }
const rows = rowsOf(sizes)
const evaluation = evaluationOf(rows)

/** Mean distances of the classes a to e; the score is what the rule has raised it by. */
function figures(distances: readonly number[], scoreOfA = 4): ClassFigures[] {
  return evaluation.classes.map((entry, at) => ({
    ...entry,
    intraClassDistance: distances[at]!,
    spreadScore: at === 0 ? scoreOfA : 0,
  }))
}

const USUAL = [2, 3, 4, 5]

function compare(
  now: readonly ClassFigures[],
  then: readonly ClassFigures[],
  spreadOfRows: readonly number[],
) {
  const intraClassDistance = Float64Array.from(rows.ids, (_, row) => spreadOfRows[row] ?? 1)
  const current = {
    ...evaluation,
    classes: now,
    rows: { ...evaluation.rows, intraClassDistance },
  }
  const baseline = { ...baselineOf('then', rows), classes: then }
  return compareSpread(finding('spread:a', 1, ['a']), current, baseline)
}

const of = (a: number) => figures([a, ...USUAL])

test('a drop beyond the scatter of the rows is one', () => {
  // Rows at 7, 9, 7, 9: standard deviation 1.1547, error 2 × 1.1547 / 2 of the mean distance 8, 0.1443
  // of it. Noise: exp(1.96 × 0.1443 × √2) = 1.49 times, and 8 is half of 16.
  const change = compare(of(8), of(16), [7, 9, 7, 9])
  expect(change).toMatchObject({ judged: true, before: 16, direction: 'lower', p: null })
  expect(change).toMatchObject({
    test: '0.500 times as far apart, the median class 1.00 times; 0.670 to 1.49 is within the scatter of its rows',
  })
})

test('the same drop within a wider scatter is no evidence', () => {
  // Rows at 4, 12, 4, 12: 0.5774 of the mean, exp(1.96 × 0.5774 × √2) = 4.95 times.
  expect(compare(of(8), of(16), [4, 12, 4, 12])).toMatchObject({ direction: 'no evidence' })
})

test('a rise is one in the other direction', () => {
  expect(compare(of(16), of(8), [15, 17, 15, 17])).toMatchObject({ direction: 'higher' })
})

test('a class that stays while the others become alike has not changed, whatever its score', () => {
  // Two of five come closer: the median class stays. The score leaps since the others differ less.
  const now = figures([2.813, 1.4, 1.5, 1.4, 1.5], 15.8)
  const then = figures([2.797, 1.4, 1.5, 3.3, 3.4], 2.9)
  expect(compare(now, then, [2.8, 2.82, 2.8, 2.82])).toMatchObject({
    before: 2.797,
    direction: 'no evidence',
  })
})

test('a change of the model’s scale is none', () => {
  // Everything ten times as far apart, and the class as well.
  expect(
    compare(figures([80, 20, 30, 40, 50]), figures([8, ...USUAL]), [79, 81, 79, 81]),
  ).toMatchObject({ before: 8, direction: 'no evidence' })
})

test('a class that the baseline does not score can not be compared', () => {
  expect(compare(of(8), of(8).slice(1), [7, 9, 7, 9])).toEqual({
    judged: false,
    reason: 'then has no spread score for a.',
  })
})

test('too few classes of both runs are no scale', () => {
  expect(compare(of(8), of(8).slice(0, 4), [7, 9, 7, 9])).toEqual({
    judged: false,
    reason: 'Only 4 classes have a spread in both this run and then.',
  })
})

test('distances of two kinds are not compared', () => {
  const baseline = { ...baselineOf('then', rows), metric: 'cosine' as const, classes: of(8) }
  const current = { ...evaluation, classes: of(8) }
  expect(compareSpread(finding('spread:a', 1, ['a']), current, baseline)).toEqual({
    judged: false,
    reason: 'Distances are euclidean here and cosine in then.',
  })
})

test('the fewer rows the class had, the less its distance then is worth', () => {
  // Of 8 the error is 1.1547, 0.1443 of it; with one row then for four now noise is
  // exp(1.96 × 0.1443 × √(1 + 4)) = 1.8826 either way.
  const then = figures([16, ...USUAL]).map((entry) => ({ ...entry, rows: 1 }))
  const change = compare(of(8), then, [7, 9, 7, 9])
  expect(change).toMatchObject({ direction: 'lower' })
  expect(change.judged && change.test).toContain('0.531 to 1.88 is within the scatter of its rows')
})
