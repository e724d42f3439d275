/**
 * Pairs that are measured one by one, in double precision: all of them where they are few, so that what
 * is made of them is exact, and those of rows that lie far from all others, which the pass over all pairs
 * leaves out.
 */

import { sharedFloat64 } from '../../core/shared-memory.ts'
import { type Bins, binOf } from '../distance/bins.ts'
import { isRelated, type Relations, type RowOrder } from '../plan/row-order.ts'
import type { Range } from '../plan/tiles.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { ClassSums } from '../scan/class-sums.ts'
import type { Histograms } from '../scan/scan.ts'

/** Pairs of all rows that are still few, and components of theirs: about a second of a core. */
const MOST_PAIRS = 2 ** 21
const MOST_COMPONENTS = 2 ** 30

export interface ExactPairs {
  /** Position of the first row. */
  readonly start: number
  /**
   * For each position its distances to all later ones, one position after the other. Null: only pairs of
   * far rows are measured. On shared memory.
   */
  readonly distances: Float64Array | null
  /** Whether all positions are measured here: then each pair is once, and sums are made at the end. */
  readonly isWhole: boolean
  /** Distances of the data times this are those of prepared rows; a power of two. */
  readonly rescale: number
}

/** Whether all pairs of so many rows are measured. */
export function measuresAll(rows: number, dimensions: number): boolean {
  const pairs = (rows * (rows - 1)) / 2
  return pairs <= MOST_PAIRS && pairs * dimensions <= MOST_COMPONENTS
}

/** Distances from position `start` on to later ones, up to those of `position`. */
function placeOf(rows: number, start: number, position: number): number {
  const positions = position - start
  return positions * (rows - 1) - (positions * (start + position - 1)) / 2
}

export function exactPairs(
  rows: number,
  { start, end }: Range,
  all: boolean,
  rescale: number,
): ExactPairs {
  const distances = all ? sharedFloat64(placeOf(rows, start, end)) : null
  return { start, distances, isWhole: end - start === rows, rescale }
}

export interface PairWork {
  readonly prepared: Prepared
  readonly pairs: ExactPairs
  readonly bins: Bins
  readonly sums: ClassSums
  /** Of this thread. */
  readonly histograms: Histograms
  /** In double precision, of two positions, in units of the data. */
  readonly distance: (position: number, other: number) => number
  /** Whether two rows make a pair. */
  readonly isPair: (position: number, other: number) => boolean
}

/** Measures what is to be measured of the positions [start, end). */
export function measurePairs(work: PairWork, start: number, end: number): void {
  const { prepared, pairs } = work
  if (pairs.distances === null && !prepared.hasFar) return
  const classAt = classesOf(prepared)
  const far = [...prepared.isFar.keys()].filter((position) => prepared.isFar[position] === 1)
  for (let position = start; position < end; position++) {
    if (pairs.distances !== null) measureAll(work, classAt, position)
    else if (prepared.isFar[position] === 1) measureFar(work, classAt, position)
    else measureTo(work, classAt, position, far)
  }
}

/** All distances of a position: its sums and its pairs with later ones. */
function measureAll(work: PairWork, classAt: Int32Array, i: number): void {
  const { prepared, pairs, sums } = work
  const { rows, isFar } = prepared
  const own = ownSums(sums, i).fill(0)
  const first = placeOf(rows, pairs.start, i) - i - 1
  for (let j = pairs.isWhole ? i + 1 : 0; j < rows; j++) {
    if (j === i) continue
    // The same way round from either side: the last bits may depend on it.
    const distance = j > i ? work.distance(i, j) : work.distance(j, i)
    if (!pairs.isWhole) own[classAt[j]!]! += distance * pairs.rescale
    if (j < i) continue
    pairs.distances![first + j] = distance
    const isFarPair = isFar[i] === 1 || isFar[j] === 1
    if (isFarPair && work.isPair(i, j)) count(work, classAt, i, j, distance)
  }
}

