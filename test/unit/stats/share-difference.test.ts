/** Shares of rows in clusters: by hand, and how often luck passes for a difference. */

import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import { fisherExact } from '../../../lib/stats/fisher.ts'
import { heldByClusters } from '../../../lib/stats/share-difference.ts'

describe('the difference of two shares', () => {
  it('is as sure with clusters of one row as without, but for Student’s t', () => {
    // 14 of 40 and 24 of 160: 39 and 159 rows, and the normal quantile over Student’s of 39 and 159.
    const holds = Uint8Array.from({ length: 200 }, (_, row) =>
      row < 40 ? Number(row < 14) : Number(row < 40 + 24),
    )
    const all = [...holds.keys()]
    const p = fisherExact(14, 40, 24, 160)
    const held = heldByClusters(p, holds, all.slice(0, 40), all, Int32Array.from(all))
    // ⌊39 × (1.95996 / 2.02269)²⌋ = 36 rows, ⌊159 × (1.95996 / 1.97500)²⌋ = 156.
    expect(held).toBeCloseTo(fisherExact(Math.floor(0.35 * 36), 36, Math.ceil(0.15 * 156), 156), 12)
    expect(held).toBeLessThan(4 * p)
  })

  it('counts a burst once', () => {
    // Eight bursts of five rows on either side.
    const right = [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    const holds = Uint8Array.from({ length: 80 }, (_, row) => right[Math.floor(row / 5)]!)
    const all = [...holds.keys()]
    const bursts = Int32Array.from(all, (row) => Math.floor(row / 5))
    const ones = [...right.keys()]
    const asOne = heldByClusters(0, right, ones.slice(0, 8), ones, Int32Array.from(ones))
    expect(heldByClusters(0, holds, all.slice(0, 40), all, bursts)).toBeCloseTo(asOne, 12)
    expect(asOne).toBeGreaterThan(0.01)
  })

  it('can’t be told of a single burst', () => {
    const bursts = Int32Array.of(4, 4, 4, 1, 2, 3)
    const holds = [1, 1, 1, 0, 0, 0]
    expect(heldByClusters(0.01, holds, [0, 1, 2], [3, 4, 5], bursts)).toBe(1)
  })

  it('seldom takes luck of whole bursts for a difference, and finds a real one', () => {
    const random = seededRandom(14)
    const rounds = 500
    const all = [...Array(480).keys()]
    const bursts = Int32Array.from(all, (row) => row >> 3)
    const draw = (rate: (burst: number) => number) => {
      const wrong = Array.from({ length: 60 }, (_, burst) => Number(random() < rate(burst)))
      const holds = Uint8Array.from(all, (row) => wrong[row >> 3]!)
      const inside = 8 * wrong.slice(0, 20).reduce((sum, one) => sum + one, 0)
      const outside = 8 * wrong.slice(20).reduce((sum, one) => sum + one, 0)
      const rows = fisherExact(inside, 160, outside, 320)
      return { rows, bursts: heldByClusters(rows, holds, all.slice(0, 160), all, bursts) }
    }
    const shareOf = (rate: (burst: number) => number) => {
      const told = Array.from({ length: rounds }, () => draw(rate))
      const under = (kind: 'rows' | 'bursts') =>
        told.filter((one) => one[kind] < 0.05).length / rounds
      return { rows: under('rows'), bursts: under('bursts') }
    }
    const luck = shareOf(() => 0.3)
    expect(luck.rows).toBeGreaterThan(0.3)
    expect(luck.bursts).toBeLessThan(0.06)
    expect(shareOf((burst) => (burst < 20 ? 0.75 : 0.2)).bursts).toBeGreaterThan(0.85)
  })
})

describe('a p that is held by clusters', () => {
  /** Twelve bursts of ten rows; of the first six, three are wrong as a whole, of the others none. */
  const correct = Uint8Array.from({ length: 120 }, (_, row) => (row < 30 ? 0 : 1))
  const all = [...correct.keys()]
  const some = all.slice(0, 60)
  const p = fisherExact(30, 60, 0, 60)

  it('is that of whole bursts where rows are wrong together', () => {
    expect(p).toBeLessThan(1e-9)
    const bursts = Int32Array.from(all, (row) => Math.floor(row / 10))
    expect(heldByClusters(p, correct, some, all, bursts)).toBeGreaterThan(0.05)
  })

  it('stays where rows count by themselves, or where it is likely anyway', () => {
    const rows = Int32Array.from(all)
    expect(heldByClusters(p, correct, some, all, null)).toBe(p)
    expect(heldByClusters(p, correct, some, all, rows)).toBeLessThan(1e-6)
    expect(heldByClusters(1, correct, some, all, rows)).toBe(1)
  })
})
