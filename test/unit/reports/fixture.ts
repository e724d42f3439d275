/** Plausible reports of any size, for tests: seeded points, measured for real, told as an evaluation tells them. */

import type { ClassFigures } from '../../../lib/core/class-figures.ts'
import { rowSketch } from '../../../lib/core/comparable-runs.ts'
import type { ConfusedPair } from '../../../lib/core/confusion.ts'
import type { ReportImages } from '../../../lib/core/images.ts'
import type { MarginFigures, MarginId } from '../../../lib/core/margins.ts'

import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Report } from '../../../lib/core/report.ts'
import type { Rows } from '../../../lib/core/rows.ts'
import type { Column } from '../../../lib/core/table.ts'
import { baselineComparison } from '../../../lib/history/comparison.ts'
import { NO_PLANNING } from '../../../lib/planning/plan.ts'
import { changesOf, driftOf } from './fixture-changes.ts'
import {
  type Baseline,
  errorAuc,
  type Measured,
  mean,
  measure,
  median,
  NEIGHBORS,
  type Points,
  wilson,
} from './fixture-metrics.ts'
import { allFigures, compare, confusionItems, indexOf, rowsOf } from './fixture-parts.ts'
import { qualityOf } from './fixture-quality.ts'
import { SLICES, STRUCTURE, TRADE_OFF } from './fixture-structure.ts'

export interface RunOptions {
  readonly project?: string
  readonly run?: string
  readonly baseline?: Baseline | null
  readonly images?: ReportImages | null
  readonly image?: readonly string[] | null
}

export interface FixtureRun {
  readonly report: Report
  readonly rows: Rows
  readonly index: ProjectIndex
  readonly metadata: readonly Column[]
}

/** Points around class centres; `noise` of 1 mixes neighbouring classes, 0 keeps them apart. */
export function seededPoints(
  rows: number,
  classes: number,
  noise = 0.5,
  seed = 1,
  name = (index: number) => `class ${index}`,
): Points {
  const random = seededRandom(seed)
  const dimensions = 6
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const centers = Float32Array.from({ length: classes * dimensions }, normal)
  const labels: string[] = []
  const vectors = new Float32Array(rows * dimensions)
  for (let row = 0; row < rows; row++) {
    const label = row < classes ? row : Math.floor(random() ** 1.5 * classes)
    labels.push(name(label))
    for (let d = 0; d < dimensions; d++) {
      vectors[row * dimensions + d] = centers[label * dimensions + d]! + noise * normal()
    }
  }
  return { ids: labels.map((_, row) => `row-${row}`), labels, dimensions, vectors }
}

