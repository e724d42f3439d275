/** For each kind of finding a run that is made by hand, with as much of it as a test asks for. */

import type { ClassDrift } from '../../../lib/core/drift.ts'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Column } from '../../../lib/core/table.ts'
import type { MetricInput } from '../../../lib/metrics/metric.ts'
import { slices } from '../../../lib/metrics/slices/slices.ts'
import { figure, manifest } from './brute-force.ts'
import { believed, evaluationWith, withClasses } from './made.ts'

const memo = <A extends readonly unknown[], T>(make: (...given: A) => T) => {
  const made = new Map<string, T>()
  return (...given: A): T => {
    const key = JSON.stringify(given)
    if (!made.has(key)) made.set(key, make(...given))
    return made.get(key)!
  }
}
/** Rows that are all right, of these classes. */
const right = memo((sizes: Readonly<Record<string, number>>) => evaluationWith(sizes, []))

const idsOf = (label: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${label}${at}`)

/** Rows each of which is nearest to the one before it, and so many of which have a match. */
export function chanceRun({ matched = 100, standardErrors = 0 }): Evaluation {
  const run = right({ a: 50, b: 50 })
  const neighbors = Int32Array.from({ length: 100 }, (_, row) => (row + 1) % 100)
  const error = Math.sqrt(0.25 / matched)
  const accuracy = { ...figure(0.5 + standardErrors * error), chance: 0.5 }
  return {
    ...run,
    neighborhood: { ...run.neighborhood, k: 1, neighbors },
    rows: { ...run.rows, mates: neighbors.map((_, row) => Number(row < matched)) },
    figures: { ...run.figures, nearest_neighbor_accuracy_with_match: accuracy },
  }
}

export function unmatchedRun(count: number): Evaluation {
  const run = right({ a: 40, b: 40 })
  const mates = run.rows.mates.map((own, row) => (row < count ? 0 : own))
  return { ...run, rows: { ...run.rows, mates } }
}

/** Rows of a that are taken for b, where c is another class to fall on. */
export function confusedRun(
  count: number,
  sizes: Readonly<Record<string, number>> = { a: 40, b: 40, c: 40 },
): Evaluation {
  return believed(evaluationWith(sizes, [['a', 'b', count]]))
}

/** Rows of a lie `distance` ± `scatter` from their class, those of the others 3; a tenth of a is wrong. */
export function wideRun({
  score = 20,
  distance = 9,
  scatter = 0.01,
  errors = 1,
  classes = 5,
  smallest = 10,
}): Evaluation {
  const names = ['a', 'b', 'c', 'd', 'e'].slice(0, classes)
  const sizes = Object.fromEntries(
    names.map((name, at) => [name, at === classes - 1 ? smallest : 10]),
  )
  const run = withClasses(believed(evaluationWith(sizes, [['a', 'b', errors]])), ({ label }) => ({
    spreadScore: label === 'a' ? score : 0,
    intraClassDistance: label === 'a' ? distance : 3,
    outliers: 0,
  }))
  const intraClassDistance = Float64Array.from(run.dataset.ids, (id, row) =>
    id.startsWith('a') ? distance + scatter * (row % 2 === 0 ? 1 : -1) : 3,
  )
  return { ...run, rows: { ...run.rows, intraClassDistance } }
}

export const LOW = { ...manifest, margin: { low: 0.2, chosen: true } }

/**
 * Low-margin rows of a in chains of these sizes, the first so many of them errors; other low-margin rows
 * `elsewhere`, each by itself; and errors among the rows whose margin is high. For the manifest `LOW`.
 */
export function lowMarginRun({
  clusters = [24],
  errors = 12,
  elsewhere = 40,
  elsewhereErrors = 0,
  otherErrors = 0,
}): Evaluation {
  const run = right({ a: 60, b: 60, c: 60 })
  const rows = 180
  const { k } = run.neighborhood
  const neighbors = new Int32Array(rows * k).fill(-1)
  const low = new Set<number>()
  const correct = new Uint8Array(rows).fill(1)
  let [start, left] = [0, errors]
  for (const size of clusters) {
    for (let row = start; row < start + size; row++) {
      low.add(row)
      if (row > start) neighbors[row * k] = row - 1
      if (row < start + size - 1) neighbors[row * k + 1] = row + 1
      if (left-- > 0) correct[row] = 0
    }
    start += size + 1
  }
  for (let at = 0; at < elsewhere; at++) {
    low.add(60 + at)
    if (at < elsewhereErrors) correct[60 + at] = 0
  }
  for (let at = 0; at < otherErrors; at++) correct[rows - 1 - at] = 0
  const predictionMargin = Float64Array.from(correct, (_, row) => (low.has(row) ? 0.1 : 1))
  return {
    ...run,
    neighborhood: { ...run.neighborhood, neighbors },
    margins: { ...run.margins, rankedBy: 'prediction' },
    rows: { ...run.rows, correct, predictionMargin },
  }
}

/** So many rows of one class that rather look like another, by the two of them: `a>b`. */
export function contradictedRun(counts: Readonly<Record<string, number>>): Evaluation {
  const run = right({ a: 40, b: 40, c: 40 })
  const rows = Object.entries(counts).flatMap(([pair, count]) => {
    const [label, suggested] = pair.split('>') as [string, string]
    return idsOf(label, count).map((id) => ({
      id,
      label,
      suggested,
      score: 1,
      timesAsFar: 2,
      votes: 9,
      ownVotes: 0,
      neighbors: 10,
      batch: null,
    }))
  })
  const labelIssues = { rows, unjudgedRows: 0 }
  return { ...run, quality: { ...run.quality, labelIssues } }
}

/** Groups of rows with one vector, each of rows by their ids. */
export function equalRun(groups: readonly (readonly string[])[]): Evaluation {
  const run = right({ a: 40, b: 40, c: 40, d: 40, e: 40 })
  const list = groups.map((rows) => {
    const labels = [...new Set(rows.map((id) => id.slice(0, 1)))]
    return { rows, labels, conflict: labels.length > 1 }
  })
  return { ...run, duplicates: { ...run.duplicates, groups: list } }
}

/** So many groups of two rows with one vector, in two parts of a split. */
export function leakyRun(groups: number, exact = true): Evaluation {
  return leaked(right({ a: 40, b: 40 }), groups, exact)
}

function leaked(run: Evaluation, groups: number, exact: boolean): Evaluation {
  const list = Array.from({ length: groups }, (_, at) => ({
    rows: [`a${at}`, `b${at}`],
    labels: ['a', 'b'],
    parts: ['test', 'train'],
    exact,
  }))
  const leakage = { column: 'split', parts: [], groups: list, rows: 2 * groups, between: [] }
  return { ...run, quality: { ...run.quality, leakage } }
}

/**
 * 200 rows in one dimension of which four couples (of a and b, and of two parts of a split) lie under the
 * threshold of 1, and whose second neighbours lie so far away: of 100 couples each is one by chance with
 * 1 / farthest.
 */
export function nearRun(farthest: number): Evaluation {
  const run = leaked(right({ a: 100, b: 100 }), 1, false)
  const neighbors = new Int32Array(400)
  const distances = new Float64Array(400)
  for (let row = 0; row < 200; row++) {
    const isNear = row % 100 < 4
    neighbors.set([(row + 100) % 200, (row + 1) % 200], 2 * row)
    distances.set([isNear ? 0.5 : farthest, farthest], 2 * row)
  }
  const couple = {
    rows: ['a0', 'b0'],
    labels: ['a', 'b'],
    conflict: true,
    exact: false,
    widest: 0.5,
  }
  const nearDuplicates = { ...run.quality.nearDuplicates, threshold: 1, groups: [couple] }
  return {
    ...run,
    neighborhood: { ...run.neighborhood, k: 2, neighbors, distances },
    figures: { ...run.figures, intrinsic_dimension: figure(1, 'neither') },
    quality: { ...run.quality, nearDuplicates },
  }
}

/** A slice of 20 rows (or more) beside 200 others, with so many errors in either, spread over the classes. */
export function slicedRun(errors: number, others: number, size = 20): Evaluation {
  const run = right({ a: 110, b: 110 })
  const left = (row: number) => row % 110 < size / 2
  const side: Column = {
    name: 'side',
    type: 'text',
    values: Array.from({ length: 220 }, (_, row) => (left(row) ? 'left' : 'right')),
  }
  // By turns of either class.
  const order = Array.from({ length: 220 }, (_, at) => 110 * (at % 2) + Math.floor(at / 2))
  const wrong = new Set([
    ...order.filter(left).slice(0, errors),
    ...order.filter((row) => !left(row)).slice(0, others),
  ])
  const correct = Uint8Array.from({ length: 220 }, (_, row) => Number(!wrong.has(row)))
  const dataset = { ...run.dataset, metadata: [side] }
  const rows = { ...run.rows, correct }
  const predicted = dataset.labels.map((label, row) => (wrong.has(row) ? 1 - label : label))
  const firstMateRank = Int32Array.from({ length: 440 }, (_, at) => (wrong.has(at >> 1) ? 2 : 1))
  const input = {
    dataset,
    neighborhood: { ties: { firstMateRank } },
    manifest,
    rows: { ...rows, predicted, evaluatedRows: 220 },
    clusters: null,
    clustersWithin: null,
    random: seededRandom,
  }
  const { report, find } = slices(input as unknown as MetricInput)
  return { ...run, dataset, rows, slices: report, sliceOf: find }
}

/** Of rows of rare classes and of all others, how many there are and how many are wrong. */
export function rareRun(
  rareErrors: number,
  rareRows: number,
  otherErrors: number,
  otherRows: number,
) {
  const run = right({ a: 100, b: 100, r: 20 })
  const rare = [{ label: 'r', rows: rareRows, errors: rareErrors }]
  const counts = { rare, rareBelow: 21, rareRows, rareErrors, otherRows, otherErrors }
  const imbalance = { ...run.quality.imbalance, ...counts }
  return { ...run, quality: { ...run.quality, imbalance } }
}

/** Rows whose nearest is the one hub, and the others: how many there are and how many are wrong. */
export function hubRun({ behind = 30, errors = 8, others = 50, otherErrors = 1, reach = 20 }) {
  const run = right({ a: 60, b: 60 })
  const rows = 120
  const neighbors = Int32Array.from({ length: rows }, (_, row) =>
    row > 0 && row <= behind ? 0 : (row + 1) % rows,
  )
  // The last row's nearest would be the hub.
  neighbors[rows - 1] = rows - 2
  const asked = behind + others
  const correct = Uint8Array.from({ length: rows }, (_, row) => {
    if (row > 0 && row <= behind) return Number(row > errors)
    return Number(row <= behind || row > behind + otherErrors)
  })
  // The hub is one of the others.
  const mates = Int32Array.from({ length: rows }, (_, row) => Number(row < asked))
  const hubs = { ...run.structure.hubs, threshold: reach }
  return {
    ...run,
    neighborhood: { ...run.neighborhood, k: 1, neighbors },
    structure: { ...run.structure, hubs },
    rows: { ...run.rows, correct, mates },
  }
}

export function driftedRun(moved: number): Evaluation {
  const classes = ['a', 'b', 'c'].map(
    (label, at): ClassDrift => ({
      label,
      rowsBefore: 40,
      rows: 40,
      shift: 0.31,
      noise: 0.2,
      shiftP: 0.0001,
      spreadRatio: 1,
      ks: 0.05,
      ksP: 0.5,
      shiftAdjustedP: 0.0004,
      ksAdjustedP: 0.8,
      adjustedP: 0.0004,
      drifted: at < moved,
    }),
  )
  const drift = {
    baseline: 'then',
    space: { relation: 'same', reason: 'One model.', fit: null, common: null } as const,
    classes,
    overall: null,
    relabelled: 0,
    separation: null,
    separationNote: 'Nobody asked.',
    note: null,
  }
  return { ...right({ a: 40, b: 40, c: 40 }), drift }
}

export function collapsedRun(count: number): Evaluation {
  const run = right({ a: 40, b: 40 })
  const collapsed = Array.from({ length: count }, (_, at) => at)
  const dimensions = { ...run.structure.dimensions, collapsed, collapsedCount: count }
  return {
    ...run,
    dataset: { ...run.dataset, dimensions: 8 },
    structure: { ...run.structure, dimensions },
  }
}
