/**
 * The threshold of the equal error rate lies where pairs change sides: it is the distance of a pair, and
 * what is told of it is what a reader counts who applies it.
 */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PairDistances } from '../../../../lib/core/evaluation.ts'
import type { Metric } from '../../../../lib/core/manifest.ts'
import { equalError, rocOf, rocOfDistances } from '../../../../lib/metrics/verification/roc.ts'
import { binEdges, binOf, distanceBins } from '../../../../lib/neighbors/distance/bins.ts'

/** A pair's distance computed in another way is accepted too: so much more is allowed. */
const ROUNDING = 2 ** -40
const COSINE_ROUNDING = 2 ** -48

function pairs(same: readonly number[], other: readonly number[]): PairDistances {
  return { same: Float64Array.from(same).sort(), other: Float64Array.from(other).sort() }
}

/** Shares of the pairs that a reader counts who accepts up to the threshold. */
function countedAt({ same, other }: PairDistances, threshold: number) {
  return {
    far: other.filter((distance) => distance <= threshold).length / other.length,
    frr: same.filter((distance) => distance > threshold).length / same.length,
  }
}

const gap = ({ far, frr }: { far: number; frr: number }) => Math.abs(far - frr)

describe('of pairs that are measured one by one', () => {
  it.each([
    // Up to 3 four of five of one class are accepted, and one of five of two.
    { same: [1, 2, 2.5, 3, 8], other: [2.75, 5, 6, 7, 9], threshold: 3, far: 0.2, frr: 0.2 },
    // Nothing changes from 3 to 1000: the pair's end of the gap, not its middle.
    { same: [1, 2, 3], other: [1000, 1001], threshold: 3, far: 0, frr: 0 },
    // At 2 half of the two of one class; one of three of two classes is nearer to that than none.
    { same: [2, 7], other: [2, 8, 9], threshold: 2, far: 1 / 3, frr: 1 / 2 },
    // A threshold that accepts nothing is none, though FAR 0 and FRR 1 are as near as any.
    { same: [4], other: [4], threshold: 4, far: 1, frr: 0 },
    { same: [0, 0, 5], other: [0, 6, 6], threshold: 0, far: 1 / 3, frr: 1 / 3 },
    { same: [3e-5, 4e-5], other: [3.5e-5, 5e-5], threshold: 3.5e-5, far: 0.5, frr: 0.5 },
  ])('$same and $other: $threshold', ({ same, other, threshold, far, frr }) => {
    const distances = pairs(same, other)
    const found = equalError(rocOfDistances(distances, 'euclidean'))
    expect(found.threshold).toBeGreaterThanOrEqual(threshold)
    expect(found.threshold).toBeLessThanOrEqual(threshold * (1 + 2 * ROUNDING))
    expect(found.far).toBeCloseTo(far, 12)
    expect(1 - found.tar).toBeCloseTo(frr, 12)
    expect(countedAt(distances, found.threshold)).toEqual({
      far: found.far,
      frr: expect.closeTo(1 - found.tar, 12),
    })
  })

  const distance = fc.oneof(
    fc.integer({ min: 0, max: 12 }),
    fc.double({ min: 0, max: 2, noNaN: true }),
    fc.double({ min: 0, max: 1e-9, noNaN: true }),
    fc.double({ min: 1, max: 1 + 1e-9, noNaN: true }),
    // Doubles without another between them.
    fc.integer({ min: 0, max: 9 }).map((steps) => 1 + steps * 2 ** -52),
  )
  const some = fc.array(distance, { minLength: 1, maxLength: 25 })

  it('is where FAR and FRR are as near as at any pair, and what is told of it is so', () => {
    fc.assert(
      fc.property(some, some, fc.constantFrom<Metric>('euclidean', 'cosine'), (a, b, metric) => {
        const distances = pairs(a, b)
        const { threshold, far, tar, rate } = equalError(rocOfDistances(distances, metric))
        const all = [...a, ...b]
        const last = Math.max(...all.filter((one) => one <= threshold))
        const base = metric === 'cosine' ? COSINE_ROUNDING : 0
        expect(threshold - last).toBeLessThanOrEqual(2 * (last * ROUNDING + base))
        const told = { far, frr: 1 - tar }
        const truth = countedAt(distances, threshold)
        expect(truth.far).toBe(told.far)
        expect(truth.frr).toBeCloseTo(told.frr, 12)
        const least = Math.min(...all.map((one) => gap(countedAt(distances, one))))
        expect(gap(told)).toBeCloseTo(least, 12)
        // The two are on either side of the rate at which they meet.
        expect(rate).toBeGreaterThanOrEqual(Math.min(told.far, told.frr) - 1e-12)
        expect(rate).toBeLessThanOrEqual(Math.max(told.far, told.frr) + 1e-12)
      }),
      { numRuns: 400 },
    )
  })
})

describe('of pairs that are counted in bins', () => {
  it.each([1e-5, 1, 1e7])('lies within a bin that holds pairs, of distances about %d', (usual) => {
    const bins = distanceBins(usual, 'euclidean')
    const edges = binEdges(bins)
    const distance = fc.oneof(
      fc.integer({ min: 0, max: 9 }),
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.double({ min: 1, max: 1.001, noNaN: true }),
    )
    const some = fc.array(distance, { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(some, some, (a, b) => {
        const same = new Float64Array(bins.count)
        const other = new Float64Array(bins.count)
        for (const one of a) same[binOf(bins, one * usual)]!++
        for (const one of b) other[binOf(bins, one * usual)]!++
        const { threshold } = equalError(rocOf({ edges, same, other }))
        const holds = [...same.keys()].some(
          (bin) =>
            same[bin]! + other[bin]! > 0 &&
            edges[bin]! <= threshold &&
            threshold <= edges[bin + 1]!,
        )
        expect([threshold, holds]).toEqual([threshold, true])
      }),
      { numRuns: 60 },
    )
  })
})
