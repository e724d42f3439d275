/**
 * The ROC curve of pairs by their distance. Where each distance is known a threshold accepts all pairs at
 * one distance or none; where pairs are counted in bins both counts grow along a line within a bin, and
 * what the order of its pairs, or quantising, may make of the curve is bounded.
 */

import type { PairDistances, PairHistogram } from '../../core/evaluation.ts'
import type { Metric } from '../../core/manifest.ts'

/** A threshold: pairs up to it are accepted. */
export interface RocPoint {
  readonly threshold: number
  /** Share of the pairs of two classes that are accepted. */
  readonly far: number
  /** Share of the pairs of one class that are accepted. */
  readonly tar: number
}

/** Corners of the curve, from none accepted to all. */
export interface Roc {
  readonly samePairs: number
  readonly otherPairs: number
  readonly corners: number
  readonly thresholds: Float64Array
  /** How many pairs of one class, and of two, are accepted up to each. */
  readonly sames: Float64Array
  readonly others: Float64Array
  /** 1 where no threshold reaches the line from the corner before, but for its ends. */
  readonly jumps: Uint8Array
  /** Whether thresholds are distances of pairs, each the last that is accepted. */
  readonly exact: boolean
}

/**
 * Bins between empty ones hold one distance that all of their pairs have, as those of whole numbers do:
 * up to two bins, since rounding may put pairs on either side of an edge.
 */
const ONE_DISTANCE = 2
/** A distance that is computed in another way differs by so much of it; a cosine distance by this. */
const ROUNDING = 2 ** -40
const COSINE_ROUNDING = 2 ** -48
/** A share of a count that is so near to a whole number is that. */
const WHOLE = 1e-9

function emptyRoc(most: number, exact: boolean) {
  return {
    corners: 0,
    thresholds: new Float64Array(most),
    sames: new Float64Array(most),
    others: new Float64Array(most),
    jumps: new Uint8Array(most),
    exact,
  }
}

function addCorner(
  roc: { corners: number } & Omit<Roc, 'corners' | 'samePairs' | 'otherPairs'>,
  threshold: number,
  sames: number,
  others: number,
  jump: boolean,
): void {
  roc.thresholds[roc.corners] = threshold
  roc.sames[roc.corners] = sames
  roc.others[roc.corners] = others
  roc.jumps[roc.corners] = jump ? 1 : 0
  roc.corners++
}

export function rocOf({ edges, same, other }: Omit<PairHistogram, 'nearest' | 'farthest'>): Roc {
  const roc = emptyRoc(2 * same.length, false)
  let [sames, others] = [0, 0]
  let [jump, until] = [false, 0]
  const isEmpty = (bin: number) => !other[bin] && !same[bin]
  for (const [bin, count] of other.entries()) {
    if (isEmpty(bin)) continue
    if (bin >= until) {
      until = bin + 1
      // The first bin holds pairs at distance 0, whatever the next one holds.
      while (bin > 0 && !isEmpty(until)) until++
      jump = until - bin <= ONE_DISTANCE
    }
    // Pairs of an earlier bin are all accepted where this one begins.
    const isNew = roc.corners === 0 || roc.thresholds[roc.corners - 1] !== edges[bin]
    if (isNew) addCorner(roc, edges[bin]!, sames, others, false)
    sames += same[bin]!
    others += count
    addCorner(roc, bin === 0 ? 0 : edges[bin + 1]!, sames, others, jump)
  }
  return { ...roc, samePairs: sames, otherPairs: others }
}

/** @param distances ascending */
export function rocOfDistances(distances: PairDistances, metric: Metric): Roc {
  const { same, other } = distances
  const roc = emptyRoc(same.length + other.length + 1, true)
  addCorner(roc, 0, 0, 0, false)
  const infinity = Number.POSITIVE_INFINITY
  const base = metric === 'cosine' ? COSINE_ROUNDING : 0
  let [i, j] = [0, 0]
  let nearest = Math.min(same[0] ?? infinity, other[0] ?? infinity)
  // A threshold that accepts nothing, where there is one.
  roc.thresholds[0] = Number.isFinite(nearest) ? nearest / 2 : 0
  while (nearest < infinity) {
    while (same[i] === nearest) i++
    while (other[j] === nearest) j++
    const next = Math.min(same[i] ?? infinity, other[j] ?? infinity)
    // So much more than the pair's distance that whoever computes that anew accepts it too.
    const above = nearest + (nearest === 0 ? 0 : nearest * ROUNDING + base)
    const threshold = Math.min(above, (nearest + next) / 2)
    // Between two neighbouring doubles there is none, and rounding may give the next pair's.
    addCorner(roc, threshold < next ? threshold : nearest, i, j, true)
    nearest = next
  }
  return { ...roc, samePairs: same.length, otherPairs: other.length }
}

/** The curve where all pairs of one class are as near as their bin allows and the others as far. */
export function bestRoc(histogram: PairHistogram): Roc {
  const { same, other, nearest, farthest } = histogram
  return rocOfGroups({ at: nearest, counts: same }, { at: farthest, counts: other }, 'same first')
}

/** And the reverse. */
export function worstRoc(histogram: PairHistogram): Roc {
  const { same, other, nearest, farthest } = histogram
  return rocOfGroups({ at: farthest, counts: same }, { at: nearest, counts: other }, 'other first')
}

interface Groups {
  /** Distances, ascending, and how many pairs are at each. */
  readonly at: Float64Array
  readonly counts: Float64Array
}

