/** A class that is a number is the same class in two runs, however each of them writes it. */

import { expect, test } from 'vitest'
import { compareRuns } from '../../../lib/history/comparison.ts'
import { inFormsOf } from '../../../lib/history/label-forms.ts'
import { baselineOf, rowsOf } from './made.ts'

/** Rows of these ids are the same ones whatever their classes are called. */
const run = (labels: readonly string[], nearestLabel = labels) => ({
  ...rowsOf({ r: labels.length }),
  labels,
  correct: labels.map((label, row) => (label === nearestLabel[row] ? 1 : 0)),
  nearestLabel,
})

test.each([
  [['3', '4', '3'], ['3.0', '4.0', '3.0'], '"3.0" for "3"'],
  [['3.0', '4.5', '3.0'], ['3', '4.5', '3'], '"3" for "3.0"'],
])('%j and %j are compared as the same classes, which is told', (here, there, told) => {
  const current = run(here)
  const then = baselineOf('then', run(there, [there[0]!, there[0]!, there[2]!]))
  expect(compareRuns(current, then).warnings.map(({ code }) => code)).toEqual(['baseline-labels'])
  const { comparison, warnings } = compareRuns(current, inFormsOf(here, then))
  expect(comparison!.fixed).toEqual(['r1'])
  expect(warnings.map(({ code }) => code)).toEqual(['baseline-number-forms'])
  expect(warnings[0]!.message).toContain(told)
})

test('runs without ids are matched through the forms', () => {
  const bare = { hasIds: false, ids: ['0', '1'] }
  const current = { ...run(['0', '1']), ...bare }
  const then = baselineOf('then', { ...run(['0.0', '1.0']), ...bare })
  expect(compareRuns(current, then).comparison).toBeNull()
  expect(compareRuns(current, inFormsOf(current.labels, then)).comparison!.matchedRows).toBe(2)
})

test.each([
  ['texts', ['a', 'b'], ['A', 'b']],
  ['codes with zeros in front', ['7', '8'], ['07', '08']],
  ['numbers with a fraction', ['3', '4'], ['3.5', '4.5']],
  ['two forms here', ['3', '3.0'], ['3.', '3.']],
  ['two forms there', ['3', '3'], ['3.0', '3.00']],
  ['both forms there', ['3', '3'], ['3', '3.0']],
])('%s keep their names', (_, here, there) => {
  const then = baselineOf('then', run(there))
  expect(inFormsOf(here, then)).toBe(then)
})
