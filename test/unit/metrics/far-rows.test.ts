/**
 * Far and tiny rows change nothing but what they are part of: every figure, class, duplicate, outlier and
 * hub is the one that double precision gives for neighbours by brute force.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import type { Dataset } from '../../../lib/core/dataset.ts'
import type { Neighborhood } from '../../../lib/core/evaluation.ts'
import type { Metric } from '../../../lib/core/manifest.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { evaluate } from '../../../lib/metrics/evaluate.ts'
import { measureSpace } from '../../../lib/metrics/structure/space.ts'
import { selfJoin } from '../../../lib/neighbors/self-join.ts'
import type { Backend } from '../../../lib/tensor/backend.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { bruteNeighborhood, datasetOf, type Points } from '../../brute-neighborhood.ts'
import { UNTRIED } from '../../untried.ts'
import { exactCosine } from '../neighbors/distance/exact-cosine.ts'

const { signal } = new AbortController()
const manifest = parseManifest(null, 'nearmiss.yaml')

let backend: Backend
beforeAll(async () => {
  backend = await openBackend('wasm')
})
afterAll(() => backend.close())

const ROWS = 90
const random = seededRandom(11)

/** Six classes; three pairs of rows are near duplicates. */
function points(change: (row: number[], at: number) => number[], gallery: boolean): Points {
  const labels = Array.from({ length: ROWS }, (_, row) => `c${row % 6}`)
  const vectors: number[][] = []
  for (const at of labels.keys()) {
    const copies = at === 40 || at === 61 || at === 85
    vectors.push(
      copies
        ? vectors[at - 7]!.map((value) => value * (1 + 1e-3 * random()))
        : Array.from({ length: 6 }, (_, d) => random() + random() + (d === at % 6 ? 0.6 : 0)),
    )
  }
  return {
    labels,
    vectors: vectors.map((row, at) => change([...row], at)),
    ...(gallery ? { queries: labels.map((_, at) => isQuery(at)) } : {}),
  }
}

const times = (factor: number, which: (at: number) => boolean) => (row: number[], at: number) =>
  which(at) ? row.map((value) => value * factor) : row
const isQuery = (at: number) => at % 7 < 3
const turned = (factor: number, which: (at: number) => boolean) => (row: number[], at: number) =>
  which(at) ? row.map((value, d) => value * factor * (d % 2 === 0 ? 1 : -1)) : row

const hard: Record<string, (row: number[], at: number) => number[]> = {
  'no row is far': (row) => row,
  'a far row of the gallery': times(1e12, (at) => at === 31),
  'a far query': times(1e12, (at) => at === 30),
  'far rows in the gallery only': times(1e9, (at) => !isQuery(at) && at % 10 === 1),
  'a third of the rows far': times(1e9, (at) => at % 3 === 1),
  'half of the rows far, each on its own scale': (row, at) =>
    at % 2 === 0 ? row.map((value) => value * 10 ** (3 + (at % 9))) : row,
  'a far row in another direction': turned(1e6, (at) => at === 31),
  'tiny rows': times(1e-20, (at) => at % 5 === 2),
  'tiny rows and far ones': (row, at) =>
    row.map((value) => value * (at % 5 === 2 ? 1e-20 : at === 31 ? 1e18 : 1)),
  'rows at the end of what float32 holds': (row, at) =>
    row.map((value) => value * (at === 31 ? 1e37 : at === 50 ? 1e-44 : 1)),
  'all distances about 1e-5': (row) => row.map((value) => value * 1e-5),
  'all distances about 1e7': (row) => row.map((value) => value * 1e7),
}

async function evaluated(dataset: Dataset, metric: Metric, neighborhood: Neighborhood) {
  const space = await measureSpace(dataset, { metric, backend, signal, random: seededRandom })
  return evaluate({
    dataset,
    neighborhood,
    manifest,
    space,
    tradeOff: UNTRIED,
    random: seededRandom,
  })
}

function distancesOf(dataset: Dataset, metric: Metric): Float64Array {
  const { rows, vectors, dimensions } = dataset
  const cosine = metric === 'cosine' ? exactCosine(dataset) : null
  return Float64Array.from({ length: rows * rows }, (_, at) => {
    const [a, b] = [Math.floor(at / rows), at % rows]
    if (a === b) return 0
    if (cosine !== null) return cosine(a, b)
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      sum += (vectors[a * dimensions + d]! - vectors[b * dimensions + d]!) ** 2
    }
    return Math.sqrt(sum)
  })
}

/** The same in all, numbers up to rounding. */
function expectLike(found: unknown, wanted: unknown, scale: number, path: string): void {
  if (typeof wanted === 'number' && typeof found === 'number') {
    const close =
      Object.is(found, wanted) ||
      Math.abs(found - wanted) <= 1e-9 * Math.max(Math.abs(wanted), scale)
    expect([path, close, found, wanted]).toEqual([path, true, found, wanted])
  } else if (
    wanted !== null &&
    typeof wanted === 'object' &&
    found !== null &&
    typeof found === 'object'
  ) {
    const entries = Object.entries(wanted)
    expect([path, Object.keys(found)]).toEqual([path, entries.map(([name]) => name)])
    for (const [name, value] of entries) {
      expectLike((found as Record<string, unknown>)[name], value, scale, `${path}.${name}`)
    }
  } else {
    expect([path, found]).toEqual([path, wanted])
  }
}

describe.each(['all rows', 'a gallery'])('%s', (kind) => {
  describe.each(Object.keys(hard))('%s', (name) => {
    it.each<Metric>(['euclidean', 'cosine'])('%s', async (metric) => {
      const dataset = datasetOf(points(hard[name]!, kind === 'a gallery'))
      const between = distancesOf(dataset, metric)
      const brute = await evaluated(
        dataset,
        metric,
        bruteNeighborhood(dataset, metric, 20, between),
      )
      const join = await selfJoin(
        { ...dataset, classes: dataset.classes.length },
        { backend, metric, k: 20, signal, progress: () => {} },
      )
      const found = await evaluated(dataset, metric, join)
      const sorted = between.slice().sort()
      // A difference of two large numbers is no more exact than they are.
      const usual = Math.max(sorted[between.length >> 1]!, sorted.at(-1)! * 1e-6)
      for (const [id, { value, unit, exactness }] of Object.entries(found.figures)) {
        expect([id, value === null || exactness]).toEqual([id, value === null || 'exact'])
        expectLike(value, brute.figures[id]!.value, unit === 'distance' ? usual : 1, id)
      }
      expectLike(found.classes, brute.classes, usual, 'classes')
      expectLike(found.quality.nearDuplicates, brute.quality.nearDuplicates, 0, 'near duplicates')
      expectLike(found.outliers, brute.outliers, 0, 'outliers')
      expectLike(found.structure.hubs, brute.structure.hubs, 0, 'hubs')
      expectLike(found.structure.norms, brute.structure.norms, 0, 'norms')
      const worst = brute.verification!
      expectLike(found.verification!.equalError, worst.equalError, 0, 'equal error')
      expectLike(found.verification!.operatingPoints, worst.operatingPoints, 0, 'operating points')
    })
  })
})
