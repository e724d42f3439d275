import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FEWEST_TELLING_ROWS, mcnemarExact, SIGNIFICANCE } from '../../../lib/stats/mcnemar.ts'

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
  expect(mcnemarExact(FEWEST_TELLING_ROWS, 0)).toBeLessThan(SIGNIFICANCE)
  expect(mcnemarExact(FEWEST_TELLING_ROWS - 1, 0)).toBeGreaterThanOrEqual(SIGNIFICANCE)
})
