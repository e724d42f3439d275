/** How many near duplicates chance alone makes: in few dimensions some rows lie that close anyway. */

import type { Evaluation } from '../core/evaluation.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import { countOf, pValue } from '../core/words.ts'
import { binomialAtLeast } from '../stats/binomial.ts'
import { meets, type Threshold } from './rule.ts'

export const NEAR_P: Threshold = {
  of: 'p that chance alone makes so many rows nearly equal, for those to count',
  raises: 'under',
  value: SIGNIFICANCE.item,
}
/** Where it can't be measured, the dimension in which coincidence is likeliest. */
const UNKNOWN_DIMENSION = 1

export interface Coincidence {
  /** Whether there are more near duplicates than chance explains, so that they are evidence. */
  readonly isBeyond: boolean
  /** What chance makes likely, and what there is, as a sentence. */
  readonly says: string
}

/**
 * Rows with a neighbour under the threshold t that isn't equal, against how many there would be if the
 * nearest neighbours of each were spread evenly. Of m neighbours up to the distance r in d dimensions
 * one of the m − 1 that are nearer is then under t with 1 − (1 − (t / r)^d)^(m − 1). Taken at each
 * row's own r, since a class twice as dense as the median has many more such rows. Such rows come as
 * pairs, so it is pairs that are counted.
 */
export function coincidenceOf({ neighborhood, quality, figures }: Evaluation): Coincidence {
  const { k, neighbors, distances, firstEqual, metric } = neighborhood
  const { threshold } = quality.nearDuplicates
  const dimension = figures.intrinsic_dimension?.value ?? UNKNOWN_DIMENSION
  // A cosine distance is half the square of the distance between unit vectors.
  const power = metric === 'cosine' ? dimension / 2 : dimension
  let [rows, near, expected] = [0, 0, 0]
  for (let row = 0; row < firstEqual.length; row++) {
    let kept = 0
    let isNear = false
    while (kept < k && neighbors[row * k + kept]! >= 0) {
      const isOther = firstEqual[neighbors[row * k + kept]!] !== firstEqual[row]
      if (isOther && distances[row * k + kept]! < threshold) isNear = true
      kept++
    }
    if (kept < 2) continue
    rows++
    if (isNear) near++
    const farthest = distances[row * k + kept - 1]!
    const within = farthest > threshold ? (threshold / farthest) ** power : Number(threshold > 0)
    expected += 1 - (1 - within) ** (kept - 1)
  }
  const p = binomialAtLeast(Math.floor(near / 2), Math.floor(rows / 2), expected / rows)
  return {
    isBeyond: near > 0 && meets(NEAR_P, p),
    says: `${countOf(near, 'row has', 'rows have')} a neighbour that near without being equal, where rows as dense as these have about ${expected.toFixed(1)} by chance (${pValue(p)}).`,
  }
}
