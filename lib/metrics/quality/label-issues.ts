/** Rows whose neighbourhood contradicts their label, and the label that it suggests. */

import type { Dataset } from '../../core/dataset.ts'
import type { TableDefinition } from '../../core/definition.ts'
import type { Neighborhood } from '../../core/evaluation.ts'
import type { LabelIssue, LabelIssues } from '../../core/quality.ts'
import { classSizes } from '../row-figures.ts'
import { labelBatches } from './label-batches.ts'
import { hasMates, isAgreed, isJudged, RANKS, votersOf } from './label-votes.ts'

/**
 * A contradicted row lies so many times as far from its own class as from the others. Chosen on labels
 * flipped on purpose, where this and the vote together find about as many flips as either and are right
 * more often.
 */
const FARTHER = 1.25

/** As `test/oracles/label-issues.py` and the test of this file measure it. */
export const LABEL_ISSUE_EVIDENCE =
  'The ranking of label issues was chosen by its average precision on 3 % of the labels flipped on purpose, the mean of ten seeds: 0.983 on digits/nca-32, 0.936 on digits/pca-8, 0.981 on digits/nca-16-small and 0.920 on scikit-learn’s breast-cancer table, standardised. The best of cleanlab’s kNN-based scores (2.9.0; k from 5 to 50, even or by distance, adjusted or not, and its ensembles) reaches 0.967, 0.901, 0.973 and 0.902 on the same flips. That ranks all rows; a report lists the candidates alone. Of these in their order, what is not listed counting as missed, the average precision is 0.855, 0.773, 0.829 and 0.829. Of the rows that are called candidates there, 62 to 85 % were flipped, and of the flipped rows 78 to 86 % are candidates.'

export const labelIssueTable: TableDefinition = {
  id: 'label_issues',
  title: 'Label issues',
  path: 'quality.labelIssues.rows',
  definition:
    'Rows whose neighbourhood contradicts their label, strongest first: at least 8 of the 10 nearest carry one other label, and the row lies at least 1.25 times as far from its own class as from the others. Both distances are means over the 10 nearest rows of each side, as many of both where the class is smaller, the one of rank r weighted by 1 / √r. Rows with one wrong label in common are each other’s nearest of their class, so they are found as a batch as well, of 5 rows to half of the class: rows of one label whose mean distance to their class is beyond its median + 2 × 1.4826 MAD while that to another class is smaller, and within that class’s median + 3 × 1.4826 MAD; of whose 10 nearest at least 8 carry the other label or are of the batch, and at least one carries it. Rows of a class of fewer than 12 are not judged, nor those of a class of which more than half would be listed: then it is the class that lies among another.',
  source: 'nearmiss, by the measurement above',
  elsewhere:
    'cleanlab ranks by the share of neighbours that carry the label, which ties heavily: ten neighbours give eleven values.',
  columns: [
    { name: 'id', unit: 'text', definition: 'The row.' },
    { name: 'label', unit: 'text', definition: 'Its label.' },
    {
      name: 'suggested',
      unit: 'text',
      definition:
        'The label of most of the 10 nearest rows, each heard by 1 / rank; of a batch the other label.',
    },
    {
      name: 'score',
      unit: 'number',
      definition: '√own − √others of the two distances: what the rows are ranked by.',
    },
    {
      name: 'timesAsFar',
      unit: 'number',
      definition: 'Own by others; null where the others are at distance 0.',
    },
    { name: 'votes', unit: 'count', definition: 'Nearest rows with the suggested label.' },
    { name: 'ownVotes', unit: 'count', definition: 'Nearest rows with its own label.' },
    { name: 'neighbors', unit: 'count', definition: 'Nearest rows that were asked: at most 10.' },
    {
      name: 'batch',
      unit: 'count',
      definition:
        'Rows of the batch that it belongs to; null where it contradicts its label by itself.',
    },
  ],
}

/** Distances to the own class and to the others, each a mean over ranks weighted by 1 / √rank. */
export interface Contradictions {
  /** √own − √others, by row: positive where the row lies nearer to others. NaN for a class of one. */
  readonly score: Float64Array
  readonly own: Float64Array
  readonly others: Float64Array
}

/**
 * The class margin carried over the 10 nearest rows of either side instead of one, so that a single
 * neighbour (which may be mislabelled itself) settles nothing. The square roots stand between a
 * difference, in which rows of wide classes weigh most, and a ratio, in which those of tight classes
 * do. Mates are exact. Rows of other classes
 * are those among the kept neighbours; where they are fewer, the farthest kept distance stands in for
 * the rest, which lie at least as far: only scores that are negative anyway come out too high.
 */
