/** Exports: CSV that no spreadsheet runs, Markdown whose labels are text, JSON that stands alone. */

import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvCell, planCsv, planJson, planMarkdown } from '../../../lib/planning/export.ts'
import { madePlan, planItem } from './made.ts'

const plan = madePlan(
  [
    planItem('a', { gain: 2, effort: 3, owner: 'Data Ops' }),
    planItem('b', {
      gain: 1,
      effort: 'a day',
      title: '=HYPERLINK("http://x")',
      note: 'Wait\nfor *it*.',
    }),
    planItem('c', { gain: 1, effort: 0.5, owner: 'Data Ops', ticket: 'https://example.org/7' }),
  ],
  [
    [2, [0]],
    [2, [0, 2]],
    [4, [1]],
  ],
)
const selection = {
  plan,
  picked: new Set([0, 1, 2]),
  pageOf: ({ slug }: { slug: string }) => `https://example.org/items/${slug}/`,
}

test('a cell never starts like a formula, and comes back as it was otherwise', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const [[cell]] = parse(`${csvCell(text)},x\r\n`, { bom: false }) as [[string]]
      expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
      expect(cell === text || cell === `'${text}`).toBe(true)
    }),
  )
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1'])('%j is text', (text) => {
  expect(csvCell(text)).toBe(`"'${text}"`)
})

test('CSV has a line for each item that is picked', () => {
  const rows = parse(planCsv(selection), { columns: true, bom: true }) as Record<string, string>[]
  expect(rows.map(({ id, gain_points }) => [id, gain_points])).toEqual([
    ['a', '2'],
    ['b', '1'],
    ['c', '1'],
  ])
  expect(rows[1]!.title).toBe(`'=HYPERLINK("http://x")`)
  expect(rows[2]!.page).toBe('https://example.org/items/c-0a1b2c3d/')
  expect(planCsv({ ...selection, picked: new Set() }).split('\r\n')).toHaveLength(2)
})

test('Markdown is a list of tasks by owner, with what they are worth together', () => {
  const text = planMarkdown(selection)
  // a has 4 rows for 2 points and c 2 of them for 1: half a point a row either way, so c adds nothing.
  expect(text).toContain('3 items of run nca-32, together worth up to 3.00 points of accuracy')
  expect(text).toContain('effort 3.5 and 1 item without a number')
  expect(text.match(/^## .*/gm)).toEqual(['## Data Ops', '## CV / Product'])
  expect(text).toContain(
    '- [ ] [Tell a apart](<https://example.org/items/a-0a1b2c3d/>): up to 2.00 points, new, effort 3\n',
  )
  expect(text).toContain('[ticket](<https://example.org/7>)')
  expect(text).toContain('  - Note: Wait for \\*it\\*.\n')
})

test('Markdown tells what an item makes doubtful, where it gains less', () => {
  const items = [planItem('copies', { gain: 0, stake: 3.021 }), planItem('none', { gain: 0 })]
  const text = planMarkdown({ ...selection, plan: madePlan(items), picked: new Set([0, 1]) })
  expect(text).toContain('copies-0a1b2c3d/>): up to 3.02 points unproven, new')
  expect(text).toContain('none-0a1b2c3d/>): no gain in accuracy, new')
})

test('JSON holds the picked items, and overlaps between them alone', () => {
  const made = JSON.parse(planJson({ ...selection, picked: new Set([1, 2]) }))
  expect(made.items.map(({ id }: { id: string }) => id)).toEqual(['b', 'c'])
  expect(made.overlaps).toEqual([
    [2, [1]],
    [4, [0]],
  ])
  expect(made.togetherGain).toBe(2)
})

test('a state reads as on the pages, and programs get its name', () => {
  const back = madePlan([planItem('a', { state: 'regressed' })], [])
  const own = { ...selection, plan: back, picked: new Set([0]) }
  expect(planMarkdown(own)).toContain('back again')
  expect(planCsv(own)).toContain('regressed')
})
