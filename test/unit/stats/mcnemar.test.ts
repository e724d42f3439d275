import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import { SIGNIFICANCE } from '../../../lib/core/significance.ts'
import { FEWEST_TELLING_ROWS, mcnemarExact, signFlipExact } from '../../../lib/stats/mcnemar.ts'

/** fixed, broken, then scipy.stats.binomtest(fixed, fixed + broken, 0.5).pvalue. */
const scipy = [
  [50, 16, 3.328235017032062e-5],
  [19, 13, 0.37708558747544885],
  [207, 203, 0.8822402672255646],
  [205, 94, 1.2337968116729284e-10],
  [6, 0, 0.03125],
  [5, 0, 0.0625],
  [1, 0, 1],
  [3, 1000, 3.923720417925807e-294],
  [500_000, 498_000, 0.04539211989150193],
  [1_000_000, 997_000, 0.033820459839196446],
  [1_000_000, 999_999, 1],
] as const

test.each(scipy)('%i fixed and %i broken have the p of scipy', (fixed, broken, p) => {
  expect(Math.abs(mcnemarExact(fixed, broken) / p - 1)).toBeLessThan(1e-8)
})

test('no changed row is no evidence', () => {
  expect(mcnemarExact(0, 0)).toBe(1)
})

test('fixed and broken can change places', () => {
  const count = fc.integer({ min: 0, max: 1_000_000 })
  fc.assert(
    fc.property(count, count, (a, b) => {
      expect(mcnemarExact(a, b)).toBe(mcnemarExact(b, a))
      expect(mcnemarExact(a, b)).toBeGreaterThanOrEqual(0)
      expect(mcnemarExact(a, b)).toBeLessThanOrEqual(1)
    }),
  )
})

test('one row fewer than the fewest telling rows can never be significant', () => {
  expect(mcnemarExact(FEWEST_TELLING_ROWS, 0)).toBeLessThan(SIGNIFICANCE.evidence)
  expect(mcnemarExact(FEWEST_TELLING_ROWS - 1, 0)).toBeGreaterThanOrEqual(SIGNIFICANCE.evidence)
})

/** Sums of clusters, then scipy.stats.permutation_test of their signs, all of them. */
const permuted = [
  [[3, 1, 1, 1, -1], 0.3125],
  [[2, 2, -1, 1, 1, 1, 1, 3], 0.046875],
  [[5, -5, 1], 1],
  [[4, 4, 4, -4, 1, 0, 2, 2, 2, -1], 0.14453125],
  [[12, 1, 1, 1, 1, 1], 0.03125],
  [[1, 1, 1, 1, 1, 1, 1, 1, 1, -1], 0.021484375],
  [[7, -3, 2, -2, 5, 1, 1, 1, -1, 3, 3, -4], 0.31005859375],
] as const

test.each(permuted)('clusters of %j have the p of scipy', (turned, p) => {
  expect(signFlipExact(turned)).toBeCloseTo(p, 12)
})

test('clusters of one row give what rows give, and whole clusters count once', () => {
  const count = fc.integer({ min: 0, max: 400 })
  fc.assert(
    fc.property(count, count, fc.integer({ min: 1, max: 9 }), (fixed, broken, size) => {
      const turned = [...Array(fixed).fill(size), ...Array(broken).fill(-size)]
      expect(signFlipExact(turned)).toBeCloseTo(mcnemarExact(fixed, broken), 12)
    }),
  )
})

test('many clusters, beyond what is exact, are as sure as their scatter', () => {
  const turned = Array.from({ length: 40_000 }, (_, at) => (at % 2 ? 1 : -1) * (1 + (at % 3)))
  const shifted = turned.map((size, at) => (at % 97 === 0 ? Math.abs(size) : size))
  // 413 clusters turned right that were even before: about twice 206 × 2, over √(Σ size²) = 432.
  const p = signFlipExact(shifted)
  const sum = shifted.reduce((all, size) => all + size, 0)
  const scale = Math.sqrt(shifted.reduce((all, size) => all + size ** 2, 0))
  const erfc = (z: number) => {
    // Twice the normal tail, by its integral.
    let tail = 0
    for (let x = z; x < z + 12; x += 1e-4) tail += Math.exp(-(x * x) / 2) * 1e-4
    return (2 * tail) / Math.sqrt(2 * Math.PI)
  }
  expect(p / erfc(Math.abs(sum) / scale)).toBeCloseTo(1, 2)
})

test('rows that turn together in bursts seldom pass for a change', () => {
  const random = seededRandom(12)
  let [alone, together] = [0, 0]
  for (let round = 0; round < 400; round++) {
    const turned = Array.from({ length: 30 }, () => (random() < 0.5 ? 5 : -5))
    const fixed = 5 * turned.filter((sum) => sum > 0).length
    if (mcnemarExact(fixed, 150 - fixed) < SIGNIFICANCE.evidence) alone++
    if (signFlipExact(turned) < SIGNIFICANCE.evidence) together++
  }
  expect(alone / 400).toBeGreaterThan(0.3)
  expect(together / 400).toBeLessThan(0.06)
})
