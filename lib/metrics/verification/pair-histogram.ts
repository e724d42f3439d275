/** The distances of pairs in bins of equal width, which can be drawn. */

import type { TableDefinition } from '../../core/definition.ts'
import type { Neighborhood } from '../../core/evaluation.ts'
import type { Verification } from '../../core/verification.ts'

const BINS = 60
/** Share of the pairs that are left out at the far end. */
const BEYOND = 0.001
/** And those that are so many times as far as three of four pairs of either kind. */
const FAR = 8
const MOST = 0.75

type Kind = 'same' | 'other'

/** Distances, ascending, and how many pairs of either kind lie from one to the next. */
interface Counted {
  readonly lows: ArrayLike<number>
  readonly highs: ArrayLike<number>
  readonly same: Float64Array
  readonly other: Float64Array
}

export function distanceHistogram(neighborhood: Neighborhood): Verification['histogram'] {
  const counted = countedPairs(neighborhood)
  const { lows, highs, same, other } = counted
  const sum = (all: number, one: number) => all + one
  const total = same.reduce(sum, 0) + other.reduce(sum, 0)
  const first = same.findIndex((count, at) => count + other[at]! > 0)
  const fence = FAR * Math.max(quantile(counted, 'same'), quantile(counted, 'other'))
  let last = same.length - 1
  const left = (at: number) => same[at]! + other[at]!
  for (let beyond = 0; last > first; last--) {
    const isFar = fence > 0 && lows[last]! > fence
    if (!isFar && beyond + left(last) > BEYOND * total) break
    beyond += left(last)
  }
  const [low, high] = [lows[first]!, highs[last]!]
  const width = high > low ? (high - low) / BINS : 1 / BINS
  const counts = { same: new Array<number>(BINS).fill(0), other: new Array<number>(BINS).fill(0) }
  const beyond = { same: 0, other: 0 }
  for (let at = first; at < same.length; at++) {
    if (at > last) {
      beyond.same += same[at]!
      beyond.other += other[at]!
      continue
    }
    const middle = (lows[at]! + highs[at]!) / 2
    const place = Math.min(BINS - 1, Math.max(0, Math.floor((middle - low) / width)))
    counts.same[place]! += same[at]!
    counts.other[place]! += other[at]!
  }
  return {
    edges: Array.from({ length: BINS + 1 }, (_, edge) => low + edge * width),
    ...counts,
    beyond,
  }
}

function countedPairs({ pairDistances, pairHistogram }: Neighborhood): Counted {
  if (pairDistances === null) {
    const { edges, same, other } = pairHistogram
    return { lows: edges, highs: edges.subarray(1), same, other }
  }
  const { same, other } = pairDistances
  const distances = new Float64Array(same.length + other.length)
  const counts = {
    same: new Float64Array(distances.length),
    other: new Float64Array(distances.length),
  }
  let [i, j] = [0, 0]
  for (let at = 0; at < distances.length; at++) {
    const isSame = j >= other.length || (i < same.length && same[i]! <= other[j]!)
    distances[at] = isSame ? same[i++]! : other[j++]!
    counts[isSame ? 'same' : 'other'][at] = 1
  }
  return { lows: distances, highs: distances, ...counts }
}

/** The distance that most pairs of a kind don't exceed; 0 without any. */
function quantile({ highs, ...counts }: Counted, kind: Kind): number {
  const total = counts[kind].reduce((sum, count) => sum + count, 0)
  let counted = 0
  for (const [at, count] of counts[kind].entries()) {
    counted += count
    if (counted > 0 && counted >= MOST * total) return highs[at]!
  }
  return 0
}

export const pairHistogramTable: TableDefinition = {
  id: 'pair_histogram',
  title: 'Distances of pairs',
  path: 'verification.histogram',
  definition: `All pairs by their distance in ${BINS} bins of equal width. Of more than about 2,000 rows they come from narrower bins, and a pair near an edge may be counted beside it. The farthest 0.1 % are counted beside them, and so are pairs that are more than ${FAR} times as far apart as three of four pairs of either kind.`,
  source: 'nearmiss definitions',
  columns: [
    { name: 'edges', unit: 'list', definition: 'Where the bins begin, and the last one ends.' },
    { name: 'same', unit: 'list', definition: 'Pairs of one class in each bin.' },
    { name: 'other', unit: 'list', definition: 'Pairs of two classes in each bin.' },
    { name: 'beyond', unit: 'list', definition: 'Pairs of either kind beyond the last edge.' },
  ],
}
