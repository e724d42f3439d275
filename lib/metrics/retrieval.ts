/** How often, and how early, a row's neighbours have its label. */

import { mean } from '../stats/summary.ts'
import { averaged, perMatchedRow, perRow, share } from './averages.ts'
import {
  averagePrecisionByChance,
  chanceOf,
  hitByChance,
  reciprocalRankByChance,
  voteByChance,
  winner,
} from './chance.ts'
import type { Measured, MetricInput, MetricRecord } from './metric.ts'

const REALITY_CHECK = 'Musgrave, Belongie, Lim: A Metric Learning Reality Check, 2020'

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
      ...share(
        input,
        perRow(input, (row) => input.rows.correct[row]!),
      ),
      chance: mean(perRow(input, (row) => input.rows.mates[row]! / input.rows.candidates[row]!)),
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
        perMatchedRow(input, (row) => matchesWithin(input, row, 10) / 10),
        // Fewer candidates than 10 leave places empty.
        chanceOf(input, (mates, candidates) => mates / Math.max(10, candidates)),
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
        perMatchedRow(input, (row) => matchesWithin(input, row, 10) / input.rows.mates[row]!),
        chanceOf(input, (_, candidates) => Math.min(1, 10 / candidates)),
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
        perMatchedRow(input, (row) => 1 / input.rows.firstMatchRank[row]!),
        chanceOf(input, reciprocalRankByChance),
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
      averaged(
        input,
        perMatchedRow(
          input,
          (row) => input.neighborhood.matesWithinR[row]! / input.neighborhood.eligibleMates[row]!,
        ),
        chanceOf(input, (mates, candidates) => mates / candidates),
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
    compute: (input) =>
      averaged(input, averagePrecisions(input), chanceOf(input, averagePrecisionByChance)),
  },
]

/** Rows of the same class among the k nearest; k up to 10, or as many as the run keeps. */
function matchesWithin({ dataset, neighborhood }: MetricInput, row: number, k: number) {
  const { labels } = dataset
  const { neighbors, k: kept } = neighborhood
  let matches = 0
  for (let rank = 0; rank < Math.min(k, kept); rank++) {
    // Past the last neighbour there is no label.
    if (labels[neighbors[row * kept + rank]!] === labels[row]) matches++
  }
  return matches
}

function hitAt(input: MetricInput, k: number): Measured {
  const { firstMatchRank } = input.rows
  const hits = perMatchedRow(input, (row) => (firstMatchRank[row]! <= k ? 1 : 0))
  return { ...share(input, hits), chance: chanceOf(input, hitByChance(k)) }
}

/** 1 where the vote of the k nearest is the row's label, else 0; NaN for a row without neighbours. */
function knnCorrect(input: MetricInput, k: number): Float64Array {
  const { labels } = input.dataset
  const { neighbors, k: kept } = input.neighborhood
  const nearest = Math.min(k, kept)
  return perRow(input, (row) => {
    const voters: number[] = []
    for (let rank = 0; rank < nearest; rank++) {
      const voter = neighbors[row * kept + rank]!
      if (voter >= 0) voters.push(voter)
    }
    return winner(labels, voters) === labels[row] ? 1 : 0
  })
}

/** MAP@R of each row; NaN without class mates. */
export function averagePrecisions({ neighborhood }: MetricInput): Float64Array {
  return neighborhood.averagePrecisionAtR
}
