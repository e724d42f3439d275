/** Warnings: what a reader should know, and what must not be warned of. */

import { describe, expect, test } from 'vitest'
import { dataset, points, vectorTable } from './tables.ts'

const codes = (...input: Parameters<typeof dataset>) =>
  dataset(...input).warnings.map(({ code }) => code)

const two = (count: number) => Array.from({ length: count }, (_, row) => (row % 2 ? 'a' : 'b'))

test('identical vectors', () => {
  const vectors = vectorTable(
    [
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ],
    { label: two(4) },
  )
  expect(codes({ vectors })).toEqual(['identical-vectors'])
})

test('zero vectors are told of, under any distance', () => {
  const vectors = vectorTable(
    [
      [0, 0],
      [1, 2],
      [0, -0],
      [1, 1],
    ],
    { label: two(4) },
  )
  expect(codes({ vectors }, 'metric: cosine')).toEqual(['zero-vectors'])
  const { warnings } = dataset({ vectors })
  expect(warnings).toEqual([
    {
      code: 'zero-vectors',
      message:
        '2 of 4 vectors are all zeros, as where an encoder failed; they are equal, so which of them is the nearest is a matter of order',
      headline:
        '2 of 4 vectors are all zeros: they are equal, so which of them is the nearest is a matter of order',
      rowCount: 2,
      rows: ['0', '2'],
    },
  ])
  // One alone has ordinary neighbours.
  const one = vectorTable([...points(3), [0, 0]], { label: two(4) })
  expect(dataset({ vectors: one }).warnings).toEqual([
    {
      code: 'zero-vectors',
      message: expect.stringContaining('1 of 4 vectors is all zeros'),
      rowCount: 1,
      rows: ['3'],
    },
  ])
})

test('one class, and classes of one row', () => {
  expect(codes({ vectors: vectorTable(points(2), { label: ['a', 'a'] }) })).toEqual(['one-class'])
  const { warnings } = dataset({ vectors: vectorTable(points(4), { label: ['a', 'a', 'b', 'c'] }) })
  expect(warnings).toEqual([
    {
      code: 'singleton-classes',
      message: '2 of 3 classes have one row, which has no match to find: "b", "c"',
      headline: '2 of 3 classes have one row, which has no match to find and counts as missed',
      rowCount: 2,
      rows: ['2', '3'],
    },
  ])
})

test('one of many reads as one, and too few rows to move the headline stay out of it', () => {
  const label = Array.from({ length: 101 }, (_, row) => (row === 0 ? 'lone' : 'many'))
  const { warnings } = dataset({ vectors: vectorTable(points(101), { label }) })
  expect(warnings).toEqual([
    {
      code: 'singleton-classes',
      message: '1 of 2 classes has one row, which has no match to find: "lone"',
      rowCount: 1,
      rows: ['0'],
    },
  ])
})

test('a single zero vector reads as it should', () => {
  const vectors = vectorTable([...points(3), [0, 0]], { label: ['a', 'a', 'b', 'b'] })
  const { warnings } = dataset({ vectors }, 'metric: cosine')
  expect(warnings.map(({ headline }) => headline)).toEqual([
    '1 of 4 vectors is all zeros: it has no direction, so its nearest neighbour means nothing',
  ])
})

test('labels that look like a missing value', () => {
  const vectors = vectorTable(points(6), { label: ['nan', 'a', 'nan', 'a', 'b', 'b'] })
  expect(codes({ vectors })).toEqual(['labels-missing-words'])
})

test("the readers' warnings come first", () => {
  const vectors = {
    ...vectorTable(points(2), { label: ['a', 'a'] }),
    warnings: [{ code: 'array-ignored' as const, message: 'x' }],
  }
  expect(codes({ vectors })).toEqual(['array-ignored', 'one-class'])
})

