/** Whether the classes, and the run as a whole, lie where they lay in the baseline. */

import type { Dataset } from '../core/dataset.ts'
import {
  type Centroid,
  type ClassDrift,
  type Drift,
  LEAST_KS,
  LEAST_SHIFT,
  type RunSpace,
  type SpaceComparison,
  type SpaceRelation,
} from '../core/drift.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import { dot } from '../core/vectors.ts'
import type { Warning } from '../core/warning.ts'
import { countOf, decimal } from '../core/words.ts'
import { scaledFor } from '../stats/centroid.ts'
import { moved } from '../stats/common-move.ts'
import { fUpperTail } from '../stats/f-distribution.ts'
import { benjaminiHochberg } from '../stats/false-discovery.ts'
import { wilsonInterval } from '../stats/interval.ts'
import { ksP, ksStatistic } from '../stats/kolmogorov-smirnov.ts'
import { separationOf } from '../stats/separation.ts'
import { usualRows } from './centroids.ts'
import { type ComparedSpaces, compareSpaces } from './space.ts'
import type { VectorsAtHand } from './vector-sample.ts'

/** Rows of a class from which the number of its directions is estimated. */
const SHAPE_ROWS = 64

/**
 * @param now this run's space, with its centroids
 * @param before the baseline's; without centroids nothing but the spaces is compared
 * @param vectors of rows of both runs, where the baseline's are at hand
 */
export function measureDrift(
  dataset: Pick<Dataset, 'rows' | 'dimensions' | 'vectors' | 'labels' | 'classes' | 'narrowing'>,
  now: RunSpace & { readonly centroids: readonly Centroid[] },
  before: RunSpace,
  vectors: VectorsAtHand,
): Omit<Drift, 'relabelled'> {
  const shared = 'sample' in vectors ? vectors.sample.shared : null
  const { space, move } = compareSpaces(now, before, shared)
  const none = {
    baseline: before.run,
    space,
    classes: [],
    overall: null,
    ...separate(vectors, space, move),
  }
  if (space.relation === 'other' || space.relation === 'unknown') {
    return { ...none, note: `${space.reason} Only neighbours are compared.` }
  }
  if (before.centroids === null) {
    return { ...none, note: `${before.run} kept no centroids, so drift can't be measured.` }
  }
  const then = new Map(before.centroids.map((centroid) => [centroid.label, centroid]))
  const pairs = now.centroids.flatMap((centroid): [Centroid, Centroid][] => {
    const match = then.get(centroid.label)
    return match ? [[centroid, move === null ? match : movedCentroid(match, move, centroid)]] : []
  })
  const shapes = shapesOf(dataset, now)
  const measured = pairs.map(([centroid, match]) =>
    driftOf(centroid, match, space, shapes(centroid)),
  )
  const adjusted = judgeClasses(measured)
  const classes = adjusted
    .filter(({ label }) => label !== null)
    .sort((a, b) => (b.shift ?? b.ks) - (a.shift ?? a.ks))
  const missing = now.centroids.length - pairs.length
  const whole = now.centroids.find(({ label }) => label === null)
  const far = whole === undefined ? 0 : dataset.rows - whole.rows
  return {
    ...none,
    classes,
    overall: adjusted.find(({ label }) => label === null) ?? null,
    note: noteOf(missing, far, before.run),
  }
}

/** What the figures leave out; null where nothing. */
function noteOf(missing: number, far: number, baseline: string): string | null {
  const notes = [
    ...(missing === 0
      ? []
      : [
          `${missing === 1 ? 'One class has' : `${missing} classes have`} no centroid of 5 rows or more in ${baseline}.`,
        ]),
    ...(far === 0
      ? []
      : [
          `${countOf(far, 'row')} of this run ${far === 1 ? 'lies' : 'lie'} so far from all others that no mean counts ${far === 1 ? 'it' : 'them'}.`,
        ]),
  ]
  return notes.length === 0 ? null : notes.join(' ')
}

