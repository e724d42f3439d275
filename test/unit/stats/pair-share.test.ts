/** Shares of pairs that share rows: numpy's and scipy's values, and how often such intervals are right. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import { pairShare, pairShareAtLeast, pairShareInterval } from '../../../lib/stats/pair-share.ts'

interface Sample {
  readonly firsts: readonly number[]
  readonly seconds: readonly number[]
  readonly holds: readonly number[]
  readonly rate: number
  readonly share: number
  readonly trials: number
  readonly freedom: number
  readonly interval: readonly [number, number]
  readonly p: number
}

/** Made by test/oracles/pair-share.py. */
const expected: Readonly<Record<string, Sample>> = JSON.parse(
  readFileSync(new URL('../../oracles/pair-share.json', import.meta.url), 'utf8'),
)

it.each(Object.entries(expected))('%s', (_name, sample) => {
  const found = pairShare(
    Uint8Array.from(sample.holds),
    Int32Array.from(sample.firsts),
    Int32Array.from(sample.seconds),
  )
  expect(found.share).toBeCloseTo(sample.share, 12)
  expect(found.trials).toBeCloseTo(sample.trials, 9)
  expect(found.freedom).toBeCloseTo(sample.freedom, 9)
  const [low, high] = pairShareInterval(found)
  expect(low).toBeCloseTo(sample.interval[0], 9)
  expect(high).toBeCloseTo(sample.interval[1], 9)
  expect(pairShareAtLeast(found, sample.rate)).toBeCloseTo(sample.p, 9)
})

it('one row with many others tells nothing of its class', () => {
  const found = pairShare(
    new Uint8Array(20).fill(1),
    new Int32Array(20),
    Int32Array.from({ length: 20 }, (_, row) => row + 1),
  )
  expect(pairShareInterval(found)).toEqual([0, 1])
  expect(pairShareAtLeast(found, 0.01)).toBe(1)
})

it('intervals hold the truth about 95 % of the time, where rows lie off to a different degree', () => {
  // A pair holds where its two rows' numbers sum to more than 1: half of all do.
  const random = seededRandom(3)
  let held = 0
  for (let round = 0; round < 1000; round++) {
    const rows = Float64Array.from({ length: 20 }, random)
    const pairs = Array.from(rows, (_, a) =>
      Array.from({ length: a }, (_, b) => [a, b] as const),
    ).flat()
    const found = pairShare(
      Uint8Array.from(pairs, ([a, b]) => Number(rows[a]! + rows[b]! > 1)),
      Int32Array.from(pairs, ([a]) => a),
      Int32Array.from(pairs, ([, b]) => b),
    )
    const [low, high] = pairShareInterval(found)
    if (low <= 0.5 && high >= 0.5) held++
  }
  expect(held / 1000).toBeGreaterThan(0.93)
  expect(held / 1000).toBeLessThan(0.98)
})
