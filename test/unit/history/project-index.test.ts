import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appendRun, emptyIndex } from '../../../lib/history/project-index.ts'
import { day, entry, item } from './made.ts'

const runs = [
  { run: entry('one', day(1)), items: [item('confusion:a|b', 13), item('spread:a', 4)] },
  { run: entry('two', day(2)), items: [item('confusion:a|b', 1, 'resolved')] },
  { run: entry('bad', day(3), 'failed'), items: [] },
  { run: entry('four', day(4)), items: [item('confusion:a|b', 9, 'regressed')] },
] as const

const all = (order: readonly number[]) =>
  order.reduce((index, at) => appendRun(index, runs[at]!.run, runs[at]!.items), emptyIndex('p'))

test('runs are kept oldest first, and each item has one state for each run that lists it', () => {
  const index = all([0, 1, 2, 3])
  expect(index.runs.map(({ run }) => run)).toEqual(['one', 'two', 'bad', 'four'])
  expect(index.items['confusion:a|b']).toEqual({
    id: 'confusion:a|b',
    kind: 'confusion',
    title: 'About confusion:a|b',
    owner: 'Someone',
    states: [
      { run: 'one', state: 'new', measure: 13, gain: 1.3 },
      { run: 'two', state: 'resolved', measure: 1, gain: 0.1 },
      { run: 'four', state: 'regressed', measure: 9, gain: 0.9 },
    ],
  })
  expect(index.items['spread:a']!.states).toHaveLength(1)
})

test('a state says where the manifest knew the item', () => {
  const known = { state: 'accepted', reason: 'Twins.', until: null } as const
  const index = appendRun(emptyIndex('p'), entry('one', day(1)), [
    { ...item('spread:a', 4), known },
    item('spread:b', 4),
  ])
  expect(index.items['spread:a']!.states[0]).toMatchObject({ run: 'one', known: true })
  expect(index.items['spread:b']!.states[0]).not.toHaveProperty('known')
})

test('the order in which runs arrive, and arriving twice, changes nothing', () => {
  const arrivals = fc
    .shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 8 })
    .filter((order) => order.length === 8)
  fc.assert(
    fc.property(arrivals, (order) => {
      expect(all(order)).toEqual(all([0, 1, 2, 3]))
    }),
  )
})

test('a run that is added again replaces its states', () => {
  const index = appendRun(all([0, 1, 2, 3]), runs[0].run, [item('spread:b', 5)])
  expect(index.items['spread:a']).toBeUndefined()
  expect(index.items['confusion:a|b']!.states.map(({ run }) => run)).toEqual(['two', 'four'])
  expect(index.items['spread:b']!.states.map(({ run }) => run)).toEqual(['one'])
})

test('an item has the title and the owner of its newest run', () => {
  const renamed = (title: string) => [{ ...item('spread:a', 4), title, owner: title }]
  const later = appendRun(all([0]), entry('two', day(2)), renamed('Newer'))
  expect(later.items['spread:a']).toMatchObject({ title: 'Newer', owner: 'Newer' })
  const earlier = appendRun(later, entry('zero', '2026-02-01T00:00:00.000Z'), renamed('Older'))
  expect(earlier.items['spread:a']).toMatchObject({ title: 'Newer', owner: 'Newer' })
  expect(earlier.items['spread:a']!.states.map(({ run }) => run)).toEqual(['zero', 'one', 'two'])
})

test('the index that was given is left as it was', () => {
  const before = all([0, 1])
  const copy = structuredClone(before)
  appendRun(before, runs[3].run, runs[3].items)
  expect(before).toEqual(copy)
})

test('an item that another one covers keeps its states and names that one, until it has a state again', () => {
  const covering = { ...item('confusion:a|b', 9), covers: ['spread:a', 'spread:never'] }
  const covered = appendRun(all([0, 1, 2]), runs[3].run, [covering])
  expect(covered.items['spread:a']).toMatchObject({
    states: [{ run: 'one', state: 'new' }],
    coveredBy: { run: 'four', id: 'confusion:a|b' },
  })
  expect(covered.items['spread:never']).toBeUndefined()
  // The same run again, now without it.
  expect(appendRun(covered, runs[3].run, []).items['spread:a']).not.toHaveProperty('coveredBy')
  const later = appendRun(covered, entry('five', day(5)), [item('spread:a', 3, 'persisting')])
  expect(later.items['spread:a']).not.toHaveProperty('coveredBy')
  // A run from before that covered it changes nothing that is known since.
  const late = appendRun(later, entry('early', day(2)), [{ ...covering }])
  expect(late.items['spread:a']).not.toHaveProperty('coveredBy')
})
