/** Two classes that are taken for each other: better features, or better labels. */

import type { ConfusedPair } from '../core/confusion.ts'
import type { Evaluation } from '../core/evaluation.ts'
import type { Certainty } from '../core/finding.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import { countOf, percent, pValue } from '../core/words.ts'
import { FEWEST_TELLING_ROWS } from '../stats/mcnemar.ts'
import { issuesOf, labelsAreDoubted } from './label-issue.ts'
import { pairId, pairOf, parsePairId } from './pair.ts'
import { type Chance, pairTester } from './pair-test.ts'
import { relabeller } from './relabel.ts'
import { errorRowsByPair, identicalRows, inPoints, labelOf, pointsOf, sortedBy } from './rows.ts'
import { type Draft, meets, once, type Rule, type Threshold } from './rule.ts'

const KIND = 'confusion'

const THRESHOLDS = {
  errors: { of: 'errors between the two classes', raises: 'at least', value: FEWEST_TELLING_ROWS },
  p: {
    of: 'p of so many errors between classes of these sizes, corrected for all pairs of classes (with two classes not asked)',
    raises: 'under',
    value: SIGNIFICANCE.evidence,
  },
} satisfies Record<string, Threshold>

/**
 * A pair is raised when it has at least 6 errors and more of them than the sizes of the classes
 * make likely, corrected for all pairs (see `pairTester`). Six, because with fewer not even fixing
 * every one of them could reach p < 0.05 in the exact paired test: the next run couldn't tell whether
 * anything was done. With two classes every error is the pair's, and only the count decides.
 */
export const confusion: Rule = {
  kind: KIND,
  title: 'Strongly confused pair of classes',
  signal:
    'Rows of one class whose nearest neighbour is of one other class, more of them than the sizes of the classes make likely. Rows without a match to find are left out, and errors that share a neighbour or a group count once.',
  meaning:
    'The two classes are taken for each other. Where at least half of these errors are identical rows under both labels, or rows whose label the neighbours contradict, the labels are the cause, and whoever owns those acts.',
  action:
    'Look at the rows side by side, the most blatant first: correct the labels that are wrong, and train on the rest as hard negatives.',
  owner: 'CV / Product',
  needs: 'Two classes or more, and at least 6 errors between two of them.',
  doneWhen: `Fewer than ${FEWEST_TELLING_ROWS} errors between the two, or no more than their sizes make likely, and significantly fewer than when it was raised, on the same rows (exact paired test, p < ${SIGNIFICANCE.evidence}).`,
  judgement: 'pair',
  explains: { as: 'pair', of: ['low-margin', 'label-issue', 'label-conflict'] },
  locatesErrors: true,
  thresholds: THRESHOLDS,
  read: (evaluation) => {
    const pairs = pairsOf(evaluation)
    const describe = once(() => describer(evaluation))
    const chanceOf = once(() => pairTester(evaluation))
    return {
      raise: () =>
        pairs
          .filter((pair) => meets(THRESHOLDS.errors, pair.count))
          .map((pair) => ({ pair, chance: chanceOf()(pair) }))
          .filter(({ chance }) => chance.p === null || meets(THRESHOLDS.p, chance.p))
          .map(({ pair, chance }) => describe()(pair, chance)),
      recall: (id) => {
        const names = parsePairId(KIND, id)
        if (!names?.every((name) => evaluation.dataset.classes.includes(name))) return null
        const [a, b] = names
        const pair = pairs.find((entry) => entry.a === a && entry.b === b)
        const known = pair ?? { a, b, count: 0, aAsB: 0, bAsA: 0, rate: 0, gain: 0 }
        return describe()(known, chanceOf()(known))
      },
    }
  },
}

/** The confused pairs without the rows that have no match to find, as they miss in any case. */
function pairsOf(evaluation: Evaluation): readonly ConfusedPair[] {
  const errors = errorRowsByPair(evaluation)
  return evaluation.confusion.pairs.flatMap((pair) => {
    const rows = errors.get(pairId('', pairOf(pair.a, pair.b)))?.rows ?? []
    if (rows.length === 0) return []
    const aAsB = rows.filter((row) => labelOf(evaluation, row) === pair.a).length
    const part = rows.length / pair.count
    return {
      ...pair,
      count: rows.length,
      aAsB,
      bAsA: rows.length - aAsB,
      rate: pair.rate * part,
      gain: pair.gain * part,
    }
  })
}

