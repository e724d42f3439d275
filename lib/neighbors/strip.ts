/**
 * Strips: shares of the self-join that stand for themselves. A strip joins the rows at some positions, in
 * the order of their classes, with all rows. What it tells of its rows is final, so strips are merged by
 * putting them one after the other and adding their counts. The words are explained in `self-join.ts`.
 */

import {
  type ClassDistances,
  emptyClassDistances,
  type NearestClasses,
} from '../core/class-distances.ts'
import { throwIfCancelled } from '../core/errors.ts'
import type { Neighborhood, TieRanges } from '../core/evaluation.ts'
import { sharedFloat32 } from '../core/shared-memory.ts'
import type { Backend } from '../tensor/backend.ts'
import { type PairError, pairHistogram } from './distance/pair-error.ts'
import { planJoin, unitOf } from './plan/join-plan.ts'
import { classSizes, labelAt, writeClass } from './rank/class-distances.ts'
import type { OpenTotals, TotalPart } from './rank/class-totals.ts'
import { joinParts } from './rank/class-totals.ts'
import { mergePairs, type SortedPairs, sortedPairs } from './rank/exact-pairs.ts'
import { addHistograms, emptyHistograms } from './scan/histograms.ts'
import { joinRange } from './self-join.ts'
import type { Histograms, JoinPlan, Range } from './types.ts'

/** What all strips share, so that each computes the same bits as one join of all rows. */
export type StripPlan = JoinPlan

export const planStrips = planJoin

/** Positions from `start`, a multiple of `STRIP_STEP`, up to, not with, `end`. */
export type StripRange = Range

/** Strips start at multiples of this. */
export const STRIP_STEP = 8

/** What a strip gives: entries of its positions in their order. */
export interface Strip extends StripRange {
  readonly backend: Neighborhood['backend']
  readonly neighbors: Int32Array
  readonly distances: Float64Array
  readonly mateDistances: Float64Array
  readonly matesWithinR: Int32Array
  readonly averagePrecisionAtR: Float64Array
  readonly firstMateRank: Int32Array
  readonly nearestOther: Float64Array
  readonly nearestUnpredicted: Float64Array
  readonly ties: TieRanges
  /** See `ClassDistances`. */
  readonly within: Float64Array
  readonly nearest: NearestClasses
  readonly nearestLarge: NearestClasses
  /** Of the classes from `firstClass` on that have a row in the strip; those that are open have none yet. */
  readonly firstClass: number
  readonly withinClasses: Float64Array
  readonly nearestOfClasses: NearestClasses
  readonly open: readonly OpenTotals[]
  readonly meanErrors: Float64Array
  readonly histograms: Histograms
  /** How far the distances of the histograms may be off: the same in all strips. */
  readonly pairError: PairError
  /** Distances of pairs whose lower position is the strip's; null where pairs are many. */
  readonly pairDistances: SortedPairs | null
}

/** Reads original vectors of the positions from `start` up to `end`, row-major. */
export type ReadPositions = (start: number, end: number) => Promise<Float32Array>

export interface StripOptions {
  readonly backend: Backend
  readonly signal: AbortSignal
  readonly progress: (fraction: number) => void
  readonly threads?: number
  /** As for `selfJoin`. */
  readonly listBytes?: number
  readonly mostSums?: number
}

/** Vectors are read so many bytes at a time. */
const READ_BYTES = 2 ** 24
/** Reading takes this share of a strip's time. */
const READ_SHARE = 0.1

