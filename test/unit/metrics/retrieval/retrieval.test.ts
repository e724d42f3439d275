/** Retrieval, confusion and verification on scikit-learn's tables, against values that numpy and scikit-learn computed. */

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../../../lib/config/manifest.ts'
import type { Evaluation } from '../../../../lib/core/evaluation.ts'
import type { Metric } from '../../../../lib/core/manifest.ts'
import { seededRandom } from '../../../../lib/core/random.ts'
import { evaluate } from '../../../../lib/metrics/evaluate.ts'
import { measureSpace } from '../../../../lib/metrics/structure/space.ts'
import { selfJoin } from '../../../../lib/neighbors/self-join.ts'
import type { Backend } from '../../../../lib/tensor/backend.ts'
import { openBackend } from '../../../../lib/tensor/open-backend.ts'
import { backendProblem } from '../../../backends.ts'
import { bruteNeighborhood, datasetOf, type Points } from '../../../brute-neighborhood.ts'
import { missing } from '../../../real-part.ts'
import { UNTRIED } from '../../../untried.ts'

const oracle = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../oracles/${name}.json`, import.meta.url), 'utf8'))
const tables: Record<string, Points> = oracle('tables')
const expected = oracle('retrieval')
const names = Object.keys(tables)
const { signal } = new AbortController()
const manifest = parseManifest(null, 'nearmiss.yaml')

const close = (value: number | null | undefined, wanted: number, within = 1e-9) =>
  expect(Math.abs((value ?? Number.NaN) - wanted)).toBeLessThanOrEqual(within)

function check(found: Evaluation, wanted: typeof expected, within = 1e-9) {
  const { neighborhood, dataset, figures } = found
  const nearest = Array.from(
    dataset.labels,
    (_, row) => neighborhood.neighbors[row * neighborhood.k],
  )
  expect(nearest).toEqual(wanted.nearest)
  expect(found.evaluatedRows).toBe(wanted.evaluated)
  for (const [id, value] of Object.entries<number>(wanted.micro)) close(figures[id]?.value, value)
  for (const [id, value] of Object.entries<number>(wanted.macro)) close(figures[id]?.macro, value)
  expect(found.confusion.counts).toEqual(wanted.confusion)
  for (const { label, rows, mapAtR } of found.classes) {
    expect(rows).toBe(wanted.classes[label][0])
    if (wanted.classes[label][1] === null) expect(mapAtR).toBeNull()
    else close(mapAtR, wanted.classes[label][1])
  }
  close(figures.class_margin_mean?.value, wanted.class_margin_mean, 1e-7)
  for (const { id, relative } of found.margins.figures) {
    const [count, middle, auc] = wanted.relative[id]
    expect(relative!.rows).toBe(count)
    // Differences of near distances have fewer digits, and so have their ranks.
    close(relative!.median, middle, 1e-6)
    close(figures[`${id}_margin_relative_median`]?.value, middle, 1e-6)
    if (id === 'class') continue
    close(relative!.errorAuc, auc, 1e-6)
    close(figures[`${id}_margin_relative_error_auc`]?.value, auc, 1e-6)
  }
  const { verification } = found
  expect(verification?.samePairs).toBe(wanted.verification.same)
  expect(verification?.otherPairs).toBe(wanted.verification.other)
  close(figures.verification_auc?.value, wanted.verification.auc, within)
  // scikit-learn takes the nearest pair; here the line between two of them is followed.
  close(figures.verification_eer?.value, wanted.verification.eer, 0.002 + within)
  for (const { far, tar } of verification?.operatingPoints ?? []) {
    const [low, high] = wanted.verification.tar[String(far)] ?? wanted.verification.tar['0.0001']
    if (tar === null) expect(far * wanted.verification.other).toBeLessThan(1)
    else {
      // Two distances that lie in neighbouring bins are taken for one.
      expect(tar).toBeGreaterThanOrEqual(low - 0.002 - within)
      expect(tar).toBeLessThanOrEqual(high + within)
    }
  }
}

const plain = names.flatMap((name) =>
  (['euclidean', 'cosine'] as const).map((metric) => [name, metric] as const),
)

describe.each(['wasm', 'tfjs-node'] as const)('on %s', (name) => {
  const skip = missing(name, backendProblem(name))
  let backend: Backend
  beforeAll(async () => {
    if (!skip) backend = await openBackend(name)
  })
  afterAll(() => backend?.close())

  it.skipIf(skip).each<readonly [string, Metric]>(plain)('%s, %s', async (table, metric) => {
    const dataset = datasetOf(tables[table]!)
    const neighborhood = await selfJoin(
      { ...dataset, classes: dataset.classes.length },
      { backend, metric, k: 20, signal, progress: () => {} },
    )
    const space = await measureSpace(dataset, { metric, backend, signal, random: seededRandom })
    const found = evaluate({
      dataset,
      neighborhood,
      manifest,
      space,
      tradeOff: UNTRIED,
      random: seededRandom,
    })
    // The join counts pairs in bins of 0.05 % of a distance: ties beside each other share one.
    check(found, expected[`${table}/${metric}`], 5e-3)
  })
})

describe('with neighbours in double precision', () => {
  const rows = (table: string) => tables[table]!.labels.map((_, row) => row)
  const groups = (table: string) =>
    rows(table).map((row) => (row % 10 === 0 ? -1 : Math.floor(row / 4)))
  const queries = (table: string) => rows(table).map((row) => row % 3 === 0)
  let backend: Backend
  beforeAll(async () => {
    backend = await openBackend('wasm')
  })
  afterAll(() => backend.close())
  const found = async (points: Points, metric: Metric = 'euclidean') => {
    const dataset = datasetOf(points)
    const space = await measureSpace(dataset, { metric, backend, signal, random: seededRandom })
    return evaluate({
      dataset,
      neighborhood: bruteNeighborhood(dataset, metric),
      manifest,
      space,
      tradeOff: UNTRIED,
      random: seededRandom,
    })
  }

  it.each(plain)('%s, %s', async (table, metric) => {
    check(await found(tables[table]!, metric), expected[`${table}/${metric}`])
  })

  it.each(names)('%s, where rows of a group are no neighbours', async (table) => {
    const points = { ...tables[table]!, groups: groups(table) }
    const evaluation = await found(points)
    check(evaluation, expected[`${table}/groups`])
    // Rows of a group count together, and each row of none by itself.
    const together = new Set(groups(table).map((group, row) => (group < 0 ? `row ${row}` : group)))
    expect(evaluation.intervals).toEqual({ cluster: 'group', clusters: together.size })
  })

  it.each(names)('%s, queries against a gallery', async (table) => {
    const points = { ...tables[table]!, queries: queries(table) }
    check(await found(points), expected[`${table}/gallery`])
  })

  it.each(names)('%s, queries against a gallery, with groups', async (table) => {
    const points = { ...tables[table]!, queries: queries(table), groups: groups(table) }
    check(await found(points), expected[`${table}/gallery and groups`])
  })
})