export function contradictions(dataset: Dataset, neighborhood: Neighborhood): Contradictions {
  const { rows, labels } = dataset
  const { k, neighbors, distances, mates, mateDistances, nearestOther } = neighborhood
  const sizes = classSizes(dataset)
  const none = () => new Float64Array(rows).fill(Number.NaN)
  const found = { score: none(), own: none(), others: none() }
  for (let row = 0; row < rows; row++) {
    const ranks = Math.min(RANKS, mates, sizes[labels[row]!]! - 1)
    if (ranks < 1 || !Number.isFinite(nearestOther[row]!)) continue
    let [own, others, weights] = [0, 0, 0]
    let place = row * k
    let farthest = nearestOther[row]!
    for (let rank = 0; rank < ranks; rank++) {
      const mate = mateDistances[row * mates + rank]!
      if (!Number.isFinite(mate)) break
      while (place < (row + 1) * k && labels[neighbors[place]!] === labels[row]) {
        farthest = Math.max(farthest, distances[place]!)
        place++
      }
      if (place < (row + 1) * k && neighbors[place]! >= 0) {
        farthest = distances[place]!
        place++
      }
      const weight = 1 / Math.sqrt(rank + 1)
      own += weight * mate
      others += weight * farthest
      weights += weight
    }
    if (weights === 0) continue
    found.own[row] = own / weights
    found.others[row] = others / weights
    found.score[row] = Math.sqrt(found.own[row]!) - Math.sqrt(found.others[row]!)
  }
  return found
}

/** Candidates, strongest contradiction first; equal ones in row order. */
export function labelIssues(dataset: Dataset, neighborhood: Neighborhood): LabelIssues {
  const { ids, labels, classes } = dataset
  const measures = contradictions(dataset, neighborhood)
  const suggested = suggestions(dataset, neighborhood, measures)
  const batchOf = new Map<number, number>()
  for (const batch of labelBatches(dataset, neighborhood)) {
    for (const row of batch.rows) {
      if ((suggested.get(row) ?? batch.suggested) !== batch.suggested) continue
      suggested.set(row, batch.suggested)
      batchOf.set(row, batch.rows.length)
    }
  }
  const asked = new Int32Array(classes.length)
  const listed = new Int32Array(classes.length)
  let unjudgedRows = 0
  for (let row = 0; row < dataset.rows; row++) {
    if (neighborhood.neighbors[row * neighborhood.k]! < 0) continue
    if (!hasMates(neighborhood, row) || Number.isNaN(measures.score[row]!)) unjudgedRows++
    else asked[labels[row]!]!++
    if (suggested.has(row)) listed[labels[row]!]!++
  }
  // Where most of a class is contradicted, no label tells which rows are wrong: its rows lie there.
  const isMost = classes.map((_, label) => 2 * listed[label]! > asked[label]!)
  unjudgedRows += asked.reduce((sum, rows, label) => sum + (isMost[label] ? rows : 0), 0)
  const { score, own, others } = measures
  const rows = [...suggested.keys()]
    .filter((row) => !isMost[labels[row]!])
    .sort((a, b) => score[b]! - score[a]! || a - b)
    .map((row): LabelIssue => {
      const voters = votersOf(neighborhood, row)
      const votesFor = (label: number) => voters.filter((voter) => labels[voter] === label).length
      return {
        id: ids[row]!,
        label: classes[labels[row]!]!,
        suggested: classes[suggested.get(row)!]!,
        score: score[row]!,
        timesAsFar: others[row]! > 0 ? own[row]! / others[row]! : null,
        votes: votesFor(suggested.get(row)!),
        ownVotes: votesFor(labels[row]!),
        neighbors: voters.length,
        batch: batchOf.get(row) ?? null,
      }
    })
  return { rows, unjudgedRows }
}

/** What the neighbours of a row say where they contradict its label by themselves, by row. */
function suggestions(
  { rows, labels }: Dataset,
  neighborhood: Neighborhood,
  { score, own, others }: Contradictions,
): Map<number, number> {
  const found = new Map<number, number>()
  for (let row = 0; row < rows; row++) {
    if (!isJudged(neighborhood, row)) continue
    if (!(score[row]! > 0) || own[row]! < FARTHER * others[row]!) continue
    const voters = votersOf(neighborhood, row)
    const most = mostHeard(labels, voters)
    const votes = voters.filter((voter) => labels[voter] === most).length
    if (most !== labels[row] && isAgreed(votes, voters.length)) found.set(row, most)
  }
  return found
}

/** The label that the voters carry, each heard by 1 / rank; of equals the nearest one's. */
function mostHeard(labels: Int32Array, voters: Int32Array): number {
  const weights = new Map<number, number>()
  for (const [rank, voter] of voters.entries()) {
    weights.set(labels[voter]!, (weights.get(labels[voter]!) ?? 0) + 1 / (rank + 1))
  }
  let [label, most] = [-1, 0]
  for (const [candidate, weight] of weights) if (weight > most) [label, most] = [candidate, weight]
  return label
}
