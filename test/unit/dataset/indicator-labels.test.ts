/** Labels of several columns: one-hot is read, the rest is named for what it is. */

import { describe, expect, test } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import type { Table } from '../../../lib/core/table.ts'
import { withIndicatorLabels } from '../../../lib/dataset/indicator-labels.ts'
import { columns } from '../formats/read-fixture.ts'

function labelled(rows: readonly (readonly number[])[], names?: readonly string[]): Table {
  const values = Float64Array.from(rows.flat())
  const vectors = { values: new Float64Array(rows.length), rows: rows.length, dimensions: 1 }
  const labels = { values, rows: rows.length, dimensions: rows[0]!.length }
  return {
    source: 'a.npz',
    vectors,
    columns: [],
    rows: rows.length,
    warnings: [],
    labelMatrix: { name: 'labels', values: labels, ...(names && { names }) },
  }
}

const read = (...given: Parameters<typeof labelled>) =>
  withIndicatorLabels(labelled(...given), columns)
const issue = (rows: readonly (readonly number[])[]) => {
  try {
    read(rows)
  } catch (error) {
    if (error instanceof InputError) return error.issues[0]!
    throw error
  }
  throw new Error('it was read')
}

test('a single 1 a row is the class, by its number or its name', () => {
  const rows = [
    [1, 0, 0],
    [0, 0, 1],
  ]
  const numbered = read(rows)
  expect(numbered.columns).toEqual([{ name: 'labels', type: 'text', values: ['0', '2'] }])
  expect(numbered.warnings[0]!.message).toContain('3 columns with a 1 for the class')
  expect(read(rows, ['cat', 'dog', 'fox']).columns[0]!.values).toEqual(['cat', 'fox'])
})

test('a row without a 1 has no label, and that is told', () => {
  const table = read([
    [1, 0],
    [0, 0],
    [0, 1],
  ])
  expect(table.columns[0]!.values).toEqual(['0', '', '1'])
  expect(table.warnings[0]!.message).toContain('1 of 3 rows without a 1 has no label')
})

describe('what is named for what it is', () => {
  test.each([
    [
      [
        [1, 1, 0],
        [0, 0, 0],
        [0, 1, 0],
      ],
      'labels-multi-hot',
      'more than one label, 1 have none',
    ],
    [
      [
        [3, 17],
        [0, 2],
        [1, 5],
      ],
      'labels-levels',
      '2 whole numbers a row: several levels',
    ],
    [
      [
        [0.25, 0.75],
        [0.5, 0.5],
      ],
      'labels-shape',
      'add up to 1: the predictions of a model',
    ],
  ])('%j', (rows, code, message) => {
    const told = issue(rows)
    expect(told.code).toBe(code)
    expect(told.message).toContain(message)
    expect(told.hint).not.toContain('argmax')
  })
})

test('one column is one label a row', () => {
  expect(read([[3], [Number.NaN], [4]]).columns[0]!.values).toEqual(['3', '', '4'])
})
