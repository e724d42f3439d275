import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TotalPart } from '../../../../lib/neighbors/rank/class-totals.ts'
import { classTotals, joinParts } from '../../../../lib/neighbors/rank/class-totals.ts'
import type { JoinPlan } from '../../../../lib/neighbors/types.ts'

const CLASSES = 3

/** Adds rows up, of classes that start where they do, in strips that are cut at multiples of eight. */
function totalsIn(
  sums: readonly Float64Array[],
  classStarts: Int32Array,
  blockRows: number,
  cuts: readonly number[],
): { totals: Map<number, number[]>; mostParts: number } {
  const totals = new Map<number, number[]>()
  const open = new Map<number, TotalPart[]>()
  const edges = [...new Set([0, ...cuts, sums.length])].sort((a, b) => a - b)
  let mostParts = 0
  for (const [at, end] of edges.slice(1).entries()) {
    const work = classTotals({ blockRows, classStarts } as JoinPlan, edges[at]!)
    for (let position = edges[at]!; position < end; position++) {
      const label = classStarts.findLastIndex((start) => start <= position)
      work.add(position, label, sums[position]!)
      if (position + 1 < classStarts[label + 1]!) continue
      const total = work.close()
      if (total !== null) totals.set(label, [...total])
    }
    for (const { label, parts } of work.open()) {
      mostParts = Math.max(mostParts, parts.length)
      open.set(label, [...(open.get(label) ?? []), ...parts])
    }
  }
  for (const [label, parts] of open) totals.set(label, [...joinParts(parts)])
  return { totals, mostParts }
}

describe('totals of classes', () => {
  const made = fc.record({
    // Numbers of many sizes: nearly any other order of adding them gives other bits.
    rows: fc.array(
      fc.tuple(fc.double({ min: 0.1, max: 1, noNaN: true }), fc.integer({ min: -20, max: 20 })),
      {
        minLength: 20,
        maxLength: 400,
      },
    ),
    starts: fc.tuple(fc.nat(), fc.nat()),
    cuts: fc.array(fc.nat(), { maxLength: 5 }),
  })
  const inputOf = ({
    rows,
    starts,
    cuts,
  }: typeof made extends fc.Arbitrary<infer T> ? T : never) => ({
    sums: rows.map(([value, power], at) =>
      Float64Array.from({ length: CLASSES }, (_, c) => value * 2 ** power * (1 + c * at)),
    ),
    classStarts: Int32Array.of(
      0,
      ...starts.map((start) => 1 + (start % (rows.length - 3))).sort((a, b) => a - b),
      rows.length,
    ),
    cuts: cuts.map((cut) => 8 * Math.floor((cut % rows.length) / 8)),
  })

  it.each([8, 1000])('are the same bits in any strips, in blocks of %d', (blockRows) => {
    fc.assert(
      fc.property(made, (drawn) => {
        const { sums, classStarts, cuts } = inputOf(drawn)
        const whole = totalsIn(sums, classStarts, blockRows, [])
        const cut = totalsIn(sums, classStarts, blockRows, cuts)
        for (const [label, total] of whole.totals) {
          expect(cut.totals.get(label)).toEqual(total)
          const ofClass = sums.slice(classStarts[label], classStarts[label + 1])
          const wanted = [0, 1, 2].map((c) => ofClass.reduce((sum, row) => sum + row[c]!, 0))
          for (const [c, value] of total.entries()) {
            if (blockRows === 1000) expect(value).toBe(wanted[c])
            else expect(Math.abs(value / wanted[c]! - 1)).toBeLessThan(1e-13)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('are few parts of a strip, however many its rows', () => {
    const sums = Array.from({ length: 8192 }, (_, at) => Float64Array.of(at, 1, 0))
    const classStarts = Int32Array.of(0, 5, 8000, 8192)
    // 1,024 blocks: on either side of the middle at most one part of each power of two.
    const { mostParts } = totalsIn(sums, classStarts, 8, [8, 7928])
    expect(mostParts).toBeLessThanOrEqual(20)
    expect(mostParts).toBeGreaterThan(10)
  })
})