/** What a reader should know of the two runs' distances. */
export function driftWarnings({ baseline, space }: Pick<Drift, 'baseline' | 'space'>): Warning[] {
  const scale = space.common?.scale ?? 1
  if (scale === 1) return []
  const times = `Distances of this run are ${decimal(scale)} times those of ${baseline}`
  return [
    {
      code: 'baseline-scale',
      message: `${times}, as a whole: margins, thresholds and other figures in units of distance, with the gates on them and the setting margin.low, are in different units in the two runs; neighbours, shares and ranks can be compared`,
      headline: `${times}: margins and thresholds can’t be compared`,
    },
  ]
}

/** How well a classifier tells the runs' rows apart, where coordinates mean the same in both. */
function separate(
  vectors: VectorsAtHand,
  { relation }: SpaceComparison,
  move: ComparedSpaces['move'],
): Required<Pick<Drift, 'separation' | 'separationNote'>> {
  const none = (separationNote: string) => ({ separation: null, separationNote })
  if (!('sample' in vectors)) return none(vectors.note)
  if (!hasSameAxes(relation))
    return none('Rows are told apart only where both runs have the same axes.')
  const { apart } = vectors.sample
  // What the whole of the rows did shows as well, unless nothing else could be seen beside it.
  const before =
    apart && (relation === 'moved' && move !== null ? moved(apart.before, move) : apart.before)
  const area = apart && before && separationOf([apart.now, before], apart.folds)
  if (apart === null || area === null) return none('It takes 50 rows of each run that differ.')
  const { rows } = apart
  const { value: auc } = area
  // Where no row is out of place: as of a share of so many independent pairs.
  const interval = area.interval ?? wilsonInterval(auc * rows, rows)!
  return { separation: { auc, interval, rows }, separationNote: null }
}

function hasSameAxes(relation: SpaceRelation): boolean {
  return relation === 'same' || relation === 'moved'
}

/** Distances that agree so well are equal but for rounding. */
const EQUAL = 1e-5

/** The baseline's class as it would lie and spread in this run's space. */
function movedCentroid(
  { centroid, spread, distances, ...rest }: Centroid,
  { scale, shift }: NonNullable<ComparedSpaces['move']>,
  now: Centroid,
): Centroid {
  return {
    ...rest,
    centroid: centroid.map((value, d) => scale * value + shift[d]!),
    spread: scale * spread,
    // Many rows may share a distance: rounding must not part them from those of this run.
    distances: distances.map((distance) => nearestWithin(now.distances, scale * distance)),
  }
}

/** The nearest of the sorted values where it is equal but for rounding, else the value itself. */
function nearestWithin(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  const [above, below] = [sorted[low] ?? Number.NaN, sorted[low - 1] ?? Number.NaN]
  const nearest = Math.abs(above - value) <= Math.abs(below - value) || low === 0 ? above : below
  return Math.abs(nearest - value) <= EQUAL * value ? nearest : value
}

function driftOf(
  now: Centroid,
  before: Centroid,
  { relation }: SpaceComparison,
  directions: number,
): MeasuredClass {
  const [n, m] = [now.rows, before.rows]
  const variance =
    ((n - 1) * now.spread ** 2 + (m - 1) * before.spread ** 2) / Math.max(1, n + m - 2)
  const share = 1 / n + 1 / m
  const ks = ksStatistic(now.distances, before.distances)
  const comparable = hasSameAxes(relation)
  const squared = comparable ? squaredDistance(now.centroid, before.centroid) : Number.NaN
  // Rows that are all equal have no spread to count in.
  const shift = variance > 0 ? Math.sqrt(squared / variance) : squared > 0 ? null : 0
  return {
    label: now.label,
    rowsBefore: m,
    rows: n,
    shift: comparable ? shift : null,
    noise: Math.sqrt(share),
    shiftP: comparable ? shiftP(squared, variance * share, directions, n + m - 2) : null,
    spreadRatio: before.spread > 0 ? now.spread / before.spread : now.spread > 0 ? 1e9 : 1,
    ks,
    ksP: ksP(ks, n, m),
  }
}

