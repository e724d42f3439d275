/** How often, and how early, a row's neighbours have its label. */

import { LOOKED_THROUGH, VOTERS, winner } from '../../core/vote.ts'
import { mean } from '../../stats/summary.ts'
import { averaged, perMatchedRow, perRow, type RowRange, share } from '../averages.ts'
import {
  averagePrecisionByChance,
  chanceOf,
  hitByChance,
  reciprocalRankByChance,
  voteByChance,
} from '../chance.ts'
import type { Measured, MetricInput, MetricRecord } from '../metric.ts'
import { matchCeiling, nearestCeiling, voteCeiling } from './ceiling.ts'

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
        hitRange(input, 1),
      ),
      chance: mean(perRow(input, (row) => input.rows.mates[row]! / input.rows.candidates[row]!)),
      ceiling: nearestCeiling(input),
    }),
  },
  {
    id: 'nearest_neighbor_accuracy_with_match',
    title: 'Nearest-neighbour accuracy, rows with a class mate',
    unit: 'share',
    better: 'higher',
    definition: 'The same over the rows that have at least one other row of their class.',
    source: 'Cover, Hart: Nearest neighbor pattern classification, 1967',
    elsewhere: 'pytorch-metric-learning’s `precision_at_1`.',
    compute: (input) => hitAt(input, 1),
  },
  {
    id: 'knn_accuracy_5',
    title: '5-nearest-neighbour accuracy',
    unit: 'share',
    better: 'higher',
    definition:
      'Share of rows whose label wins the vote of their 5 nearest neighbours; of tied labels the one whose first member ranks nearest. Its chance level is drawn (20,000 votes), not computed. Its ceiling takes a row’s mates for its first voters, and for the others those of other classes that are nearest to it: where classes have two or three rows, the next class’s outvote them.',
    source: 'Cover, Hart: Nearest neighbor pattern classification, 1967',
    elsewhere:
      'scikit-learn’s `KNeighborsClassifier` gives a tied vote to the label that sorts first, however far it is.',
    compute: (input) => ({
      ...share(input, knnCorrect(input), rangeIn(input.neighborhood.ties.vote)),
      chance: voteByChance(input, Math.min(VOTERS, input.neighborhood.k)),
      ceiling: voteCeiling(input),
    }),
  },
  ...[1, 5, 10].map(
    (k): MetricRecord => ({
      id: `hit_at_${k}`,
      title: `Hit@${k}`,
      unit: 'share',
      better: 'higher',
      definition: `Share of rows with at least one row of their class among the ${k} nearest; metric-learning papers call it Recall@${k}. Rows without a class mate are left out.`,
      source: REALITY_CHECK,
      elsewhere: `Open Metric Learning and re-identification call it CMC@${k}.`,
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
    elsewhere:
      'Open Metric Learning divides by the number of class mates where these are fewer than 10, so that small classes reach 1.',
    compute: (input) => ({
      ...averaged(
        input,
        perMatchedRow(input, (row) => matchesOf(input, row) / LOOKED_THROUGH),
        rangeIn(input.neighborhood.ties.matches, (matches) => matches / LOOKED_THROUGH),
      ),
      // Fewer candidates than 10, or fewer that are kept, leave places empty.
      chance: chanceOf(
        input,
        (mates, candidates) => (mates * Math.min(1, kept(input) / candidates)) / LOOKED_THROUGH,
      ),
      ceiling: matchCeiling(input, (matches) => matches / LOOKED_THROUGH),
    }),
  },
  {
    id: 'recall_at_10',
    title: 'Recall@10',
    unit: 'share',
    better: 'higher',
    definition:
      'Mean share of the row’s class mates that are among its 10 nearest. Classes of more than 11 rows can’t reach 1. Rows without a class mate are left out.',
    source: 'Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008, chapter 8',
    elsewhere: 'What metric-learning papers call Recall@10 is `hit_at_10`.',
    compute: (input) => ({
      ...averaged(
        input,
        perMatchedRow(input, (row) => matchesOf(input, row) / input.rows.mates[row]!),
        rangeIn(
          input.neighborhood.ties.matches,
          (matches, row) => matches / input.rows.mates[row]!,
        ),
      ),
      chance: chanceOf(input, (_, candidates) => Math.min(1, kept(input) / candidates)),
      ceiling: matchCeiling(input, (matches, mates) => matches / mates),
    }),
  },
  {
    id: 'mean_reciprocal_rank',
    title: 'Mean reciprocal rank',
    unit: 'share',
    better: 'higher',
    definition:
      'Mean of 1 / rank of the nearest row of the same class, over all ranks. Rows without a class mate are left out.',
    source: 'Voorhees: The TREC-8 Question Answering Track Report, 1999',
    compute: (input) => ({
      ...averaged(
        input,
        perMatchedRow(input, (row) => 1 / input.rows.firstMatchRank[row]!),
        rangeIn(input.neighborhood.ties.firstMateRank, (rank) => 1 / rank),
      ),
      chance: chanceOf(input, reciprocalRankByChance),
      ceiling: 1,
    }),
  },
  {
    id: 'r_precision',
    title: 'R-precision',
    unit: 'share',
    better: 'higher',
    definition:
      'Share of the R nearest that have the row’s label, R being the number of its class mates; mean over the rows that have any. Rows that a row may not find, as those of its group, are not among its mates.',
    source: REALITY_CHECK,
    elsewhere:
      'pytorch-metric-learning takes the size of the class less one for R, and knows no groups. torchmetrics’ `RetrievalRPrecision` counts a row without a match as 0 unless it is told to skip it.',
    compute(input) {
      const { matesWithinR, eligibleMates, ties } = input.neighborhood
      return {
        ...averaged(
          input,
          perMatchedRow(input, (row) => matesWithinR[row]! / eligibleMates[row]!),
          rangeIn(ties.matesWithinR, (mates, row) => mates / eligibleMates[row]!),
        ),
        chance: chanceOf(input, (mates, candidates) => mates / candidates),
        ceiling: 1,
      }
    },
  },
  {
    id: 'map_at_r',
    title: 'MAP@R',
    unit: 'share',
    better: 'higher',
    definition:
      'Sum over the matches among the R nearest of the precision up to each, divided by R; mean over the rows that have class mates. It rewards matches that come first.',
    source: REALITY_CHECK,
    elsewhere:
      'pytorch-metric-learning’s `mean_average_precision_at_r`. Full mean average precision, as ranx’s `average_precision`, goes on past rank R until all matches are found and is never lower; pytorch-metric-learning’s `mean_average_precision` divides by the matches that were found, and Open Metric Learning’s map@k by k where that is less than R.',
    compute: (input) => ({
      ...averaged(
        input,
        averagePrecisions(input),
        rangeIn(input.neighborhood.ties.averagePrecisionAtR),
      ),
      chance: chanceOf(input, averagePrecisionByChance),
      ceiling: 1,
    }),
  },
]

/** How many of the nearest are looked through for matches: fewer where the run keeps fewer. */
function kept({ neighborhood: { k } }: MetricInput): number {
  return Math.min(LOOKED_THROUGH, k)
}

/** Rows of the same class among the nearest that are looked through. */
function matchesOf(input: MetricInput, row: number): number {
  const { labels } = input.dataset
  const { neighbors, k } = input.neighborhood
  let matches = 0
  for (let rank = 0; rank < kept(input); rank++) {
    // Past the last neighbour there is no label.
    if (labels[neighbors[row * k + rank]!] === labels[row]) matches++
  }
  return matches
}

function hitAt(input: MetricInput, k: number): Measured {
  const { firstMatchRank } = input.rows
  const hits = perMatchedRow(input, (row) => (firstMatchRank[row]! <= k ? 1 : 0))
  return {
    ...share(input, hits, hitRange(input, k)),
    chance: chanceOf(input, hitByChance(k)),
    ceiling: 1,
  }
}

/** Whether the first match can be, or must be, among the k nearest; a row without a match misses. */
export function hitRange({ neighborhood }: MetricInput, k: number): RowRange {
  const ranks = neighborhood.ties.firstMateRank
  const isHit = (rank: number) => (rank > 0 && rank <= k ? 1 : 0)
  return (row) => [isHit(ranks[2 * row + 1]!), isHit(ranks[2 * row]!)]
}

/** A row's range, of what ranges hold, or of something that grows or falls with it. */
function rangeIn(
  ranges: Int32Array | Float64Array,
  told: (end: number, row: number) => number = (end) => end,
): RowRange {
  return (row) => {
    const [one, other] = [told(ranges[2 * row]!, row), told(ranges[2 * row + 1]!, row)]
    return one <= other ? [one, other] : [other, one]
  }
}

/** 1 where the vote of the nearest is the row's label, else 0; NaN for a row without neighbours. */
function knnCorrect(input: MetricInput): Float64Array {
  const { labels } = input.dataset
  const { neighbors, k } = input.neighborhood
  return perRow(input, (row) => {
    const voters: number[] = []
    for (let rank = 0; rank < Math.min(VOTERS, k); rank++) {
      const voter = neighbors[row * k + rank]!
      if (voter >= 0) voters.push(labels[voter]!)
    }
    return winner(voters) === labels[row] ? 1 : 0
  })
}

/** MAP@R of each row; NaN without class mates. */
export function averagePrecisions({ neighborhood }: MetricInput): Float64Array {
  return neighborhood.averagePrecisionAtR
}
