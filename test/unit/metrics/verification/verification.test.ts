/** Thresholds, histogram and worst parts of verification, from pairs that are counted by hand. */

import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../lib/core/random.ts'
import type { Column } from '../../../../lib/core/table.ts'
import type { MetricInput } from '../../../../lib/metrics/metric.ts'
import { rowFigures } from '../../../../lib/metrics/row-figures.ts'
import { verification } from '../../../../lib/metrics/verification/figures.ts'
import { pairsWithin } from '../../../../lib/metrics/verification/pair-sample.ts'
import { worstClasses, worstSlices } from '../../../../lib/metrics/verification/parts.ts'
import { verify } from '../../../../lib/metrics/verification/verification.ts'
import { bruteNeighborhood, datasetOf, type Points } from '../../../brute-neighborhood.ts'

function inputOf(points: Points, metadata: readonly Column[] = []): MetricInput {
  const dataset = { ...datasetOf(points), metadata }
  const neighborhood = bruteNeighborhood(dataset, 'euclidean')
  const rows = rowFigures(dataset, neighborhood)
  return {
    dataset,
    neighborhood,
    rows,
    random: seededRandom,
  } as Partial<MetricInput> as MetricInput
}

/** Pairs at 0 to 119, ten in each step: of one class up to 60, of two classes from there on. */
function counted(far: Readonly<Record<number, number>> = {}, times = 1): MetricInput {
  const edges = Float64Array.from({ length: 501 }, (_, bin) => bin)
  const same = Float64Array.from({ length: 500 }, (_, bin) => (bin < 60 ? 10 * times : 0))
  const other = Float64Array.from({ length: 500 }, (_, bin) =>
    bin >= 60 && bin < 120 ? 10 * times : (far[bin] ?? 0),
  )
  const input = inputOf({ vectors: [[0], [1], [9]], labels: ['a', 'a', 'b'] })
  const [nearest, farthest] = [edges.slice(0, -1), edges.slice(1)]
  const pairHistogram = { edges, same, other, nearest, farthest }
  return {
    ...input,
    neighborhood: { ...input.neighborhood, pairHistogram, pairDistances: null },
  }
}

describe('the histogram of pairs', () => {
  it('has sixty bins from the nearest pair to the farthest, each kind in its own', () => {
    const { histogram } = verify(counted())!
    expect(histogram.edges).toEqual(Array.from({ length: 61 }, (_, edge) => 2 * edge))
    expect(histogram.same).toEqual([...Array(30).fill(20), ...Array(30).fill(0)])
    expect(histogram.other).toEqual([...Array(30).fill(0), ...Array(30).fill(20)])
    expect(histogram.beyond).toEqual({ same: 0, other: 0 })
  })

  it('leaves out the farthest pairs, one in a thousand at most', () => {
    // One of 1,201 pairs is less than a thousandth, two of 1,202 are more.
    const one = verify(counted({ 499: 1 }))!.histogram
    expect([one.edges.at(-1), one.beyond]).toEqual([120, { same: 0, other: 1 }])
    const two = verify(counted({ 499: 1, 400: 1 }))!.histogram
    expect([two.edges.at(-1), two.beyond]).toEqual([401, { same: 0, other: 1 }])
  })
})

describe('the curve', () => {
  it('goes from one false accept to all in even steps of its logarithm', () => {
    const { roc } = verify(counted())!
    expect(roc).toHaveLength(101)
    expect(roc[0]![0]).toBeCloseTo(1 / 600, 12)
    expect(roc[50]![0]).toBeCloseTo(Math.sqrt(1 / 600), 12)
    expect(roc[100]![0]).toBe(1)
  })
})