/** Ranks the positions of a range among all rows. */
export async function joinStrip(
  plan: StripPlan,
  range: StripRange,
  read: ReadPositions,
  { backend, signal, progress, ...options }: StripOptions,
): Promise<Strip> {
  const vectors = await readVectors(plan, read, signal, (fraction) =>
    progress(READ_SHARE * fraction),
  )
  const result = await joinRange(vectors, plan, range, {
    ...options,
    signal,
    progress: (fraction) => progress(READ_SHARE + (1 - READ_SHARE) * fraction),
  })
  const { neighbors, byLabel, distances, histograms, pairs, pairError, meanErrors } = result
  progress(1)
  const rows = plan.rowAt.subarray(range.start, range.end)
  const inOrder = <T extends Int32Array | Float64Array>(values: T, width: number): T => {
    const Kind = values.constructor as new (length: number) => T
    const own = new Kind(rows.length * width)
    for (const [at, row] of rows.entries()) {
      own.set(values.subarray(row * width, (row + 1) * width), at * width)
    }
    return own
  }
  const nearestInOrder = ({ classes, distances }: NearestClasses): NearestClasses => ({
    classes: inOrder(classes, 1),
    distances: inOrder(distances, 1),
  })
  const firstClass = labelAt(plan.classStarts, range.start)
  const endClass = labelAt(plan.classStarts, range.end - 1) + 1
  return {
    ...range,
    backend: { name: backend.name, version: backend.version, threads: backend.threads },
    neighbors: inOrder(neighbors.rows, plan.k),
    distances: inOrder(neighbors.distances, plan.k),
    mateDistances: inOrder(byLabel.mates.distances, plan.mates),
    matesWithinR: inOrder(byLabel.matesWithinR, 1),
    averagePrecisionAtR: inOrder(byLabel.averagePrecisionAtR, 1),
    firstMateRank: inOrder(byLabel.firstMateRank, 1),
    nearestOther: inOrder(byLabel.nearestOther, 1),
    nearestUnpredicted: inOrder(byLabel.nearestUnpredicted, 1),
    ties: {
      firstMateRank: inOrder(byLabel.ties.firstMateRank, 2),
      matesWithinR: inOrder(byLabel.ties.matesWithinR, 2),
      averagePrecisionAtR: inOrder(byLabel.ties.averagePrecisionAtR, 2),
      matches: inOrder(byLabel.ties.matches, 2),
      vote: inOrder(byLabel.ties.vote, 2),
    },
    within: inOrder(distances.within, 1),
    nearest: nearestInOrder(distances.nearest),
    nearestLarge: nearestInOrder(distances.nearestLarge),
    firstClass,
    withinClasses: distances.withinClasses.slice(firstClass, endClass),
    nearestOfClasses: {
      classes: distances.nearestOfClasses.classes.slice(firstClass, endClass),
      distances: distances.nearestOfClasses.distances.slice(firstClass, endClass),
    },
    open: result.open,
    meanErrors: inOrder(meanErrors, 1),
    histograms,
    pairError,
    pairDistances: sortedPairs(pairs, plan, range.end),
  }
}

/** Reads all vectors, into the order of the data set. */
async function readVectors(
  { rows, dimensions, rowAt }: StripPlan,
  read: ReadPositions,
  signal: AbortSignal,
  progress: (fraction: number) => void,
): Promise<Float32Array> {
  const vectors = sharedFloat32(rows * dimensions)
  const step = Math.max(1, Math.floor(READ_BYTES / (4 * dimensions)))
  for (let start = 0; start < rows; start += step) {
    throwIfCancelled(signal)
    const end = Math.min(rows, start + step)
    const part = await read(start, end)
    for (let position = start; position < end; position++) {
      const from = (position - start) * dimensions
      vectors.set(part.subarray(from, from + dimensions), rowAt[position]! * dimensions)
    }
    progress(end / rows)
  }
  return vectors
}

