import { expect, test } from 'vitest'
import { HEADLINE_FIGURES, headlineFigures } from '../../../lib/core/headline.ts'
import { REFERENCE } from '../../../lib/reference/metrics.ts'

test('figures that people quote are figures, each told somewhere and once', () => {
  const ids = HEADLINE_FIGURES.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const known = REFERENCE.flatMap(({ metrics }) => metrics.map(({ id }) => id))
  expect(known).toEqual(expect.arrayContaining(ids))
})

test('the page and the terminal tell those that they have in common in one order', () => {
  const [page, terminal] = [headlineFigures('page'), headlineFigures('terminal')]
  const common = page.filter((id) => terminal.includes(id))
  expect(common).toEqual(terminal.filter((id) => page.includes(id)))
  expect(common).toHaveLength(4)
  expect(page).toHaveLength(5)
})
