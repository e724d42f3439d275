/** Whether two classes are taken for each other more often than their sizes make likely. */

import type { ConfusedPair } from '../core/confusion.ts'
import type { Evaluation } from '../core/evaluation.ts'
import { binomialSumAtLeast } from '../stats/binomial.ts'
import { benjaminiHochberg } from '../stats/false-discovery.ts'
import { pairId, pairOf } from './pair.ts'
import { errorRowsByPair } from './rows.ts'

/** What the sizes of the classes make of the errors between two of them. */
export interface Chance {
  /** Errors that they make likely. */
  readonly expected: number
  /** Of so many or more, corrected for all pairs of classes; null with two classes. */
  readonly p: number | null
  /** Pairs of classes that are corrected for. */
  readonly tests: number
  /** Whether errors of one group that say the same count once. */
  readonly grouped: boolean
}

/**
 * Likely is what comes out if each class's errors fell on the other classes in proportion to their
 * rows: a's errors that fall on b are then binomial with n(b) / (N − n(a)), and the other way round.
 * With two classes every error is the pair's, so there is nothing to test.
 *
 * Errors that hang together are not so many trials. Rows that have one and the same nearest neighbour
 * (a hub, a twin) share one error, and two rows that are nearest to each other half of theirs: with
 * every error by itself, most sets of rows without any structure would show some pair that "can't" be
 * chance. So do rows of one group that are taken for the same class, where rows of a group count
 * together. The p's are corrected for all pairs of classes that there are (Benjamini-Hochberg).
 */
export function pairTester(evaluation: Evaluation): (pair: ConfusedPair) => Chance {
  const { dataset } = evaluation
  const { classes, queries, labels } = dataset
  const tests = (classes.length * (classes.length - 1)) / 2
  const place = new Map(classes.map((label, at) => [label, at]))
  // An error falls on another class by how many of its rows there are to be found.
  const targets = new Float64Array(classes.length)
  for (const [row, label] of labels.entries()) {
    if (evaluation.rows.evaluated[row] === (queries === undefined ? 1 : 0)) targets[label]!++
  }
  const rows = targets.reduce((sum, count) => sum + count, 0)
  const weights = trials(evaluation)
  const byClass = new Float64Array(classes.length)
  const all = new Float64Array(classes.length)
  for (const [row, weight] of weights.entries()) {
    if (weight === 0) continue
    byClass[labels[row]!]! += weight
    all[labels[row]!]!++
  }
  const shares = ({ a, b }: Pick<ConfusedPair, 'a' | 'b'>) => {
    const [first, second] = [place.get(a)!, place.get(b)!]
    return [
      [first, targets[second]! / (rows - targets[first]!)],
      [second, targets[first]! / (rows - targets[second]!)],
    ] as const
  }
  const tested = [...errorRowsByPair(evaluation)].map(([key, { pair, rows: errors }]) => {
    const together = errors.reduce((sum, row) => sum + weights[row]!, 0)
    const [[a, toB], [b, toA]] = shares({ a: pair[0], b: pair[1] })
    // Whole trials, rounded against a finding.
    const p = binomialSumAtLeast(
      Math.floor(together + 1e-9),
      [Math.round(byClass[a]!), toB],
      [Math.round(byClass[b]!), toA],
    )
    return { key, p }
  })
  const adjusted = benjaminiHochberg(
    tested.map(({ p }) => p),
    tests,
  )
  const pOf = new Map(tested.map(({ key }, at) => [key, adjusted[at]!]))
  return (pair) => {
    const [[a, toB], [b, toA]] = shares(pair)
    const expected = all[a]! * toB + all[b]! * toA
    const grouped = Boolean(evaluation.clusters)
    if (dataset.classes.length <= 2) return { expected, p: null, tests, grouped }
    return { expected, p: pOf.get(pairId('', pairOf(pair.a, pair.b))) ?? 1, tests, grouped }
  }
}

/** How many independent errors each row stands for: at most one, 0 where it is right. */
function trials(evaluation: Evaluation): Float64Array {
  const { dataset, neighborhood, clusters } = evaluation
  const { neighbors, k } = neighborhood
  const errors = [...errorRowsByPair(evaluation).values()].flatMap(({ rows }) => rows)
  const sharing = new Int32Array(dataset.rows)
  for (const row of errors) sharing[neighbors[row * k]!]!++
  /** Errors of one group that say the same. */
  const together = new Map<number, number>()
  const saying = (row: number) =>
    clusters![row]! * dataset.classes.length + dataset.labels[neighbors[row * k]!]!
  for (const row of clusters ? errors : []) {
    together.set(saying(row), (together.get(saying(row)) ?? 0) + 1)
  }
  const weights = new Float64Array(dataset.rows)
  for (const row of errors) {
    const nearest = neighbors[row * k]!
    const mutual = neighbors[nearest * k] === row
    const shared = sharing[nearest]! * (mutual ? 2 : 1)
    weights[row] = 1 / Math.max(shared, clusters ? together.get(saying(row))! : 1)
  }
  return weights
}
