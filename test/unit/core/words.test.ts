import { expect, test } from 'vitest'
import {
  anyOf,
  countOf,
  joinWords,
  percent,
  pValue,
  rowsText,
  stakeText,
} from '../../../lib/core/words.ts'

test('counts agree with their noun', () => {
  expect([0, 1, 2, 1906].map((count) => countOf(count, 'row'))).toEqual([
    '0 rows',
    '1 row',
    '2 rows',
    '1,906 rows',
  ])
  expect(countOf(3, 'class', 'classes')).toBe('3 classes')
})

test('a title stands as well once nothing is left to count', () => {
  expect([0, 1, 2].map((count) => anyOf(count, 'row'))).toEqual(['rows', '1 row', '2 rows'])
})

test('lists end with "and", and long ones say how many more there are', () => {
  expect(joinWords([])).toBe('')
  expect(joinWords(['a'])).toBe('a')
  expect(joinWords(['a', 'b'])).toBe('a and b')
  expect(joinWords(['a', 'b', 'c'])).toBe('a, b and c')
  expect(joinWords(['a', 'b', 'c', 'd', 'e'], 2)).toBe('a, b and 3 more')
  expect(joinWords(['a', 'b'], 2)).toBe('a and b')
})

test('shares and p values have the digits that mean something', () => {
  expect(percent(0.93215)).toBe('93.2 %')
  expect([0.0009, 0.001, 0.0123, 0.377, 0.996, 1].map(pValue)).toEqual([
    'p < 0.001',
    'p = 0.0010',
    'p = 0.012',
    'p = 0.38',
    'p = 1',
    'p = 1',
  ])
})

test('what is at stake is what an item may win, or else what it makes doubtful', () => {
  expect(stakeText({ gain: 1.25, stake: 1.25 })).toBe('up to 1.25 points')
  expect(stakeText({ gain: 0.5, stake: 0.51 })).toBe('up to 0.51 points unproven')
  expect(stakeText({ gain: 0, stake: 0 })).toBe('no gain in accuracy')
  expect(stakeText({ gain: 1.25, stake: 0 }, (value) => value.toFixed(1))).toBe('up to 1.3')
})

test('rows are told by a few ids and how many more there are', () => {
  expect(rowsText({})).toBeNull()
  expect(rowsText({ rowCount: 1, rows: ['a'] })).toBe('row a')
  expect(rowsText({ rowCount: 2, rows: ['a', 'b'] })).toBe('rows a and b')
  expect(rowsText({ rowCount: 1900, rows: ['a', 'b', 'c'] }, 2)).toBe('rows a, b and 1,898 more')
  expect(rowsText({ rowCount: 1, rows: ['x'.repeat(60)] })).toBe(`row ${'x'.repeat(39)}…`)
})
