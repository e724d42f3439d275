/** The shape of the space: silhouette, hubs and anti-hubs. */

import { wilsonInterval } from '../stats/interval.ts'
import { mean, skewness, weightedMean } from '../stats/summary.ts'
import type { MetricInput, MetricRecord } from './metric.ts'

const HUBNESS =
  'Radovanović, Nanopoulos, Ivanović: Hubs in space: popular nearest neighbors in high-dimensional data, 2010'
const K = 10

export const structure: readonly MetricRecord[] = [
  {
    id: 'silhouette',
    title: 'Silhouette',
    unit: 'number',
    better: 'higher',
    definition:
      'Mean over the rows of (b − a) / max(a, b): a is the mean distance to the row’s own class, b to the nearest other class; 0 for a class of one. From −1 to 1; under 0 rows are nearer to another class than to their own.',
    source: 'Rousseeuw: Silhouettes, 1987; as scikit-learn computes it',
    compute({ dataset, rows }) {
      if (dataset.classes.length < 2) return { value: Number.NaN, note: 'it takes two classes' }
      if (dataset.classes.length === dataset.rows) {
        return { value: Number.NaN, note: 'every row is a class of its own' }
      }
      return { value: mean(rows.silhouette), statistic: weightedMean(rows.silhouette) }
    },
  },
  {
    id: 'hubness_skewness_k10',
    title: 'Hubness (skewness of k-occurrence, k = 10)',
    unit: 'number',
    better: 'lower',
    definition:
      'How often each row is among the 10 nearest of others is counted; the skewness of those counts. Around 0 none dominates; over 1 a few rows are near to everything.',
    source: HUBNESS,
    compute(input) {
      const value = skewness(occurrences(input))
      return Number.isNaN(value)
        ? { value, note: 'every row is a neighbour equally often' }
        : { value }
    },
  },
  {
    id: 'anti_hub_share_k10',
    title: 'Anti-hubs (k = 10)',
    unit: 'share',
    better: 'lower',
    definition:
      'Share of rows that are among the 10 nearest of no other row: a search never finds them.',
    source: HUBNESS,
    compute: (input) => shareOf(occurrences(input), (count) => count === 0),
  },
  {
    id: 'hub_share_k10',
    title: 'Hubs (k = 10)',
    unit: 'share',
    better: 'lower',
    definition: 'Share of rows that are among the 10 nearest of 20 other rows or more.',
    source: HUBNESS,
    compute: (input) => shareOf(occurrences(input), (count) => count >= 2 * K),
  },
]

/** For each row how many others have it among their 10 nearest. */
function occurrences({ dataset, neighborhood }: MetricInput): Float64Array {
  const { ranking, depth } = neighborhood
  const counts = new Float64Array(dataset.rows)
  for (let row = 0; row < dataset.rows; row++) {
    for (let rank = 0; rank < Math.min(K, depth); rank++) counts[ranking[row * depth + rank]!]!++
  }
  return counts
}

function shareOf(counts: Float64Array, matches: (count: number) => boolean) {
  const found = counts.filter(matches).length
  return { value: found / counts.length, interval: wilsonInterval(found, counts.length) }
}
