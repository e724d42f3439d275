/** An evaluation computed the plainest way, in double precision: the oracle of these tests. */

import { readFileSync } from 'node:fs'
import type { ClassFigures } from '../../../lib/core/class-figures.ts'
import type { ConfusedPair } from '../../../lib/core/confusion.ts'
import type { Dataset } from '../../../lib/core/dataset.ts'
import type { Evaluation, Neighborhood } from '../../../lib/core/evaluation.ts'
import type { Figure } from '../../../lib/core/figure.ts'
import type { Manifest } from '../../../lib/core/manifest.ts'
import type { Column } from '../../../lib/core/table.ts'
import type { MetricInput } from '../../../lib/metrics/metric.ts'
import { outliers } from '../../../lib/metrics/quality/outliers.ts'
import { quality } from '../../../lib/metrics/quality/quality.ts'
import { classDistancesOf } from '../../class-distances.ts'
import { readTable } from '../../read-table.ts'
import { UNTRIED } from '../../untried.ts'

export const manifest: Manifest = {
  model: { name: null, version: null, preprocessing: null },
  metric: 'euclidean',
  k: 10,
  margin: { low: 0.05, chosen: false },
  duplicates: { near: 0.13 },
  intervals: { cluster: 'group' },
  maps: null,
  baseline: 'previous',
  furtherBaselines: [],
  gates: [],
  owners: {},
  images: null,
  tracker: null,
  known: [],
  notes: {},
  effort: {},
  tickets: {},
  siteUrl: null,
  columns: {
    embeddings: 'embeddings',
    id: 'id',
    label: 'label',
    split: 'split',
    group: 'group',
    image: 'image',
    time: 'time',
  },
  privacy: { images: 'thumbnails', ids: 'plain', columns: {}, centroids: 'kept' },
}

export interface Sample {
  readonly ids: readonly string[]
  readonly labels: readonly string[]
  readonly vectors: readonly ArrayLike<number>[]
  readonly metadata?: readonly Column[]
}

export async function readSample(path: string): Promise<Sample> {
  const bytes = readFileSync(new URL(`../../../samples/${path}.npz`, import.meta.url))
  const table = await readTable(
    { name: 'embeddings.npz', bytes },
    { part: 'vectors', columns: manifest.columns },
  )
  const text = (wanted: string) => {
    const column = table.columns.find(({ name }) => name === wanted)
    if (column?.type !== 'text') throw new Error(`${path} has no text column ${wanted}`)
    return column.values
  }
  const { values, rows, dimensions } = table.vectors!
  return {
    ids: text('ids'),
    labels: text('labels'),
    vectors: Array.from({ length: rows }, (_, row) =>
      values.subarray(row * dimensions, (row + 1) * dimensions),
    ),
  }
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const median = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b)
  return (
    (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
  )
}

export function figure(value: number | null, better: Figure['better'] = 'higher'): Figure {
  return {
    value,
    interval: value === null ? null : [value - 0.02, value + 0.02],
    exactness: 'exact',
    title: 'Nearest-neighbour accuracy',
    unit: 'share',
    better,
    chance: null,
    macro: null,
    definition: '',
    source: '',
    note: null,
  }
}

