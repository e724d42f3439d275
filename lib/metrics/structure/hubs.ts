/** Hubs and anti-hubs: how unevenly the rows are spread over the places among the nearest. */

import type { Hub, Structure } from '../../core/structure.ts'
import { percent } from '../../core/words.ts'
import { mean, skewness } from '../../stats/summary.ts'
import { shareOfRows } from '../averages.ts'
import type { Measured, MetricInput, MetricRecord } from '../metric.ts'

const HUBNESS =
  'Radovanović, Nanopoulos, Ivanović: Hubs in space: popular nearest neighbors in high-dimensional data, 2010'
const K = 10
/** A hub is found so many times as often as rows are on average. */
const OFTEN = 2
const MOST_HUBS = 24

/**
 * What is usual is told by normal data without classes, 2,000 to 8,000 rows: the first limit is what
 * it reaches at about 10 dimensions, the second at about 20, where hubs begin to spoil searches. Each
 * row is found 10 times there on average. Where queries stand beside a gallery that number follows from
 * how many they are, and how uneven the counts are follows from it: few queries find few rows.
 */
const COMPARABLE = [K / 2, 2 * K] as const
const LIMITS = {
  anti: [0.03, 0.1],
  hub: [0.05, 0.12],
  robinHood: [0.25, 0.4],
  skewness: [1, 2],
} as const

export const hubness: readonly MetricRecord[] = [
  {
    id: 'hubness_skewness_k10',
    title: 'Hubness (skewness of k-occurrence, k = 10)',
    unit: 'number',
    better: 'lower',
    noInterval: 'rows share places',
    definition:
      'How often each row is among the 10 nearest of others is counted; the skewness of those counts. Around 0 none dominates; over 1 a few rows are near to everything.',
    source: HUBNESS,
    elsewhere: 'scikit-hubness calls it `k_skewness`.',
    compute: unlessForced((input) => {
      const value = skewness(findable(input))
      if (Number.isNaN(value)) return { value, note: 'every row is a neighbour equally often' }
      return {
        value,
        ...judged(input, value, LIMITS.skewness, [
          'No problem: no row is near to a great many others.',
          'Worth watching: some rows are near to far more others than the rest, as in unstructured data of 10 to 20 dimensions.',
          'A problem: a few rows are near to very many others and turn up in answers where they don’t belong. Look at the hubs; unit-length vectors or a lower dimension often help.',
        ]),
      }
    }),
  },
  {
    id: 'anti_hub_share_k10',
    title: 'Anti-hubs (k = 10)',
    unit: 'share',
    better: 'lower',
    definition:
      'Share of rows that are among the 10 nearest of no other row: a search never finds them.',
    source: HUBNESS,
    elsewhere: 'scikit-hubness calls it `antihub_occurrence`.',
    compute: unlessForced((input) =>
      shareOf(
        input,
        (count) => count === 0,
        LIMITS.anti,
        (found) => [
          `No problem: ${found} of the rows are never found by a search for the 10 nearest.`,
          `Worth watching: ${found} of the rows are never found by a search for the 10 nearest, as in unstructured data of 10 to 20 dimensions.`,
          `A problem: ${found} of the rows are never found by a search for the 10 nearest, as if they weren’t stored.`,
        ],
      ),
    ),
  },
  {
    id: 'hub_share_k10',
    title: 'Hubs (k = 10)',
    unit: 'share',
    better: 'lower',
    definition:
      'Share of rows that are among the 10 nearest of others twice as often as on average, or more: of 20, where every row is both query and gallery.',
    source: HUBNESS,
    elsewhere:
      'scikit-hubness’s `hub_occurrence` is the share of the places that such rows take, here `structure.hubs.places`.',
    compute: unlessForced((input) => {
      const counts = findable(input)
      const threshold = hubThreshold(counts)
      const places = percent(hubPlaces(counts, threshold))
      return shareOf(
        input,
        (count) => count >= threshold,
        LIMITS.hub,
        () => [
          `No problem: such rows take ${places} of all places among the 10 nearest.`,
          `Worth watching: such rows take ${places} of all places among the 10 nearest.`,
          `A problem: such rows take ${places} of all places among the 10 nearest, so that answers repeat the same rows.`,
        ],
      )
    }),
  },
  {
    id: 'robin_hood_k10',
    title: 'Robin Hood index (k = 10)',
    unit: 'share',
    better: 'lower',
    noInterval: 'rows share places',
    definition:
      'Share of all places among the 10 nearest that would have to go to other rows for every row to have the same number: ½ Σ |N − mean| / Σ N.',
    source:
      'Feldbauer, Leodolter, Plant, Flexer: Fast approximate hubness reduction for large high-dimensional data, 2018; Hoover: The measurement of industrial localization, 1936',
    elsewhere: 'scikit-hubness calls it `robinhood`; in economics it is the Hoover index.',
    compute: unlessForced((input) => {
      const counts = findable(input)
      const centre = mean(counts)
      if (!(centre > 0)) return { value: Number.NaN, note: 'no row has a neighbour' }
      let moved = 0
      for (const count of counts) moved += Math.abs(count - centre)
      const value = moved / (2 * centre * counts.length)
      const share = percent(value)
      return {
        value,
        ...judged(input, value, LIMITS.robinHood, [
          `No problem: ${share} of the places would have to change hands, as in data of few dimensions.`,
          `Worth watching: ${share} of the places would have to change hands, as in unstructured data of 10 to 20 dimensions.`,
          `A problem: ${share} of the places would have to change hands: what a search returns depends more on a row’s place in the space than on the question.`,
        ]),
      }
    }),
  },
]

