/** The space's shape against numpy, scipy and scikit-learn, on both backends, and against what must hold. */

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../../../lib/config/manifest.ts'
import type { Metric } from '../../../../lib/core/manifest.ts'
import { seededRandom } from '../../../../lib/core/random.ts'
import type { MetricInput } from '../../../../lib/metrics/metric.ts'
import { hubness, hubs } from '../../../../lib/metrics/structure/hubs.ts'
import { measureSpace } from '../../../../lib/metrics/structure/space.ts'
import { symmetricEigen } from '../../../../lib/stats/symmetric-eigen.ts'
import type { Backend, BackendName } from '../../../../lib/tensor/backend.ts'
import { openBackend } from '../../../../lib/tensor/open-backend.ts'
import { backendProblem } from '../../../backends.ts'
import { evaluateSample } from '../../../evaluate-sample.ts'
import { missing } from '../../../real-part.ts'
import { datasetOf, evaluateRows } from '../tables.ts'

interface Expected {
  readonly vectors?: readonly (readonly number[])[]
  readonly labels?: readonly number[]
  readonly effective_rank: number
  readonly collapsed: readonly number[]
  readonly places: number
  readonly most: number
  readonly [figure: string]: unknown
}

const EXPECTED: Readonly<Record<string, Expected>> = JSON.parse(
  readFileSync(new URL('../../../oracles/structure.json', import.meta.url), 'utf8'),
)
const FIGURES = [
  'silhouette',
  'hubness_skewness_k10',
  'anti_hub_share_k10',
  'hub_share_k10',
  'robin_hood_k10',
  'effective_rank',
  'norm_outlier_share',
  'intrinsic_dimension',
  'intrinsic_dimension_k10',
]
const signal = new AbortController().signal

const labelled = (
  points: readonly (readonly number[])[],
  labels: readonly number[] = points.map((_, row) => row % 2),
) => ({ points, labels: labels.map(String) })

describe.each<BackendName>(['wasm', 'tfjs-node'])('%s', (name) => {
  const skip = missing(name, backendProblem(name))
  let backend: Backend
  if (!skip) {
    beforeAll(async () => {
      backend = await openBackend(name)
    })
    afterAll(() => backend.close())
  }

  it.skipIf(skip).each(Object.entries(EXPECTED))(
    '%s has the shape that numpy finds',
    async (key, expected) => {
      const [file = '', metric = 'euclidean'] = key.split(' ') as [string, Metric?]
      const evaluation = expected.vectors
        ? await evaluateRows(labelled(expected.vectors, expected.labels), backend)
        : await evaluateSample(
            `${file}.npz`,
            backend,
            parseManifest(`metric: ${metric}`, 'nearmiss.yaml'),
          )
      for (const figure of FIGURES) {
        if (expected[figure] === undefined) continue
        expect(evaluation.figures[figure]?.value, figure).toBeCloseTo(expected[figure] as number, 4)
        expect(evaluation.figures[figure]?.reading ?? `no reading of ${figure}`).toMatch(
          /^(No problem|Worth|A problem)/,
        )
      }
      const { hubs, dimensions } = evaluation.structure
      expect(dimensions.collapsed).toEqual(expected.collapsed)
      expect(evaluation.figures.collapsed_dimensions!.value).toBe(expected.collapsed.length)
      expect(hubs.places).toBeCloseTo(expected.places, 6)
      if (hubs.rows > 0) expect(hubs.most[0]!.occurrences).toBe(expected.most)
    },
  )
})

