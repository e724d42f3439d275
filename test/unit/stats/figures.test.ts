import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import { lowScoreAuc } from '../../../lib/stats/auc.ts'
import {
  bootstrapIntervals,
  quantileOfSorted,
  wilsonInterval,
} from '../../../lib/stats/interval.ts'
import {
  gini,
  mean,
  median,
  scaledMad,
  skewness,
  sortedNumbers,
  weightedMean,
  weightedMedian,
} from '../../../lib/stats/summary.ts'

/** Made by test/oracles/stats.py with numpy, scipy and scikit-learn. */
const expected = JSON.parse(
  readFileSync(new URL('../../oracles/stats.json', import.meta.url), 'utf8'),
)

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

  it('by the bootstrap cover what the normal approximation covers', () => {
    const random = seededRandom(3)
    const values = Float64Array.from({ length: 2000 }, () => random())
    const [interval] = bootstrapIntervals([weightedMean(values)], values.length, seededRandom(1))
    // Mean of uniform numbers: standard error 1 / sqrt(12 n).
    const half = 1.96 / Math.sqrt(12 * 2000)
    expect(interval![0]).toBeCloseTo(mean(values) - half, 2)
    expect(interval![1]).toBeCloseTo(mean(values) + half, 2)
    expect(interval![1] - interval![0]).toBeGreaterThan(1.8 * half)
  })

  it('by the bootstrap are the same for the same seed, and leave out rows without a value', () => {
    const values = Float64Array.from([1, 2, 3, Number.NaN, 5])
    const draw = () =>
      bootstrapIntervals([weightedMean(values), weightedMedian(values)], 5, seededRandom(9))
    expect(draw()).toEqual(draw())
    expect(draw()[1]![1]).toBeLessThanOrEqual(5)
  })

  it('are missing where most resamples can’t be computed', () => {
    const values = new Float64Array(50).fill(Number.NaN)
    values[0] = 1
    expect(bootstrapIntervals([weightedMean(values)], 50, seededRandom(1))).toEqual([null])
  })
})

describe('ROC AUC of low scores', () => {
  it.each<{ scores: number[]; errors: number[]; auc: number }>(expected.auc)(
    'is scikit-learn’s, ties included ($auc)',
    ({ scores, errors, auc }) => {
      const statistic = lowScoreAuc(Float64Array.from(scores), Uint8Array.from(errors))
      expect(statistic(new Float64Array(scores.length).fill(1))).toBeCloseTo(auc, 12)
      // Every row twice changes nothing.
      expect(statistic(new Float64Array(scores.length).fill(2))).toBeCloseTo(auc, 12)
    },
  )

  it('needs both kinds of rows', () => {
    expect(lowScoreAuc(Float64Array.of(1, 2), Uint8Array.of(1, 1))(Float64Array.of(1, 1))).toBeNaN()
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

  it('leave NaN out', () => {
    expect(mean([1, Number.NaN, 3])).toBe(2)
    expect(median([Number.NaN, 4])).toBe(4)
    expect(mean([])).toBeNaN()
  })
})
