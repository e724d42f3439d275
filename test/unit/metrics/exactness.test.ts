/**
 * What a figure says of its exactness is true: on data that is hard for it an exact one is what double
 * precision gives, and a bounded one has the truth between its bounds. Every figure of the registry is in
 * one of the two lists below.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import type { Dataset } from '../../../lib/core/dataset.ts'
import type { Evaluation, Neighborhood, PairDistances } from '../../../lib/core/evaluation.ts'
import type { Metric } from '../../../lib/core/manifest.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Verification } from '../../../lib/core/verification.ts'
import { evaluate } from '../../../lib/metrics/evaluate.ts'
import { METRICS } from '../../../lib/metrics/registry.ts'
import { measureSpace } from '../../../lib/metrics/structure/space.ts'
import { selfJoin } from '../../../lib/neighbors/self-join.ts'
import { symmetricEigen } from '../../../lib/stats/symmetric-eigen.ts'
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

/** All distances of a data set, by row and row. */
type Distances = (a: number, b: number) => number
interface Truth {
  readonly dataset: Dataset
  readonly metric: Metric
  readonly distance: Distances
  readonly pairs: PairDistances
}

/** Figures that are computed here anew, from all distances. */
const DIRECT: Record<string, (truth: Truth) => number> = {
  nearest_neighbor_accuracy: (truth) => meanOf(truth, (mates) => Number(mates[0])),
  hit_at_1: (truth) => meanOf(truth, (mates) => Number(mates[0])),
  hit_at_5: (truth) => meanOf(truth, (mates) => Number(mates.slice(0, 5).includes(true))),
  hit_at_10: (truth) => meanOf(truth, (mates) => Number(mates.slice(0, 10).includes(true))),
  precision_at_10: (truth) => meanOf(truth, (mates) => hits(mates.slice(0, 10)) / 10),
  recall_at_10: (truth) => meanOf(truth, (mates) => hits(mates.slice(0, 10)) / hits(mates)),
  mean_reciprocal_rank: (truth) => meanOf(truth, (mates) => 1 / (mates.indexOf(true) + 1)),
  r_precision: (truth) => meanOf(truth, (mates) => hits(mates.slice(0, hits(mates))) / hits(mates)),
  map_at_r: (truth) =>
    meanOf(truth, (mates) => {
      const within = mates.slice(0, hits(mates))
      const precisions = within.map((hit, at) =>
        hit ? hits(within.slice(0, at + 1)) / (at + 1) : 0,
      )
      return precisions.reduce((sum, one) => sum + one, 0) / within.length
    }),
  verification_auc: ({ pairs: { same, other } }) => {
    let [wins, below, upTo] = [0, 0, 0]
    for (const distance of same) {
      while (other[below]! < distance) below++
      while (other[upTo]! <= distance) upTo++
      wins += other.length - (below + upTo) / 2
    }
    return wins / same.length / other.length
  },
  verification_eer: ({ pairs }) => equalErrorOf(pairs),
  verification_tar_at_far_0_01: (truth) => tarAt(truth, 100),
  verification_tar_at_far_0_001: (truth) => tarAt(truth, 1000),
  verification_tar_at_far_0_0001: (truth) => tarAt(truth, 10_000),
  silhouette: (truth) => {
    const { labels, classes, rows } = truth.dataset
    const means = (row: number, label: number) => {
      const others = [...labels.keys()].filter((other) => other !== row && labels[other] === label)
      return others.reduce((sum, other) => sum + truth.distance(row, other), 0) / others.length
    }
    let sum = 0
    for (let row = 0; row < rows; row++) {
      const within = means(row, labels[row]!)
      const between = Math.min(
        ...classes.flatMap((_, label) => (label === labels[row] ? [] : [means(row, label)])),
      )
      const larger = Math.max(within, between)
      sum += larger === 0 || Number.isNaN(within) ? 0 : (between - within) / larger
    }
    return sum / rows
  },
  effective_rank: ({ dataset, metric }) => {
    const spread = covariance(dataset, metric)
    const { values } = symmetricEigen(spread, dataset.dimensions, 1)
    const positive = [...values].filter((value) => value > 0)
    const total = positive.reduce((sum, value) => sum + value, 0)
    return Math.exp(
      -positive.reduce((sum, value) => sum + (value / total) * Math.log(value / total), 0),
    )
  },
}

