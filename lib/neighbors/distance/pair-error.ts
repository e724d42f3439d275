/** How far what the pass over all pairs counts and sums may be from the truth, in units of the data. */

import type { Neighborhood } from '../../core/evaluation.ts'
import type { Metric } from '../../core/manifest.ts'
import type { Prepared } from '../prepare/prepare.ts'
import { type Bins, binEdges } from './bins.ts'
import { measuredError } from './error-bound.ts'

const UNIT_ROUNDOFF = 2 ** -24
/** See `rounding` in `error-bound.ts`; and that of a root. */
const SQUARE_ROUNDING = 24 * UNIT_ROUNDOFF
const ROOT_ROUNDING = 2 * UNIT_ROUNDOFF
/** What rounding a distance before it is added takes away. */
const SUM_ROUNDING = 2 ** -30

/** Of any two rows that aren't far ones, whose pairs are measured. */
export interface PairError {
  /** How far two rows together were moved by quantising. */
  readonly shift: number
  /** What arithmetic in float32 adds to a squared distance, at most. */
  readonly square: number
}

export function pairError({ lengths, errors, isFar, rows }: Prepared): PairError {
  let [error, length] = [0, 0]
  for (let position = 0; position < rows; position++) {
    if (isFar[position] === 1) continue
    error = Math.max(error, errors[position]!)
    length = Math.max(length, lengths[position]!)
  }
  return { shift: 2 * error, square: SQUARE_ROUNDING * (2 * length) ** 2 }
}

/** The shortest and the longest true distance of a pair that was counted in a bin. */
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
 * @param nearestOf the shortest of its distances where that is known, of prepared rows; else 0
 */
export function meanErrors(
  prepared: Prepared,
  pair: PairError,
  nearestOf: (position: number) => number,
  isCosine: boolean,
  unscale: number,
): Float64Array {
  const { rows, lengths, errors, isFar } = prepared
  return Float64Array.from({ length: rows }, (_, position) => {
    if (isFar[position] === 1) return 0
    const shift = errors[position]! + pair.shift / 2
    const longest = lengths[position]! + Math.sqrt(pair.square / SQUARE_ROUNDING) / 2 + shift
    const measured = measuredError(prepared, position)
    const float = measured.share * longest + measured.base + SUM_ROUNDING
    const nearest = nearestOf(position)
    const square = Math.min(
      Math.sqrt(pair.square),
      nearest > 0 ? pair.square / nearest : Number.POSITIVE_INFINITY,
    )
    const error = shift + square + float
    return (isCosine ? longest * error + error ** 2 / 2 : error) * unscale
  })
}

/** What was counted, in units of the data, without bins that can hold nothing. */
export function countedPairs(
  { bins, metric }: { readonly bins: Bins; readonly metric: Metric },
  { same, other }: Pick<Neighborhood['pairHistogram'], 'same' | 'other'>,
  error: PairError,
  unscale: number,
): Neighborhood['pairHistogram'] {
  const edges = binEdges(bins)
  const { nearest, farthest } = binReach(bins, error, metric === 'cosine')
  const kept = [...same.keys()].filter((bin) => edges[bin]! < edges[bin + 1]!)
  const taken = (values: Float64Array, factor: number) =>
    Float64Array.from(kept, (bin) => values[bin]! * factor)
  return {
    edges: Float64Array.of(...taken(edges, unscale), edges.at(-1)! * unscale),
    same: taken(same, 1),
    other: taken(other, 1),
    nearest: taken(nearest, unscale),
    farthest: taken(farthest, unscale),
  }
}
