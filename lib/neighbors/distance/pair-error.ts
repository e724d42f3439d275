/** Error bounds of what the scan counts and sums: how far from the truth its results may be. */

import type { Neighborhood } from '../../core/evaluation.ts'
import type { Metric } from '../../core/manifest.ts'
import type { Bins, PreparedRows } from '../types.ts'
import { binEdges } from './bins.ts'
import { measuredError } from './error-bound.ts'

const UNIT_ROUNDOFF = 2 ** -24
/** Relative errors in float32: of a squared distance, as in `rounding` of `error-bound.ts`, and of a root. */
const SQUARE_ROUNDING = 24 * UNIT_ROUNDOFF
const ROOT_ROUNDING = 2 * UNIT_ROUNDOFF
/** Error of a distance that is rounded before it is added to a sum. */
const SUM_ROUNDING = 2 ** -30

/** How far the quantised distance of any two rows may be off. Far rows are left out: they are measured. */
export interface PairError {
  /** How far two rows together were moved by quantising. */
  readonly shift: number
  /** What arithmetic in float32 adds to a squared distance, at most. */
  readonly square: number
}

export function pairError({ lengths, errors, isFar, rows }: PreparedRows): PairError {
  let [error, length] = [0, 0]
  for (let position = 0; position < rows; position++) {
    if (isFar[position] === 1) continue
    error = Math.max(error, errors[position]!)
    length = Math.max(length, lengths[position]!)
  }
  return { shift: 2 * error, square: SQUARE_ROUNDING * (2 * length) ** 2 }
}

/** For each bin the shortest and the longest true distance of a pair that the scan counts in it. */
export function binReach(
  bins: Bins,
  { shift, square }: PairError,
  isCosine: boolean,
): { nearest: Float64Array; farthest: Float64Array } {
  const edges = binEdges(bins)
  const root = (distance: number) => (isCosine ? Math.sqrt(2 * distance) : distance)
  const distance = (value: number) => (isCosine ? value ** 2 / 2 : value)
  const nearest = (edge: number) => {
    const least = root(edge) * (1 - ROOT_ROUNDING)
    return distance(Math.max(0, Math.sqrt(Math.max(0, least ** 2 - square)) - shift))
  }
  const farthest = (edge: number) =>
    distance(Math.sqrt((root(edge) * (1 + ROOT_ROUNDING)) ** 2 + square) + shift)
  return {
    nearest: edges.slice(0, -1).map(nearest),
    farthest: edges.slice(1).map(farthest),
  }
}

/**
 * For each position how far the mean of its distances to any class may be off, in units of the data.
 * @param nearestOf a position's shortest distance, of prepared rows; 0 where it isn't known
 */
export function meanErrors(
  preparedRows: PreparedRows,
  pair: PairError,
  nearestOf: (position: number) => number,
  isCosine: boolean,
  unscale: number,
): Float64Array {
  const { rows, lengths, errors, isFar } = preparedRows
  return Float64Array.from({ length: rows }, (_, position) => {
    if (isFar[position] === 1) return 0
    const shift = errors[position]! + pair.shift / 2
    const longest = lengths[position]! + Math.sqrt(pair.square / SQUARE_ROUNDING) / 2 + shift
    const { share, base } = measuredError(preparedRows, position)
    const float = share * longest + base + SUM_ROUNDING
    const nearest = nearestOf(position)
    const square = Math.min(
      Math.sqrt(pair.square),
      nearest > 0 ? pair.square / nearest : Number.POSITIVE_INFINITY,
    )
    const error = shift + square + float
    return (isCosine ? longest * error + error ** 2 / 2 : error) * unscale
  })
}

/** The histogram of pairs in units of the data, without bins that can hold nothing. */
export function pairHistogram(
  { bins, metric }: { readonly bins: Bins; readonly metric: Metric },
  { same, other }: Pick<Neighborhood['pairHistogram'], 'same' | 'other'>,
  error: PairError,
  unscale: number,
): Neighborhood['pairHistogram'] {
  const edges = binEdges(bins)
  const { nearest, farthest } = binReach(bins, error, metric === 'cosine')
  const possibleBins = [...same.keys()].filter((bin) => edges[bin]! < edges[bin + 1]!)
  const ofPossible = (values: Float64Array, factor: number) =>
    Float64Array.from(possibleBins, (bin) => values[bin]! * factor)
  return {
    edges: Float64Array.of(...ofPossible(edges, unscale), edges.at(-1)! * unscale),
    same: ofPossible(same, 1),
    other: ofPossible(other, 1),
    nearest: ofPossible(nearest, unscale),
    farthest: ofPossible(farthest, unscale),
  }
}