describe('ids that look grouped', () => {
  const upload = (ids: string[], extra = {}) => ({
    vectors: vectorTable(points(ids.length), { id: ids, label: two(ids.length), ...extra }),
  })
  const sessions = Array.from(
    { length: 40 },
    (_, row) => `session${Math.floor(row / 5)}_${row % 5}`,
  )

  test('are warned of', () => {
    expect(codes(upload(sessions))).toEqual(['ids-look-grouped'])
    const { warnings } = dataset(upload(sessions))
    expect(warnings[0]!.message).toContain('40 of 40 ids look like frames of 8 bursts')
    expect(warnings[0]!.headline).toContain(
      'Name the group column; until then these figures may be too high',
    )
  })

  test('are not warned of where a group column is named', () => {
    expect(codes(upload(sessions, { group: sessions }))).toEqual([])
    const named = 'columns: { group: clip }'
    expect(codes(upload(sessions, { clip: sessions }), named)).toEqual([])
  })

  test.each([
    ['numbered rows', Array.from({ length: 40 }, (_, row) => `image_${10_000 + row}.jpg`)],
    ['plain numbers', Array.from({ length: 40 }, (_, row) => String(123_456 + row))],
    [
      'names numbered within their class',
      Array.from({ length: 40 }, (_, row) => `${two(40)[row]}_class_${row}`),
    ],
    ['names', Array.from({ length: 40 }, (_, row) => `photo-${row}-of-x`)],
    [
      'hashes',
      Array.from({ length: 40 }, (_, row) => `${(row * 7919 + 65_537).toString(16)}ab${row}`),
    ],
    ['bursts of two', Array.from({ length: 40 }, (_, row) => `session${row >> 1}_${row % 2}`)],
  ])('%s are not', (_, ids) => {
    expect(codes(upload(ids))).toEqual([])
  })

  test('frames with an extension are warned of', () => {
    const frames = sessions.map((_, row) => `trip-${row >> 2}-frame${row % 4}.jpg`)
    expect(codes(upload(frames))).toEqual(['ids-look-grouped'])
  })
})

test('columns with the same entry in all rows are told of, and others are not', () => {
  const site = ['x', 'x', 'x', 'x']
  const told = (columns: Record<string, readonly string[] | readonly number[]>) =>
    dataset({ vectors: vectorTable(points(4), { label: two(4), ...columns }) }).warnings
  expect(told({ site, year: [1, 1, 1, 1], age: [1, 1, 1, 2] })).toEqual([
    {
      code: 'columns-constant',
      message: expect.stringContaining('The columns "site", "year" have the same entry'),
    },
  ])
  expect(told({ site: ['x', 'x', 'x', ''] })).toEqual([])
})

describe('a column that says the same as the label', () => {
  const told = (columns: Record<string, readonly string[] | readonly number[]>) =>
    dataset({ vectors: vectorTable(points(4), columns) }).warnings.filter(
      ({ code }) => code === 'column-repeats-labels',
    )

  test('is told, by name or by number', () => {
    const label = ['0', '1', '0', '1']
    expect(told({ label, name: ['cat', 'dog', 'cat', 'dog'], number: [7, 8, 7, 8] })).toMatchObject(
      [{ message: expect.stringContaining('"name", "number" have one entry for each class') }],
    )
  })

  test('may be taken for the label, as is told', () => {
    const columns = { label: ['0', '1', '0', '1'], name: ['cat', 'dog', 'cat', 'dog'] }
    expect(told(columns)[0]!.message).toContain('columns: { label: name }')
    const named = dataset({ vectors: vectorTable(points(4), columns) }, 'columns: { label: name }')
    expect(named.classes).toEqual(['cat', 'dog'])
  })

  test.each([
    ['one row that differs', ['a', 'b', 'a', 'b'], ['x', 'y', 'x', 'x']],
    ['a finer level', ['a', 'b', 'a', 'b'], ['x', 'y', 'z', 'y']],
    ['a coarser level', ['a', 'b', 'c', 'c'], ['x', 'x', 'y', 'y']],
    ['a row without an entry', ['a', 'b', 'a', 'b'], ['x', 'y', 'x', '']],
    ['classes of one row', ['a', 'b', 'c', 'd'], ['x', 'y', 'z', 'w']],
    ['one class', ['a', 'a', 'a', 'a'], ['x', 'x', 'x', 'x']],
  ])('%s is none', (_, label, other) => {
    expect(told({ label, other })).toEqual([])
  })
})