describe('a threshold at a false accept rate', () => {
  it('is held to be sure from thirty false accepts on', () => {
    // 3,000 and 2,400 pairs of two classes: 30 and 24 of them are accepted.
    const sure = verify(counted({}, 5))!
    expect(sure.operatingPoints[0]).toMatchObject({ falseAccepts: 30, resolved: true, tar: 1 })
    const unsure = verify(counted({}, 4))!
    expect(unsure.operatingPoints[0]).toMatchObject({ falseAccepts: 24, resolved: false })
    // The threshold of the worst parts is that one, or else where the two errors are equal.
    expect(sure.worst).toMatchObject({ threshold: 60.6, far: 0.01, frr: 0 })
    expect(unsure.worst).toMatchObject({ threshold: 60, far: 0, frr: 0 })
  })

  it('rejects the share of the pairs of one class that lie beyond it', () => {
    // Of two classes 60 pairs lie at 30 to 40: the first 30 of 3,060 are passed at 35.1.
    const input = counted(
      Object.fromEntries(Array.from({ length: 10 }, (_, at) => [30 + at, 6])),
      5,
    )
    const { operatingPoints, worst } = verify(input)!
    expect(operatingPoints[0]).toMatchObject({ threshold: expect.closeTo(35.1, 9) })
    expect(operatingPoints[0]!.frr).toBeCloseTo(24.9 / 60, 9)
    expect(worst.frr).toBeCloseTo(24.9 / 60, 9)
  })

  it('says what it accepts for sure where pairs are counted in bins', () => {
    const input = counted(
      Object.fromEntries(Array.from({ length: 10 }, (_, at) => [30 + at, 6])),
      5,
    )
    // At 35.1 the pairs from 35 to 36 may be accepted or not: 6 of two classes and 50 of one.
    const bounds = {
      far: [30 / 3060, 36 / 3060],
      tar: [1750 / 3000, 1800 / 3000],
    }
    const { operatingPoints, worst, roc, rocBounds, equalError } = verify(input)!
    expect(operatingPoints[0]!.bounds).toEqual(bounds)
    expect(worst.bounds).toEqual(bounds)
    expect(rocBounds).toHaveLength(roc.length)
    expect(equalError.bounds!.tar[0]).toBeLessThanOrEqual(1 - equalError.frr!)
    // No threshold, no bounds; and none where every pair is measured.
    expect(verify(counted())!.operatingPoints[2]).not.toHaveProperty('bounds')
    const measured = verify(inputOf(lines))!
    expect(measured).not.toHaveProperty('rocBounds')
    expect(measured.worst).not.toHaveProperty('bounds')
    expect(measured.equalError).not.toHaveProperty('bounds')
    expect(measured.operatingPoints[0]).not.toHaveProperty('bounds')
  })

  it('takes as many pairs as give one false accept', () => {
    const figure = verification.find(({ id }) => id === 'verification_tar_at_far_0_01')!
    const of = (others: number) => {
      const input = counted()
      const other = new Float64Array(500)
      for (let pair = 0; pair < others; pair++) other[80 + (pair % 400)]!++
      const pairHistogram = { ...input.neighborhood.pairHistogram, other }
      return figure.compute({ ...input, neighborhood: { ...input.neighborhood, pairHistogram } })
    }
    expect(of(99)).toMatchObject({ value: Number.NaN, note: expect.stringContaining('100 pairs') })
    expect(of(100)).toMatchObject({ value: 1, note: expect.stringContaining('1 false accepts') })
    expect(of(3200).note).not.toContain('false accepts')
  })
})

/** Five rows ten apart, five rows one apart near the last of those, four rows far away. */
const lines = {
  vectors: [0, 10, 20, 30, 40, 55, 56, 57, 58, 59, 1000, 1001, 1002, 1003].map((x) => [x]),
  labels: [...Array(5).fill('wide'), ...Array(5).fill('tight'), ...Array(4).fill('few')],
}

describe('the classes that verify worst', () => {
  it('are those of which the most pairs are rejected, of ten pairs or more', () => {
    // Of wide three pairs lie beyond 20, not those at 20; 40 lies within 20 of all five of tight.
    // A pair is in two rows: p is of fewer pairs than ten (see pair-share), of two parts twice that.
    expect(worstClasses(inputOf(lines), { threshold: 20, frr: 0.1 })).toMatchObject([
      {
        value: 'wide',
        samePairs: 10,
        otherPairs: 45,
        sampled: false,
        frr: 0.3,
        far: 5 / 45,
        adjustedP: expect.closeTo(0.345271498901356, 9),
      },
      { value: 'tight', samePairs: 10, otherPairs: 45, frr: 0, far: 5 / 45, adjustedP: 1 },
    ])
  })

  it('count a query and a row of the gallery as a pair, and no other two', () => {
    const vectors = Array.from({ length: 20 }, (_, row) => [row < 10 ? row : 100 + row])
    const labels = vectors.map((_, row) => (row < 10 ? 'a' : 'b'))
    const queries = labels.map((_, row) => row % 2 === 0)
    const found = worstClasses(inputOf({ vectors, labels, queries }), { threshold: 50, frr: 0 })
    // Five queries and five rows of the gallery of either class.
    expect(found).toMatchObject([
      { samePairs: 25, otherPairs: 50, frr: 0, far: 0 },
      { samePairs: 25, otherPairs: 50, frr: 0, far: 0 },
    ])
  })

  it('are told of slices too, each pair once', () => {
    const by = (value: (row: number) => string) => {
      const site = {
        name: 'site',
        type: 'text' as const,
        values: lines.labels.map((_, row) => value(row)),
      }
      return worstSlices(inputOf(lines, [site]), { threshold: 20, frr: 0.1 })
    }
    expect(by((row) => (row < 10 ? 'near' : 'far'))).toMatchObject([
      { column: 'site', value: 'near', samePairs: 20, otherPairs: 25, frr: 3 / 20, far: 5 / 25 },
    ])
    // Five pairs of one class at either site: too few.
    expect(by((row) => (row % 2 === 0 ? 'even' : 'odd'))).toEqual([])
  })
})

it('pairs that are drawn are drawn evenly', () => {
  // One row of 70 lies apart: 69 of the 2,415 pairs have it.
  const vectors = Array.from({ length: 70 }, (_, row) => [row === 69 ? 100 : row / 100])
  const dataset = datasetOf({ vectors, labels: vectors.map(() => 'a') })
  const random = seededRandom(4)
  let apart = 0
  for (let round = 0; round < 40; round++) {
    const blocks = [Int32Array.from(vectors.keys())]
    const { distances, sampled } = pairsWithin(dataset, 'euclidean', blocks, 1000, random)
    expect([sampled, distances.length]).toEqual([true, 1000])
    apart += distances.filter((distance) => distance > 50).length
  }
  // 1,143 of 40,000, with a standard deviation of 33.
  expect(Math.abs(apart - 40_000 / 35)).toBeLessThan(150)
})
