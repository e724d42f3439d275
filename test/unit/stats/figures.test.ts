/** Intervals, the area under the curve of scores and summaries, against scipy and scikit-learn. */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import { lowScoreAuc } from '../../../lib/stats/auc.ts'
import { meanInterval, medianInterval, wilsonInterval } from '../../../lib/stats/interval.ts'
import {
  gini,
  mean,
  median,
  quantileOfSorted,
  scaledMad,
  skewness,
  sortedNumbers,
} from '../../../lib/stats/summary.ts'

/** Made by test/oracles/stats.py with numpy, scipy and scikit-learn. */
const expected = JSON.parse(
  readFileSync(new URL('../../oracles/stats.json', import.meta.url), 'utf8'),
)

/** Σ p (1 − p)^r / (r + 1) over r from 0, for p = 3/4: −p ln(p) / (1 − p). */
const MEAN_RECIPROCAL = (-0.75 * Math.log(0.75)) / 0.25

/** Failures before a success with probability 3/4. */
function geometric(random: () => number): number {
  return Math.floor(Math.log(1 - random()) / Math.log(0.25))
}

describe('intervals', () => {
  it.each<{ successes: number; trials: number; interval: [number, number] }>(expected.wilson)(
    'are Wilson’s for $successes of $trials',
    ({ successes, trials, interval }) => {
      const [low, high] = wilsonInterval(successes, trials)!
      expect(low).toBeCloseTo(interval[0], 12)
      expect(high).toBeCloseTo(interval[1], 12)
    },
  )

  it('do not exist without trials', () => {
    expect(wilsonInterval(0, 0)).toBeNull()
  })

  it.each<{ name: string; values: number[]; interval: [number, number] }>(expected.means)(
    'of a mean are what a bias-corrected bootstrap tends to ($name)',
    ({ values, interval }) => {
      const [low, high] = meanInterval(Float64Array.from(values))!
      const width = interval[1] - interval[0]
      expect(Math.abs(low - interval[0])).toBeLessThan(0.03 * width)
      expect(Math.abs(high - interval[1])).toBeLessThan(0.03 * width)
    },
  )

  it('of a mean of symmetric numbers are those of the normal distribution, by hand', () => {
    // Squares of 20 over 3 and over 4: 1.9599640 × √(20 / 12).
    const [low, high] = meanInterval(Float64Array.of(-3, -1, 1, 3))!
    expect(low).toBeCloseTo(-2.5303026, 6)
    expect(high).toBeCloseTo(2.5303026, 6)
  })

  it('of a mean leave NaN out, stay within the numbers and are missing for a single one', () => {
    const of = (...values: number[]) => meanInterval(Float64Array.from(values))
    expect(of(1, Number.NaN, 0, 1, 1)).toEqual(of(1, 0, 1, 1))
    expect(of(...new Array(9).fill(1), 0)![1]).toBeLessThanOrEqual(1)
    expect(of(0.5, 0.5, 0.5)).toEqual([0.5, 0.5])
    expect(of(Number.NaN, 3)).toBeNull()
  })

  it('of a mean of skewed numbers hold it in about 95 of 100 samples', () => {
    const random = seededRandom(5)
    let held = 0
    for (let sample = 0; sample < 2000; sample++) {
      const values = Float64Array.from({ length: 200 }, () => 1 / (1 + geometric(random)))
      const [low, high] = meanInterval(values)!
      if (low <= MEAN_RECIPROCAL && MEAN_RECIPROCAL <= high) held++
    }
    expect(held / 2000).toBeGreaterThan(0.935)
    expect(held / 2000).toBeLessThan(0.965)
  })

  it.each<{ values: number[]; interval: [number, number] | null }>(expected.medians)(
    'of a median are scipy’s ($values.length numbers)',
    ({ values, interval }) => {
      expect(medianInterval(Float64Array.from(values))).toEqual(interval)
    },
  )
})

describe('ROC AUC of low scores', () => {
  it.each<{ scores: number[]; errors: number[]; auc: number; interval: number[] | null }>(
    expected.auc,
  )('is scikit-learn’s, ties included, with DeLong’s interval ($auc)', (sample) => {
    const { scores, errors, auc, interval } = sample
    const area = lowScoreAuc(Float64Array.from(scores), Uint8Array.from(errors))!
    expect(area.value).toBeCloseTo(auc, 12)
    if (interval === null) return expect(area.interval).toBeNull()
    expect(area.interval![0]).toBeCloseTo(interval[0]!, 9)
    expect(area.interval![1]).toBeCloseTo(interval[1]!, 9)
  })

  it('needs both kinds of rows, and an error on either side for an interval', () => {
    expect(lowScoreAuc(Float64Array.of(1, 2), Uint8Array.of(1, 1))).toBeNull()
    const apart = lowScoreAuc(Float64Array.of(1, 2, 3, 4), Uint8Array.of(1, 1, 0, 0))
    expect(apart).toEqual({ value: 1, interval: null })
  })
})

describe('summaries', () => {
  it.each<Record<string, number> & { values: number[] }>(expected.samples)(
    'agree with numpy and scipy for $values.length numbers',
    (sample) => {
      const { values } = sample
      expect(mean(values)).toBeCloseTo(sample.mean!, 12)
      expect(median(values)).toBeCloseTo(sample.median!, 12)
      expect(quantileOfSorted(sortedNumbers(values), 0.1)).toBeCloseTo(sample.q10!, 12)
      expect(scaledMad(values)).toBeCloseTo(sample.mad!, 12)
      expect(gini(values)).toBeCloseTo(sample.gini!, 12)
      if (sample.skewness !== null) expect(skewness(values)).toBeCloseTo(sample.skewness!, 10)
    },
  )

  it('count zeros that are not written out', () => {
    expect(gini([1, 11, 2], 3)).toBeCloseTo(gini([1, 11, 2, 0, 0, 0]), 12)
    // By hand: one of four holds all, (n − 1) / n.
    expect(gini([5], 3)).toBeCloseTo(0.75, 12)
    expect(gini([], 3)).toBe(0)
  })

  it('leave NaN out', () => {
    expect(mean([1, Number.NaN, 3])).toBe(2)
    expect(median([Number.NaN, 4])).toBe(4)
    expect(mean([])).toBeNaN()
  })
})