export function evaluate({ ids, labels, vectors, metadata = [] }: Sample): Evaluation {
  const rows = ids.length
  const classes = [...new Set(labels)].sort()
  const label = Int32Array.from(labels, (name) => classes.indexOf(name))
  const sizes = classes.map((name) => labels.filter((one) => one === name).length)
  const k = Math.min(10, rows - 1)
  const neighbors = new Int32Array(rows * k).fill(-1)
  const distances = new Float64Array(rows * k)
  const float = () => new Float64Array(rows).fill(Number.NaN)
  const [neighborMargin, predictionMargin, classMargin] = [float(), float(), float()]
  const [intra, silhouette] = [float(), float()]
  const correct = new Uint8Array(rows)
  const mates = 10
  const mateDistances = new Float64Array(rows * mates).fill(Number.POSITIVE_INFINITY)
  const nearestOther = new Float64Array(rows)
  const classDistanceSums = new Float64Array(rows * classes.length)
  for (let i = 0; i < rows; i++) {
    const row = vectors[i]!
    const all = new Float64Array(rows)
    for (let j = 0; j < rows; j++) {
      const other = vectors[j]!
      let sum = 0
      for (let at = 0; at < row.length; at++) sum += (row[at]! - other[at]!) ** 2
      all[j] = Math.sqrt(sum)
    }
    const nearest: number[] = []
    for (let j = 0; j < rows; j++) {
      if (j === i || (nearest.length === k && all[j]! >= all[nearest[k - 1]!]!)) continue
      let at = nearest.length
      while (at > 0 && all[j]! < all[nearest[at - 1]!]!) at--
      nearest.splice(at, 0, j)
      if (nearest.length > k) nearest.pop()
    }
    neighbors.set(nearest, i * k)
    distances.set(
      nearest.map((j) => all[j]!),
      i * k,
    )
    for (let j = 0; j < rows; j++) classDistanceSums[i * classes.length + label[j]!]! += all[j]!
    const predicted = label[nearest[0]!]
    const smallest = (keep: (j: number) => boolean) => {
      let best = Number.POSITIVE_INFINITY
      for (let j = 0; j < rows; j++) if (j !== i && keep(j) && all[j]! < best) best = all[j]!
      return best
    }
    const others = [...label.keys()].filter((j) => j !== i && label[j] === label[i])
    const closest = others.map((j) => all[j]!).sort((a, b) => a - b)
    mateDistances.set(closest.slice(0, mates), i * mates)
    nearestOther[i] = smallest((j) => label[j] !== label[i])
    correct[i] = predicted === label[i] ? 1 : 0
    classMargin[i] = smallest((j) => label[j] !== label[i]) - smallest((j) => label[j] === label[i])
    predictionMargin[i] = smallest((j) => label[j] !== predicted) - all[nearest[0]!]!
    neighborMargin[i] = k > 1 ? all[nearest[1]!]! - all[nearest[0]!]! : Number.NaN
    intra[i] = others.length > 0 ? mean(others.map((j) => all[j]!)) : Number.NaN
  }
  const members = classes.map((_, c) => [...label.keys()].filter((i) => label[i] === c))
  const intraOf = members.map((list) =>
    list.length > 1 ? mean(list.map((i) => intra[i]!)) : Number.NaN,
  )
  const known = intraOf.filter((value) => !Number.isNaN(value))
  const middle = median(known)
  const scale = 1.4826 * median(known.map((value) => Math.abs(value - middle)))
  const classFigures = classes.map((name, c): ClassFigures => {
    const errors = members[c]!.filter((i) => correct[i] === 0).length
    const single = Number.isNaN(intraOf[c]!)
    return {
      label: name,
      rows: members[c]!.length,
      errors,
      accuracy: 1 - errors / members[c]!.length,
      accuracyInterval: [0, 1],
      hitAt10: null,
      mapAtR: null,
      neighborMarginMedian: null,
      neighborMarginLowShare: null,
      classMarginMedian: null,
      intraClassDistance: single ? null : intraOf[c]!,
      centroidDistance: 0,
      spreadScore: single || !(scale > 0) ? null : (intraOf[c]! - middle) / scale,
      nearestClass: null,
      interClassDistance: null,
      separation: null,
      silhouette: null,
      outliers: 0,
    }
  })
  const { calibrated, errorAuc } = calibrate(predictionMargin, correct)
  const dataset: Dataset = {
    rows,
    dimensions: vectors[0]!.length,
    vectors: Float32Array.from(vectors.flatMap((vector) => Array.from(vector))),
    ids,
    hasIds: true,
    labels: label,
    classes,
    sourceRows: Int32Array.from(ids.keys()),
    images: null,
    metadata,
    inputRows: rows,
    setAside: [],
    warnings: [],
  }
  // No more of it is read for the quality of the data, or after the figures are made.
  const neighborhood = {
    metric: 'euclidean',
    k,
    neighbors,
    distances,
    mates,
    mateDistances,
    nearestOther,
    classDistances: classDistancesOf(classDistanceSums, label, classes.length),
    eligibleMates: label.map((own) => sizes[own]! - 1),
    firstEqual: firstEqual(vectors),
  } as Partial<Neighborhood> as Neighborhood
  const far = outliers({ dataset, neighborhood } as Partial<MetricInput> as MetricInput)
  return {
    evaluatedRows: rows,
    intervals: { cluster: 'row', clusters: null },
    clusters: null,
    verification: null,
    dataset,
    neighborhood,
    figures: { nearest_neighbor_accuracy: figure(mean([...correct])) },
    confusion: {
      pairs: confusedPairs(labels, neighbors, k, classFigures),
      counts: [],
      concentration: {
        errors: correct.filter((right) => right === 0).length,
        pairs: 0,
        possiblePairs: 0,
        pairsForHalf: 0,
        pairsForFourFifths: 0,
        gini: 0,
      },
      labelChangingTies: 0,
    },
    classes: classFigures.map((entry, c) => ({
      ...entry,
      outliers: members[c]!.filter((row) => far.flags[row] === 1).length,
    })),
    margins: {
      lowThreshold: 0.05,
      lowThresholdChosen: false,
      figures: [
        {
          id: 'prediction',
          title: 'Prediction margin',
          edges: [],
          right: [],
          wrong: [],
          errorAuc,
          predictsErrors: errorAuc >= 0.6,
          calibrated: errorAuc >= 0.6 ? calibrated : null,
          riskCoverage: [],
          relative: {
            rows: 0,
            median: null,
            errorAuc: null,
            predictsErrors: null,
            calibrated: null,
          },
        },
      ],
      rankedBy: errorAuc >= 0.6 ? 'prediction' : null,
    },
    structure: {
      hubs: { threshold: 20, rows: 0, places: 0, most: [] },
      dimensions: { collapsed: [], collapsedCount: 0, variance: [] },
      norms: { median: 0, outliers: [], outlierCount: 0 },
    },
    slices: {
      list: [],
      tested: 0,
      different: 0,
      columns: [],
      skipped: [],
      pairs: { tested: 0, possible: 0 },
      note: null,
    },
    sliceOf: () => null,
    tradeOff: UNTRIED,
    outliers: far.list,
    duplicates: { groups: identical({ ids, labels, vectors }), rows: 0, conflicts: 0 },
    quality: quality(dataset, neighborhood, manifest, {
      correct,
      evaluated: new Uint8Array(dataset.rows).fill(1),
    }),
    rows: {
      evaluated: new Uint8Array(rows).fill(1),
      correct,
      mates: label.map((own) => sizes[own]! - 1),
      neighborMargin,
      predictionMargin,
      classMargin,
      firstMatchRank: new Int32Array(rows),
      silhouette,
      outlier: far.flags,
      intraClassDistance: intra,
    },
  }
}

