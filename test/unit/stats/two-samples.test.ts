/** Kolmogorov-Smirnov, F and Procrustes against scipy's values. */

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fUpperTail } from '../../../lib/stats/f-distribution.ts'
import { ksP, ksStatistic } from '../../../lib/stats/kolmogorov-smirnov.ts'
import { movedShare, procrustesDisparity } from '../../../lib/stats/procrustes.ts'

const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/between-runs.json', import.meta.url), 'utf8'),
)

describe('Kolmogorov-Smirnov', () => {
  for (const { n, m, a, b, statistic, p } of oracle.kolmogorov) {
    test(`is scipy's for samples of ${n} and ${m}`, () => {
      if (a) expect(ksStatistic(a, b)).toBeCloseTo(statistic, 12)
      const isExact = n * m <= 250_000
      expect(ksP(statistic, n, m)).toBeCloseTo(p, isExact ? 9 : 2)
    })
  }

  test('by hand: 1, 2 and 3, 4 never overlap, as 2 of 6 orders do', () => {
    expect(ksStatistic([1, 2], [3, 4])).toBe(1)
    expect(ksP(1, 2, 2)).toBeCloseTo(2 / 6, 12)
  })

  test('of large samples is near the exact p, which scipy counts', () => {
    // scipy.stats.ks_2samp's exact method for these sizes.
    expect(Math.abs(ksP(0.08, 501, 500) - 0.07547664)).toBeLessThan(0.002)
    expect(Math.abs(ksP(0.08, 1000, 300) - 0.09896276)).toBeLessThan(0.002)
  })

  test('finds nothing between a sample and itself, ties included', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(numbers, (values) => {
        const sorted = [...values].sort((a, b) => a - b)
        expect(ksStatistic(sorted, sorted)).toBe(0)
        expect(ksP(0, sorted.length, sorted.length)).toBe(1)
      }),
    )
  })
})

test('the F distribution’s tail is scipy’s', () => {
  for (const { value, a, b, p } of oracle.f) {
    expect(fUpperTail(value, a, b) / p).toBeCloseTo(1, 9)
  }
  expect(fUpperTail(0, 3, 4)).toBe(1)
})

describe('Procrustes', () => {
  const flat = (points: number[][]) => ({ values: points.flat(), dimensions: points[0]!.length })
  const points = flat(oracle.procrustes.points)

  for (const { name, points: other, disparity } of oracle.procrustes.others) {
    test(`gives scipy's disparity of a ${name} copy`, () => {
      expect(procrustesDisparity(points, flat(other), 12)).toBeCloseTo(disparity, 8)
    })
  }

  test('a moved copy is far from where it was, and fits after the turn', () => {
    const turned = flat(oracle.procrustes.others[0].points)
    expect(movedShare(points, turned, 12)).toBeGreaterThan(1)
    expect(movedShare(points, points, 12)).toBe(0)
  })

  test('more dimensions of zeros change nothing', () => {
    const wide = flat(oracle.procrustes.points.map((point: number[]) => [...point, 0, 0]))
    const noisy = oracle.procrustes.others[1]
    expect(procrustesDisparity(wide, flat(noisy.points), 12)).toBeCloseTo(noisy.disparity, 9)
  })

  test('of points in one place tells nothing', () => {
    const same = { values: new Float64Array(48).fill(2), dimensions: 4 }
    expect(procrustesDisparity(points, same, 12)).toBe(1)
    expect(movedShare(same, same, 12)).toBe(0)
  })
})