/** Figures whose arithmetic on neighbours has tests of its own: here they get neighbours by brute force. */
const FROM_NEIGHBORS = [
  'nearest_neighbor_accuracy_with_match',
  'knn_accuracy_5',
  'neighbor_margin_mean',
  'neighbor_margin_median',
  'neighbor_margin_low_share',
  'class_margin_mean',
  'class_margin_median',
  'class_margin_negative_share',
  'neighbor_margin_relative_median',
  'class_margin_relative_median',
  'prediction_margin_relative_median',
  'neighbor_margin_error_auc',
  'prediction_margin_error_auc',
  'neighbor_margin_relative_error_auc',
  'prediction_margin_relative_error_auc',
  'hubness_skewness_k10',
  'anti_hub_share_k10',
  'hub_share_k10',
  'robin_hood_k10',
  'collapsed_dimensions',
  'norm_outlier_share',
  'intrinsic_dimension',
  'intrinsic_dimension_k10',
  'label_issue_share',
  'exact_duplicate_share',
  'near_duplicate_share',
  'duplicate_conflict_share',
  'leaked_share',
  'class_imbalance_ratio',
  'class_evenness',
  'rare_class_share',
]

it('every figure of the registry has its truth here', () => {
  expect(METRICS.map(({ id }) => id).sort()).toEqual(
    [...Object.keys(DIRECT), ...FROM_NEIGHBORS].sort(),
  )
})

/** Rows of the class, nearest first: whether each is of the row's class. */
function meanOf({ dataset, distance }: Truth, value: (mates: boolean[]) => number): number {
  const { labels } = dataset
  const values = Array.from(labels, (label, row) => {
    const others = [...labels.keys()].filter((other) => other !== row)
    others.sort((a, b) => distance(row, a) - distance(row, b) || a - b)
    return value(others.map((other) => labels[other] === label))
  })
  return values.reduce((sum, one) => sum + one, 0) / values.length
}

const hits = (mates: readonly boolean[]) => mates.filter(Boolean).length

/** With queries a pair is one of them and a row of the gallery. */
function pairsOf({ labels, rows, queries }: Dataset, distance: Distances): PairDistances {
  const found = { same: new Float64Array(rows * rows), other: new Float64Array(rows * rows) }
  const counts = { same: 0, other: 0 }
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < a; b++) {
      if (queries !== undefined && queries[a] === queries[b]) continue
      const kind = labels[a] === labels[b] ? 'same' : 'other'
      found[kind][counts[kind]++] = distance(a, b)
    }
  }
  return {
    same: found.same.slice(0, counts.same).sort(),
    other: found.other.slice(0, counts.other).sort(),
  }
}

/** One in so many pairs of two classes may be accepted. */
function tarAt({ pairs: { same, other } }: Truth, one: number): number {
  if (other.length < one) return Number.NaN
  const first = other[Math.floor(other.length / one)]!
  if (first === 0) return Number.NaN
  const accepted = same.findIndex((distance) => distance >= first)
  return (accepted < 0 ? same.length : accepted) / same.length
}

function covariance({ vectors, rows, dimensions }: Dataset, metric: Metric): Float64Array {
  const at = (row: number) => Array.from(vectors.subarray(row * dimensions, (row + 1) * dimensions))
  // Of one factor for all, so that no square leaves double precision's range.
  const largest = vectors.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const scaled = Array.from({ length: rows }, (_, row) => {
    const values = at(row).map((value) => value / largest)
    const length = Math.hypot(...values)
    return metric === 'cosine' && length > 0 ? values.map((value) => value / length) : values
  })
  const means = Array.from(
    { length: dimensions },
    (_, d) => scaled.reduce((sum, row) => sum + row[d]!, 0) / rows,
  )
  const spread = new Float64Array(dimensions * dimensions)
  for (const row of scaled) {
    for (let i = 0; i < dimensions; i++) {
      for (let j = 0; j < dimensions; j++) {
        spread[i * dimensions + j]! += (row[i]! - means[i]!) * (row[j]! - means[j]!)
      }
    }
  }
  return spread
}