function confusedPairs(
  labels: readonly string[],
  neighbors: Int32Array,
  k: number,
  classes: readonly ClassFigures[],
): ConfusedPair[] {
  const found: ConfusedPair[] = []
  for (const [at, a] of classes.entries()) {
    for (const b of classes.slice(at + 1)) {
      const taken = (from: string, to: string) =>
        labels.filter((name, i) => name === from && labels[neighbors[i * k]!] === to).length
      const [aAsB, bAsA] = [taken(a.label, b.label), taken(b.label, a.label)]
      const count = aAsB + bAsA
      if (count === 0) continue
      const rate = count / (a.rows + b.rows)
      const gain = (100 * count) / labels.length
      found.push({ a: a.label, b: b.label, count, aAsB, bAsA, rate, gain })
    }
  }
  return found.sort((x, y) => y.count - x.count)
}

function calibrate(margin: Float64Array, correct: Uint8Array) {
  const order = [...margin.keys()].sort((i, j) => margin[i]! - margin[j]!)
  const wrong = order.filter((i) => correct[i] === 0).length
  const right = order.length - wrong
  let [below, area, best, threshold] = [0, 0, -1, 0]
  for (const [at, i] of order.entries()) {
    const j = below / wrong - (at - below) / right
    if (j > best) [best, threshold] = [j, margin[i]!]
    if (correct[i] === 0) below++
    else area += below
  }
  const errorAuc = wrong === 0 || right === 0 ? 0.5 : area / (wrong * right)
  return { errorAuc, calibrated: { threshold, lowShare: 0, errorShare: 0 } }
}

function firstEqual(vectors: Sample['vectors']): Int32Array {
  const first = new Map<string, number>()
  return Int32Array.from(vectors, (vector, row) => {
    const key = Array.from(vector).join()
    if (!first.has(key)) first.set(key, row)
    return first.get(key)!
  })
}

function identical({ ids, labels, vectors }: Sample) {
  const groups = new Map<string, number[]>()
  for (const [row, vector] of vectors.entries()) {
    const key = Array.from(vector).join()
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => {
      const names = [...new Set(group.map((row) => labels[row]!))].sort()
      return { rows: group.map((row) => ids[row]!), labels: names, conflict: names.length > 1 }
    })
}
