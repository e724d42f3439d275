/** What needs attention on which day; days are the manifest's, in UTC. */

import { expect, test } from 'vitest'
import { dayOf, standingOf } from '../../../lib/planning/standing.ts'

const open = { state: 'persisting', known: null, ticket: null } as const
const muted = (until: string | null) => ({ state: 'muted' as const, reason: 'x', until })

test.each([
  ['2026-12-30', 'known'],
  ['2026-12-31', 'known'],
  ['2027-01-01', 'attention'],
])('muted until the last of December, on %s: %s', (today, standing) => {
  expect(standingOf({ ...open, known: muted('2026-12-31') }, today)).toBe(standing)
})

test.each([
  ['nobody said anything', open, 'attention'],
  ['a ticket', { ...open, ticket: 'https://example.org/1' }, 'ticket'],
  ['accepted for good', { ...open, known: muted(null) }, 'known'],
  ['accepted before a ticket counts', { ...open, known: muted(null), ticket: 'x' }, 'known'],
  [
    'a ticket takes over past the day',
    { ...open, known: muted('2026-01-01'), ticket: 'x' },
    'ticket',
  ],
  ['done', { ...open, state: 'resolved', known: muted(null) }, 'resolved'],
  ['out of scope', { ...open, state: 'out-of-scope', known: muted(null) }, 'out-of-scope'],
  ['regressed', { ...open, state: 'regressed' }, 'attention'],
  ['can’t tell', { ...open, state: 'not-evaluated', ticket: 'x' }, 'not-evaluated'],
] as const)('%s', (_, item, standing) => {
  expect(standingOf(item, '2026-06-01')).toBe(standing)
})

test('a day is that of the clock in UTC, wherever it stands', () => {
  expect(dayOf(new Date('2026-12-31T23:59:59.999Z'))).toBe('2026-12-31')
  expect(dayOf(new Date('2027-01-01T00:30:00+02:00'))).toBe('2026-12-31')
})
