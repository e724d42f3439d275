/** Intervals of numbers that come in clusters, such as the rows of a burst or patient. */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import { lowScoreAuc } from '../../../lib/stats/auc.ts'
import { meanInterval, medianInterval, shareInterval } from '../../../lib/stats/interval.ts'
import { tCritical, tUpperTail } from '../../../lib/stats/t-distribution.ts'

type Range = [number, number]

/** Made by test/oracles/stats.py with scipy: whole clusters are redrawn, corrected for bias (BCa). */
const expected: {
  t: { freedom: number; critical: number }[]
  clustered: {
    clusters: number[]
    scores: number[]
    right: number[]
    mean: Range
    share: Range
    auc: Range
    median: Range
  }[]
} = JSON.parse(readFileSync(new URL('../../oracles/stats.json', import.meta.url), 'utf8'))

it.each(expected.t)('Student’s t is scipy’s at $freedom degrees of freedom', (sample) => {
  expect(tCritical(sample.freedom)).toBeCloseTo(sample.critical, 9)
})

/** How far two intervals are apart, in widths of the second. */
function apart(found: Range | null, [low, high]: Range): number {
  return Math.max(Math.abs(found![0] - low), Math.abs(found![1] - high)) / (high - low)
}

describe.each(expected.clustered)('$clusters.length numbers in clusters', (sample) => {
  const clusters = Int32Array.from(sample.clusters)
  const scores = Float64Array.from(sample.scores)
  const right = Float64Array.from(sample.right)
  const errors = Uint8Array.from(sample.right, (one) => 1 - one)
  const auc = (of: Int32Array | null) => lowScoreAuc(scores, errors, of)!.interval

  it('have the intervals that redrawing whole clusters gives', () => {
    expect(apart(meanInterval(scores, clusters), sample.mean)).toBeLessThan(0.08)
    expect(apart(shareInterval(right, clusters), sample.share)).toBeLessThan(0.05)
    expect(apart(auc(clusters), sample.auc)).toBeLessThan(0.12)
    expect(apart(medianInterval(scores, clusters), sample.median)).toBeLessThan(0.15)
  })

  it('have far narrower ones if each is taken for itself', () => {
    expect(apart(meanInterval(scores), sample.mean)).toBeGreaterThan(0.15)
    expect(apart(shareInterval(right, null), sample.share)).toBeGreaterThan(0.15)
    expect(apart(auc(null), sample.auc)).toBeGreaterThan(0.15)
    expect(apart(medianInterval(scores), sample.median)).toBeGreaterThan(0.15)
  })
})

it('the upper tail of Student’s t is scipy’s', () => {
  // scipy.stats.t.sf(3, 4), (4.5, 29), (-1, 7).
  expect(tUpperTail(3, 4)).toBeCloseTo(0.01997098, 8)
  expect(tUpperTail(4.5, 29)).toBeCloseTo(5.0767444e-5, 10)
  expect(tUpperTail(-1, 7)).toBeCloseTo(0.8246916685, 8)
})

describe('clusters', () => {
  const random = seededRandom(9)
  const values = Float64Array.from({ length: 300 }, () => random() ** 3)
  const passed = values.map((value) => Number(value > 0.1))
  const alone = Int32Array.from(values.keys())
  const tripled = <T extends Float64Array | Uint8Array>(all: T): T =>
    all.map((_, at) => all[at % 300]!) as T
  const clusters = Int32Array.from({ length: 900 }, (_, at) => at % 300)
  const times3 = (all: Float64Array) => tripled(Float64Array.of(...all, ...all, ...all))

  it('of one number each change nothing but for Student’s t', () => {
    expect(apart(meanInterval(values, alone), meanInterval(values)!)).toBeLessThan(0.003)
    expect(apart(shareInterval(passed, alone), shareInterval(passed, null)!)).toBeLessThan(0.003)
    const [errors, score] = [Uint8Array.from(passed, (one) => 1 - one), tripled(values)]
    score[3] = 2
    const by = (of: Int32Array | null) =>
      lowScoreAuc(
        score.map((v) => v % 0.3),
        errors,
        of,
      )!.interval
    expect(apart(by(alone), by(null)!)).toBeLessThan(0.02)
  })

  it('of equal numbers tell no more than one of each', () => {
    const close = (found: Range | null, wanted: Range | null) => {
      for (const side of [0, 1] as const) expect(found![side]).toBeCloseTo(wanted![side], 10)
    }
    close(meanInterval(times3(values), clusters), meanInterval(values, alone))
    close(shareInterval(times3(passed), clusters), shareInterval(passed, alone))
    // To the rank: a third of a number is none.
    expect(
      apart(medianInterval(times3(values), clusters), medianInterval(values, alone)!),
    ).toBeLessThan(0.05)
  })

  it('count once each where all are right, and tell nothing where there is one', () => {
    const ones = new Float64Array(40).fill(1)
    const four = Int32Array.from(ones, (_, at) => at % 4)
    const few = shareInterval(ones, four)!
    expect(few[1]).toBe(1)
    // Wilson for 4 of 4 with t at 3 degrees of freedom in place of z: 4 / (4 + t²).
    expect(few[0]).toBeCloseTo(4 / (4 + tCritical(3) ** 2), 12)
    const one = new Int32Array(40)
    expect(shareInterval(ones, one)).toBeNull()
    expect(meanInterval(values.subarray(0, 40), one)).toBeNull()
    expect(medianInterval(values.subarray(0, 40), one)).toBeNull()
  })

  it('leave NaN out', () => {
    const holes = Float64Array.of(...values, Number.NaN, Number.NaN)
    const of = Int32Array.of(...alone, 0, 1000)
    expect(meanInterval(holes, of)).toEqual(meanInterval(values, alone))
    expect(medianInterval(holes, of)).toEqual(medianInterval(values, alone))
  })

  it('hold the truth in about 95 of 100 samples, few as they are', () => {
    const held = { mean: 0, share: 0, median: 0 }
    const samples = 1500
    for (let sample = 0; sample < samples; sample++) {
      const drawn: { value: number; cluster: number }[] = []
      for (let cluster = 0; cluster < 15; cluster++) {
        const shared = random() - 0.5
        for (let at = 0; at < 12; at++) drawn.push({ value: shared + random() - 0.5, cluster })
      }
      const of = Int32Array.from(drawn, ({ cluster }) => cluster)
      const all = Float64Array.from(drawn, ({ value }) => value)
      const holds = (range: Range | null, truth: number) =>
        Number(range![0] <= truth && truth <= range![1])
      held.mean += holds(meanInterval(all, of), 0)
      held.share += holds(
        shareInterval(
          all.map((value) => Number(value > 0)),
          of,
        ),
        0.5,
      )
      held.median += holds(medianInterval(all, of), 0)
    }
    for (const count of Object.values(held)) {
      expect(count / samples).toBeGreaterThan(0.93)
      expect(count / samples).toBeLessThan(0.975)
    }
  })
})
