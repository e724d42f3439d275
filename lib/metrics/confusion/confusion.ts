/** Which classes are taken for which, and how concentrated that is. */

import type { Concentration, ConfusedPair, Confusion } from '../../core/confusion.ts'
import type { TableDefinition } from '../../core/definition.ts'
import { compareText } from '../../core/names.ts'
import { gini } from '../../stats/summary.ts'
import type { MetricInput } from '../metric.ts'

const SOURCE = 'nearmiss definitions'

export const pairTable: TableDefinition = {
  id: 'confused_pairs',
  title: 'Confused pairs',
  path: 'confusion.pairs',
  definition:
    'Every pair of classes with an error, most errors first: an error is a row whose nearest neighbour has another label.',
  source: SOURCE,
  columns: [
    { name: 'a', unit: 'text', definition: 'The pair’s first class in code-unit order.' },
    { name: 'b', unit: 'text', definition: 'The other one.' },
    { name: 'count', unit: 'count', definition: 'Errors in both directions.' },
    { name: 'aAsB', unit: 'count', definition: 'Rows of `a` whose nearest neighbour is of `b`.' },
    { name: 'bAsA', unit: 'count', definition: 'Rows of `b` whose nearest neighbour is of `a`.' },
    {
      name: 'rate',
      unit: 'share',
      definition: 'Errors of the pair / rows of the two classes that are evaluated.',
    },
    {
      name: 'gain',
      unit: 'number',
      definition:
        'Points (percent) of nearest-neighbour accuracy that the set would gain if the pair’s errors were gone.',
    },
  ],
}

export const concentrationTable: TableDefinition = {
  id: 'concentration',
  title: 'Concentration of the errors',
  path: 'confusion.concentration',
  definition: 'How many pairs hold the errors: few means an isolated problem, many a systemic one.',
  source: 'Gini: Variabilità e mutabilità, 1912',
  columns: [
    {
      name: 'errors',
      unit: 'count',
      definition: 'Rows whose nearest neighbour has another label.',
    },
    { name: 'pairs', unit: 'count', definition: 'Pairs of classes with at least one error.' },
    { name: 'possiblePairs', unit: 'count', definition: 'Pairs of classes that there are.' },
    { name: 'pairsForHalf', unit: 'count', definition: 'Pairs that hold half of the errors.' },
    {
      name: 'pairsForFourFifths',
      unit: 'count',
      definition: 'Pairs that hold four fifths of the errors.',
    },
    {
      name: 'gini',
      unit: 'number',
      definition:
        'Gini coefficient of the errors over all pairs of classes that there are, those without an error too: 0 where all hold as many, near 1 where a few hold all.',
    },
  ],
}

export const confusionTable: TableDefinition = {
  id: 'confusion_counts',
  title: 'Confusion matrix',
  path: 'confusion.counts',
  definition: 'Rows by their label and their nearest neighbour’s, where there are any.',
  source: SOURCE,
  columns: [
    { name: 'actual', unit: 'text', definition: 'The rows’ label.' },
    { name: 'predicted', unit: 'text', definition: 'Their nearest neighbour’s label.' },
    { name: 'count', unit: 'count', definition: 'How many rows.' },
  ],
}

/** Counts of true against predicted class, the predicted one being the nearest neighbour's. */
export function confusion(input: MetricInput): Confusion {
  const { dataset, rows } = input
  const { classes, labels } = dataset
  const byCell = new Map<number, number>()
  for (let row = 0; row < dataset.rows; row++) {
    if (!rows.evaluated[row]) continue
    const cell = labels[row]! * classes.length + rows.predicted[row]!
    byCell.set(cell, (byCell.get(cell) ?? 0) + 1)
  }
  const cells = Array.from(byCell, ([cell, count]) => ({
    actual: Math.floor(cell / classes.length),
    predicted: cell % classes.length,
    count,
  })).sort((a, b) => a.actual - b.actual || a.predicted - b.predicted)

  const pairs = confusedPairs(input, cells)
  return {
    counts: cells.map(({ actual, predicted, count }) => [
      classes[actual]!,
      classes[predicted]!,
      count,
    ]),
    pairs,
    concentration: concentration(pairs, classes.length),
    labelChangingTies: labelChangingTies(input),
  }
}

function confusedPairs(
  { dataset, rows }: MetricInput,
  cells: readonly { actual: number; predicted: number; count: number }[],
): ConfusedPair[] {
  const { classes } = dataset
  const evaluated = new Int32Array(classes.length)
  for (const [row, label] of dataset.labels.entries()) evaluated[label]! += rows.evaluated[row]!
  const total = evaluated.reduce((sum, count) => sum + count, 0)
  // Classes are in code-unit order, so the lower index is the pair's first name.
  const found = new Map<number, { a: number; b: number; aAsB: number; bAsA: number }>()
  for (const { actual, predicted, count } of cells) {
    if (actual === predicted) continue
    const a = Math.min(actual, predicted)
    const b = Math.max(actual, predicted)
    const pair = found.get(a * classes.length + b) ?? { a, b, aAsB: 0, bAsA: 0 }
    if (actual === a) pair.aAsB += count
    else pair.bAsA += count
    found.set(a * classes.length + b, pair)
  }
  return Array.from(found.values(), ({ a, b, aAsB, bAsA }) => ({
    a: classes[a]!,
    b: classes[b]!,
    count: aAsB + bAsA,
    aAsB,
    bAsA,
    rate: (aAsB + bAsA) / (evaluated[a]! + evaluated[b]!),
    gain: (100 * (aAsB + bAsA)) / total,
  })).sort((p, q) => q.count - p.count || compareText(p.a, q.a) || compareText(p.b, q.b))
}

function concentration(pairs: readonly ConfusedPair[], classes: number): Concentration {
  const errors = pairs.reduce((sum, pair) => sum + pair.count, 0)
  const pairsFor = (share: number) => {
    let sum = 0
    let count = 0
    for (const pair of pairs) {
      if (sum >= share * errors) break
      sum += pair.count
      count++
    }
    return count
  }
  const possiblePairs = (classes * (classes - 1)) / 2
  return {
    errors,
    pairs: pairs.length,
    possiblePairs,
    pairsForHalf: pairsFor(0.5),
    pairsForFourFifths: pairsFor(0.8),
    // Among the pairs with an error alone, one that holds nearly all beside a few small ones looks even.
    gini: gini(
      pairs.map((pair) => pair.count),
      possiblePairs - pairs.length,
    ),
  }
}

/** Rows with a neighbour of another label exactly as near as the nearest: the tie rule decides. */
function labelChangingTies({ dataset, neighborhood, rows }: MetricInput): number {
  const { k, distances, nearestUnpredicted } = neighborhood
  let ties = 0
  for (let row = 0; row < dataset.rows; row++) {
    if (rows.evaluated[row] && nearestUnpredicted[row] === distances[row * k]) ties++
  }
  return ties
}
