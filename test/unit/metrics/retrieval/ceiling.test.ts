/** What a perfect model reaches: against spaces that are perfect, and worked by hand. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../lib/core/random.ts'
import type { Measured, MetricInput } from '../../../../lib/metrics/metric.ts'
import { retrieval } from '../../../../lib/metrics/retrieval/retrieval.ts'
import { rowFigures } from '../../../../lib/metrics/row-figures.ts'
import { bruteNeighborhood, datasetOf, type Points } from '../../../brute-neighborhood.ts'

function inputOf(points: Points, k = 20): MetricInput {
  const dataset = datasetOf(points)
  const neighborhood = bruteNeighborhood(dataset, 'euclidean', k)
  // This family reads no more of it.
  return {
    dataset,
    neighborhood,
    rows: rowFigures(dataset, neighborhood),
    clusters: null,
    clustersWithin: null,
    random: seededRandom,
  } as Partial<MetricInput> as MetricInput
}

function figuresOf(points: Points, k = 20): Record<string, Measured> {
  const input = inputOf(points, k)
  return Object.fromEntries(retrieval.map(({ id, compute }) => [id, compute(input)]))
}

/** Each class in a clump of its own, far from the others. */
function clumps(sizes: readonly number[], seed: number, extra: Partial<Points> = {}): Points {
  const random = seededRandom(seed)
  const vectors: number[][] = []
  const labels: string[] = []
  for (const [c, size] of sizes.entries()) {
    const centre = [0, 1, 2].map(() => 4096 * random())
    for (let row = 0; row < size; row++) {
      vectors.push(centre.map((place) => place + random() / 64))
      labels.push(`c${c}`)
    }
  }
  return { vectors, labels, ...extra }
}

describe('a perfect space', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 14 })
  const drawn = fc.record({ sizes, seed: fc.nat(), k: fc.integer({ min: 1, max: 20 }) })

  const holds = (figures: Record<string, Measured>) => {
    for (const [id, { value, ceiling }] of Object.entries(figures)) {
      if (!Number.isNaN(value)) expect(value, id).toBeCloseTo(ceiling!, 12)
    }
  }

  it('reaches every ceiling', () => {
    fc.assert(
      fc.property(drawn, ({ sizes, seed, k }) => holds(figuresOf(clumps(sizes, seed), k))),
      { numRuns: 60 },
    )
  })

  it('reaches them with groups, whose rows don’t find each other, and a gallery', () => {
    fc.assert(
      fc.property(drawn, fc.boolean(), fc.boolean(), ({ sizes, seed, k }, grouped, split) => {
        const random = seededRandom(seed + 1)
        const points = clumps(sizes, seed)
        const rows = points.labels.length
        const queries = Array.from({ length: rows }, (_, row) => row % 2 === 0)
        holds(
          figuresOf(
            {
              ...points,
              ...(grouped
                ? { groups: Array.from({ length: rows }, () => Math.floor(random() * 5) - 1) }
                : {}),
              ...(split ? { queries } : {}),
            },
            k,
          ),
        )
      }),
      { numRuns: 60 },
    )
  })
})

it('no space passes its ceiling', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 4, maxLength: 30 }),
      fc.nat(),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(2, 1000),
      (drawn, seed, k, steps) => {
        const random = seededRandom(seed)
        const labels = drawn.map((label) => `c${label}`)
        const vectors = labels.map(() => [0, 1].map(() => Math.floor(random() * steps)))
        for (const [id, { value, ceiling, ties }] of Object.entries(
          figuresOf({ vectors, labels }, k),
        )) {
          if (Number.isNaN(value)) continue
          expect(ties?.[1] ?? value, id).toBeLessThanOrEqual(ceiling! + 1e-12)
        }
      },
    ),
    { numRuns: 100 },
  )
})

describe('the ceiling of the vote of five', () => {
  const vote = (sizes: readonly number[]) => figuresOf(clumps(sizes, 7)).knn_accuracy_5!.ceiling!

  it('is none for rows that are alone in their class', () => {
    expect(vote([1, 1, 1, 1, 1, 1])).toBe(0)
  })

  it('is none where every class has two rows: the next class’s two outvote the one mate', () => {
    expect(vote([2, 2, 2, 2])).toBe(0)
  })

  it('is all for pairs among rows that are alone, whose single votes tie with the mate’s that comes first', () => {
    expect(vote([2, 1, 1, 1, 1, 1, 1])).toBe(2 / 8)
  })

  it('is none for classes of three, which the next three outvote, and all for four', () => {
    expect(vote([3, 3, 3])).toBe(0)
    expect(vote([4, 4, 4])).toBe(1)
  })
})

it('ten matches can’t be found in classes of five', () => {
  const figures = figuresOf(clumps([5, 5, 5, 5, 1], 3))
  expect(figures.precision_at_10!.ceiling).toBeCloseTo(0.4, 12)
  expect(figures.recall_at_10!.ceiling).toBe(1)
  expect(figures.nearest_neighbor_accuracy!.ceiling).toBeCloseTo(20 / 21, 12)
  expect(figuresOf(clumps([25, 25], 3)).recall_at_10!.ceiling).toBeCloseTo(10 / 24, 12)
  // Of three neighbours that are kept no more than three can match.
  expect(figuresOf(clumps([25, 25], 3), 3).precision_at_10!.ceiling).toBeCloseTo(0.3, 12)
})

it('random neighbours find no more than are kept', () => {
  // The mean over all orders of 6 candidates of which 2 are kept and 2 match: 2 · 2/6 matches of 10.
  const labels = ['a', 'a', 'a', 'b', 'b', 'b', 'b'].map((label) => label)
  const vectors = labels.map((_, row) => [row ** 2])
  const { precision_at_10: precision, recall_at_10: recall } = figuresOf({ vectors, labels }, 2)
  // Rows of a have 2 mates, of b 3, among 6 others.
  expect(precision!.chance).toBeCloseTo((3 * ((2 * 2) / 6) + 4 * ((3 * 2) / 6)) / 7 / 10, 12)
  expect(recall!.chance).toBeCloseTo(2 / 6, 12)
})