/** Puts strips that together hold every position once into one neighbourhood. */
export function mergeStrips(plan: StripPlan, strips: readonly Strip[]): Neighborhood {
  const { rows, metric, k, mates, rowAt, classStarts } = plan
  const classes = classStarts.length - 1
  const unit = unitOf(plan)
  const whole = {
    neighbors: new Int32Array(rows * k),
    distances: new Float64Array(rows * k),
    mateDistances: new Float64Array(rows * mates),
    matesWithinR: new Int32Array(rows),
    averagePrecisionAtR: new Float64Array(rows),
    firstMateRank: new Int32Array(rows),
    nearestOther: new Float64Array(rows),
    nearestUnpredicted: new Float64Array(rows),
    classDistances: emptyClassDistances(rows, classes),
    meanErrors: new Float64Array(rows),
    ties: {
      firstMateRank: new Int32Array(2 * rows),
      matesWithinR: new Int32Array(2 * rows),
      averagePrecisionAtR: new Float64Array(2 * rows),
      matches: new Int32Array(2 * rows),
      vote: new Int32Array(2 * rows),
    },
  }
  const histograms = emptyHistograms(plan.bins.count)
  for (const strip of strips) {
    const put = <T extends Int32Array | Float64Array>(to: T, from: T, width: number) => {
      for (let at = 0; at < strip.end - strip.start; at++) {
        const values = from.subarray(at * width, (at + 1) * width)
        to.set(values, rowAt[strip.start + at]! * width)
      }
    }
    put(whole.neighbors, strip.neighbors, k)
    put(whole.distances, strip.distances, k)
    put(whole.mateDistances, strip.mateDistances, mates)
    put(whole.matesWithinR, strip.matesWithinR, 1)
    put(whole.averagePrecisionAtR, strip.averagePrecisionAtR, 1)
    put(whole.firstMateRank, strip.firstMateRank, 1)
    put(whole.nearestOther, strip.nearestOther, 1)
    put(whole.nearestUnpredicted, strip.nearestUnpredicted, 1)
    const { within, nearest, nearestLarge, withinClasses, nearestOfClasses } = whole.classDistances
    put(within, strip.within, 1)
    put(nearest.classes, strip.nearest.classes, 1)
    put(nearest.distances, strip.nearest.distances, 1)
    put(nearestLarge.classes, strip.nearestLarge.classes, 1)
    put(nearestLarge.distances, strip.nearestLarge.distances, 1)
    withinClasses.set(strip.withinClasses, strip.firstClass)
    nearestOfClasses.classes.set(strip.nearestOfClasses.classes, strip.firstClass)
    nearestOfClasses.distances.set(strip.nearestOfClasses.distances, strip.firstClass)
    put(whole.meanErrors, strip.meanErrors, 1)
    put(whole.ties.firstMateRank, strip.ties.firstMateRank, 2)
    put(whole.ties.matesWithinR, strip.ties.matesWithinR, 2)
    put(whole.ties.averagePrecisionAtR, strip.ties.averagePrecisionAtR, 2)
    put(whole.ties.matches, strip.ties.matches, 2)
    put(whole.ties.vote, strip.ties.vote, 2)
    addHistograms(histograms, strip.histograms)
  }
  writeOpenClasses(plan, strips, whole.classDistances)
  return {
    metric,
    backend: strips[0]!.backend,
    k,
    mates,
    eligibleMates: plan.eligibleMates,
    ...whole,
    firstEqual: plan.firstEqual,
    pairHistogram: pairHistogram(plan, histograms, strips[0]!.pairError, unit),
    pairDistances: mergePairs(strips.map(({ pairDistances }) => pairDistances)),
  }
}

/** Writes what is told of the classes that lie in more than one strip. */
function writeOpenClasses(
  { classStarts }: StripPlan,
  strips: readonly Strip[],
  distances: ClassDistances,
): void {
  const parts = new Map<number, TotalPart[]>()
  for (const { open } of strips.toSorted((a, b) => a.start - b.start)) {
    for (const one of open) {
      parts.set(one.label, [...(parts.get(one.label) ?? []), ...one.parts])
    }
  }
  const sizes = classSizes(classStarts)
  for (const [label, ofClass] of parts) writeClass(distances, label, joinParts(ofClass), sizes)
}
