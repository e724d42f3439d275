/** The range of a figure over the orders of equal distances, against orders of the rows. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { margins } from '../../../lib/metrics/margins/figures.ts'
import { areaEnds } from '../../../lib/metrics/margins/margin-ties.ts'
import type { Measured, MetricInput } from '../../../lib/metrics/metric.ts'
import { retrieval } from '../../../lib/metrics/retrieval/retrieval.ts'
import { rowFigures } from '../../../lib/metrics/row-figures.ts'
import { lowScoreAuc } from '../../../lib/stats/auc.ts'
import { bruteNeighborhood, datasetOf, type Points } from '../../brute-neighborhood.ts'

function inputOf(points: Points, k = 20): MetricInput {
  const dataset = datasetOf(points)
  const neighborhood = bruteNeighborhood(dataset, 'euclidean', k)
  // These families read no more of it.
  return {
    dataset,
    neighborhood,
    rows: rowFigures(dataset, neighborhood),
    manifest: parseManifest('', 'nearmiss.yaml'),
    clusters: null,
    clustersWithin: null,
    random: seededRandom,
  } as Partial<MetricInput> as MetricInput
}

const MOVED = margins.filter(({ id }) => id.endsWith('error_auc'))
const figuresOf = (points: Points, k?: number): Record<string, Measured> => {
  const input = inputOf(points, k)
  return Object.fromEntries([...retrieval, ...MOVED].map(({ id, compute }) => [id, compute(input)]))
}

/** Whole numbers in a small cube: codes of few bits. */
function codes(rows: number, classes: number, seed: number): Points {
  const random = seededRandom(seed)
  const labels = Array.from({ length: rows }, () => Math.floor(random() * classes))
  return {
    vectors: labels.map((label) =>
      [0, 1, 2].map((d) => Math.floor(random() * 3) + ((label >> d) & 1)),
    ),
    labels: labels.map((label) => `c${label}`),
  }
}

function shuffled({ vectors, labels }: Points, seed: number): Points {
  const random = seededRandom(seed)
  const order = [...labels.keys()]
    .map((row) => ({ row, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row)
  return { vectors: order.map((row) => vectors[row]!), labels: order.map((row) => labels[row]!) }
}

describe('where many distances are equal', () => {
  it('every order gives a value in the range, and the interval holds all of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 60 }),
        fc.integer({ min: 2, max: 6 }),
        fc.nat(),
        fc.integer({ min: 3, max: 20 }),
        (rows, classes, seed, k) => {
          const points = codes(rows, classes, seed)
          const figures = figuresOf(points, k)
          for (let order = 0; order < 6; order++) {
            for (const [id, other] of Object.entries(figuresOf(shuffled(points, order), k))) {
              const { value, ties, interval } = figures[id]!
              if (Number.isNaN(value) || Number.isNaN(other.value)) continue
              const [low, high] = ties ?? [value, value]
              expect(other.value, id).toBeGreaterThanOrEqual(low - 1e-12)
              expect(other.value, id).toBeLessThanOrEqual(high + 1e-12)
              if (!interval) continue
              expect(interval[0], id).toBeLessThanOrEqual(low + 1e-12)
              expect(interval[1], id).toBeGreaterThanOrEqual(high - 1e-12)
            }
          }
        },
      ),
      { numRuns: 12 },
    )
  })

  it('the ends are reached where the rows of one class come first, and last', () => {
    // Of a, one row at the centre finds; those at 1 away stand for its mates and for others.
    const around = [[1, 0], [-1, 0], [0, 1], [0, -1]] // biome-ignore format: a cross
    const labels = ['a', 'b', 'c', 'd']
    const cross = (order: readonly number[]): Points => ({
      vectors: [[0, 0], ...order.map((at) => around[at]!)],
      labels: ['a', ...order.map((at) => labels[at]!)],
    })
    const first = figuresOf(cross([0, 1, 2, 3])).nearest_neighbor_accuracy_with_match!
    const last = figuresOf(cross([3, 2, 1, 0])).nearest_neighbor_accuracy_with_match!
    // The mate's own nearest is the centre alone.
    expect(first.value).toBe(1)
    expect(last.value).toBe(0.5)
    expect(first.ties).toEqual([0.5, 1])
    expect(last.ties).toEqual([0.5, 1])
  })
})

it('no figure has a range where all distances differ', () => {
  const random = seededRandom(4)
  const labels = Array.from({ length: 40 }, (_, row) => `c${row % 4}`)
  const vectors = labels.map(() => [random(), random(), random()])
  for (const [id, { ties }] of Object.entries(figuresOf({ vectors, labels }))) {
    expect(ties, id).toBeUndefined()
  }
})

it('the area under a margin’s curve is least and most over all choices of errors', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          margin: fc.constantFrom(0, 0, 0, 0.5, 1, 2, Number.NaN),
          error: fc.boolean(),
          open: fc.boolean(),
        }),
        { minLength: 2, maxLength: 9 },
      ),
      (rows) => {
        const margins = Float64Array.from(rows, ({ margin }) => margin)
        const errors = Uint8Array.from(rows, ({ error }) => Number(error))
        const isOpen = (row: number) => rows[row]!.open && margins[row] === 0
        const open = [...rows.keys()].filter(isOpen)
        let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
        for (let choice = 0; choice < 2 ** open.length; choice++) {
          const made = errors.slice()
          for (const [bit, row] of open.entries()) made[row] = (choice >> bit) & 1
          const area = lowScoreAuc(margins, made)
          if (area === null) continue
          least = Math.min(least, area.value)
          most = Math.max(most, area.value)
        }
        const ends = areaEnds(margins, errors, isOpen)
        if (open.length === 0 || !Number.isFinite(least)) {
          expect(ends).toBeNull()
          return
        }
        expect(ends!.least.area).toBeCloseTo(least, 12)
        expect(ends!.most.area).toBeCloseTo(most, 12)
      },
    ),
    { numRuns: 300 },
  )
})
