import { expect, it } from 'vitest'
import { publishedWarning } from '../../../lib/core/published-warning.ts'

it('a warning is published with its severity, its remedy and its rows', () => {
  const rows = { rowCount: 12, rows: ['a', 'b'] }
  expect(publishedWarning({ code: 'zero-vectors', message: 'm', where: 'x.npz', ...rows })).toEqual(
    {
      code: 'zero-vectors',
      severity: 'warning',
      message: 'm',
      where: 'x.npz',
      hint: 'Leave those rows out, or embed them again.',
      ...rows,
    },
  )
})

it('a remedy of its own stands before that of the list, and what is an error elsewhere is a warning', () => {
  expect(publishedWarning({ code: 'no-vectors', message: 'm', hint: 'Look.' })).toMatchObject({
    severity: 'warning',
    hint: 'Look.',
  })
})
