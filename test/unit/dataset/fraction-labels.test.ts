/** Labels that are a measurement: refused where most of them differ, told where they are few. */

import { expect, test } from 'vitest'
import { dataset, issues, points, vectorTable } from './tables.ts'

const ROWS = 20
const upload = (label: readonly string[]) => ({
  vectors: vectorTable(points(label.length), { label }),
})
/** `count` different numbers with fractions, the last of them for all rows that are left. */
const scores = (count: number, rows = ROWS) =>
  Array.from({ length: rows }, (_, row) => String(0.25 + 1.37 * Math.min(row, count - 1)))
const codes = (label: readonly string[]) => dataset(upload(label)).warnings.map(({ code }) => code)

test('more than half that differ are refused, with what to do', () => {
  const [issue] = issues(upload(scores(11)))
  expect(issue).toMatchObject({ code: 'labels-continuous', where: 'embeddings.npz, column label' })
  expect(issue!.message).toContain('11 of 20 labels differ')
  expect(issue!.hint).toContain('columns: { label: NAME }')
  expect(codes(scores(10))).toContain('labels-fractions')
})

test('fewer than ten different ones are a scale', () => {
  expect(issues(upload(scores(10, 12)))[0]!.code).toBe('labels-continuous')
  expect(codes(scores(9, 12))).toContain('labels-fractions')
})

test('few are classes, and told', () => {
  const label = Array.from({ length: ROWS }, (_, row) => ['0.5', '1.0', '1.5'][row % 3]!)
  const { warnings, classes } = dataset(upload(label))
  expect(classes).toEqual(['0.5', '1.0', '1.5'])
  expect(warnings[0]).toMatchObject({
    code: 'labels-fractions',
    message: expect.stringContaining('3 different ones in 20 rows'),
    headline: expect.stringContaining('3 of which'),
  })
})

test('forms of numbers: commas, exponents, and rows without a label', () => {
  expect(issues(upload(scores(20).map((text) => text.replace('.', ','))))[0]!.code).toBe(
    'labels-continuous',
  )
  const small = Array.from({ length: ROWS }, (_, row) => `${row + 1}e-7`)
  expect(issues(upload(small))[0]!.code).toBe('labels-continuous')
  const missing = scores(ROWS).map((text, row) => (row < 5 ? 'nan' : text))
  expect(issues(upload(missing))[0]!.message).toContain('15 of 15 labels differ')
})

test('whole numbers, also as floats write them, and names among numbers are classes', () => {
  const whole = Array.from({ length: ROWS }, (_, row) => `${row % 7}.0`)
  expect(codes(whole)).toEqual(['labels-whole-numbers'])
  const unique = Array.from({ length: ROWS }, (_, row) => `${row}.0`)
  expect(codes(unique)).not.toContain('labels-fractions')
  const versions = scores(ROWS).map((text) => `v${text}`)
  expect(codes(versions)).not.toContain('labels-fractions')
  expect(codes([...scores(ROWS), 'other'])).not.toContain('labels-fractions')
})