export function buildRun(points: Points, options: RunOptions = {}): FixtureRun {
  const measured = measure(points)
  const project = options.project ?? 'animals'
  const run = options.run ?? 'run-2'
  const pairs = confusedPairs(points, measured)
  const classes = classFigures(points, measured)
  const comparison = compare(points, measured, options.baseline ?? null)
  const items = confusionItems(points, measured, pairs, comparison !== null)
  const figures = allFigures(measured, points.ids.length)
  const rows = rowsOf(points, measured, options.baseline ?? null, options.image ?? null)
  const errors = measured.correct.reduce((sum, value) => sum + (1 - value), 0)
  const accuracy = figures.nearest_neighbor_accuracy!
  const margins = (['neighbor', 'prediction', 'class'] as const).map((id) => marginOf(id, measured))
  const report: Report = {
    verification: null,
    schema: 'nearmiss.report/1',
    project,
    run,
    createdAt: '2026-11-20T09:30:00.000Z',
    input: {
      rows: points.ids.length + 2,
      evaluatedRows: points.ids.length,
      hasIds: true,
      dimensions: points.dimensions,
      classes: measured.classes.length,
      setAside: [{ reason: 'no label', count: 2, rows: ['unlabelled-1', 'unlabelled-2'] }],
      warnings: [{ code: 'zero-vectors', message: '1 row is a zero vector.' }],
      files: [{ name: `${run}.npz`, byteLength: 155384, sha256: 'ab'.repeat(32) }],
      sketch: rowSketch(
        points.ids,
        points.labels.map((label) => String(label)),
      ),
      settings: [],
      privacy: { images: 'thumbnails', ids: 'plain', columns: {}, centroids: 'kept' },
      contentId: 'cd'.repeat(32),
    },
    model: { name: 'test-model', version: '3', preprocessing: null },
    backend: { name: 'wasm', version: '4.22.0', threads: 2 },
    metric: 'euclidean',
    k: NEIGHBORS,
    metrics: figures,
    intervals: { cluster: 'row', clusters: null },
    confusion: {
      counts: pairs.flatMap((pair) => [
        ...(pair.aAsB > 0 ? [[pair.a, pair.b, pair.aAsB] as const] : []),
        ...(pair.bAsA > 0 ? [[pair.b, pair.a, pair.bAsA] as const] : []),
      ]),
      pairs,
      concentration: {
        errors,
        pairs: pairs.length,
        possiblePairs: (measured.classes.length * (measured.classes.length - 1)) / 2,
        pairsForHalf: pairsFor(pairs, errors * 0.5),
        pairsForFourFifths: pairsFor(pairs, errors * 0.8),
        gini: pairs.length === 0 ? 0 : 0.41,
      },
      labelChangingTies: 3,
    },
    classes,
    margins: {
      lowThreshold: 0.05,
      lowThresholdChosen: false,
      figures: margins,
      rankedBy: margins[1]!.predictsErrors ? 'prediction' : null,
    },
    outliers: points.ids
      .slice(0, Math.min(9, Math.floor(points.ids.length / 40)))
      .map((id, row) => ({ id, label: points.labels[row]!, meanDistance: 1.9, threshold: 1.4 })),
    duplicates:
      points.ids.length < 8
        ? { groups: [], rows: 0, conflicts: 0 }
        : {
            groups: [
              { rows: points.ids.slice(0, 2), labels: points.labels.slice(0, 2), conflict: true },
              { rows: points.ids.slice(4, 7), labels: [points.labels[4]!], conflict: false },
            ],
            rows: 5,
            conflicts: 1,
          },
    quality: qualityOf(points, classes),
    slices: SLICES,
    structure: STRUCTURE,
    tradeOff: TRADE_OFF,
    planning: NO_PLANNING,
    projection: {
      method: 'pca',
      explained: [0.31, 0.17],
      trustworthiness: 0.83,
      trustworthinessRows: points.ids.length,
      alignedTo: comparison?.baseline ?? null,
    },
    projections: [
      {
        method: 'pca',
        title: 'Principal components',
        rows: points.ids.length,
        sampled: false,
        trustworthiness: 0.83,
        trustworthinessRows: points.ids.length,
        alignedTo: comparison?.baseline ?? null,
        parameters: {},
        columns: ['x', 'y'],
      },
      {
        method: 'tsne',
        title: 't-SNE',
        rows: points.ids.length,
        sampled: false,
        trustworthiness: 0.96,
        trustworthinessRows: points.ids.length,
        alignedTo: comparison?.baseline ?? null,
        parameters: { perplexity: 30, seed: 42 },
        columns: ['tsne_x', 'tsne_y'],
      },
    ],
    items,
    comparison,
    changes: changesOf(points, measured, pairs, options.baseline ?? null, comparison),
    comparisons:
      comparison === null ? [] : [baselineComparison('previous', { comparison, note: null })],
    drift: driftOf(measured.classes, comparison),
    comparisonNote: comparison ? null : 'This is the first run of the project.',
    gate: {
      passed: (accuracy.value ?? 0) >= 0.75,
      results: [
        {
          metric: 'knn_accuracy_5',
          title: 'kNN accuracy (5)',
          value: accuracy.value,
          requirement: 'at least 0.75',
          passed: (accuracy.value ?? 0) >= 0.75,
          reason: null,
        },
        {
          metric: 'map_at_r',
          title: 'MAP@R',
          value: null,
          requirement: 'no worse than the baseline by more than 0.01',
          passed: null,
          reason: 'there is no baseline to compare with',
        },
      ],
    },
    images: options.images ?? null,
    timings: { read: { elapsedMs: 41 }, neighbors: { elapsedMs: 310 }, metrics: { elapsedMs: 95 } },
    generator: { name: 'nearmiss', version: '0.1.0' },
  }
  const colour = points.ids.map((_, row) => (row % 2 === 0 ? 'red' : 'blue'))
  const metadata: readonly Column[] = [{ name: 'colour', type: 'text', values: colour }]
  return { report, rows, index: indexOf(report), metadata }
}

/** Correctness of each row in an imagined earlier run. */
export function earlierCorrect(correct: Uint8Array, seed = 7): Uint8Array {
  const random = seededRandom(seed)
  return correct.map((value) => (random() < 0.06 ? 1 - value : value))
}

