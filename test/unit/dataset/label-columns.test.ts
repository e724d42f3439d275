/** Labels in one column a class, or in several levels, told by the names of the columns. */

import { describe, expect, test } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { readTable } from '../../read-table.ts'
import { columns as names } from '../formats/read-fixture.ts'
import { dataset, issues, points, table, vectorTable } from './tables.ts'

const named = ({ classes, labels }: ReturnType<typeof dataset>) =>
  Array.from(labels, (label) => classes[label])

describe('one column a class', () => {
  test.each([
    [
      ['True', 'False', 'False'],
      ['False', 'True', 'True'],
    ],
    [
      ['true', 'false', 'false'],
      ['false', 'true', 'true'],
    ],
    [
      [1, 0, 0],
      [0, 1, 1],
    ],
  ])('with a single mark a row is the label: %j and %j', (cat, dog) => {
    const rows = dataset({
      vectors: vectorTable(points(3), { label_cat: cat, label_dog: dog } as Record<
        string,
        string[]
      >),
    })
    expect(named(rows)).toEqual(['cat', 'dog', 'dog'])
    expect(rows.metadata).toEqual([])
    const told = rows.warnings.find(({ code }) => code === 'labels-one-hot')!
    expect(told.message).toContain('"label_cat", "label_dog" have a single mark a row')
  })

  test('without a mark in a row leaves it without a label, and tells', () => {
    const columns = { 'label.cat': [1, 0, 1], 'label.dog': [0, 0, 0] }
    const rows = dataset({ vectors: vectorTable(points(3), columns) })
    expect(named(rows)).toEqual(['cat', 'cat'])
    expect(rows.setAside).toMatchObject([{ reason: 'no label', count: 1 }])
    expect(rows.warnings[0]!.message).toContain('1 of 3 rows without a mark has no label')
  })

  test('may stand in the file of labels, under the name that the settings give', () => {
    const labels = table('labels.csv', { id: ['b', 'a'], kind_x: [1, 0], kind_y: [0, 1] })
    const vectors = vectorTable(points(2), { id: ['a', 'b'] })
    expect(named(dataset({ vectors, labels }, 'columns: { label: kind }'))).toEqual(['y', 'x'])
  })

  test('with several marks in a row is named, and the setting that is told evaluates one of them', () => {
    const columns = { label_red: [1, 1, 0, 0], label_big: [0, 1, 1, 0] }
    const vectors = vectorTable(points(4), columns)
    const [issue] = issues({ vectors })
    expect(issue!.code).toBe('labels-multi-hot')
    expect(issue!.message).toContain('1 of 4 rows has more than one, 1 have none')
    expect(issue!.hint).toContain('columns: { label: label_red }')
    const rows = dataset({ vectors }, 'columns: { label: label_red }')
    expect(named(rows)).toEqual(['1', '1', '0', '0'])
    expect(rows.metadata.map(({ name }) => name)).toEqual(['label_big'])
  })

  test.each([
    [
      'is a column like any other beside labels',
      { label: ['a', 'b'], label_x: [1, 0], label_y: [0, 1] },
    ],
    ['keeps its own label beside them', { labels: ['a', 'b'], label_x: [1, 0], label_y: [1, 1] }],
  ])('%s', (_, columns) => {
    const rows = dataset({ vectors: vectorTable(points(2), columns) })
    expect(rows.classes).toEqual(['a', 'b'])
    expect(rows.metadata.map(({ name }) => name)).toEqual(['label_x', 'label_y'])
    expect(rows.warnings.map(({ code }) => code)).not.toContain('labels-one-hot')
  })

  test('is not guessed from one column, from marks nowhere, or from names that are kept back', () => {
    const code = (columns: Record<string, number[]>, yaml = '') =>
      issues({ vectors: vectorTable(points(2), columns) }, yaml)[0]!.code
    expect(code({ label_x: [1, 0] })).toBe('labels-missing')
    expect(code({ label_x: [1, 0], other: [0, 1] })).toBe('labels-missing')
    expect(code({ label_x: [0, 0], label_y: [0, 0] })).toBe('labels-levels')
    const columns = { label_x: [1, 0], label_y: [0, 1] }
    expect(code(columns, 'privacy: { columns: { label_y: drop } }')).not.toBe('labels-one-hot')
  })
})

describe('several levels', () => {
  const columns = {
    label_fine: ['cat', 'fox', 'cat'],
    coarse_label: ['pet', 'wild', 'pet'],
    label_text: ['a', 'b', 'c'],
  }
  const vectors = vectorTable(points(3), columns)

  test('are named, and the setting that is told evaluates one and keeps the others', () => {
    const [issue] = issues({ vectors })
    expect(issue!.code).toBe('labels-levels')
    expect(issue!.message).toContain('2 columns may hold labels: "label_fine", "coarse_label".')
    expect(issue!.hint).toContain('columns: { label: label_fine }')
    const rows = dataset({ vectors }, 'columns: { label: label_fine }')
    expect(named(rows)).toEqual(['cat', 'fox', 'cat'])
    expect(rows.metadata.map(({ name }) => name)).toEqual(['coarse_label', 'label_text'])
  })

  test('of one column are no levels: labels may still come', () => {
    const one = vectorTable(points(3), { label_fine: columns.label_fine })
    expect(issues({ vectors: one })[0]!.code).toBe('labels-missing')
  })
})

test('a list of labels a row is named, and a label beside it is read under the name that is told', async () => {
  const lines = ['a', 'b', 'a', 'b'].map((main, row) => {
    return JSON.stringify({ embedding: [row, 1], label: row === 0 ? ['a'] : ['a', 'b'], main })
  })
  const file = { name: 'a.jsonl', bytes: Buffer.from(lines.join('\n')) }
  const error = await readTable(file, { part: 'vectors', columns: names }).catch((one) => one)
  expect(error).toBeInstanceOf(InputError)
  const [issue] = (error as InputError).issues
  expect(issue).toMatchObject({ code: 'labels-multi-hot', where: 'a.jsonl, column label' })
  expect(issue!.hint).toContain('columns: { label: main }')
  const columns = { ...names, label: 'main' }
  const vectors = await readTable(file, { part: 'vectors', columns })
  expect(named(dataset({ vectors }, 'columns: { label: main }'))).toEqual(['a', 'b', 'a', 'b'])
})
