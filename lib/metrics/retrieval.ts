/** How often, and how early, a row's neighbours have its label. */

import { wilsonInterval } from '../stats/interval.ts'
import { mean, weightedMean } from '../stats/summary.ts'
import type { Measured, MetricInput, MetricRecord } from './metric.ts'
import { classSizes } from './row-figures.ts'

const REALITY_CHECK = 'Musgrave, Belongie, Lim: A Metric Learning Reality Check, 2020'
const CHANCE_DRAWS = 20_000

export const retrieval: readonly MetricRecord[] = [
  {
    id: 'nearest_neighbor_accuracy',
    title: 'Nearest-neighbour accuracy',
    unit: 'share',
    better: 'higher',
    definition:
      'Share of rows whose nearest neighbour has their label. A row that is alone in its class always misses.',
    source: 'Cover, Hart: Nearest neighbor pattern classification, 1967',
    compute: (input) => ({
      ...share(input, Float64Array.from(input.rows.correct)),
      chance: mean(perRow(input, (row) => input.rows.mates[row]! / (input.dataset.rows - 1))),
    }),
  },
  {
    id: 'nearest_neighbor_accuracy_with_match',
    title: 'Nearest-neighbour accuracy, rows with a class mate',
    unit: 'share',
    better: 'higher',
    definition: 'The same over the rows that have at least one other row of their class.',
    source: 'Cover, Hart: Nearest neighbor pattern classification, 1967',
    compute: (input) => hitAt(input, 1),
  },
  {
    id: 'knn_accuracy_5',
    title: '5-nearest-neighbour accuracy',
    unit: 'share',
    better: 'higher',
    definition:
      'Share of rows whose label wins the vote of their 5 nearest neighbours; of tied labels the one whose first member ranks nearest. Its chance level is drawn (20,000 votes), not computed.',
    source: 'Cover, Hart: Nearest neighbor pattern classification, 1967',
    compute: (input) => ({ ...share(input, knnCorrect(input, 5)), chance: voteByChance(input, 5) }),
  },
  ...[1, 5, 10].map(
    (k): MetricRecord => ({
      id: `hit_at_${k}`,
      title: `Hit@${k}`,
      unit: 'share',
      better: 'higher',
      definition: `Share of rows with at least one row of their class among the ${k} nearest; metric-learning papers call it Recall@${k}. Rows without a class mate are left out.`,
      source: REALITY_CHECK,
      compute: (input) => hitAt(input, k),
    }),
  ),
  {
    id: 'precision_at_10',
    title: 'Precision@10',
    unit: 'share',
    better: 'higher',
    definition:
      'Mean share of the 10 nearest that have the row’s label. Classes of fewer than 11 rows can’t reach 1. Rows without a class mate are left out.',
    source: 'Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008, chapter 8',
    compute: (input) =>
      averaged(
        input,
        matched(input, (row) => matchesWithin(input, row, 10) / 10),
        matched(input, (row) => input.rows.mates[row]! / (input.dataset.rows - 1)),
      ),
  },
  {
    id: 'recall_at_10',
    title: 'Recall@10',
    unit: 'share',
    better: 'higher',
    definition:
      'Mean share of the row’s class mates that are among its 10 nearest. Classes of more than 11 rows can’t reach 1. Rows without a class mate are left out.',
    source: 'Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008, chapter 8',
    compute: (input) =>
      averaged(
        input,
        matched(input, (row) => matchesWithin(input, row, 10) / input.rows.mates[row]!),
        matched(input, () => Math.min(1, 10 / (input.dataset.rows - 1))),
      ),
  },
  {
    id: 'mean_reciprocal_rank',
    title: 'Mean reciprocal rank',
    unit: 'share',
    better: 'higher',
    definition:
      'Mean of 1 / rank of the nearest row of the same class, over all ranks. Rows without a class mate are left out.',
    source: 'Voorhees: The TREC-8 Question Answering Track Report, 1999',
    compute: (input) =>
      averaged(
        input,
        matched(input, (row) => 1 / input.rows.firstMatchRank[row]!),
        chanceByClass(input, reciprocalRankByChance),
      ),
  },
  {
    id: 'r_precision',
    title: 'R-precision',
    unit: 'share',
    better: 'higher',
    definition:
      'Share of the R nearest that have the row’s label, R being the number of its class mates; mean over the rows that have any.',
    source: REALITY_CHECK,
    compute: (input) =>
      ranked(
        input,
        (hits, mates) => hits.length / mates,
        (mates, others) => mates / others,
      ),
  },
  {
    id: 'map_at_r',
    title: 'MAP@R',
    unit: 'share',
    better: 'higher',
    definition:
      'Sum over the matches among the R nearest of the precision up to each, divided by R; mean over the rows that have class mates. It rewards matches that come first.',
    source: REALITY_CHECK,
    compute: (input) => ranked(input, averagePrecision, averagePrecisionByChance),
  },
]