/** The rows that are hubs, and how often they are near to rows of another label. */
export function hubs(input: MetricInput): Structure['hubs'] {
  const { dataset, space } = input
  const counts = occurrences(input)
  const threshold = hubThreshold(findable(input))
  if (space.totalVariance === 0) return { threshold, rows: 0, places: 0, most: [] }
  const rows = [...counts.keys()].filter((row) => counts[row]! >= threshold)
  const most = rows.sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, MOST_HUBS)
  const foreign = new Map(most.map((row) => [row, 0]))
  forEachPlace(input, (row, other) => {
    const before = foreign.get(other)
    if (before !== undefined && dataset.labels[row] !== dataset.labels[other]) {
      foreign.set(other, before + 1)
    }
  })
  return {
    threshold,
    rows: rows.length,
    places: hubPlaces(counts, threshold),
    most: most.map(
      (row): Hub => ({
        id: dataset.ids[row]!,
        label: dataset.classes[dataset.labels[row]!]!,
        occurrences: counts[row]!,
        foreign: foreign.get(row)!,
      }),
    ),
  }
}

/** For each row how many others have it among their 10 nearest. */
export function occurrences(input: MetricInput): Float64Array {
  const counts = new Float64Array(input.dataset.rows)
  forEachPlace(input, (_row, other) => {
    counts[other]!++
  })
  return counts
}

/** The same of the rows that a search can find: with a gallery, of its rows. */
function findable(input: MetricInput): Float64Array {
  const isCounted = isFindable(input)
  return occurrences(input).filter((_, row) => isCounted(row))
}

function isFindable({ dataset: { queries } }: MetricInput) {
  return (row: number) => queries === undefined || queries[row] === 0
}

function forEachPlace(
  { dataset, neighborhood }: MetricInput,
  visit: (row: number, other: number) => void,
): void {
  const { neighbors, k } = neighborhood
  for (let row = 0; row < dataset.rows; row++) {
    for (let rank = 0; rank < Math.min(K, k); rank++) {
      const other = neighbors[row * k + rank]!
      if (other >= 0) visit(row, other)
    }
  }
}

/** Of the rows that can be found. One that isn't is no hub, even where hardly any is. */
function hubThreshold(counts: Float64Array): number {
  return Math.max(1, OFTEN * mean(counts))
}

function hubPlaces(counts: Float64Array, threshold: number): number {
  let [taken, all] = [0, 0]
  for (const count of counts) {
    all += count
    if (count >= threshold) taken += count
  }
  return all === 0 ? 0 : taken / all
}

/** Where no row could be nearer than another, who is among the nearest says nothing. */
function unlessForced(compute: (input: MetricInput) => Measured) {
  return (input: MetricInput): Measured => {
    if (input.space.totalVariance === 0) return { value: Number.NaN, note: 'all rows are equal' }
    const { queries, rows } = input.dataset
    const others = queries === undefined ? rows - 1 : queries.filter((asks) => asks === 0).length
    if (others > K) return compute(input)
    return { value: Number.NaN, note: `all rows are among the ${K} nearest, as there are so few` }
  }
}

type Readings = readonly [fine: string, watch: string, problem: string]

/** Of the rows that a search can find. */
function shareOf(
  input: MetricInput,
  matches: (count: number) => boolean,
  limits: readonly [number, number],
  readings: (found: string) => Readings,
): Measured {
  const counts = occurrences(input)
  const share = shareOfRows(input, (row) => matches(counts[row]!), isFindable(input))
  return { ...share, ...judged(input, share.value, limits, readings(percent(share.value))) }
}

/** A sentence on the value; where nothing is known to compare it with, why there is none. */
function judged(
  input: MetricInput,
  value: number,
  [watch, problem]: readonly [number, number],
  readings: Readings,
): Pick<Measured, 'reading' | 'note'> {
  const often = mean(findable(input))
  if (often < COMPARABLE[0] || often > COMPARABLE[1]) {
    return {
      note: `not judged: a row is among the ${K} nearest of ${often.toFixed(1)} queries on average, and what is usual is known for about ${K}; how uneven the counts are follows from the number of queries`,
    }
  }
  return { reading: readings[value >= problem ? 2 : value >= watch ? 1 : 0] }
}
