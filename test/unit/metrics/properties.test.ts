/** What must not change a figure, and what must change it in a known way; on small random tables. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { averagePrecisionByChance, reciprocalRankByChance } from '../../../lib/metrics/chance.ts'
import { confusion } from '../../../lib/metrics/confusion/confusion.ts'
import type { MetricInput, MetricRecord } from '../../../lib/metrics/metric.ts'
import { retrieval } from '../../../lib/metrics/retrieval/retrieval.ts'
import { rowFigures } from '../../../lib/metrics/row-figures.ts'
import { verification } from '../../../lib/metrics/verification/figures.ts'
import { verify } from '../../../lib/metrics/verification/verification.ts'
import { bruteNeighborhood, datasetOf, type Points } from '../../brute-neighborhood.ts'

const records: readonly MetricRecord[] = [...retrieval, ...verification]

function inputOf(points: Points): MetricInput {
  const dataset = datasetOf(points)
  const neighborhood = bruteNeighborhood(dataset, 'euclidean')
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

/** Values by id; chance levels that are drawn differ with the order of the rows, so they are left out. */
function valuesOf(points: Points): Record<string, number> {
  const input = inputOf(points)
  return Object.fromEntries(records.map(({ id, compute }) => [id, compute(input).value]))
}

function same(found: Record<string, number>, wanted: Record<string, number>): void {
  for (const [id, value] of Object.entries(wanted)) {
    if (Number.isNaN(value)) expect(found[id], id).toBeNaN()
    else expect(Math.abs(found[id]! - value), id).toBeLessThan(1e-9)
  }
}

/** Points on a grid that float32 holds exactly, without two equal distances but by their own doing. */
const table = fc
  .record({
    rows: fc.integer({ min: 4, max: 24 }),
    classes: fc.integer({ min: 1, max: 5 }),
    seed: fc.integer({ min: 1, max: 1e6 }),
    withGroups: fc.boolean(),
    withGallery: fc.boolean(),
  })
  .map(({ rows, classes, seed, withGroups, withGallery }): Points => {
    const random = seededRandom(seed)
    const each = <T>(value: (row: number) => T) =>
      Array.from({ length: rows }, (_, row) => value(row))
    return {
      vectors: each(() => [0, 1, 2].map(() => Math.floor(random() * 4096) / 64)),
      labels: each((row) => `class ${row < 2 ? 0 : Math.floor(random() * classes)}`),
      ...(withGroups ? { groups: each(() => Math.floor(random() * 6) - 1) } : {}),
      ...(withGallery ? { queries: each((row) => row % 2 === 0) } : {}),
    }
  })

const check = (property: (points: Points) => void) =>
  fc.assert(fc.property(table, property), { numRuns: 25 })

test('a rotation by a quarter, a mirror and a shift change no figure', () => {
  check((points) => {
    const vectors = points.vectors.map(([x, y, z]) => [8 - y!, 8 + x!, 8 - z!])
    same(valuesOf({ ...points, vectors }), valuesOf(points))
  })
})

test('a scale changes no figure', () => {
  check((points) => {
    const vectors = points.vectors.map((row) => row.map((value) => value * 8))
    same(valuesOf({ ...points, vectors }), valuesOf(points))
  })
})

test('other names for the classes change no figure', () => {
  check((points) => {
    const labels = points.labels.map((label) => `other ${9 - Number(label.slice(-1))}`)
    same(valuesOf({ ...points, labels }), valuesOf(points))
  })
})

test('the order of the rows changes no figure where no distances tie', () => {
  check((points) => {
    const { distances, k } = inputOf(points).neighborhood
    const tied = distances.some(
      (value, at) => at % k > 0 && value === distances[at - 1] && value < Infinity,
    )
    fc.pre(!tied)
    const turned = Object.fromEntries(
      Object.entries(points).map(([name, values]) => [name, [...values].reverse()]),
    ) as unknown as Points
    same(valuesOf(turned), valuesOf(points))
  })
})

test('a copy of a row is its nearest neighbour: one more right row, and the copied row is right too', () => {
  check((points) => {
    fc.pre(points.groups === undefined && points.queries === undefined)
    const last = points.vectors.length - 1
    const twice = {
      vectors: [...points.vectors, points.vectors[last]!],
      labels: [...points.labels, points.labels[last]!],
    }
    const { rows } = inputOf(twice)
    expect([rows.correct[last], rows.correct[last + 1]]).toEqual([1, 1])
    expect([rows.firstMatchRank[last], rows.firstMatchRank[last + 1]]).toEqual([1, 1])
  })
})

test('a copy of a row with another label is a tie that changes a label, or an error of both', () => {
  check((points) => {
    fc.pre(points.groups === undefined && points.queries === undefined)
    const last = points.vectors.length - 1
    const twice = {
      vectors: [...points.vectors, points.vectors[last]!],
      labels: [...points.labels, 'a class of its own'],
    }
    const input = inputOf(twice)
    expect(input.rows.correct[last + 1]).toBe(0)
    const ties = confusion(input).labelChangingTies
    expect(ties > 0 || input.rows.correct[last] === 0).toBe(true)
  })
})

