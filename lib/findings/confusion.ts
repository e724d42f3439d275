/** Two classes that are taken for each other: better features, or better labels. */

import type { ClassFigures } from '../core/class-figures.ts'
import type { ConfusedPair } from '../core/confusion.ts'
import type { Evaluation } from '../core/evaluation.ts'
import type { Certainty } from '../core/finding.ts'
import { countOf, percent, pValue } from '../core/words.ts'
import { binomialSumAtLeast } from '../stats/binomial.ts'
import { FEWEST_TELLING_ROWS } from '../stats/mcnemar.ts'
import { issuesOf, labelsAreDoubted } from './label-issue.ts'
import { pairId, pairOf, parsePairId } from './pair.ts'
import { relabeller } from './relabel.ts'
import { errorRowsByPair, identicalRows, inPoints, pointsOf, sortedBy } from './rows.ts'
import type { Draft, Rule } from './rule.ts'

const KIND = 'confusion'

/** A pair is raised where so many errors between two classes of these sizes are this unlikely. */
const UNLIKELY = 0.01

/**
 * A pair is raised when it has at least 6 errors and more of them than the sizes of the classes
 * make likely.
 *
 * Six, because with fewer not even fixing every one of them could reach p < 0.05 in the exact
 * paired test: the next run couldn't tell whether anything was done.
 *
 * Likely is what comes out if each class's errors fell on the other classes in proportion to their
 * rows. Then a's errors that fall on b are binomial with n(b) / (N − n(a)), and the other way
 * round; the pair is raised if as many errors in all have a probability under 0.01. With two
 * classes every error is the pair's, so the test has nothing to say and only the count decides.
 */
export const confusion: Rule = {
  kind: KIND,
  title: 'Strongly confused pair of classes',
  owner: 'CV / Product',
  needs: 'Two classes or more, and at least 6 errors between two of them.',
  evaluate: (evaluation) => {
    const enough = evaluation.confusion.pairs.filter((pair) => pair.count >= FEWEST_TELLING_ROWS)
    if (enough.length === 0) return []
    const describe = describer(evaluation)
    return enough
      .map((pair) => ({ pair, chance: chanceOf(evaluation, pair) }))
      .filter(({ chance }) => chance.p === null || chance.p < UNLIKELY)
      .map(({ pair, chance }) => describe(pair, chance))
  },
  recall: (evaluation, _manifest, id) => {
    const names = parsePairId(KIND, id)
    if (!names?.every((name) => evaluation.dataset.classes.includes(name))) return null
    const [a, b] = names
    const pair = evaluation.confusion.pairs.find((entry) => entry.a === a && entry.b === b)
    const known = pair ?? { a, b, count: 0, aAsB: 0, bAsA: 0, rate: 0, gain: 0 }
    return describer(evaluation)(known, chanceOf(evaluation, known))
  },
}

interface Chance {
  readonly expected: number
  /** Null with two classes. */
  readonly p: number | null
}

function chanceOf(evaluation: Evaluation, pair: ConfusedPair): Chance {
  const a = evaluation.classes.find((entry) => entry.label === pair.a)!
  const b = evaluation.classes.find((entry) => entry.label === pair.b)!
  // An error falls on another class by how many of its rows there are to be found.
  const found = (entry: ClassFigures) => entry.galleryRows ?? entry.rows
  const rows = evaluation.classes.reduce((sum, entry) => sum + found(entry), 0)
  const aToB = found(b) / (rows - found(a))
  const bToA = found(a) / (rows - found(b))
  const expected = a.errors * aToB + b.errors * bToA
  if (evaluation.classes.length <= 2) return { expected, p: null }
  return { expected, p: binomialSumAtLeast(pair.count, [a.errors, aToB], [b.errors, bToA]) }
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
      doneWhen: `Fewer than ${FEWEST_TELLING_ROWS} errors between ${a} and ${b} (or no more than the sizes of the classes make likely), and significantly fewer than the ${count} of this run on the same rows (exact paired test, p < 0.05).`,
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
      : ` ${of(contradicted)} would be gone if the contradicted labels among them were what the neighbours suggest: ${doubted ? `the labels are ${2 * contradicted >= count ? 'the likeliest cause' : 'part of it'}` : 'the rest of the space is too often wrong to say whether labels or rows are to blame'}.`
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

function likely({ expected, p }: Chance, count: number): Certainty {
  if (p === null) {
    return {
      level: 'likely',
      says: 'With two classes every error is between them, so only their number counts, not where they fall.',
    }
  }
  return {
    level: p < 0.001 ? 'certain' : p < UNLIKELY ? 'likely' : 'possible',
    says:
      count === 0
        ? 'Errors are counted.'
        : `The sizes of the classes make ${expected.toFixed(1)} errors likely; that there are ${count} is chance with ${pValue(p)}.`,
  }
}