const random = seededRandom(5)
const blobs = (rows: number, dimensions: number, classes: number): Points => {
  const labels = Array.from({ length: rows }, (_, row) => `c${row % classes}`)
  const vectors = labels.map((_, row) =>
    Array.from(
      { length: dimensions },
      (_, d) => random() + random() + (d === row % classes ? 0.7 : 0),
    ),
  )
  return { vectors, labels }
}
const with_ = ({ vectors, labels }: Points, change: (row: number[], at: number) => number[]) => ({
  labels,
  vectors: vectors.map((row, at) => change([...row], at)),
})
const times = (factor: number, ...rows: number[]) =>
  with_(blobs(72, 6, 4), (row, at) =>
    rows.includes(at) ? row.map((value) => value * factor) : row,
  )

/** Distances of one class 1.00000 to 1.00003, of two 1.00011 to 1.00014. */
const tight = (): Points => {
  const labels = Array.from({ length: 48 }, (_, row) => `c${row % 4}`)
  const vectors = labels.map((_, row) =>
    Array.from({ length: 52 }, (_, d) => {
      if (d === row) return Math.SQRT1_2 * (1 + 3e-5 * random())
      return d === 48 + (row % 4) ? Math.sqrt(1.1e-4) : 0
    }),
  )
  return { vectors, labels }
}

const hard: Record<string, () => Points> = {
  'tight distances': tight,
  'many ties': () => with_(blobs(72, 4, 4), (row) => row.map((value) => Math.round(2 * value) + 1)),
  'identical rows of two classes': () =>
    with_(blobs(72, 4, 4), (row, at) => (at % 3 === 0 ? [1, 2, 3, 4] : row)),
  'one row 1e10 times as far': () => times(1e10, 30),
  'one row 1e20 times as far': () => times(1e20, 30),
  'one row 1e30 times as far': () => times(1e30, 30),
  'one row at the end of float32': () => times(1e38, 30),
  'several rows far off': () => times(1e12, 3, 4, 30, 31, 50, 61),
  'far rows near each other': () =>
    with_(blobs(72, 6, 4), (row, at) => (at % 12 === 5 ? row.map((value) => 1e5 + value) : row)),
  'tiny values': () => with_(blobs(72, 6, 4), (row) => row.map((value) => value * 1e-30)),
  'far from the origin': () => with_(blobs(72, 6, 4), (row) => row.map((value) => value + 4000)),
  'two scales': () =>
    with_(blobs(72, 6, 4), (row, at) => (at % 4 < 2 ? row.map((value) => value * 1e-9) : row)),
}

function truthOf(dataset: Dataset, metric: Metric): Truth {
  const { vectors, dimensions, rows } = dataset
  const cosine = metric === 'cosine' && rows < 1000 ? exactCosine(dataset) : null
  const all = new Float64Array(rows * rows)
  const squares = Float64Array.from({ length: rows }, (_, row) => dot(row, row))
  function dot(a: number, b: number): number {
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      sum += vectors[a * dimensions + d]! * vectors[b * dimensions + d]!
    }
    return sum
  }
  function euclidean(a: number, b: number): number {
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      sum += (vectors[a * dimensions + d]! - vectors[b * dimensions + d]!) ** 2
    }
    return Math.sqrt(sum)
  }
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < a; b++) {
      const usual = () =>
        metric === 'cosine' ? 1 - dot(a, b) / Math.sqrt(squares[a]! * squares[b]!) : euclidean(a, b)
      const distance = cosine === null ? usual() : cosine(a, b)
      all[a * rows + b] = distance
      all[b * rows + a] = distance
    }
  }
  const distance: Distances = (a, b) => all[a * rows + b]!
  return { dataset, metric, distance, pairs: pairsOf(dataset, distance) }
}

async function found(dataset: Dataset, metric: Metric, neighborhood?: Neighborhood) {
  const space = await measureSpace(dataset, { metric, backend, signal, random: seededRandom })
  const joined = () =>
    selfJoin(
      { ...dataset, classes: dataset.classes.length },
      { backend, metric, k: 20, signal, progress: () => {} },
    )
  return evaluate({
    dataset,
    neighborhood: neighborhood ?? (await joined()),
    manifest,
    space,
    tradeOff: UNTRIED,
    random: seededRandom,
  })
}

