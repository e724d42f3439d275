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

  test('is as unsure as its clusters, where their rows turn together', () => {
    const still = { rows: 200, fixed: 0, broken: 0, clusters: burstsOf(200, 0) }
    const moved = { rows: 100, fixed: 20, broken: 0, clusters: burstsOf(100, 20) }
    const bare = { rows: 100, fixed: 20, broken: 0 }
    const alone = changeDifference(bare, { rows: 200, fixed: 0, broken: 0 })
    const together = changeDifference(moved, still)
    expect(together.difference).toBeCloseTo(alone.difference, 12)
    // 4 of 20 bursts turned: 0.2 ± √(20 / 19 × 20 × (0.8² × 0.2 + 0.2² × 0.8) × 5² / 100²).
    const error = Math.sqrt(((20 / 19) * 20 * (0.64 * 0.2 + 0.04 * 0.8) * 25) / 100 ** 2)
    const others = Math.sqrt((1 / 202 - 0) / 202)
    const score = together.difference / Math.hypot(error, others)
    expect(together.p / studentTail(Math.abs(score), 19)).toBeCloseTo(1, 2)
    expect(together.p).toBeGreaterThan(100 * alone.p)
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

/** Bursts of five rows, of which the first turn as a whole. */
function burstsOf(rows: number, fixed: number) {
  return Array.from({ length: rows / 5 }, (_, at) => ({ rows: 5, turned: 5 * at < fixed ? 5 : 0 }))
}

/** Two-sided, by the integral of the density. */
function studentTail(t: number, freedom: number): number {
  const density = (x: number) => (1 + (x * x) / freedom) ** (-(freedom + 1) / 2)
  const area = (from: number) => {
    let sum = 0
    for (let x = from + 5e-4; x < 200; x += 1e-3) sum += density(x) * 1e-3
    return sum
  }
  return area(t) / area(0)
}
