/** What is no label, and one class written in two ways. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Manifest } from '../../../lib/core/manifest.ts'
import { cleanLabels } from '../../../lib/dataset/label-forms.ts'

const clean = (labels: readonly string[], settings?: Manifest['labels']) =>
  cleanLabels(labels, settings === undefined ? {} : { labels: settings })
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
        expect(warnings).toEqual(clean(labels, settings).warnings)
      }),
    )
  })
})
