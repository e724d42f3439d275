import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  binomialAtLeast,
  binomialAtMost,
  binomialProbability,
  binomialSumAtLeast,
} from '../../../lib/stats/binomial.ts'

/** k, n, p, then scipy.stats.binom: pmf(k), cdf(k), sf(k − 1). */
const scipy = [
  [0, 10, 0.3, 0.0282475249, 0.028247524900000005, 1],
  [3, 10, 0.3, 0.2668279319999998, 0.6496107184000002, 0.6172172136000003],
  [10, 10, 0.3, 5.9048999999999975e-6, 1, 5.9048999999999975e-6],
  [7, 13, 0.1, 9.119527560000005e-5, 0.9999919097892, 9.928548640000001e-5],
  [500, 1000, 0.5, 0.025225018178360804, 0.5126125090891802, 0.5126125090891802],
  [17, 2000, 0.01, 0.07610596970109994, 0.2958824570172188, 0.7802235126838797],
  [40, 2000, 0.01, 2.535333699254075e-5, 0.9999772380198402, 4.811531715232038e-5],
  [1000200, 2000000, 0.5, 0.0005420673364908097, 0.6116222970142614, 0.38891977032221153],
] as const

const close = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-10 * expected)

test.each(scipy)('%i of %i trials at %d is as likely as scipy says', (k, n, p, pmf, cdf, sf) => {
  close(binomialProbability(k, n, p), pmf)
  close(binomialAtMost(k, n, p), cdf)
  close(binomialAtLeast(k, n, p), sf)
})

test('a certain or impossible event leaves nothing to chance', () => {
  expect(binomialProbability(0, 5, 0)).toBe(1)
  expect(binomialProbability(5, 5, 1)).toBe(1)
  expect(binomialProbability(4, 5, 1)).toBe(0)
  expect(binomialProbability(6, 5, 0.5)).toBe(0)
  expect(binomialAtMost(-1, 5, 0.5)).toBe(0)
  expect(binomialAtMost(4, 5, 1)).toBe(0)
  expect(binomialAtLeast(1, 5, 0)).toBe(0)
  expect(binomialAtLeast(0, 0, 0.5)).toBe(1)
})

test('the probabilities of all outcomes sum to 1', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (n, p) => {
        let sum = 0
        for (let k = 0; k <= n; k++) sum += binomialProbability(k, n, p)
        expect(sum).toBeCloseTo(1, 10)
      },
    ),
  )
})

test('at most k and at least k + 1 are opposites', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (n, p, share) => {
        const k = Math.floor(share * n)
        expect(binomialAtMost(k, n, p) + binomialAtLeast(k + 1, n, p)).toBeCloseTo(1, 9)
      },
    ),
  )
})

test('two kinds of trials together have the tail of their convolution', () => {
  // numpy.convolve of scipy's two pmf, summed from k up.
  close(binomialSumAtLeast(13, [9, 0.1115], [12, 0.1137]), 4.0076922476041004e-8)
  close(binomialSumAtLeast(5, [4, 0.5], [6, 0.2]), 0.1736960000000001)
  close(binomialSumAtLeast(1, [3, 0.01], [2, 0.02]), 0.06812484040000001)
})

test('two kinds of trials with one probability are one kind', () => {
  close(binomialSumAtLeast(6, [7, 0.3], [5, 0.3]), binomialAtLeast(6, 12, 0.3))
  expect(binomialSumAtLeast(12, [7, 1], [5, 1])).toBe(1)
  expect(binomialSumAtLeast(0, [7, 0.1], [5, 0.1])).toBe(1)
})