/**
 * Two means of rows of one distribution differ, squared, by the summed variances × (1/n + 1/m) on
 * average. Over as many equal directions as the rows really spread in (Satterthwaite's degrees of
 * freedom), the ratio follows F; with one dimension it is Student's t test squared.
 */
function shiftP(squared: number, expected: number, directions: number, freedom: number): number {
  if (!(expected > 0)) return squared > 0 ? 0 : 1
  return fUpperTail(squared / expected, directions, directions * freedom)
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, d) => sum + (value - b[d]!) ** 2, 0)
}

/** A class before the p values of all of them are corrected together. */
export type MeasuredClass = Omit<
  ClassDrift,
  'shiftAdjustedP' | 'ksAdjustedP' | 'adjustedP' | 'drifted'
>

export function judgeClasses(measured: readonly MeasuredClass[]): ClassDrift[] {
  const tests = measured.flatMap(({ shiftP, ksP }) => (shiftP === null ? [ksP] : [shiftP, ksP]))
  const adjusted = benjaminiHochberg(tests).values()
  const next = () => adjusted.next().value ?? 1
  return measured.map((drift) => {
    const shift = drift.shiftP === null ? 1 : next()
    const ks = next()
    const drifted =
      (shift < SIGNIFICANCE.evidence && (drift.shift === null || drift.shift >= LEAST_SHIFT)) ||
      (ks < SIGNIFICANCE.evidence && drift.ks >= LEAST_KS)
    return {
      ...drift,
      shiftAdjustedP: drift.shiftP === null ? null : shift,
      ksAdjustedP: ks,
      adjustedP: Math.min(shift, ks),
      drifted,
    }
  })
}

/**
 * In how many equal directions a class spreads: (tr S)² / tr S², with the trace of the squared
 * covariance estimated without bias from at most 64 evenly spaced rows (Bai & Saranadasa, 1996).
 */
function shapesOf(
  dataset: Pick<Dataset, 'rows' | 'dimensions' | 'vectors' | 'labels' | 'classes' | 'narrowing'>,
  { metric }: RunSpace,
): (centroid: Centroid) => number {
  const { dimensions, vectors, labels, classes } = dataset
  const origin = dataset.narrowing?.origin ?? null
  const { scales } = scaledFor(dataset, metric)
  const members = new Map<string | null, number[]>([[null, [...scales.keys()]]])
  for (const [row, label] of labels.entries()) {
    const name = classes[label]!
    const own = members.get(name)
    if (own) own.push(row)
    else members.set(name, [row])
  }
  return ({ label, centroid }) => {
    const own = usualRows(dataset, Int32Array.from(members.get(label)!), metric)
    const count = Math.min(SHAPE_ROWS, own.length)
    const rows = Array.from(
      { length: count },
      (_, at) => own[Math.floor((at * own.length) / count)]!,
    )
    const differences = rows.map((row) => {
      const difference = new Float64Array(dimensions)
      for (let d = 0; d < dimensions; d++) {
        const middle = origin === null ? centroid[d]! : centroid[d]! - origin[d]!
        difference[d] = vectors[row * dimensions + d]! * scales[row]! - middle
      }
      return difference
    })
    return directionsOf(differences, dimensions)
  }
}

function directionsOf(rows: readonly Float64Array[], dimensions: number): number {
  const n = rows.length
  let trace = 0
  let squared = 0
  for (const [i, a] of rows.entries()) {
    for (let j = 0; j <= i; j++) {
      const b = rows[j]!
      const product = dot(a, b)
      squared += (i === j ? 1 : 2) * product ** 2
      if (i === j) trace += product
    }
  }
  trace /= n - 1
  squared /= (n - 1) ** 2
  const unbiased = ((n - 1) ** 2 / ((n + 1) * (n - 2))) * (squared - trace ** 2 / (n - 1))
  if (!(squared > 0)) return 1
  return Math.min(dimensions, Math.max(1, trace ** 2 / (unbiased > 0 ? unbiased : squared)))
}
