/** Shares of rows in clusters: by hand, and how often luck passes for a difference. */

import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import { fUpperTail } from '../../../lib/stats/f-distribution.ts'
import { fisherExact } from '../../../lib/stats/fisher.ts'
import { shareDifferenceP } from '../../../lib/stats/share-difference.ts'

describe('the difference of two shares', () => {
  it('with clusters of one row is the score test of two proportions', () => {
    const holds = Uint8Array.from({ length: 200 }, (_, row) =>
      row < 40 ? Number(row < 14) : Number(row < 40 + 24),
    )
    const side = Int8Array.from(holds, (_, row) => (row < 40 ? 1 : 0))
    const clusters = Int32Array.from(holds.keys())
    // 14 of 40 and 24 of 160 around 38 of 200.
    const scatter = (held: number, rows: number) =>
      (held * 0.81 ** 2 + (rows - held) * 0.19 ** 2) / rows ** 2
    const squared = (14 / 40 - 24 / 160) ** 2 / ((200 / 199) * (scatter(14, 40) + scatter(24, 160)))
    expect(shareDifferenceP(holds, side, clusters)).toBeCloseTo(fUpperTail(squared, 1, 39), 12)
  })

  it('counts a burst once, and leaves out rows that don’t count', () => {
    // Six bursts of five rows on either side, and rows of neither.
    const right = [1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0]
    const burst = (row: number) => Math.floor(row / 5)
    const holds = Uint8Array.from({ length: 80 }, (_, row) => right[burst(row)] ?? 1)
    const side = Int8Array.from(holds, (_, row) => (row < 30 ? 1 : row < 60 ? 0 : -1))
    const byBurst = shareDifferenceP(holds, side, Int32Array.from(holds.keys(), burst))
    const ones = Uint8Array.from(right)
    const sides = Int8Array.from(right, (_, at) => (at < 6 ? 1 : 0))
    const asOne = shareDifferenceP(ones, sides, Int32Array.from(right.keys()))
    expect(byBurst).toBeCloseTo(asOne, 12)
  })

  it('can’t be told of a single burst', () => {
    const side = Int8Array.of(1, 1, 1, 0, 0, 0)
    expect(shareDifferenceP([1, 1, 1, 0, 0, 0], side, Int32Array.of(4, 4, 4, 1, 2, 3))).toBe(1)
    expect(shareDifferenceP([1, 1, 1, 1, 1, 1], side, Int32Array.of(1, 2, 3, 4, 5, 6))).toBe(1)
  })

  it('seldom takes luck of whole bursts for a difference, and finds a real one', () => {
    const random = seededRandom(14)
    const rounds = 500
    const draw = (rate: (burst: number) => number) => {
      const wrong = Array.from({ length: 60 }, (_, burst) => Number(random() < rate(burst)))
      const holds = Uint8Array.from({ length: 480 }, (_, row) => wrong[row >> 3]!)
      const side = Int8Array.from(holds, (_, row) => (row >> 3 < 20 ? 1 : 0))
      const inside = 8 * wrong.slice(0, 20).reduce((sum, one) => sum + one, 0)
      const outside = 8 * wrong.slice(20).reduce((sum, one) => sum + one, 0)
      return {
        rows: fisherExact(inside, 160, outside, 320),
        bursts: shareDifferenceP(
          holds,
          side,
          Int32Array.from(holds, (_, row) => row >> 3),
        ),
      }
    }
    const shareOf = (rate: (burst: number) => number) => {
      const told = Array.from({ length: rounds }, () => draw(rate))
      const under = (kind: 'rows' | 'bursts') =>
        told.filter((one) => one[kind] < 0.05).length / rounds
      return { rows: under('rows'), bursts: under('bursts') }
    }
    const luck = shareOf(() => 0.3)
    expect(luck.rows).toBeGreaterThan(0.3)
    expect(luck.bursts).toBeLessThan(0.07)
    expect(shareOf((burst) => (burst < 20 ? 0.75 : 0.2)).bursts).toBeGreaterThan(0.9)
  })
})
