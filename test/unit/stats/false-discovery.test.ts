import fc from 'fast-check'
import { expect, test } from 'vitest'
import { benjaminiHochberg } from '../../../lib/stats/false-discovery.ts'

test('adjusted p values are those of scipy.stats.false_discovery_control', () => {
  const adjusted = benjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.8, 0.04])
  const scipy = [0.03, 0.048, 0.048, 0.03, 0.8, 0.048]
  expect(adjusted).toEqual(scipy.map((p) => expect.closeTo(p, 12)))
  expect(benjaminiHochberg([])).toEqual([])
  expect(benjaminiHochberg([0.03])).toEqual([0.03])
})

test('tests whose p is 1 count, though they are not listed', () => {
  // As benjaminiHochberg([0.01, 0.04, 1, 1]): 0.01 × 4 / 1, 0.04 × 4 / 2.
  const adjusted = benjaminiHochberg([0.01, 0.04], 4)
  expect(adjusted).toEqual([0.04, 0.08].map((p) => expect.closeTo(p, 12)))
})

test('an adjusted p is no smaller than its own, and keeps its place among the others', () => {
  const p = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.array(p), (pValues) => {
      const adjusted = benjaminiHochberg(pValues)
      for (const [at, value] of pValues.entries()) {
        expect(adjusted[at]).toBeGreaterThanOrEqual(value * (1 - 1e-12))
        expect(adjusted[at]).toBeLessThanOrEqual(1)
        const larger = pValues.findIndex((other) => other > value)
        if (larger >= 0) expect(adjusted[larger]).toBeGreaterThanOrEqual(adjusted[at]!)
      }
    }),
  )
})
