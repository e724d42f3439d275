/**
 * Pairs that are measured one by one, in double precision. Where pairs are few all are, so that sums and
 * histograms are exact; else those of far rows are, which the scan leaves out.
 */

import { sharedFloat64 } from '../../core/shared-memory.ts'
import { binOf } from '../distance/bins.ts'
import { isRelated } from '../plan/relations.ts'
import { classesByPosition } from '../plan/row-order.ts'
import type {
  Bins,
  ClassSums,
  ExactPairs,
  Histograms,
  PreparedRows,
  Range,
  Relations,
  RowOrder,
} from '../types.ts'

/** So many pairs are few, and so many components of theirs: they take about a second of a core. */
const MOST_PAIRS = 2 ** 21
const MOST_COMPONENTS = 2 ** 30

/** Whether all pairs of so many rows are measured. */
export function measuresAll(rows: number, dimensions: number): boolean {
  const pairs = (rows * (rows - 1)) / 2
  return pairs <= MOST_PAIRS && pairs * dimensions <= MOST_COMPONENTS
}

/** Entry of a position's first distance: those of the positions from `start` on come before. */
function firstEntry(rows: number, start: number, position: number): number {
  const positions = position - start
  return positions * (rows - 1) - (positions * (start + position - 1)) / 2
}

/**
 * Room for the pairs of a range.
 * @param all whether all pairs are measured
 * @param isWhole whether the range is all positions, which are ranked at once
 */
export function exactPairs(
  rows: number,
  { start, end }: Range,
  all: boolean,
  isWhole: boolean,
  rescale: number,
): ExactPairs {
  const distances = all ? sharedFloat64(firstEntry(rows, start, end)) : null
  return { start, distances, isWhole, rescale }
}

/** What a thread measures pairs with. */
export interface PairWork {
  readonly preparedRows: PreparedRows
  readonly pairs: ExactPairs
  readonly bins: Bins
  readonly sums: ClassSums
  /** Of this thread. */
  readonly histograms: Histograms
  /** Exact distance of two positions, in units of the data. */
  readonly distance: (position: number, other: number) => number
  /** Whether two rows make a pair. */
  readonly isPair: (position: number, other: number) => boolean
}

/** Measures the pairs of the positions [start, end), and adds them to sums and histograms. */
export function measurePairs(work: PairWork, start: number, end: number): void {
  const { preparedRows, pairs } = work
  if (pairs.distances === null && !preparedRows.hasFar) return
  const classAt = classesByPosition(preparedRows)
  const far = [...preparedRows.isFar.keys()].filter(
    (position) => preparedRows.isFar[position] === 1,
  )
  for (let position = start; position < end; position++) {
    if (pairs.distances !== null) measureAll(work, classAt, position)
    else if (preparedRows.isFar[position] === 1) measureFar(work, classAt, position)
    else measureToFar(work, classAt, position, far)
  }
}

/** Measures all distances of a position: its sums, and its pairs with later positions. */
function measureAll(work: PairWork, classAt: Int32Array, i: number): void {
  const { preparedRows, pairs, sums } = work
  const { rows, isFar } = preparedRows
  const own = ownSums(sums, i).fill(0)
  const first = firstEntry(rows, pairs.start, i) - i - 1
  for (let j = pairs.isWhole ? i + 1 : 0; j < rows; j++) {
    if (j === i) continue
    // The lower position always comes first, because the last bits may depend on the order.
    const distance = j > i ? work.distance(i, j) : work.distance(j, i)
    if (!pairs.isWhole) own[classAt[j]!]! += distance * pairs.rescale
    if (j < i) continue
    pairs.distances![first + j] = distance
    const isFarPair = isFar[i] === 1 || isFar[j] === 1
    if (isFarPair && work.isPair(i, j)) count(work, classAt, i, j, distance)
  }
}

/** Adds up the distances where each pair was measured once, in the order of the others' positions. */
export function sumPairs(
  { distances, isWhole, rescale }: ExactPairs,
  order: RowOrder,
  sums: ClassSums,
) {
  if (distances === null || !isWhole) return
  const classAt = classesByPosition(order)
  const rows = classAt.length
  const add = (i: number, j: number, distance: number) => {
    sums.values[sums.placeAt[i]! * sums.classes + classAt[j]!]! += distance * rescale
  }
  // Two loops, because a position's sum takes the lower positions first.
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) add(j, i, distances[at++]!)
  }
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) add(i, j, distances[at++]!)
  }
}

/** Measures all distances of a far position: its sums, and the counts of its pairs. */
function measureFar(work: PairWork, classAt: Int32Array, i: number): void {
  const own = ownSums(work.sums, i).fill(0)
  for (let j = 0; j < work.preparedRows.rows; j++) {
    if (j !== i) own[classAt[j]!]! += distanceOf(work, classAt, i, j)
  }
}

/** Adds a position's distances to the far rows, which the scan left out of its sums. */
function measureToFar(
  work: PairWork,
  classAt: Int32Array,
  i: number,
  far: readonly number[],
): void {
  const own = ownSums(work.sums, i)
  for (const j of far) own[classAt[j]!]! += distanceOf(work, classAt, i, j)
}

/** The distance of two prepared rows; the pair is counted where `i` is its lower position. */
function distanceOf(work: PairWork, classAt: Int32Array, i: number, j: number): number {
  const distance = work.distance(i, j)
  if (j > i && work.isPair(i, j)) count(work, classAt, i, j, distance)
  return distance * work.pairs.rescale
}

/** Adds a pair to its bin of the histogram. */
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

/** A position's sums to each class. */
function ownSums({ classes, placeAt, values }: ClassSums, position: number): Float64Array {
  const start = placeAt[position]! * classes
  return values.subarray(start, start + classes)
}

/** Distances of pairs of one class and of two, ascending. */
export interface SortedPairs {
  readonly same: Float64Array
  readonly other: Float64Array
}

/**
 * Distances of the pairs of a range, sorted; null where not all pairs were measured.
 * @param end of the range
 */
export function sortedPairs(
  { start, distances }: ExactPairs,
  plan: RowOrder & Relations,
  end: number,
): SortedPairs | null {
  if (distances === null) return null
  const rows = plan.rowAt.length
  const classAt = classesByPosition(plan)
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

/** Puts the distances of several ranges together; null where one of them has none. */
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