test('every share lies between 0 and 1, hits grow with K, and the counts of pairs add up', () => {
  check((points) => {
    const values = valuesOf(points)
    for (const { id, unit } of records) {
      const value = values[id]!
      if (unit === 'share' && !Number.isNaN(value)) expect(value >= 0 && value <= 1, id).toBe(true)
    }
    if (!Number.isNaN(values.hit_at_1!)) {
      expect(values.hit_at_1).toBeLessThanOrEqual(values.hit_at_5!)
      expect(values.hit_at_5).toBeLessThanOrEqual(values.hit_at_10!)
      expect(values.map_at_r).toBeLessThanOrEqual(values.r_precision! + 1e-12)
      expect(values.nearest_neighbor_accuracy_with_match).toBe(values.hit_at_1)
    }
    const input = inputOf(points)
    const evaluated = input.rows.evaluated.reduce((sum, one) => sum + one, 0)
    const counted = confusion(input).counts.reduce((sum, [, , count]) => sum + count, 0)
    expect(counted).toBe(evaluated)
    const candidates = input.rows.candidates.reduce((sum, one) => sum + one, 0)
    const found = verify(input)
    if (found) {
      const pairs = found.samePairs + found.otherPairs
      expect(pairs).toBe(points.queries ? candidates : candidates / 2)
    }
  })
})

/** Of a vote the label that most have, of tied ones the one that comes first. */
function voted(votes: readonly string[]): string {
  const count = (label: string) => votes.filter((vote) => vote === label).length
  return votes.reduce((best, label) => (count(label) > count(best) ? label : best))
}

/** Most queries are of a, most of the gallery are not; the first seven rows are one group. */
const CHANCE_LABELS = [...'aaaaaabbccdaabbbbccccd']
const CHANCE_GROUPS = CHANCE_LABELS.map((_, row) => (row < 7 ? 0 : row % 5 === 0 ? -1 : row % 4))
const CHANCE_QUERIES = CHANCE_LABELS.map((_, row) => row < 5 || row === 7 || row === 8)

test.each<[string, Partial<Points>]>([
  ['all rows', {}],
  ['rows of which those of a group are no neighbours', { groups: CHANCE_GROUPS }],
  ['queries against a gallery', { queries: CHANCE_QUERIES }],
  ['queries of groups', { groups: CHANCE_GROUPS, queries: CHANCE_QUERIES }],
])('random neighbours of %s reach the level of chance', (_name, roles) => {
  // The mean over many random orders of one small table, against the level that is told.
  const random = seededRandom(3)
  const totals: Record<string, number> = {}
  const draws = 1500
  let chances: Record<string, number> = {}
  for (let draw = 0; draw < draws; draw++) {
    const vectors = CHANCE_LABELS.map(() => Array.from({ length: 6 }, random))
    const input = inputOf({ vectors, labels: CHANCE_LABELS, ...roles })
    const measured = retrieval
      .filter(({ id }) => draw === 0 || id !== 'knn_accuracy_5')
      .map(({ id, compute }) => ({ id, ...compute(input) }))
    if (draw === 0) chances = Object.fromEntries(measured.map((one) => [one.id, one.chance!]))
    for (const { id, value } of measured) totals[id] = (totals[id] ?? 0) + value
    // Its own chance is drawn, which is too slow to do in every round.
    const { neighbors, k } = input.neighborhood
    const asked = [...CHANCE_LABELS.keys()].filter((row) => input.rows.evaluated[row])
    const right = asked.filter((row) => {
      const found = [...neighbors.subarray(row * k, row * k + 5)].filter((one) => one >= 0)
      return voted(found.map((one) => CHANCE_LABELS[one]!)) === CHANCE_LABELS[row]
    })
    if (draw === 0) totals.knn_accuracy_5 = 0
    totals.knn_accuracy_5! += right.length / asked.length
  }
  for (const { id } of retrieval) {
    expect(Math.abs(totals[id]! / draws - chances[id]!), id).toBeLessThan(0.015)
  }
})

test('of a gallery of six rows a search for ten finds all, by chance as well', () => {
  const labels = [...'aabbccab']
  const queries = labels.map((_, row) => row > 5)
  const vectors = labels.map((_, row) => [row * row])
  const recall = retrieval.find(({ id }) => id === 'recall_at_10')!
  expect(recall.compute(inputOf({ vectors, labels, queries }))).toMatchObject({
    value: 1,
    chance: 1,
  })
})

test('by hand: two matches among three rows come in three orders', () => {
  // mmx, mxm and xmm: R is 2.
  expect(averagePrecisionByChance(2, 3)).toBeCloseTo((1 + 1 / 2 + 1 / 4) / 3, 12)
  expect(reciprocalRankByChance(2, 3)).toBeCloseTo((1 + 1 + 1 / 2) / 3, 12)
})

test('precision at 10 is a share of ten places, also where there are fewer rows', () => {
  const precision = retrieval.find(({ id }) => id === 'precision_at_10')!
  const points = { vectors: [[0], [1], [9], [11]], labels: [...'aabb'] }
  expect(precision.compute(inputOf(points)).value).toBeCloseTo(0.1, 12)
})
