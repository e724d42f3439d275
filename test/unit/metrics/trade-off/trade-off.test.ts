/** Compressed vectors against numpy and scikit-learn on both backends, and a sample against all rows. */

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../../../lib/config/manifest.ts'
import type { Metric } from '../../../../lib/core/manifest.ts'
import { seededRandom } from '../../../../lib/core/random.ts'
import { measureSpace } from '../../../../lib/metrics/structure/space.ts'
import { tradeOff } from '../../../../lib/metrics/trade-off/trade-off.ts'
import type { Backend, BackendName } from '../../../../lib/tensor/backend.ts'
import { openBackend } from '../../../../lib/tensor/open-backend.ts'
import { backendProblem } from '../../../backends.ts'
import { evaluateSample } from '../../../evaluate-sample.ts'
import { missing } from '../../../real-part.ts'
import { datasetOf, evaluateRows, type Rows } from '../tables.ts'

type Figures = readonly [hitAt1: number, hitAt10: number, mapAtR: number]
const EXPECTED: Readonly<Record<string, Readonly<Record<string, Figures>>>> = JSON.parse(
  readFileSync(new URL('../../../oracles/trade-off.json', import.meta.url), 'utf8'),
)
const options = (backend: Backend, metric: Metric = 'euclidean') => ({
  metric,
  backend,
  signal: new AbortController().signal,
  random: seededRandom,
})

/** Every seventh row is of no group. */
const groupsOfFour = (rows: number) =>
  Int32Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? -1 : row >> 2))

describe.each<BackendName>(['wasm', 'tfjs-node'])('%s', (name) => {
  const skip = missing(name, backendProblem(name))
  let backend: Backend
  beforeAll(async () => {
    if (!skip) backend = await openBackend(name)
  })
  afterAll(() => backend?.close())

  it.skipIf(skip).each(Object.entries(EXPECTED))('%s', async (key, expected) => {
    const [file, metric, how = ''] = key.split(' ') as [string, Metric, string?]
    const manifest = parseManifest(`metric: ${metric}`, 'nearmiss.yaml')
    const {
      dataset: whole,
      figures,
      neighborhood,
    } = await evaluateSample(`${file}.npz`, backend, manifest)
    const dataset = {
      ...whole,
      ...(how.includes('gallery') && {
        queries: Uint8Array.from(whole.labels, (_, row) => (row % 3 === 0 ? 1 : 0)),
      }),
      ...(how.includes('groups') && { groups: groupsOfFour(whole.rows) }),
    }
    const space = await measureSpace(dataset, options(backend, metric))
    const found = await tradeOff(
      dataset,
      space,
      how === '' ? neighborhood : null,
      options(backend, metric),
    )
    const gallery = how.includes('gallery') ? Math.floor((2 * dataset.rows) / 3) : dataset.rows
    expect(found).toMatchObject({ exactness: 'exact', gallery })
    expect(found.variants.map(({ id }) => id).sort()).toEqual(Object.keys(expected).sort())
    for (const variant of found.variants) {
      const [hitAt1, hitAt10, mapAtR] = expected[variant.id]!
      // A row on the edge of a step or a bit may fall to either side of it; on a circle rows lie as near
      // to one another as float32 products can tell.
      const digits = variant.kind === 'full' || variant.kind === 'pca' ? 3 : 2
      expect(variant.hitAt1, variant.id).toBeCloseTo(hitAt1, digits)
      expect(variant.hitAt10, variant.id).toBeCloseTo(hitAt10, digits)
      expect(variant.mapAtR, variant.id).toBeCloseTo(mapAtR, digits)
    }
    const full = found.variants[0]!
    if (how === '') {
      expect(full.hitAt1).toBeCloseTo(figures.hit_at_1!.value!, 3)
      expect(full.mapAtR).toBeCloseTo(figures.map_at_r!.value!, 3)
    }
    const kept = found.variants.filter(({ keepsTarget, kind }) => keepsTarget && kind !== 'full')
    const least = Math.min(...kept.map(({ bytesPerRow }) => bytesPerRow))
    expect(found.variants.find(({ id }) => id === found.smallest)?.bytesPerRow ?? Infinity).toBe(
      least,
    )
  })
})