/** Products of rows are added in float32. */
const LOOSE: Record<string, number> = { effective_rank: 1e-4 }

function expectTrue(
  { figures }: Evaluation,
  id: string,
  wanted: number | null | undefined,
  scale: number,
) {
  const { value, exactness, bounds } = figures[id]!
  if (value === null) {
    expect([id, wanted ?? Number.NaN]).toEqual([id, Number.NaN])
    return
  }
  const rounding = (LOOSE[id] ?? 1e-9) * Math.max(Math.abs(wanted!), scale)
  if (exactness === 'bounded') {
    expect([id, wanted! >= bounds![0] - rounding, wanted! <= bounds![1] + rounding]).toEqual([
      id,
      true,
      true,
    ])
    expect([id, value >= bounds![0], value <= bounds![1]]).toEqual([id, true, true])
    return
  }
  expect([id, exactness, Math.abs(value - wanted!) <= rounding, value, wanted]).toEqual([
    id,
    'exact',
    true,
    value,
    wanted,
  ])
}

describe.each(Object.keys(hard))('%s', (name) => {
  it.each<Metric>(['euclidean', 'cosine'])('%s', async (metric) => {
    const dataset = datasetOf(hard[name]!())
    const truth = truthOf(dataset, metric)
    const { rows } = dataset
    const between = Float64Array.from({ length: rows * rows }, (_, at) =>
      truth.distance(Math.floor(at / rows), at % rows),
    )
    const evaluation = await found(dataset, metric)
    for (const [id, figure] of Object.entries(DIRECT)) expectTrue(evaluation, id, figure(truth), 1)
    const brute = await found(dataset, metric, bruteNeighborhood(dataset, metric, 20, between))
    const sorted = between.slice().sort()
    // A margin of a far row is the difference of two large numbers.
    const usual = Math.max(sorted[(rows * rows) >> 1]!, sorted.at(-1)! * 1e-6)
    for (const id of FROM_NEIGHBORS) {
      const { value, unit } = brute.figures[id]!
      expectTrue(evaluation, id, value, unit === 'distance' ? usual : 1)
    }
  })
})

describe('more rows than are measured one by one', () => {
  const ROWS = 2100
  const farRows = (factor: number, every: number) =>
    with_(blobs(ROWS, 8, 5), (row, at) =>
      at % every === 2 ? row.map((value) => value * factor) : row,
    )
  /** Half of the rows are queries, but none of those far rows that come every 40. */
  const asked = (points: Points): Points => ({
    ...points,
    queries: points.labels.map((_, at) => at % 40 !== 2 && at % 2 === 0),
  })
  const many: Record<string, () => Points> = {
    usual: () => blobs(ROWS, 8, 5),
    'tight distances': () =>
      with_(blobs(ROWS, 8, 5), (row) => row.map((value) => 9 + 1e-5 * value)),
    'one row 1e20 times as far': () =>
      with_(blobs(ROWS, 8, 5), (row, at) => (at === 77 ? row.map((value) => value * 1e20) : row)),
    'one row at the end of float32': () =>
      with_(blobs(ROWS, 8, 5), (row, at) => (at === 77 ? row.map((value) => value * 1e38) : row)),
    'many rows 1e9 times as far': () =>
      with_(blobs(ROWS, 8, 5), (row, at) =>
        at % 40 === 7 ? row.map((value) => value * 1e9) : row,
      ),
    'tiny values': () => with_(blobs(ROWS, 8, 5), (row) => row.map((value) => value * 1e-30)),
    'many ties': () => with_(blobs(ROWS, 8, 5), (row) => row.map((value) => Math.round(value))),
    'far rows of a gallery': () => asked(farRows(1e9, 40)),
    'far rows, cosine': () => farRows(1e12, 40),
    'a third of the rows far': () => farRows(1e6, 3),
    'far and tiny rows of a gallery, cosine': () =>
      asked(
        with_(farRows(1e15, 50), (row, at) => (at % 9 === 4 ? row.map((v) => v * 1e-20) : row)),
      ),
  }
  const pairFigures = ['verification_auc', 'verification_eer']
  const tars = ['verification_tar_at_far_0_01', 'verification_tar_at_far_0_001']

  it.each(Object.keys(many))(
    'has the truth between its bounds: %s',
    { timeout: 60_000 },
    async (name) => {
      const metric = name.includes('cosine') ? 'cosine' : 'euclidean'
      const dataset = datasetOf(many[name]!())
      const truth = truthOf(dataset, metric)
      const evaluation = await found(dataset, metric)
      expect(evaluation.neighborhood.pairDistances).toBeNull()
      for (const id of [...pairFigures, ...tars]) {
        expectTrue(evaluation, id, DIRECT[id]!(truth), 1)
      }
      if (dataset.queries === undefined) {
        expectTrue(evaluation, 'silhouette', silhouetteOf(truth), 1)
      }
      expectThresholdsTrue(evaluation.verification!, truth.pairs)
      const width = (id: string) => {
        const { bounds } = evaluation.figures[id]!
        return bounds === undefined ? 0 : bounds[1] - bounds[0]
      }
      // Bounds can't tell distances apart that are equal, or as good as that.
      if (['tight distances', 'many ties', 'a third of the rows far'].includes(name)) return
      for (const id of [...pairFigures, ...tars])
        expect([id, width(id) < 0.005]).toEqual([id, true])
      // How near a row's nearest is bounds its error, which isn't known of a gallery's rows.
      if (dataset.queries !== undefined) return
      expect(['silhouette', width('silhouette') < 0.02]).toEqual(['silhouette', true])
    },
  )
})