describe('with wasm', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await openBackend('wasm')
  })
  afterAll(() => backend.close())

  it('finds the dimension of a sheet and of a cloud', () => {
    expect(EXPECTED.sheet!.intrinsic_dimension).toBeCloseTo(2, 0)
    expect(EXPECTED.cloud!.intrinsic_dimension).toBeCloseTo(4, 0)
  })

  it('rotation, scaling, order and new names leave the shape as it is', async () => {
    const points = EXPECTED.cloud!.vectors!.slice(0, 120).map((row) => row.map(Number))
    const labels = points.map((_, row) => row % 3)
    const before = await evaluateRows(labelled(points, labels), backend)
    const turn = symmetricEigen(
      Float64Array.from({ length: 36 }, (_, at) =>
        Math.sin(7 * (1 + Math.floor(at / 6) + (at % 6))),
      ),
      6,
      6,
    ).vectors
    const changed = points
      .map((row) =>
        turn.map((axis) => 8 * row.reduce((sum, value, d) => sum + value * axis[d]!, 0)),
      )
      .reverse()
    const after = await evaluateRows(
      labelled(changed, labels.map((label) => 9 - label).reverse()),
      backend,
    )
    for (const figure of FIGURES) {
      const [one, other] = [before.figures[figure]!.value!, after.figures[figure]!.value!]
      expect(other, figure).toBeCloseTo(one, 3)
    }
  })

  it.each([
    // Rows of the gallery are found 80, 10 or half a time on average.
    [400, 50, null],
    [60, 60, 20],
    [20, 400, null],
  ])(
    'with %i queries and %i rows of a gallery hubs are found twice as often as on average',
    async (queries, gallery, usual) => {
      const random = seededRandom(queries)
      const points = Array.from({ length: queries + gallery }, () =>
        Array.from({ length: 8 }, random),
      )
      const split = points.map((_, row) => (row < queries ? 'query' : 'gallery'))
      const { figures, structure } = await evaluateRows(
        {
          ...labelled(points),
          columns: [{ name: 'split', type: 'text' as const, values: split }],
        },
        backend,
      )
      const counts = new Array<number>(gallery).fill(0)
      for (const asked of points.slice(0, queries)) {
        const order = points
          .slice(queries)
          .map((row, at) => ({
            at,
            apart: Math.hypot(...row.map((value, d) => value - asked[d]!)),
          }))
          .sort((a, b) => a.apart - b.apart)
        for (const { at } of order.slice(0, 10)) counts[at]!++
      }
      const threshold = Math.max(1, (20 * queries) / gallery)
      const found = counts.filter((count) => count >= threshold)
      expect(structure.hubs.threshold).toBeCloseTo(threshold, 9)
      expect(structure.hubs.rows).toBe(found.length)
      expect(structure.hubs.places).toBeCloseTo(
        found.reduce((a, b) => a + b, 0) / (10 * queries),
        9,
      )
      expect(figures.hub_share_k10!.value).toBeCloseTo(found.length / gallery, 9)
      for (const figure of FIGURES.filter(
        (id) => id.endsWith('_k10') && !id.startsWith('intrinsic'),
      )) {
        const { reading, note } = figures[figure]!
        if (usual === null) expect(reading, figure).toBeUndefined()
        else expect(reading, figure).toMatch(/^(No problem|Worth|A problem)/)
        expect(note ?? '', figure).toContain(
          usual === null ? 'follows from the number of queries' : '',
        )
      }
    },
  )

  it('tells a dead dimension, a long row and a zero row, and names them', async () => {
    const random = seededRandom(3)
    const points = Array.from({ length: 60 }, () => [
      random() - 0.5,
      4,
      random() - 0.5,
      5 + random() / 10,
    ])
    points[7] = points[7]!.map((value) => 30 * value)
    points[7]![1] = 4
    points[9] = [0, 4, 0, 0]
    const { structure, figures } = await evaluateRows(labelled(points), backend)
    expect(structure.dimensions.collapsed).toEqual([1])
    expect(figures.collapsed_dimensions!.reading).toContain(
      '1 dimension of 4 is the same in every row (1,',
    )
    expect(structure.norms.outliers.map(({ id }) => id)).toEqual(['7', '9'])
    expect(figures.norm_outlier_share!.reading).toContain('2 rows')
  })

  it('vectors of one length have no outlier by rounding', async () => {
    const random = seededRandom(5)
    const points = Array.from({ length: 50 }, () => {
      const row = [random() - 0.5, random() - 0.5, random() - 0.5]
      return row.map((value) => value / Math.hypot(...row))
    })
    const { figures } = await evaluateRows(labelled(points), backend, 'metric: cosine')
    expect(figures.norm_outlier_share!.value).toBe(0)
  })

  it('all rows equal: says so, and invents nothing', async () => {
    const points = Array.from({ length: 30 }, () => [1, 2, 3])
    const { figures, structure } = await evaluateRows(
      labelled(
        points,
        points.map((_, row) => row % 2),
      ),
      backend,
    )
    expect(figures.effective_rank).toMatchObject({ value: null, note: 'all rows are equal' })
    expect(figures.intrinsic_dimension!.value).toBeNull()
    expect(figures.collapsed_dimensions!.reading).toContain('all rows are equal')
    expect(structure.dimensions.variance.every((value) => value === 0)).toBe(true)
  })

  it('judges hubs by their limits, and counts the rows of other labels that they are near to', async () => {
    // 40 rows of which the first ones are among the 10 nearest of all: places by hand.
    const evaluation = await evaluateRows(
      labelled(EXPECTED.cloud!.vectors!.slice(0, 40).map((row) => [...row])),
      backend,
    )
    const { dataset, neighborhood } = evaluation
    const near = (popular: number) => {
      const neighbors = Int32Array.from({ length: 40 * 10 }, (_, at) => {
        const [row, rank] = [Math.floor(at / 10), at % 10]
        // The popular rows first, then those that follow the row.
        const following = [...Array(39).keys()].map((step) => (row + 1 + step) % 40)
        const list = [...Array(popular).keys(), ...following.filter((one) => one >= popular)]
        return list.filter((one) => one !== row)[rank]!
      })
      const input = {
        dataset,
        neighborhood: { ...neighborhood, k: 10, neighbors },
        space: { totalVariance: 1 },
        clusters: null,
        clustersWithin: null,
      } as Partial<MetricInput> as MetricInput
      const figure = (id: string) => hubness.find((one) => one.id === id)!.compute(input)
      return {
        hubs: hubs(input),
        share: figure('hub_share_k10'),
        anti: figure('anti_hub_share_k10'),
      }
    }
    // 1, 3 and 6 of 40 rows are hubs: the limits are 0.05 and 0.12.
    const [one, three, six] = [near(1), near(3), near(6)]
    expect([one, three, six].map(({ share }) => share.value)).toEqual([1 / 40, 3 / 40, 6 / 40])
    expect(one.share.reading).toMatch(/^No problem/)
    expect(three.share.reading).toMatch(/^Worth watching/)
    expect(six.share.reading).toMatch(/^A problem/)
    // Row 0 is near to the 39 others, 20 of which are odd and so of the other label.
    expect(one.hubs).toMatchObject({ rows: 1, most: [{ occurrences: 39, foreign: 20 }] })
    expect(one.anti).toMatchObject({ value: 0 })
  })

  it('with a gallery, hubs are told of the rows that can be found', async () => {
    const points = Array.from({ length: 60 }, (_, row) => [Math.sin(row), Math.cos(3 * row)])
    const split = {
      name: 'split',
      type: 'text' as const,
      values: points.map((_, row) => (row < 20 ? 'gallery' : 'query')),
    }
    const { figures, structure, neighborhood } = await evaluateRows(
      { ...labelled(points), columns: [split] },
      backend,
    )
    const { k, neighbors } = neighborhood
    const counts = points.slice(0, 20).map((_, found) => {
      return points.filter((_, row) => neighbors.subarray(row * k, row * k + 10).includes(found))
        .length
    })
    // 40 queries find ten each, of 20 rows.
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(400)
    // Twice the mean of 20.
    const hubRows = counts.filter((count) => count >= 40).length
    expect(figures.hub_share_k10!.value).toBeCloseTo(hubRows / 20, 12)
    expect(figures.anti_hub_share_k10!.value).toBeCloseTo(
      counts.filter((count) => count === 0).length / 20,
      12,
    )
    const moved = counts.reduce((sum, count) => sum + Math.abs(count - 20), 0)
    expect(figures.robin_hood_k10!.value).toBeCloseTo(moved / 800, 12)
    expect(structure.hubs.rows).toBe(hubRows)
  })

  it('says of lengths what is usual from 20 rows on', async () => {
    const of = async (rows: number) => {
      const points = Array.from({ length: rows }, (_, row) => [row === 0 ? 50 : 1 + row / 100, 0])
      return (await evaluateRows(labelled(points), backend)).figures.norm_outlier_share!.value
    }
    expect(await of(19)).toBeNull()
    expect(await of(20)).toBeCloseTo(1 / 20, 12)
  })

  it('has an interval of the mean of the classes from 20 classes on', async () => {
    const of = async (classes: number) => {
      // Every other class has its two rows beside one another; those of the rest are mixed up.
      const labels = Array.from({ length: 2 * classes }, (_, row) => row >> 1)
      const points = labels.map((label, row) => {
        const place = label % 4 < 2 ? label : label + (row & 1 ? (label % 4 === 2 ? 1 : -1) : 0)
        return [10 * place + (row & 1), 0]
      })
      return (await evaluateRows(labelled(points, labels), backend)).figures
        .nearest_neighbor_accuracy!
    }
    const twenty = await of(20)
    expect(twenty.macro).toBe(0.5)
    // Ten classes at 1 and ten at 0: √(0.25 × 20 / 19 / 20) × 1.96 on either side.
    expect(twenty.macroInterval![0]).toBeCloseTo(0.5 - 1.959964 * Math.sqrt(0.25 / 19), 6)
    expect(twenty.macroInterval![1]).toBeCloseTo(0.5 + 1.959964 * Math.sqrt(0.25 / 19), 6)
    expect((await of(16)).macroInterval).toBeUndefined()
  })

  it('of more than 1,024 dimensions the largest eigenvalues are followed, and what is left is told', async () => {
    const random = seededRandom(8)
    const rows = 1100
    // Twelve strong directions in a space of 1,100, and a little noise in all of them.
    const strong = Array.from({ length: 12 }, (_, axis) => 5 / (axis + 1))
    const points = Array.from({ length: rows }, () =>
      Array.from({ length: rows }, (_, d) => (random() - 0.5) * (strong[d] ?? 0.002)),
    )
    const space = await measureSpace(datasetOf(labelled(points)), {
      metric: 'euclidean',
      backend,
      signal,
      random: seededRandom,
    })
    expect(space.directionCount).toBe(1100)
    expect(space.eigenvalues.length).toBeLessThan(400)
    const variance = space.eigenvalues.map((value) => value / space.totalVariance)
    const total = strong.reduce((sum, width) => sum + width ** 2, 0)
    for (const [axis, width] of strong.slice(0, 6).entries()) {
      expect(variance[axis]! / (width ** 2 / total)).toBeCloseTo(1, 0)
    }
    for (const direction of space.directions.slice(0, 12)) {
      expect(Math.hypot(...direction)).toBeCloseTo(1, 6)
      expect(Math.hypot(...direction.subarray(0, 12))).toBeGreaterThan(0.999)
    }
  })
})
