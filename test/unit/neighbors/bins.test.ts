import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binEdges, binOf, distanceBins } from '../../../lib/neighbors/bins.ts'

const bins = distanceBins(2.01)
const edges = binEdges(bins)

describe('bins of distances', () => {
  it('hold what lies between their edges, from 0 to the longest', () => {
    expect(edges[0]).toBe(0)
    expect(binOf(bins, 0)).toBe(0)
    expect(binOf(bins, 2.01)).toBe(bins.count - 1)
    fc.assert(
      fc.property(fc.float({ min: 0, max: Math.fround(2.01), noNaN: true }), (distance) => {
        const bin = binOf(bins, distance)
        expect(edges[bin]).toBeLessThanOrEqual(distance)
        expect(edges[bin + 1]).toBeGreaterThan(distance)
      }),
    )
  })

  it('are a fixed share of their distance wide', () => {
    for (let bin = 1; bin < bins.count; bin++) {
      expect(edges[bin + 1]! / edges[bin]!).toBeGreaterThan(1)
      expect(edges[bin + 1]! / edges[bin]!).toBeLessThan(1 + 1 / 2000)
    }
  })

  it('keep numbers of few digits together, whatever float32 does to them', () => {
    for (const distance of [2, 1, 1.5, 0.75, 0.5, 2 ** -10, 0.3125]) {
      const bin = binOf(bins, distance)
      expect(binOf(bins, distance * (1 - 2 ** -14))).toBe(bin)
      expect(binOf(bins, distance * (1 + 2 ** -14))).toBe(bin)
    }
  })
})