function confusedPairs(points: Points, measured: Measured): ConfusedPair[] {
  const size = measured.classes.length
  const counts = new Map<number, [number, number]>()
  const sizes = new Int32Array(size)
  for (let row = 0; row < points.ids.length; row++) {
    const actual = measured.classOf[row]!
    sizes[actual]!++
    const nearest = measured.neighbors[row * NEIGHBORS]!
    if (nearest < 0 || measured.correct[row] === 1) continue
    const predicted = measured.classOf[nearest]!
    const [a, b] = actual < predicted ? [actual, predicted] : [predicted, actual]
    const entry = counts.get(a * size + b) ?? [0, 0]
    entry[actual === a ? 0 : 1]++
    counts.set(a * size + b, entry)
  }
  return [...counts]
    .map(([key, [aAsB, bAsA]]) => {
      const a = Math.floor(key / size)
      const b = key % size
      const count = aAsB + bAsA
      return {
        a: measured.classes[a]!,
        b: measured.classes[b]!,
        count,
        aAsB,
        bAsA,
        rate: count / (sizes[a]! + sizes[b]!),
        gain: (100 * count) / points.ids.length,
      }
    })
    .sort((p, q) => q.count - p.count)
}

function pairsFor(pairs: readonly ConfusedPair[], errors: number): number {
  let sum = 0
  let used = 0
  while (sum < errors && used < pairs.length) sum += pairs[used++]!.count
  return used
}

function classFigures(points: Points, measured: Measured): ClassFigures[] {
  return measured.classes.map((label, index) => {
    const rows = [...points.ids.keys()].filter((row) => measured.classOf[row] === index)
    const right = rows.filter((row) => measured.correct[row] === 1).length
    const pick = (values: Float64Array) => rows.map((row) => values[row]!)
    const margins = pick(measured.neighborMargin)
    return {
      label,
      rows: rows.length,
      errors: rows.length - right,
      accuracy: right / rows.length,
      accuracyInterval: wilson(right, rows.length),
      hitAt10: rows.length < 2 ? null : Math.min(1, right / rows.length + 0.1),
      mapAtR: rows.length < 2 ? null : (0.6 * right) / rows.length,
      neighborMarginMedian: median(margins),
      neighborMarginLowShare: margins.filter((margin) => margin < 0.05).length / rows.length,
      classMarginMedian: median(pick(measured.classMargin)),
      intraClassDistance: mean(pick(measured.intra)),
      centroidDistance: 0.7 * (mean(pick(measured.intra)) ?? 0),
      spreadScore: rows.length < 2 ? null : ((index * 7) % 50) / 10 - 1.5,
      nearestClass: measured.classes[(index + 1) % measured.classes.length] ?? null,
      interClassDistance:
        measured.classes.length < 2
          ? null
          : (mean(pick(measured.intra)) ?? 1) * (0.8 + ((index * 13) % 17) / 10),
      separation: measured.classes.length < 2 ? null : 0.8 + ((index * 13) % 17) / 10,
      silhouette: measured.classes.length < 2 ? null : 0.2,
      outliers: index % 5 === 0 ? 1 : 0,
    }
  })
}

function marginOf(id: MarginId, measured: Measured): MarginFigures {
  const values = { neighbor: measured.neighborMargin, prediction: measured.predictionMargin }
  const chosen = id === 'class' ? measured.classMargin : values[id]
  const finite = [...chosen].filter((value) => Number.isFinite(value))
  const low = finite.reduce((least, value) => Math.min(least, value), 0)
  const high = finite.sort((a, b) => a - b)[Math.floor(finite.length * 0.99)] ?? 0.1
  const bins = 30
  const edges = Array.from({ length: bins + 1 }, (_, bin) => low + ((high - low) * bin) / bins)
  const right = new Array<number>(bins).fill(0)
  const wrong = new Array<number>(bins).fill(0)
  for (const [row, value] of chosen.entries()) {
    if (!Number.isFinite(value)) continue
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins)))
    const target = measured.correct[row] === 1 ? right : wrong
    target[bin]!++
  }
  const auc = id === 'class' ? null : errorAuc(chosen, measured.correct)
  const known = (row: number) => (Number.isNaN(chosen[row]!) ? high * 2 : chosen[row]!)
  const order = [...chosen.keys()].sort((a, b) => known(b) - known(a))
  const riskCoverage = Array.from({ length: 40 }, (_, step) => {
    const kept = order.slice(0, Math.max(1, Math.round((order.length * (step + 1)) / 40)))
    const accuracy = kept.filter((row) => measured.correct[row] === 1).length / kept.length
    return [(step + 1) / 40, accuracy] as const
  })
  const predicts = auc === null ? null : auc >= 0.6
  return {
    id,
    title: { neighbor: 'Neighbour margin', prediction: 'Prediction margin', class: 'Class margin' }[
      id
    ],
    edges,
    right,
    wrong,
    errorAuc: auc,
    predictsErrors: predicts,
    calibrated: predicts ? { threshold: 0.22, lowShare: 0.18, errorShare: 0.81 } : null,
    riskCoverage: id === 'class' ? [] : riskCoverage,
    relative: { rows: 0, median: null, errorAuc: null, predictsErrors: null, calibrated: null },
  }
}
