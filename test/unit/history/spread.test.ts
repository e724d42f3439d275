import { expect, test } from 'vitest'
import type { ClassFigures } from '../../../lib/core/class-figures.ts'
import { compareSpread } from '../../../lib/history/spread-change.ts'
import { baselineOf, evaluationOf, finding, rowsOf } from './made.ts'

const sizes = { a: 4, b: 4, c: 4, d: 4, e: 4 }
const rows = rowsOf(sizes)
const evaluation = evaluationOf(rows)

/** Distances of the classes; 1.4826 MAD of 2, 3, 4, 5 and a's own is 1.4826 for every a used here. */
function figures(distanceOfA: number): ClassFigures[] {
  const distances: Record<string, number> = { a: distanceOfA, b: 2, c: 3, d: 4, e: 5 }
  return evaluation.classes.map((entry) => {
    const intraClassDistance = distances[entry.label]!
    return { ...entry, intraClassDistance, spreadScore: (intraClassDistance - 4) / 1.4826 }
  })
}

function compare(now: number, then: number, spreadOfRows: readonly number[]) {
  const intraClassDistance = Float64Array.from(rows.ids, (_, row) => spreadOfRows[row] ?? 1)
  const current = {
    ...evaluation,
    classes: figures(now),
    rows: { ...evaluation.rows, intraClassDistance },
  }
  const baseline = { ...baselineOf('then', rows), classes: figures(then) }
  return compareSpread(finding('spread:a', 1, ['a']), current, baseline)
}

test('a drop beyond the scatter of the rows is one', () => {
  // Rows at 7, 9, 7, 9: standard deviation 1.1547, error 2 × 1.1547 / 2 of the mean distance 8;
  // of 16 it is twice as much. Noise: 1.96 × hypot(1.1547, 2.3094) / 1.4826 = 3.413.
  const change = compare(8, 16, [7, 9, 7, 9])
  expect(change).toMatchObject({ judged: true, direction: 'lower', p: null })
  expect(change).toMatchObject({ test: 'changes under 3.41 are within the scatter of its rows' })
  expect(change.judged && change.before).toBeCloseTo(8.094, 3)
})

test('the same drop within a wider scatter is no evidence', () => {
  expect(compare(8, 16, [4, 12, 4, 12])).toMatchObject({ direction: 'no evidence' })
})

test('a rise is one in the other direction', () => {
  expect(compare(16, 8, [15, 17, 15, 17])).toMatchObject({ direction: 'higher' })
})

test('a class that the baseline does not score can not be compared', () => {
  const baseline = { ...baselineOf('then', rows), classes: figures(8).slice(1) }
  const change = compareSpread(
    finding('spread:a', 1, ['a']),
    { ...evaluation, classes: figures(8) },
    baseline,
  )
  expect(change).toEqual({ judged: false, reason: 'then has no spread score for a.' })
})

test('the fewer rows the class had, the less its score then is worth', () => {
  // With one row for four the error then is twice 2.3094: 1.96 × hypot(1.1547, 4.6188) / 1.4826.
  const current = { ...evaluation, classes: figures(8) }
  const intraClassDistance = Float64Array.from(rows.ids, (_, row) => [7, 9, 7, 9][row] ?? 1)
  const then = figures(16).map((entry) => ({ ...entry, rows: 1 }))
  const change = compareSpread(
    finding('spread:a', 1, ['a']),
    { ...current, rows: { ...evaluation.rows, intraClassDistance } },
    { ...baselineOf('then', rows), classes: then },
  )
  expect(change).toMatchObject({ test: 'changes under 6.29 are within the scatter of its rows' })
})