function perRow(input: MetricInput, value: (row: number) => number): Float64Array {
  return Float64Array.from({ length: input.dataset.rows }, (_, row) => value(row))
}

/** A value for each row that has a class mate, NaN for the others. */
function matched(input: MetricInput, value: (row: number) => number): Float64Array {
  return perRow(input, (row) => (input.rows.mates[row] === 0 ? Number.NaN : value(row)))
}

/** Mean over the rows, with a Wilson interval, of values that are 0, 1 or missing. */
function share(input: MetricInput, values: Float64Array): Measured {
  const present = values.filter((value) => !Number.isNaN(value))
  const successes = present.reduce((sum, value) => sum + value, 0)
  if (present.length === 0) return { value: Number.NaN, note: 'no row has another of its class' }
  return {
    value: successes / present.length,
    interval: wilsonInterval(successes, present.length),
    macro: macroMean(input, values),
  }
}

/** Mean over the rows, with a bootstrap interval. */
function averaged(input: MetricInput, values: Float64Array, chance: Float64Array): Measured {
  const value = mean(values)
  if (Number.isNaN(value)) return { value, note: 'no row has another of its class' }
  return {
    value,
    statistic: weightedMean(values),
    macro: macroMean(input, values),
    chance: mean(chance),
  }
}

/** Mean of the classes' means, of the classes that have a value. */
function macroMean(input: MetricInput, values: Float64Array): number {
  const { labels, classes } = input.dataset
  const sums = new Float64Array(classes.length)
  const counts = new Float64Array(classes.length)
  for (const [row, value] of values.entries()) {
    if (Number.isNaN(value)) continue
    sums[labels[row]!]! += value
    counts[labels[row]!]!++
  }
  return mean(sums.map((sum, label) => (counts[label] === 0 ? Number.NaN : sum / counts[label]!)))
}

/** Rows of the same class among the k nearest. */
export function matchesWithin(input: MetricInput, row: number, k: number): number {
  const { labels } = input.dataset
  const { ranking, depth } = input.neighborhood
  let matches = 0
  for (let rank = 0; rank < Math.min(k, depth); rank++) {
    if (labels[ranking[row * depth + rank]!] === labels[row]) matches++
  }
  return matches
}

function hitAt(input: MetricInput, k: number): Measured {
  const others = input.dataset.rows - 1
  const hits = matched(input, (row) => (input.rows.firstMatchRank[row]! <= k ? 1 : 0))
  const missByChance = (mates: number) => {
    let miss = 1
    for (let draw = 0; draw < Math.min(k, others); draw++) {
      miss *= Math.max(0, others - mates - draw) / (others - draw)
    }
    return miss
  }
  return {
    ...share(input, hits),
    chance: mean(chanceByClass(input, (mates) => 1 - missByChance(mates))),
  }
}

/** 1 where the vote of the k nearest is the row's label, else 0. */
export function knnCorrect(input: MetricInput, k: number): Float64Array {
  const { labels } = input.dataset
  const { ranking, depth } = input.neighborhood
  const nearest = Math.min(k, depth)
  return perRow(input, (row) => {
    const votes = ranking.subarray(row * depth, row * depth + nearest)
    return winner(Array.from(votes, (other) => labels[other]!)) === labels[row] ? 1 : 0
  })
}