/** Prepares what all pairs share, so that many pairs cost one pass over the rows. */
function describer(evaluation: Evaluation): (pair: ConfusedPair, chance: Chance) => Draft {
  const errors = errorRowsByPair(evaluation)
  const twins = identicalRows(evaluation).filter((group) => group.labels.length > 1)
  const relabelled = relabeller(evaluation)
  const doubted = labelsAreDoubted(evaluation)
  return (pair, chance) => {
    const { a, b, count } = pair
    const rows = errors.get(pairId('', pairOf(a, b)))?.rows ?? []
    const identical = new Set(
      twins
        .filter(({ labels }) => labels.includes(a) && labels.includes(b))
        .flatMap((group) => group.rows),
    )
    const mislabelled = new Set(relabelled(issuesOf(evaluation, pairOf(a, b))).fixed)
    const conflicts = rows.filter((row) => identical.has(row)).length
    const contradicted = rows.filter((row) => !identical.has(row) && mislabelled.has(row)).length
    const cause = causeOf(count, conflicts, doubted ? contradicted : 0)
    return {
      id: pairId(KIND, [a, b]),
      title: cause === null ? `Tell ${a} and ${b} apart` : `Settle the labels of ${a} and ${b}`,
      finding: `${seen(pair)}${why(count, conflicts, contradicted, doubted)}`,
      certainty: likely(chance, count),
      cost: `${countOf(count, 'row is', 'rows are')} answered with the wrong one of the two: ${inPoints(pair.gain)} of accuracy.`,
      action: toDo(pair, cause, conflicts),
      doneWhen: `Fewer than ${FEWEST_TELLING_ROWS} errors between ${a} and ${b} (or no more than the sizes of the classes make likely), and significantly fewer than the ${count} of this run on the same rows (exact paired test, p < ${SIGNIFICANCE.evidence}).`,
      gain: pointsOf(evaluation, count),
      evidence: sortedBy(rows, (row) => evaluation.rows.classMargin[row]!),
      classes: [a, b],
      measure: { value: count, unit: 'errors' },
      ...(cause === null ? {} : { cause }),
    }
  }
}

/** Labels are the cause where they explain at least half of the errors. */
function causeOf(count: number, conflicts: number, contradicted: number): Cause {
  if (count === 0 || 2 * (conflicts + contradicted) < count) return null
  return conflicts >= contradicted ? 'label-conflict' : 'label-issue'
}

type Cause = 'label-conflict' | 'label-issue' | null

function why(count: number, conflicts: number, contradicted: number, doubted: boolean): string {
  const of = (part: number) =>
    part === count ? `All ${count} errors` : `${part} of the ${count} errors`
  const identical =
    conflicts === 0
      ? ''
      : ` ${of(conflicts)} are identical vectors under both labels, which no model can tell apart.`
  const wrong =
    contradicted === 0
      ? ''
      : ` ${of(contradicted)} would be gone if the contradicted labels among them were what the neighbours suggest: ${doubted ? `the labels are ${2 * contradicted >= count ? 'the likeliest cause' : 'part of it'}` : 'but too many rows are wrong here to say whether labels or the model are to blame'}.`
  return `${identical}${wrong}`
}

function toDo({ a, b }: ConfusedPair, cause: Cause, conflicts: number): string {
  const rest = `Where it is right, add features or training pairs that tell ${a} from ${b}: these rows are ready-made hard negatives.`
  if (cause === 'label-issue') {
    return `Look at the rows beside their neighbours, the most blatant first, and correct the labels that are wrong, at the source. ${rest}`
  }
  if (cause === 'label-conflict') {
    return `Open each group of identical rows and decide: one label for all of it, a clearer rule for when ${a} and when ${b} holds, or the right picture where one was stored twice. Then look at the errors that are left. Where a label is wrong, correct it. ${rest}`
  }
  const first = conflicts === 0 ? '' : 'Settle the labels of the identical rows first. '
  return `${first}Look at the rows side by side, the most blatant first. Where a label is wrong, correct it. ${rest}`
}

function seen(pair: ConfusedPair): string {
  const { a, b, count, aAsB, bAsA } = pair
  if (count === 0) return `No row of ${a} or ${b} has a nearest neighbour of the other class.`
  const [from, to, most] = aAsB >= bAsA ? [a, b, aAsB] : [b, a, bAsA]
  const direction =
    most === count
      ? `, all of them rows of ${from} taken for ${to}`
      : most >= 0.75 * count
        ? `, mostly rows of ${from} taken for ${to} (${most} of the ${count})`
        : `: ${countOf(aAsB, 'row')} of ${a} taken for ${b}, ${countOf(bAsA, 'row')} of ${b} taken for ${a}`
  return `${countOf(count, 'row')} of ${a} and ${b} (${percent(pair.rate)} of the two classes, ${inPoints(pair.gain)} of accuracy) ${count === 1 ? 'has' : 'have'} a nearest neighbour of the other class${direction}.`
}

function likely({ expected, p, tests, grouped }: Chance, count: number): Certainty {
  if (p === null) {
    return {
      level: 'likely',
      says: 'With two classes every error is between them, so only their number counts, not where they fall.',
    }
  }
  return {
    level: p < SIGNIFICANCE.certain ? 'certain' : meets(THRESHOLDS.p, p) ? 'likely' : 'possible',
    says:
      count === 0
        ? 'Errors are counted.'
        : `The sizes of the classes make ${countOf(Number(expected.toFixed(1)), 'error')} likely; ${count} or more would come by chance with ${pValue(p)} (corrected for ${countOf(tests, 'pair')} of classes; errors that share a neighbour${grouped ? ' or a group' : ''} count once).`,
  }
}
