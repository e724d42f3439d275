import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binEdges, binOf, distanceBins } from '../../../../lib/neighbors/distance/bins.ts'

describe.each(['euclidean', 'cosine'] as const)('bins of distances (%s)', (metric) => {
  const bins = distanceBins(1.4, metric)
  const edges = binEdges(bins)

  it('hold what lies between their edges, whatever float32 can hold', () => {
    expect(edges).toHaveLength(bins.count + 1)
    expect(edges[0]).toBe(0)
    expect(binOf(bins, 0)).toBe(0)
    const wide = fc.float({ min: 0, noNaN: true, noDefaultInfinity: true })
    const usual = fc.float({ min: 0, max: 8, noNaN: true })
    fc.assert(
      fc.property(fc.oneof(wide, usual), (distance) => {
        const bin = binOf(bins, distance)
        expect(edges[bin]).toBeLessThanOrEqual(distance)
        expect(edges[bin + 1]).toBeGreaterThan(distance)
      }),
    )
    for (let bin = 0; bin < bins.count; bin++) {
      expect(edges[bin + 1]!).toBeGreaterThanOrEqual(edges[bin]!)
    }
  })

  it('are a small share of their distance wide where most are, and never a large one', () => {
    // In the middle of a binade: at its start a bin is the same number, of a smaller distance.
    const share = metric === 'cosine' ? 1 / 4096 : 1 / 8192
    for (const distance of [0.06, 0.1, 0.7, 1.4, 1.9, 3.9]) {
      const bin = binOf(bins, distance)
      expect(edges[bin + 1]! / edges[bin]! - 1).toBeLessThanOrEqual(share)
    }
    for (const distance of [1e-18, 1e-9, 1e-5, 40, 1e9, 1e30, 3e38]) {
      const bin = binOf(bins, distance)
      expect(edges[bin + 1]! / edges[bin]! - 1).toBeLessThanOrEqual(1 / 32)
    }
  })

  it('follow what is usual, however small or large that is', () => {
    for (const usual of [1e-30, 1e-18, 1e-6, 3, 1e20, 3e38]) {
      const own = distanceBins(usual, metric)
      const ends = binEdges(own)
      expect(own.count).toBe(bins.count)
      const bin = binOf(own, usual)
      expect(ends[bin]!).toBeLessThanOrEqual(Math.fround(usual))
      expect(ends[bin + 1]!).toBeGreaterThan(Math.fround(usual))
    }
  })

  it('keep numbers of few digits together, whatever float32 does to them', () => {
    for (const distance of [2, 1, 1.5, 0.75, 0.5, 2 ** -10, 0.3125]) {
      const bin = binOf(bins, distance)
      expect(binOf(bins, distance * (1 - 2 ** -15))).toBe(bin)
      expect(binOf(bins, distance * (1 + 2 ** -15))).toBe(bin)
    }
  })
})
