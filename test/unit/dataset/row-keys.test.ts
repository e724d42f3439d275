/** Files without ids are joined as they stand only where nothing that both hold speaks against it. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Column, Table } from '../../../lib/core/table.ts'
import { dataset, issues, points, table, vectorTable } from './tables.ts'

const LABELS = ['cat', 'dog', 'cat', 'fox', 'dog', 'fox']
const KEYS = ['a.png', 'b.png', 'c.png', 'd.png', 'e.png', 'f.png']
const ORDER = [3, 0, 5, 1, 4, 2]
const shuffled = <T>(values: readonly T[]) => ORDER.map((at) => values[at]!)
const vectors = (columns: Readonly<Record<string, string[] | number[]>> = {}) =>
  vectorTable(points(LABELS.length), columns)
const indexed = (one: Table, values: readonly string[]): Table => {
  const rowIndex: Column = { name: '__index_level_0__', type: 'text', values: [...values] }
  return { ...one, rowIndex }
}
const labelsOf = ({ classes, labels }: ReturnType<typeof dataset>) =>
  Array.from(labels, (label) => classes[label])
const codes = ({ warnings }: ReturnType<typeof dataset>) => warnings.map(({ code }) => code)
const numbers = LABELS.map((_, at) => String(at))

describe('a column that both have', () => {
  test('joins rows of another order, and that is told', () => {
    const rows = dataset({
      vectors: vectors({ filename: KEYS }),
      labels: table('labels.csv', { filename: shuffled(KEYS), label: shuffled(LABELS) }),
    })
    expect(labelsOf(rows)).toEqual(LABELS)
    expect(codes(rows)).toContain('rows-joined')
    expect(rows.warnings.find(({ code }) => code === 'rows-joined')!.message).toContain('filename')
  })

  test('may be called in the plural in one of them', () => {
    const rows = dataset({
      vectors: vectors({ paths: KEYS }),
      labels: table('labels.csv', { path: shuffled(KEYS), label: shuffled(LABELS) }),
    })
    expect(labelsOf(rows)).toEqual(LABELS)
  })

  test('whatever the order of either file', () => {
    const places = fc.shuffledSubarray([...KEYS.keys()], { minLength: KEYS.length })
    fc.assert(
      fc.property(places, places, (one, other) => {
        const pick = <T>(values: readonly T[], order: readonly number[]) =>
          order.map((at) => values[at]!)
        const rows = dataset({
          vectors: vectors({ filename: pick(KEYS, one) }),
          labels: table('labels.csv', { filename: pick(KEYS, other), label: pick(LABELS, other) }),
        })
        expect(labelsOf(rows)).toEqual(pick(LABELS, one))
      }),
    )
  })

  test('says nothing where the order is one', () => {
    const labels = table('labels.csv', { filename: KEYS, label: LABELS })
    const rows = dataset({ vectors: vectors({ filename: KEYS }), labels })
    expect(labelsOf(rows)).toEqual(LABELS)
    expect(codes(rows)).not.toContain('rows-joined')
  })

  test('of which two disagree is an error', () => {
    const [issue] = issues({
      vectors: vectors({ filename: KEYS, serial: [1, 2, 3, 4, 5, 6] }),
      labels: table('labels.csv', {
        filename: shuffled(KEYS),
        serial: [1, 2, 3, 4, 5, 6],
        label: shuffled(LABELS),
      }),
    })
    expect(issue).toMatchObject({ code: 'rows-contradict', where: 'labels.csv' })
  })

  test.each([
    ['entries that are there twice', ['a', 'a', 'b', 'c', 'd', 'e']],
    ['other entries', ['u', 'v', 'w', 'x', 'y', 'z']],
  ])('with %s is no key', (_, place) => {
    const labels = table('labels.csv', { place: shuffled(KEYS), label: LABELS })
    expect(labelsOf(dataset({ vectors: vectors({ place }), labels }))).toEqual(LABELS)
  })
})

describe('the numbers of rows', () => {
  test('of both files join them', () => {
    const rows = dataset({
      vectors: indexed(vectors(), numbers),
      labels: indexed(table('labels.csv', { label: shuffled(LABELS) }), shuffled(numbers)),
    })
    expect(labelsOf(rows)).toEqual(LABELS)
    expect(codes(rows)).toContain('rows-joined')
  })

  test.each([
    ['labels', vectors(), indexed(table('labels.csv', { label: LABELS }), shuffled(numbers))],
    ['vectors', indexed(vectors(), shuffled(numbers)), table('labels.csv', { label: LABELS })],
    [
      'labels, called index',
      vectors(),
      table('labels.csv', { index: shuffled([0, 1, 2, 3, 4, 5]), label: LABELS }),
    ],
  ])('out of order in the %s alone are an error that says what to do', (_, one, labels) => {
    const [issue] = issues({ vectors: one, labels })
    expect(issue!.code).toBe('rows-shuffled')
    expect(issue!.message).toContain('the first one has number 3')
    expect(issue!.hint).toContain('reset_index(drop=True)')
  })

  test.each([
    ['in order', numbers],
    ['from 1', ['1', '2', '3', '4', '5', '6']],
    // A part of a larger frame, as train_test_split leaves it.
    ['of a part', ['40', '3', '17', '8', '99', '21']],
  ])('%s say nothing against joining rows as they stand', (_, index) => {
    const labels = indexed(table('labels.csv', { label: LABELS }), index)
    expect(labelsOf(dataset({ vectors: vectors(), labels }))).toEqual(LABELS)
  })
})

test('a file without a line of names is told that its first row was taken for one', () => {
  const one = (name: string) =>
    issues({ vectors: vectors(), labels: table('labels.csv', { [name]: LABELS.slice(1) }) })[0]!
  expect(one('cat')).toMatchObject({ code: 'row-count' })
  expect(one('cat').hint).toContain('put a line of names before it')
  expect(one('label').hint).not.toContain('line of names')
})