/** Sums of all distances, where each was measured once; in the order of the others' positions. */
export function sumPairs(
  { distances, isWhole, rescale }: ExactPairs,
  order: RowOrder,
  sums: ClassSums,
) {
  if (distances === null || !isWhole) return
  const classAt = classesOf(order)
  const rows = classAt.length
  const add = (i: number, j: number, distance: number) => {
    sums.values[sums.placeAt[i]! * sums.classes + classAt[j]!]! += distance * rescale
  }
  // Of a row the lower positions come first, one loop after the other.
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) add(j, i, distances[at++]!)
  }
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) add(i, j, distances[at++]!)
  }
}

/** The same of a far row, whose pairs are counted. */
function measureFar(work: PairWork, classAt: Int32Array, i: number): void {
  const own = ownSums(work.sums, i).fill(0)
  for (let j = 0; j < work.prepared.rows; j++) {
    if (j !== i) own[classAt[j]!]! += counted(work, classAt, i, j)
  }
}

/** What the pass over all pairs left out of a row's sums. */
function measureTo(work: PairWork, classAt: Int32Array, i: number, far: readonly number[]): void {
  const own = ownSums(work.sums, i)
  for (const j of far) own[classAt[j]!]! += counted(work, classAt, i, j)
}

/** A pair is counted by the lower of its positions. Returns the distance of the prepared rows. */
function counted(work: PairWork, classAt: Int32Array, i: number, j: number): number {
  const distance = work.distance(i, j)
  if (j > i && work.isPair(i, j)) count(work, classAt, i, j, distance)
  return distance * work.pairs.rescale
}

function count(
  { pairs, bins, histograms }: PairWork,
  classAt: Int32Array,
  i: number,
  j: number,
  distance: number,
): void {
  const histogram = classAt[i] === classAt[j] ? histograms.same : histograms.other
  histogram[binOf(bins, distance * pairs.rescale)]!++
}

function ownSums({ classes, placeAt, values }: ClassSums, position: number): Float64Array {
  const start = placeAt[position]! * classes
  return values.subarray(start, start + classes)
}

function classesOf({ classStarts, rowAt }: RowOrder): Int32Array {
  const classAt = new Int32Array(rowAt.length)
  for (let c = 0; c + 1 < classStarts.length; c++) {
    classAt.fill(c, classStarts[c], classStarts[c + 1])
  }
  return classAt
}

/** Distances of pairs of one class and of two, ascending. */
export interface SortedPairs {
  readonly same: Float64Array
  readonly other: Float64Array
}

/** Those of the range; null where not all pairs were measured. */
export function sortedPairs(
  { start, distances }: ExactPairs,
  plan: RowOrder & Relations,
  end: number,
): SortedPairs | null {
  if (distances === null) return null
  const rows = plan.rowAt.length
  const classAt = classesOf(plan)
  const kinds = {
    same: new Float64Array(distances.length),
    other: new Float64Array(distances.length),
  }
  let [same, other] = [0, 0]
  for (let i = start, at = 0; i < end; i++) {
    for (let j = i + 1; j < rows; j++) {
      const distance = distances[at++]!
      if (!isRelated(plan, i, j) && !isRelated(plan, j, i)) continue
      if (classAt[i] === classAt[j]) kinds.same[same++] = distance
      else kinds.other[other++] = distance
    }
  }
  return { same: kinds.same.slice(0, same).sort(), other: kinds.other.slice(0, other).sort() }
}

/** Those of parts of the rows as those of all; null where one part hasn't measured all of its own. */
export function mergePairs(parts: readonly (SortedPairs | null)[]): SortedPairs | null {
  const all = parts.filter((part) => part !== null)
  if (all.length < parts.length) return null
  const merged = (kind: 'same' | 'other') => {
    const length = all.reduce((sum, part) => sum + part[kind].length, 0)
    const values = new Float64Array(length)
    let at = 0
    for (const part of all) {
      values.set(part[kind], at)
      at += part[kind].length
    }
    return values.sort()
  }
  return { same: merged('same'), other: merged('other') }
}
