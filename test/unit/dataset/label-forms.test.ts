/** What is no label, and one class written in two ways. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Dataset } from '../../../lib/core/dataset.ts'
import type { Manifest } from '../../../lib/core/manifest.ts'
import { pseudonymsOf } from '../../../lib/core/pseudonyms.ts'
import { cleanLabels } from '../../../lib/dataset/label-forms.ts'
import { dataset, issues, points, table, vectorTable } from './tables.ts'

const clean = (labels: readonly string[], settings?: Manifest['labels']) =>
  cleanLabels(
    labels,
    labels.map((_, row) => String(row)),
    settings === undefined ? {} : { labels: settings },
  )
const codes = ({ warnings }: ReturnType<typeof cleanLabels>) => warnings.map(({ code }) => code)

describe('labels that say that there is none', () => {
  test.each(['nan', 'NaN', 'None', 'null', 'NULL', 'NA', 'N/A', '<NA>', ' nan '])(
    '%j is set aside, and told',
    (word) => {
      const { labels, warnings } = clean(['cat', word, 'dog', word])
      expect(labels).toEqual(['cat', '', 'dog', ''])
      expect(warnings[0]!.message).toContain(`2 rows have a label that says that there is none`)
      expect(warnings[0]!.message).toContain(`${JSON.stringify(word)} in 2`)
    },
  )

  test('the setting that is told makes it a class', () => {
    const { labels, warnings } = clean(['None', 'dog'], { unlabelled: [], normalise: [] })
    expect(labels).toEqual(['None', 'dog'])
    expect(warnings).toEqual([])
  })

  test('words of one’s own', () => {
    const settings = { unlabelled: ['unknown'], normalise: [] }
    expect(clean(['unknown', 'nan', 'dog'], settings).labels).toEqual(['', 'nan', 'dog'])
  })

  test.each([
    [
      ['-1', '0', '1'],
      ['', '0', '1'],
    ],
    [
      ['-1.0', '0.0', '1.0'],
      ['', '0', '1'],
    ],
    // A direction, and a class that people named.
    [
      ['-1', '1', '-2'],
      ['-1', '1', '-2'],
    ],
    [
      ['-1', '1'],
      ['-1', '1'],
    ],
    [
      ['-1', 'cat', 'dog'],
      ['-1', 'cat', 'dog'],
    ],
  ])('-1 is one only where classes are counted: %j', (labels, wanted) => {
    expect(clean(labels).labels).toEqual(wanted)
  })
})

describe('one class written in two ways', () => {
  test.each([
    [['3', '3.0', '4'], 'number', 'how a number is written'],
    [['cat', 'cat ', 'dog'], 'spaces', 'spaces'],
    [['cat', 'Cat', 'dog'], 'case', 'capitals'],
    [['Zo\u00eb', 'Zoe\u0308', 'dog'], 'unicode', 'how a character is encoded'],
  ] as const)('%j is told, and merged where the settings say so', (labels, form, words) => {
    const told = clean(labels)
    expect(told.labels).toEqual(labels)
    expect(codes(told)).toEqual(['labels-alike'])
    expect(told.warnings[0]!.message).toContain(words)
    // The remedy that is told works.
    expect(told.warnings[0]!.message).toContain(`labels: { normalise: [${form}] }`)
    const merged = clean(labels, { normalise: [form] })
    expect(new Set(merged.labels).size).toBe(2)
    expect(codes(merged)).toEqual(['labels-merged'])
  })

  test('the form of most rows stays', () => {
    expect(clean(['Cat', 'cat', 'cat'], { normalise: ['case'] }).labels).toEqual([
      'cat',
      'cat',
      'cat',
    ])
  })

  test('whole numbers with a fraction lose it where all have it, and no two become one', () => {
    expect(clean(['3.0', '12.0']).labels).toEqual(['3', '12'])
    expect(codes(clean(['3.0', '12.0']))).toEqual(['labels-whole-numbers'])
    expect(clean(['3.5', '12.0']).labels).toEqual(['3.5', '12.0'])
    expect(clean(['007', '7.0']).labels).toEqual(['007', '7'])
  })

  test('ordinary labels are left alone, silently', () => {
    expect(clean(['cat', 'dog', '', '007', '7'])).toEqual({
      labels: ['cat', 'dog', '', '007', '7'],
      warnings: [],
    })
  })

  test('the order of the rows changes nothing', () => {
    const labels = ['a', 'A', 'a ', 'nan', '3', '3.0', 'b', 'B', 'B']
    const settings = { normalise: ['case', 'spaces'] } as const
    const wanted = new Map(clean(labels, settings).labels.map((label, at) => [labels[at]!, label]))
    fc.assert(
      fc.property(fc.shuffledSubarray(labels, { minLength: labels.length }), (shuffled) => {
        const { labels: merged, warnings } = clean(shuffled, settings)
        expect(merged).toEqual(shuffled.map((label) => wanted.get(label)))
        const said = (all: typeof warnings) => all.map(({ rows: _, ...warning }) => warning)
        expect(said(warnings)).toEqual(said(clean(labels, settings).warnings))
      }),
    )
  })
})

describe('labels that are hashed', () => {
  const HASH = 'privacy: { columns: { label: hash } }'
  const of = pseudonymsOf('a key for tests').of
  const named = (rows: Dataset) => Array.from(rows.labels, (label) => rows.classes[label])
  const hashed = (label: readonly string[] | readonly number[], more = '') =>
    dataset({ vectors: vectorTable(points(label.length), { label }) }, `${HASH}\n${more}`)

  test('are cleaned first: what says that there is none becomes no class', () => {
    const rows = hashed(['cat', 'nan', 'dog', '', ' None', 'cat'])
    expect(named(rows)).toEqual([of('cat'), of('dog'), of('cat')])
    expect(rows.setAside).toMatchObject([{ reason: 'no label', count: 3, rows: ['1', '3', '4'] }])
    expect(rows.warnings[0]).toMatchObject({
      code: 'labels-missing-words',
      rowCount: 2,
      rows: ['1', '4'],
    })
  })

  test('are cleaned first: −1 beside classes that are numbered is no class', () => {
    expect(named(hashed([0, -1, 1, 0]))).toEqual([of('0'), of('1'), of('0')])
  })

  test('are merged as the settings say, and named by the form that is kept', () => {
    const rows = hashed(['cat', 'Cat', 'cat', 'dog'], 'labels: { normalise: [case] }')
    expect(named(rows)).toEqual([of('cat'), of('cat'), of('cat'), of('dog')])
    expect(rows.warnings[0]).toMatchObject({ code: 'labels-merged', rowCount: 1, rows: ['1'] })
  })

  test('have one hash for each way of writing a number, whatever stands beside', () => {
    expect(named(hashed(['3.0', 'x']))).toEqual(named(hashed(['3', 'x'])))
    const two = hashed(['3', '3.0', 'x'])
    expect(new Set(named(two)).size).toBe(3)
  })

  test('are quoted by nothing that is told', () => {
    const told = hashed(
      ['secret', 'Secret', '3.0', 'hush'],
      'labels: { unlabelled: [hush], normalise: [number] }',
    )
    expect(told.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['labels-missing-words', 'labels-alike']),
    )
    expect(JSON.stringify(told.warnings)).not.toMatch(/secret|hush|3\.0/i)
    const merged = hashed(['secret', 'Secret', 'b'], 'labels: { normalise: true }')
    expect(JSON.stringify(merged.warnings)).not.toMatch(/secret/i)
    expect(JSON.stringify(hashed(['31.0', '4.0']).warnings)).not.toMatch(/31/)
    const conflict = issues(
      {
        vectors: vectorTable(points(2), { label: ['secret', 'b'] }),
        labels: table('labels.csv', { label: ['hidden', 'b'] }),
      },
      HASH,
    )
    expect(conflict).toMatchObject([{ code: 'label-conflict', rows: ['0'] }])
    expect(JSON.stringify(conflict)).not.toMatch(/secret|hidden/)
  })
})

describe('labels that stand in two places', () => {
  const both = (label: readonly string[], other: readonly string[]) => ({
    vectors: vectorTable(points(label.length), { label }),
    labels: table('labels.csv', { label: other }),
  })

  test('agree where one says that there is none, or writes a number otherwise', () => {
    const rows = dataset(both(['nan', '3', 'b', '4'], ['a', '3.0', 'None', '4']))
    expect(Array.from(rows.labels, (label) => rows.classes[label])).toEqual(['a', '3', 'b', '4'])
  })

  test.each([
    ['3', '3.5'],
    ['3', '-3'],
    ['a', 'b'],
  ])('disagree as %s and %s', (one, other) => {
    expect(issues(both([one, 'x'], [other, 'x']))).toMatchObject([{ code: 'label-conflict' }])
  })
})
