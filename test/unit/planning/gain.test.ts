/** Gains that share rows are not counted twice: against sets of rows, united one by one. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pickedPlan } from '../../../lib/planning/export.ts'
import { overlapsOf, togetherGain } from '../../../lib/planning/gain.ts'
import { madePlan, planItem } from './made.ts'

const rowsOfItems = fc.array(fc.uniqueArray(fc.nat(40), { maxLength: 25 }), { maxLength: 6 })
const ROWS = 41
const isError = (row: number) => row % 3 !== 0

test('items whose gain is all of their errors are worth the union of their error rows', () => {
  fc.assert(
    fc.property(rowsOfItems, fc.nat(63), (evidence, mask) => {
      const items = evidence.map((rows) => ({ gain: (100 * rows.filter(isError).length) / ROWS }))
      const picked = new Set([...items.keys()].filter((at) => (mask >> at) & 1))
      const union = new Set([...picked].flatMap((at) => evidence[at]!.filter(isError)))
      const overlaps = overlapsOf(evidence, isError)
      expect(togetherGain({ items, overlaps }, picked)).toBeCloseTo((100 * union.size) / ROWS, 9)
    }),
  )
})

test('any gains are worth together at least the largest and at most the sum', () => {
  const gains = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), {
    minLength: 6,
    maxLength: 6,
  })
  fc.assert(
    fc.property(rowsOfItems, gains, (evidence, all) => {
      const items = evidence.map((_, at) => ({ gain: all[at]! }))
      const together = togetherGain(
        { items, overlaps: overlapsOf(evidence, isError) },
        new Set(items.keys()),
      )
      const each = items.map(({ gain }) => gain)
      expect(together).toBeGreaterThanOrEqual(Math.max(0, ...each) - 1e-9)
      expect(together).toBeLessThanOrEqual(each.reduce((sum, gain) => sum + gain, 0) + 1e-9)
    }),
  )
})

test('a selection that is exported alone is worth what it is worth among the others', () => {
  fc.assert(
    fc.property(rowsOfItems, fc.nat(63), (evidence, mask) => {
      const items = evidence.map((rows, at) =>
        planItem(`i${at}`, { gain: rows.filter(isError).length / (at + 1) }),
      )
      const plan = madePlan(items, overlapsOf(evidence, isError))
      const picked = new Set([...items.keys()].filter((at) => (mask >> at) & 1))
      const own = pickedPlan(plan, picked)
      expect(togetherGain(own, new Set(own.items.keys()))).toBeCloseTo(
        togetherGain(plan, picked),
        9,
      )
    }),
  )
})

test('a hope for part of the errors counts with its part', () => {
  // Rows 0 to 9 are errors. The first item fixes rows 0 to 3 of 100; the second hopes for half of 2 to 9.
  const overlaps = overlapsOf(
    [
      [0, 1, 2, 3],
      [2, 3, 4, 5, 6, 7, 8, 9],
    ],
    () => true,
  )
  const items = [{ gain: 4 }, { gain: 4 }]
  expect(togetherGain({ items, overlaps }, new Set([1]))).toBe(4)
  expect(togetherGain({ items, overlaps }, new Set([0, 1]))).toBe(4 + 6 * 0.5)
})

test('rows are counted by set of items, each row once, errors alone', () => {
  expect(overlapsOf([[1, 2, 2], null, [2, 4, 3]], isError)).toEqual([
    [1, [0]],
    [1, [0, 2]],
    [1, [2]],
  ])
  expect(overlapsOf([[1, 2, 3], [2], null], (row) => row === 3)).toEqual([[1, [0]]])
})

test('an item without error rows counts as it is', () => {
  const items = [{ gain: 0.4 }, { gain: 0 }]
  expect(togetherGain({ items, overlaps: [] }, new Set([0, 1]))).toBe(0.4)
})
