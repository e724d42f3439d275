/** The test of two changes against each other, by hand and in closed form. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changeDifference } from '../../../lib/stats/change-difference.ts'

describe('the difference of two changes', () => {
  test('by hand: of 3 rows 2 fixed, of 3 others none', () => {
    // Changes −2/5 and 0; variances (3/5 − 4/25) / 5 = 0.088 and (1/5) / 5 = 0.04, t² = 0.16 / 0.128.
    // Student's t with 2 degrees of freedom: p = 1 − t / √(2 + t²).
    const { difference, p } = changeDifference(
      { rows: 3, fixed: 2, broken: 0 },
      { rows: 3, fixed: 0, broken: 0 },
    )
    expect(difference).toBeCloseTo(-0.4, 12)
    expect(p).toBeCloseTo(1 - Math.sqrt(1.25 / 3.25), 12)
  })

  test('is none where both sets changed alike, however much', () => {
    const { difference, p } = changeDifference(
      { rows: 98, fixed: 40, broken: 2 },
      { rows: 98, fixed: 40, broken: 2 },
    )
    expect({ difference, p }).toEqual({ difference: 0, p: 1 })
  })

  test('is a matter of chance where no row changed in either', () => {
    const { p } = changeDifference(
      { rows: 20, fixed: 0, broken: 0 },
      { rows: 2000, fixed: 0, broken: 0 },
    )
    expect(p).toBe(1)
  })

  test('turns with its sets and with the direction', () => {
    const set = fc
      .tuple(fc.integer({ min: 2, max: 400 }), fc.nat(100), fc.nat(100))
      .filter(([rows, fixed, broken]) => fixed + broken <= rows)
      .map(([rows, fixed, broken]) => ({ rows, fixed, broken }))
    fc.assert(
      fc.property(set, set, (one, other) => {
        const told = changeDifference(one, other)
        const turned = changeDifference(other, one)
        const opposite = (of: typeof one) => ({ ...of, fixed: of.broken, broken: of.fixed })
        expect(turned.difference).toBeCloseTo(-told.difference, 12)
        expect(turned.p).toBeCloseTo(told.p, 12)
        expect(changeDifference(opposite(one), opposite(other)).p).toBeCloseTo(told.p, 12)
      }),
    )
  })
})