function rocOfGroups(same: Groups, other: Groups, ties: 'same first' | 'other first'): Roc {
  const roc = emptyRoc(same.at.length + other.at.length + 1, true)
  addCorner(roc, 0, 0, 0, false)
  let [i, j, sames, others] = [0, 0, 0, 0]
  while (i < same.at.length || j < other.at.length) {
    const next = [same.at[i] ?? Number.POSITIVE_INFINITY, other.at[j] ?? Number.POSITIVE_INFINITY]
    const takesSame = ties === 'same first' ? next[0]! <= next[1]! : next[0]! < next[1]!
    const count = takesSame ? same.counts[i++]! : other.counts[j++]!
    if (count === 0) continue
    if (takesSame) sames += count
    else others += count
    addCorner(roc, takesSame ? next[0]! : next[1]!, sames, others, true)
  }
  return { ...roc, samePairs: sames, otherPairs: others }
}

/** How often a pair of one class is closer than a pair of two, ties counted half. */
export function areaUnderCurve({ corners, sames, others, samePairs, otherPairs }: Roc): number {
  // Whole numbers, whose halves are exact as far as double precision goes.
  let area = 0
  for (let at = 1; at < corners; at++) {
    area += (others[at]! - others[at - 1]!) * (sames[at]! + sames[at - 1]!)
  }
  return area / 2 / otherPairs / samePairs
}

/** FAR − FRR, which grows along the curve. */
function difference({ sames, others, samePairs, otherPairs }: Roc, at: number): number {
  return others[at]! / otherPairs - 1 + sames[at]! / samePairs
}

/** Where FAR and FRR meet: the rate there on the curve, and of the thresholds that there are the nearest. */
export function equalError(roc: Roc): RocPoint & { readonly rate: number } {
  const at = lastWhere(roc, (corner) => difference(roc, corner) <= 0)
  const after = Math.min(at + 1, roc.corners - 1)
  const rate = pointBetween(roc, at, partOf(difference(roc, at), difference(roc, after))).far
  const isNearer = -difference(roc, at) <= difference(roc, after)
  if (roc.jumps[after] === 1 || difference(roc, at) === 0) {
    // A threshold that accepts nothing is none.
    const nearest = at === after || (isNearer && acceptsAny(roc, at)) ? at : after
    return { ...pointAt(roc, firstLike(roc, nearest)), rate }
  }
  const point = pointBetween(roc, at, partOf(difference(roc, at), difference(roc, after)))
  return { ...point, rate }
}

function acceptsAny({ sames, others }: Roc, at: number): boolean {
  return sames[at]! + others[at]! > 0
}

/** The first corner at which as many pairs are accepted: after it lies a gap, where nothing changes. */
function firstLike({ sames, others }: Roc, corner: number): number {
  let at = corner
  while (at > 0 && sames[at - 1] === sames[at] && others[at - 1] === others[at]) at--
  return at
}

/** The farthest point of the curve at which no larger share of the pairs of two classes is accepted. */
export function pointAtFar(roc: Roc, share: number): RocPoint {
  const most = acceptable(roc, share)
  const at = lastWhere(roc, (corner) => roc.others[corner]! <= most)
  if (roc.exact || at + 1 === roc.corners) return pointAt(roc, at)
  return pointBetween(roc, at, partOf(roc.others[at]! - most, roc.others[at + 1]! - most))
}

/**
 * The same of the points that a threshold reaches: among pairs at one distance it accepts all or none.
 * Null where more pairs of two classes than that are at distance 0.
 */
export function reachedAtFar(roc: Roc, share: number): RocPoint | null {
  const most = acceptable(roc, share)
  const at = lastWhere(roc, (corner) => roc.others[corner]! <= most)
  if (roc.exact) return roc.thresholds[at] === 0 && !acceptsAny(roc, at) ? null : pointAt(roc, at)
  if (at + 1 === roc.corners || roc.jumps[at + 1] !== 1) return pointAtFar(roc, share)
  let start = at
  while (roc.jumps[start] === 1) start--
  const { threshold, far, tar } = pointAt(roc, start)
  if (threshold === 0) return null
  // In the middle of the gap, where rounding moves no pair across it.
  return { threshold: ((roc.thresholds[start - 1] ?? 0) + threshold) / 2, far, tar }
}

/** Pairs of two classes that are no larger share than that. */
function acceptable({ otherPairs }: Roc, share: number): number {
  const most = share * otherPairs
  return Math.abs(most - Math.round(most)) <= WHOLE * most ? Math.round(most) : most
}

function pointAt(roc: Roc, at: number): RocPoint {
  return {
    threshold: roc.thresholds[at]!,
    far: roc.others[at]! / roc.otherPairs,
    tar: roc.sames[at]! / roc.samePairs,
  }
}

/** The last corner at which something holds that holds up to a corner; the first in any case. */
function lastWhere({ corners }: Roc, holds: (corner: number) => boolean): number {
  // A binary search: a curve is asked for a hundred points.
  let low = 0
  let high = corners
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

/** Which part of the way from a value at or under 0 to one above it 0 is. */
function partOf(before: number, after: number): number {
  return after === before ? 0 : -before / (after - before)
}

function pointBetween(roc: Roc, at: number, part: number): RocPoint {
  const before = pointAt(roc, at)
  const after = pointAt(roc, Math.min(at + 1, roc.corners - 1))
  const between = (from: number, to: number) => from + (to - from) * part
  return {
    threshold: between(before.threshold, after.threshold),
    far: between(before.far, after.far),
    tar: between(before.tar, after.tar),
  }
}