/** The most frequent entry; of tied ones the first. */
function winner(votes: readonly number[]): number {
  let best = votes[0]!
  let most = 0
  for (const candidate of votes) {
    const count = votes.filter((vote) => vote === candidate).length
    if (count > most) {
      most = count
      best = candidate
    }
  }
  return best
}

/** How often a vote of k random others is right: drawn, since ties between labels have no short formula. */
function voteByChance(input: MetricInput, k: number): number {
  const { rows, labels } = input.dataset
  const random = input.random(1)
  const voters = Math.min(k, rows - 1)
  let right = 0
  for (let draw = 0; draw < CHANCE_DRAWS; draw++) {
    const row = Math.floor(random() * rows)
    const others = new Set<number>()
    while (others.size < voters) {
      const other = Math.floor(random() * rows)
      if (other !== row) others.add(other)
    }
    if (winner(Array.from(others, (other) => labels[other]!)) === labels[row]) right++
  }
  return right / CHANCE_DRAWS
}

/** A chance level that only depends on the number of mates, for each row that has any. */
function chanceByClass(
  input: MetricInput,
  chance: (mates: number, others: number) => number,
): Float64Array {
  const others = input.dataset.rows - 1
  const byLabel = Array.from(classSizes(input.dataset), (size) =>
    size > 1 ? chance(size - 1, others) : Number.NaN,
  )
  return perRow(input, (row) => byLabel[input.dataset.labels[row]!]!)
}

/** Mean of 1 / rank of the first of `mates` rows in a random order of `others`. */
function reciprocalRankByChance(mates: number, others: number): number {
  let sum = 0
  let noneYet = 1
  for (let rank = 1; rank <= others - mates + 1; rank++) {
    const now = mates / (others - rank + 1)
    sum += (noneYet * now) / rank
    noneYet *= 1 - now
  }
  return sum
}

/** Mean of MAP@R in a random order: each of the R ranks holds a match with the same probability. */
function averagePrecisionByChance(mates: number, others: number): number {
  const here = mates / others
  const elsewhere = others > 1 ? (mates - 1) / (others - 1) : 0
  let sum = 0
  for (let rank = 1; rank <= mates; rank++) sum += (here * (1 + (rank - 1) * elsewhere)) / rank
  return sum / mates
}

/** A figure of the ranks, from 1, at which the R nearest hold matches. */
function ranked(
  input: MetricInput,
  value: (hits: readonly number[], mates: number) => number,
  chance: (mates: number, others: number) => number,
): Measured {
  const { depth } = input.neighborhood
  const measured = averaged(input, rankedValues(input, value), chanceByClass(input, chance))
  const beyond = input.rows.mates.filter((mates) => mates > depth).length
  if (beyond === 0) return measured
  return {
    ...measured,
    exactness: 'truncated',
    note: `${beyond} of ${input.dataset.rows} rows have more class mates than the ${depth} neighbours that are ranked; matches beyond count as missed, so the true value is higher`,
  }
}

/** The same for each row; NaN without class mates. */
export function rankedValues(
  input: MetricInput,
  value: (hits: readonly number[], mates: number) => number,
): Float64Array {
  const { labels } = input.dataset
  const { ranking, depth } = input.neighborhood
  return matched(input, (row) => {
    const mates = input.rows.mates[row]!
    const hits: number[] = []
    for (let rank = 0; rank < Math.min(mates, depth); rank++) {
      if (labels[ranking[row * depth + rank]!] === labels[row]) hits.push(rank + 1)
    }
    return value(hits, mates)
  })
}

/** MAP@R of each row; NaN without class mates. */
export function averagePrecisions(input: MetricInput): Float64Array {
  return rankedValues(input, averagePrecision)
}

function averagePrecision(hits: readonly number[], mates: number): number {
  return hits.reduce((sum, rank, found) => sum + (found + 1) / rank, 0) / mates
}
