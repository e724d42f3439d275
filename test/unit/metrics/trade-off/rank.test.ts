/** The nearest rows about one query, against a full sort. */

import { expect, it } from 'vitest'
import { seededRandom } from '../../../../lib/core/random.ts'
import { type Answers, RankedQuery } from '../../../../lib/metrics/trade-off/rank.ts'

it.each([
  ['spread out', (random: () => number) => random()],
  ['with ties', (random: () => number) => Math.floor(4 * random())],
  ['all equal', () => 1],
  ['with one far away', (random: () => number) => (random() < 0.01 ? 1e6 : random() / 1000)],
])('distances that are %s are ranked as a full sort ranks them', (_name, draw) => {
  const random = seededRandom(6)
  for (let round = 0; round < 40; round++) {
    const rows = 30 + Math.floor(400 * random())
    const labels = Int32Array.from({ length: rows }, () => Math.floor(3 * random()))
    const place = Float64Array.from({ length: rows }, () => Math.fround(draw(random)))
    const norms = place.map((value) => value * value)
    const query = Math.floor(rows * random())
    const products = Float32Array.from(place, (value) => value * place[query]!)
    const distances = products.map((product, row) => norms[query]! + norms[row]! - 2 * product)
    const order = [...Array(rows).keys()]
      .filter((row) => row !== query)
      .sort((a, b) => distances[a]! - distances[b]! || a - b)
    const mates = labels.filter((label) => label === labels[query]).length - 1
    if (mates === 0) continue
    const answers: Answers = {
      hitAt1: new Float64Array(1),
      hitAt10: new Float64Array(1),
      averagePrecision: new Float64Array(1),
    }
    const searched = { squaredNorms: norms, apart: null, zeros: [] }
    new RankedQuery(labels, searched, null).answer(products, query, mates, [query], answers, 0)
    const same = order.map((row) => labels[row] === labels[query])
    let [hits, sum] = [0, 0]
    for (const [at, match] of same.slice(0, mates).entries()) if (match) sum += ++hits / (at + 1)
    expect(answers.averagePrecision[0]).toBeCloseTo(sum / mates, 12)
    expect(answers.hitAt1[0]).toBe(Number(same[0]))
    expect(answers.hitAt10[0]).toBe(Number(same.slice(0, 10).includes(true)))
  }
})

it('measures a block of equal rows no more often than is asked for', () => {
  const rows = 2000
  const random = seededRandom(2)
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 50)
  // Every other row is of a block that is nearer to all than the rest.
  const isInBlock = (row: number) => row % 2 === 0
  const distances = Float64Array.from(labels, (_, row) => (isInBlock(row) ? 1 : 2 + random()))
  const measuredWith = (first: Int32Array | null) => {
    let measured = 0
    const apart = (_: number, b: number) => {
      measured++
      return distances[b]!
    }
    const searched = { squaredNorms: distances.map(() => 1), apart, zeros: [] }
    const ranked = new RankedQuery(labels, searched, first)
    const answers: Answers = {
      hitAt1: new Float64Array(1),
      hitAt10: new Float64Array(1),
      averagePrecision: new Float64Array(1),
    }
    for (let query = 1; query < 200; query += 2) {
      const products = Float32Array.from(distances, (squared) => 1 - squared / 2)
      ranked.answer(products, query, 39, [query], answers, 0)
    }
    return measured
  }
  const firstEqual = Int32Array.from(labels, (_, row) => (isInBlock(row) ? 0 : row))
  // Of 100 queries, a thousand rows each.
  expect(measuredWith(null)).toBeGreaterThan(50_000)
  expect(measuredWith(firstEqual)).toBeLessThan(5000)
})

it.each([
  ['spread out', (random: () => number) => random() - 0.5],
  ['on a lattice', (random: () => number) => Math.floor(4 * random()) / 3],
  ['in blocks of equal ones', (random: () => number) => Number(random() < 0.2)],
  ['nearly equal', (random: () => number) => 1 + random() * 2 ** -12],
  ['of all lengths', (random: () => number) => 10 ** (-3 * random())],
  ['with one far away', (random: () => number) => (random() < 0.01 ? 1e4 : random() / 10)],
])(
  'products that are off in float32 do not change the order of rows that are %s',
  (_name, draw) => {
    const random = seededRandom(8)
    const size = 3
    for (let round = 0; round < 40; round++) {
      const rows = 30 + Math.floor(400 * random())
      const labels = Int32Array.from({ length: rows }, () => Math.floor(3 * random()))
      const zeros = round % 2 === 0 ? [] : [...labels.keys()].filter(() => random() < 0.1)
      const points = Array.from({ length: rows }, () =>
        Float64Array.from({ length: size }, () => draw(random)),
      )
      const dot = (a: number, b: number) =>
        points[a]!.reduce((sum, value, d) => sum + value * points[b]![d]!, 0)
      const squaredNorms = Float64Array.from(points, (_, row) => dot(row, row))
      const apart = (a: number, b: number) =>
        points[a]!.reduce((sum, value, d) => sum + (value - points[b]![d]!) ** 2, 0)
      const query = Math.floor(rows * random())
      const products = Float32Array.from(points, (_, row) => {
        const most = 40 * 2 ** -24 * Math.sqrt(squaredNorms[row]! * squaredNorms[query]!)
        return dot(row, query) + most * (2 * random() - 1)
      })
      const mates = labels.filter((label) => label === labels[query]).length - 1
      if (mates === 0) continue
      const far = (row: number) =>
        Math.fround(zeros.includes(row) || zeros.includes(query) ? 2 : apart(query, row))
      const same = [...labels.keys()]
        .filter((row) => row !== query)
        .sort((a, b) => far(a) - far(b) || a - b)
        .map((row) => labels[row] === labels[query])
      const answers: Answers = {
        hitAt1: new Float64Array(1),
        hitAt10: new Float64Array(1),
        averagePrecision: new Float64Array(1),
      }
      const searched = { squaredNorms, apart, zeros }
      const words = (row: number) => (zeros.includes(row) ? 'zero' : points[row]!.join())
      const first = labels.map((_, row) => labels.findIndex((__, one) => words(one) === words(row)))
      const ranked = new RankedQuery(labels, searched, round % 3 === 0 ? null : first)
      ranked.answer(products, query, mates, [query], answers, 0)
      let [hits, sum] = [0, 0]
      for (const [at, match] of same.slice(0, mates).entries()) if (match) sum += ++hits / (at + 1)
      expect(answers.averagePrecision[0]).toBeCloseTo(sum / mates, 12)
      expect(answers.hitAt1[0]).toBe(Number(same[0]))
      expect(answers.hitAt10[0]).toBe(Number(same.slice(0, 10).includes(true)))
    }
  },
)