/** What a reader counts who accepts up to a threshold lies between the bounds that are told with it. */
function expectThresholdsTrue(
  { equalError, operatingPoints, worst, roc, rocBounds }: Verification,
  pairs: PairDistances,
) {
  const points = [
    ...roc.map(([far, tar, threshold], at) => ({ far, tar, threshold, bounds: rocBounds![at] })),
    ...operatingPoints.map(({ far, falseAccepts, ...point }) => ({
      ...point,
      far: falseAccepts / pairs.other.length,
    })),
    { ...equalError, far: equalError.far!, tar: 1 - equalError.frr! },
    { ...worst, tar: 1 - worst.frr },
  ]
  for (const { threshold, bounds, far, tar } of points) {
    if (threshold === null) continue
    const kinds = [
      ['far', pairs.other, far],
      ['tar', pairs.same, tar],
    ] as const
    for (const [kind, distances, told] of kinds) {
      const [low, high] = bounds![kind]
      const next = distances.findIndex((distance) => distance > threshold)
      const share = (next < 0 ? distances.length : next) / distances.length
      expect([kind, threshold, low <= share, share <= high]).toEqual([kind, threshold, true, true])
      // False accepts are told as a whole number.
      const half = 0.5 / distances.length + 1e-12
      expect([kind, low - half <= told!, told! <= high + half]).toEqual([kind, true, true])
    }
  }
}

/** Both shares step at every distance. */
function equalErrorOf({ same, other }: PairDistances): number {
  let [i, j] = [0, 0]
  let before = { far: 0, frr: 1 }
  while (true) {
    const threshold = Math.min(same[i] ?? Infinity, other[j] ?? Infinity)
    while (same[i] === threshold) i++
    while (other[j] === threshold) j++
    const [far, frr] = [j / other.length, 1 - i / same.length]
    if (far >= frr) {
      const part = (before.frr - before.far) / (before.frr - before.far + far - frr)
      return before.far + part * (far - before.far)
    }
    before = { far, frr }
  }
}

/** Over the classes at once: of many rows the plain sums of above take long. */
function silhouetteOf({ dataset, distance }: Truth): number {
  const { rows, labels, classes } = dataset
  const sizes = classes.map((_, label) => labels.filter((one) => one === label).length)
  let total = 0
  for (let row = 0; row < rows; row++) {
    const sums = new Float64Array(classes.length)
    for (let other = 0; other < rows; other++) sums[labels[other]!]! += distance(row, other)
    const own = labels[row]!
    const within = sums[own]! / (sizes[own]! - 1)
    const between = Math.min(
      ...classes.flatMap((_, label) => (label === own ? [] : [sums[label]! / sizes[label]!])),
    )
    total += Math.max(within, between) === 0 ? 0 : (between - within) / Math.max(within, between)
  }
  return total / rows
}
