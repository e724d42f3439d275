/** Numbered columns that hold the label or the number of the row, and are no dimensions. */

import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import type { Table } from '../../../lib/core/table.ts'
import { readText } from '../formats/read-fixture.ts'
import { dataset, issues, table, vectorTable } from './tables.ts'

const ROWS = 12
const LABELS = Array.from({ length: ROWS }, (_, row) => row % 3)
const WORDS = LABELS.map((label) => ['cat', 'dog', 'newt'][label]!)
const fraction = (row: number, place: number) => ((row * 7 + place * 3) % 11) + 0.25

/** Four dimensions with fractions, and one more in front of them or behind. */
function withColumn(odd: readonly number[], end: 'first' | 'last', names = true): Table {
  const rows = odd.map((value, row) => {
    const others = [0, 1, 2, 3].map((place) => fraction(row, place))
    return end === 'first' ? [value, ...others] : [...others, value]
  })
  const vectors = vectorTable(rows)
  return names ? { ...vectors, dimensionNames: ['0', '1', '2', '3', '4'] } : vectors
}

const labels = table('labels.csv', { label: WORDS })

describe('whole numbers among fractions, with no label elsewhere', () => {
  test.each([
    ['first', '"0"'],
    ['last', '"4"'],
  ] as const)('at the %s place are named as the likely label', (end, name) => {
    const [issue] = issues({ vectors: withColumn(LABELS, end) })
    expect(issue!.code).toBe('labels-likely')
    expect(issue!.message).toContain('3 whole numbers in 12 rows')
    expect(issue!.hint).toContain(`columns: { label: ${name} }`)
  })

  test('of one array are named by their place, with the line that saves them apart', () => {
    const last = issues({ vectors: withColumn(LABELS, 'last', false) })[0]!
    expect(last.message).toContain('dimension 4 (counted from 0) of the 5')
    expect(last.hint).toContain('embeddings=a[:, :4], labels=a[:, 4]')
    const first = issues({ vectors: withColumn(LABELS, 'first', false) })[0]!
    expect(first.hint).toContain('embeddings=a[:, 1:], labels=a[:, 0]')
  })

  test('are no label where they number the rows, or differ in more than half of them', () => {
    const numbers = LABELS.map((_, row) => row)
    // 7 different ones in 12 rows, and 6.
    const seven = LABELS.map((_, row) => Math.min(row, 6) * 2)
    const six = LABELS.map((_, row) => Math.min(row, 5) * 2)
    const codeOf = (odd: number[]) => issues({ vectors: withColumn(odd, 'last') })[0]!.code
    expect(codeOf(numbers)).toBe('labels-missing')
    expect(codeOf(seven)).toBe('labels-missing')
    expect(codeOf(six)).toBe('labels-likely')
  })

  test('are nothing special where others are whole, or in the middle', () => {
    const whole = vectorTable(LABELS.map((label, row) => [row * 2, row % 5, row % 4, label]))
    expect(issues({ vectors: whole })[0]!.code).toBe('labels-missing')
    const middle = vectorTable(
      LABELS.map((label, row) => [fraction(row, 0), label, fraction(row, 1)]),
    )
    expect(issues({ vectors: middle })[0]!.code).toBe('labels-missing')
  })
})

describe('whole numbers among fractions, with labels elsewhere', () => {
  const codes = (vectors: Table) => dataset({ vectors, labels }).warnings.map(({ code }) => code)

  test.each([
    ['in order', LABELS.map((_, row) => row + 1)],
    ['in any order', LABELS.map((_, row) => (row * 5) % ROWS)],
  ])('that number the rows %s are warned of', (_, numbers) => {
    const { warnings } = dataset({ vectors: withColumn(numbers, 'first'), labels })
    expect(warnings[0]).toMatchObject({
      code: 'dimension-counts-rows',
      message: expect.stringContaining('privacy: { columns: { "0": drop } }'),
      headline: expect.stringContaining('numbers the rows'),
    })
  })

  test('in steps of two, or with one number twice, are not', () => {
    expect(
      codes(
        withColumn(
          LABELS.map((_, row) => 2 * row),
          'first',
        ),
      ),
    ).toEqual([])
    expect(
      codes(
        withColumn(
          LABELS.map((_, row) => Math.max(row, 1)),
          'first',
        ),
      ),
    ).toEqual([])
  })

  test('that hold one number a class are warned of, and those that do but once are not', () => {
    expect(
      codes(
        withColumn(
          LABELS.map((label) => label + 7),
          'last',
        ),
      ),
    ).toEqual(['dimension-repeats-labels'])
    const once = LABELS.map((label, row) => (row === 5 ? 9 : label))
    expect(codes(withColumn(once, 'last'))).toEqual([])
  })

  test('are not warned of where they are all the same', () => {
    expect(
      codes(
        withColumn(
          LABELS.map(() => 0),
          'last',
        ),
      ),
    ).toEqual([])
  })
})

describe('the settings that the messages give', () => {
  const { columns } = parseManifest('columns: { label: "4" }', 'nearmiss.yaml')
  const line = (row: number, odd: number | string) =>
    `${[0, 1, 2, 3].map((place) => fraction(row, place)).join(',')},${odd}`
  const numbered = `0,1,2,3,4\n${LABELS.map((label, row) => line(row, label)).join('\n')}\n`

  test('make a numbered column the label, and no dimension', async () => {
    const read = await readText('embeddings.csv', numbered, { columns })
    expect(read.vectors!.dimensions).toBe(4)
    const { classes, warnings } = dataset({ vectors: read }, 'columns: { label: "4" }')
    expect(classes).toEqual(['0', '1', '2'])
    expect(warnings).toEqual([])
  })

  test('leave a numbered column out', async () => {
    const read = await readText('embeddings.csv', numbered, { dropped: ['4'] })
    expect(read.vectors!.dimensions).toBe(4)
    const { metadata } = dataset({ vectors: read, labels }, 'privacy: { columns: { "4": drop } }')
    expect(metadata).toEqual([])
  })

  test.each([
    ['numbers', LABELS.map(String)],
    ['words', WORDS],
  ])('name the label of a file without column names: %s', async (_, entries) => {
    const text = `${entries.map((entry, row) => line(row, entry)).join('\n')}\n`
    const [issue] = issues({ vectors: await readText('embeddings.csv', text) })
    expect(issue).toMatchObject({ code: 'labels-likely' })
    expect(issue!.hint).toContain('columns: { label: column_5 }')
    const settings = parseManifest('columns: { label: column_5 }', 'nearmiss.yaml')
    const read = await readText('embeddings.csv', text, { columns: settings.columns })
    expect(read.vectors!.dimensions).toBe(4)
    const { classes } = dataset({ vectors: read }, 'columns: { label: column_5 }')
    expect(classes).toEqual([...new Set(entries)].sort())
  })
})