describe('with wasm', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await openBackend('wasm')
  })
  afterAll(() => backend.close())
  const run = async (rows: Rows, metric: Metric = 'euclidean') => {
    const dataset = datasetOf(rows)
    const space = await measureSpace(dataset, options(backend, metric))
    return tradeOff(dataset, space, null, options(backend, metric))
  }

  /** Hit@1 and MAP@R of all rows by their distances; equal ones, but for rounding, to the lower row. */
  const ranked = (labels: readonly string[], apart: (a: number, b: number) => number) => {
    const rows = [...labels.keys()]
    let [hits, sum] = [0, 0]
    for (const row of rows) {
      const same = rows
        .filter((other) => other !== row)
        .map((other) => ({ other, far: Number(apart(row, other).toPrecision(9)) }))
        .sort((a, b) => a.far - b.far || a.other - b.other)
        .map(({ other }) => labels[other] === labels[row])
      const mates = same.filter(Boolean).length
      let matches = 0
      hits += Number(same[0]) / rows.length
      for (const [at, match] of same.slice(0, mates).entries()) {
        if (match) sum += ++matches / (at + 1) / mates / rows.length
      }
    }
    return { hitAt1: hits, mapAtR: sum }
  }
  const euclidean = (points: readonly (readonly number[])[]) => (a: number, b: number) =>
    Math.hypot(...points[a]!.map((value, d) => value - points[b]![d]!))
  const cosine = (points: readonly (readonly number[])[]) => (a: number, b: number) => {
    const dot = points[a]!.reduce((all, value, d) => all + value * points[b]![d]!, 0)
    const lengths = Math.hypot(...points[a]!) * Math.hypot(...points[b]!)
    return lengths === 0 ? 1 : 1 - dot / lengths
  }
  /** Three classes around centres of their own. */
  const threeClasses = (seed: number, make: (value: number) => number) => {
    const random = seededRandom(seed)
    const centres = [0, 1, 2].map(() => Array.from({ length: 24 }, () => random() - 0.5))
    const labels = Array.from({ length: 240 }, (_, row) => `c${row % 3}`)
    const points = labels.map((_, row) =>
      centres[row % 3]!.map((centre) => make(centre + 3 * (random() - 0.5))),
    )
    return { labels, points }
  }

  it('rows that are equally far come in row order, in the vectors as they are and in their bits', async () => {
    const { labels, points } = threeClasses(4, (value) => Number(value > 0))
    const { variants } = await run({ labels, points })
    const expected = ranked(labels, euclidean(points))
    for (const id of ['full', 'int8', 'binary']) {
      const variant = variants.find((one) => one.id === id)!
      expect(variant.hitAt1, id).toBeCloseTo(expected.hitAt1, 9)
      expect(variant.mapAtR, id).toBeCloseTo(expected.mapAtR, 9)
      expect(variant.hitAt1Loss, id).toEqual({ value: 0, interval: [0, 0] })
      expect(variant.mapAtRLoss, id).toEqual({ value: 0, interval: [0, 0] })
    }
    const byCosine = await run({ labels, points }, 'cosine')
    const { hitAt1, mapAtR } = ranked(labels, cosine(points))
    expect(byCosine.variants[0]!.hitAt1).toBeCloseTo(hitAt1, 9)
    expect(byCosine.variants[0]!.mapAtR).toBeCloseTo(mapAtR, 9)
  })

  it('one row very far away costs the others nothing', async () => {
    const { labels, points } = threeClasses(5, (value) => value)
    points[7] = points[7]!.map((value) => 1e6 * value)
    const exact = points.map((row) => Array.from(new Float32Array(row)))
    const { variants } = await run({ labels, points })
    const expected = ranked(labels, euclidean(exact))
    expect(variants[0]!.hitAt1).toBeCloseTo(expected.hitAt1, 3)
    expect(variants[0]!.mapAtR).toBeCloseTo(expected.mapAtR, 3)
    const size = (values: readonly number[]) => values.slice(0, 8)
    const leading = ranked(labels, euclidean(exact.map(size)))
    expect(variants.find(({ id }) => id === 'leading-8')!.mapAtR).toBeCloseTo(leading.mapAtR, 3)
  })

  it('a row whose leading dimensions are all zero is at cosine distance 1 from every row', async () => {
    const { labels, points } = threeClasses(6, (value) => value)
    for (const [row, point] of points.entries()) if (row % 4 === 0) point.fill(0, 0, 8)
    const exact = points.map((row) => Array.from(new Float32Array(row)))
    const { variants } = await run({ labels, points }, 'cosine')
    for (const size of [8, 16]) {
      const expected = ranked(labels, cosine(exact.map((row) => row.slice(0, size))))
      const variant = variants.find(({ id }) => id === `leading-${size}`)!
      expect(variant.hitAt1, variant.id).toBeCloseTo(expected.hitAt1, 6)
      expect(variant.mapAtR, variant.id).toBeCloseTo(expected.mapAtR, 6)
    }
  })

  it('figures that aren’t the run’s own are not given', async () => {
    const rows = threeClasses(7, (value) => value)
    const dataset = datasetOf(rows)
    const space = await measureSpace(dataset, options(backend))
    const { neighborhood } = await evaluateRows(rows, backend)
    const held = await tradeOff(dataset, space, neighborhood, options(backend))
    expect(held.note).toBeNull()
    const averagePrecisionAtR = neighborhood.averagePrecisionAtR.map((value) => 0.99 * value)
    const other = { ...neighborhood, averagePrecisionAtR }
    const refused = await tradeOff(dataset, space, other, options(backend))
    expect(refused).toMatchObject({ variants: [], smallest: null })
    expect(refused.note).toContain('can’t be compared')
  })

  /**
   * Couples of one class each, ten apart. At the first place two of them lie above one another, so
   * that without the third dimension all four rows are nearest to the other class.
   */
  const couples = (count: number) => ({
    labels: Array.from({ length: 2 * count }, (_, row) => `c${row >> 1}`),
    points: Array.from({ length: 2 * count }, (_, row) => {
      const couple = row >> 1
      return [10 * Math.max(0, couple - 1) + (row & 1), 0, couple === 1 ? 100 : 0]
    }),
  })

  it('tells what each form loses, with the interval of a share, and what it costs', async () => {
    const found = await run(couples(200))
    const of = (id: string) => found.variants.find((variant) => variant.id === id)!
    expect(of('full')).toMatchObject({ bytesPerRow: 12, searchCost: 1, hitAt1: 1, mapAtR: 1 })
    expect(of('full').hitAt1Loss).toEqual({ value: 0, interval: [0, 0] })
    expect(of('int8')).toMatchObject({ bytesPerRow: 3, searchCost: 0.25 })
    expect(of('binary')).toMatchObject({ bytesPerRow: 1, searchCost: 1 / 12 })
    expect(of('leading-2')).toMatchObject({ bytesPerRow: 8, searchCost: 2 / 3 })
    // Of a lost row the mate comes second or third, where R is 1.
    expect(of('leading-2')).toMatchObject({ hitAt1: 0.99, mapAtR: 0.99 })
    // Four of 400 rows are lost and none is gained: √(0.01 × 0.99 / 399) × 1.96.
    const { value, interval } = of('leading-2').hitAt1Loss
    expect(value).toBeCloseTo(0.01, 12)
    expect(interval[0]).toBeCloseTo(0.01 - 1.959964 * Math.sqrt((0.01 * 0.99) / 399), 7)
    expect(interval[1]).toBeCloseTo(0.01 + 1.959964 * Math.sqrt((0.01 * 0.99) / 399), 7)
  })

  it('keeps a form that loses a point, and none that loses more, of either figure', async () => {
    const kept = async (rows: Rows) =>
      (await run(rows)).variants.find(({ id }) => id === 'leading-2')!.keepsTarget
    expect(await kept(couples(200))).toBe(true)
    expect(await kept(couples(190))).toBe(false)
    // Two classes of two couples each lie between one another, one of them 100 above the other: each
    // row keeps the nearest one, and loses the next.
    const between = Array.from({ length: 80 }, (_, row) => {
      const [place, couple] = [row >> 3, (row >> 1) & 3]
      return [50 * place + 3 * couple + (row & 1), 0, 100 * (couple & 1)]
    })
    const labels = between.map((_, row) => `${row >> 3} ${(row >> 1) & 1}`)
    const found = await run({ points: between, labels })
    expect(found.variants.find(({ id }) => id === 'leading-2')).toMatchObject({
      hitAt1: 1,
      hitAt1Loss: { value: 0 },
      keepsTarget: false,
    })
  })

  it('tries nothing where the rows are right no more often than luck explains', async () => {
    const random = seededRandom(1)
    const points = Array.from({ length: 100 }, () => [random(), random(), random()])
    const labels = points.map((_, row) => String(row % 2))
    const away = (a: number[], b: number[]) => Math.hypot(...a.map((x, d) => x - b[d]!))
    const right = points.filter((point, row) => {
      const others = [...points.keys()].filter((other) => other !== row)
      const nearest = others.reduce((best, other) =>
        away(point, points[other]!) < away(point, points[best]!) ? other : best,
      )
      return labels[nearest] === labels[row]
    }).length
    // By chance 49.5 of them would be, give or take 5.
    expect(right).toBeGreaterThan(50)
    expect(right).toBeLessThan(59)
    expect((await run({ points, labels })).note).toContain('no better than chance')
  })

  it('asks a sample of many rows, in proportion to their classes, and says so', async () => {
    const random = seededRandom(2)
    const labels = Array.from({ length: 6000 }, (_, row) => (row % 5 === 0 ? 'rare' : 'common'))
    const points = labels.map((label) =>
      Array.from({ length: 3 }, (_, d) => random() + (label === 'rare' && d < 2 ? 0.9 : 0)),
    )
    const found = await run({ points, labels })
    expect(found).toMatchObject({ queries: 512, gallery: 5000, exactness: 'sampled' })
  })

  it.each([
    ['one class', 'With one class every answer is right.', () => 'a', (at: number) => [at, at % 7]],
    ['equal rows', 'All rows are equal.', (at: number) => String(at % 2), () => [1, 2]],
    ['classes of one', 'It takes 50 rows', String, (at: number) => [at, 1]],
    [
      'nothing but errors',
      'no better than chance',
      (at: number) => String(at % 2),
      (at: number) => [at >> 1],
    ],
  ] as const)('%s: nothing is tried, and why is told', async (_name, note, label, point) => {
    const rows = [...Array(60).keys()]
    const found = await run({ labels: rows.map(label), points: rows.map(point) })
    expect(found.variants).toEqual([])
    expect(found.note).toContain(note)
  })
})
