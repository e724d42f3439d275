/** Rows whose neighbours contradict their label: to be looked at by those who label. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Certainty } from '../core/finding.ts'
import type { LabelIssue } from '../core/quality.ts'
import { countOf, joinWords, percent } from '../core/words.ts'
import { type Pair, pairId, pairOf, parsePairId } from './pair.ts'
import { relabeller } from './relabel.ts'
import { inPoints, pointsOf } from './rows.ts'
import { type Draft, meets, once, type Rule, type Threshold } from './rule.ts'

const KIND = 'label-issue'
/** Every pair's id has a bar, so no pair has this one. */
const OTHERS = `${KIND}:other`
const DONE =
  'None of these rows is contradicted any more: its label was corrected, or its neighbours agree with it.'

const THRESHOLDS = {
  /** Such two classes are an item of their own; the rest is one together. */
  pair: { of: 'contradicted labels between two classes', raises: 'at least', value: 3 },
  others: { of: 'contradicted labels of all other classes together', raises: 'at least', value: 3 },
} satisfies Record<string, Threshold>

const NAMED = 6
/** Share of other errors up to which a contradiction is more often a wrong label than a hard row. */
const TELLING_ERRORS = 0.1

/**
 * One finding for each two classes between which at least three labels are contradicted, and one for
 * all the others together where they are three or more. Which rows those are is told with the figures of the data's quality.
 */
export const labelIssue: Rule = {
  kind: KIND,
  title: 'Labels that the neighbours contradict',
  signal:
    'Rows that lie among rows of one other class, far from their own: at least 8 of their 10 nearest carry that label.',
  meaning: `The label is wrong, or the row is a hard one. Where no more than ${percent(TELLING_ERRORS)} of the rows would be errors even with the suggested labels, a wrong label is the likelier; where more would, it is only possible.`,
  action:
    'Open each row beside its neighbours, the strongest contradiction first. Correct the label at the source where the suggested one is right; keep the row as a hard example where it is not.',
  owner: 'Data Ops',
  needs:
    'A class of 12 rows or more, and a row of it of whose 10 nearest at least 8 carry one other label, or do so together with rows of its label that lie there too.',
  doneWhen: DONE,
  judgement: 'count',
  explains: { as: 'cause', of: ['hubs', 'spread'] },
  locatesErrors: true,
  thresholds: THRESHOLDS,
  read: (evaluation) => {
    const { pairs, others } = groupsOf(evaluation)
    const describe = once(() => describer(evaluation))
    return {
      raise: () => [
        ...pairs.map(({ pair, issues }) => describe()(pair, issues)),
        ...(meets(THRESHOLDS.others, others.length) ? [describe()(null, others)] : []),
      ],
      recall: (id) => {
        if (evaluation.quality.labelIssues.unjudgedRows === evaluation.evaluatedRows) return null
        if (id === OTHERS) return describe()(null, others)
        const pair = parsePairId(KIND, id)
        if (!pair?.every((name) => evaluation.dataset.classes.includes(name))) return null
        return describe()(pair, issuesOf(evaluation, pair))
      },
    }
  },
}

/** The contradicted labels between two classes, whichever of the two is carried. */
export function issuesOf({ quality }: Evaluation, [a, b]: Pair): readonly LabelIssue[] {
  return quality.labelIssues.rows.filter(
    ({ label, suggested }) => (label === a && suggested === b) || (label === b && suggested === a),
  )
}

function groupsOf({ quality }: Evaluation) {
  const byPair = new Map<string, { pair: Pair; issues: LabelIssue[] }>()
  for (const issue of quality.labelIssues.rows) {
    const pair = pairOf(issue.label, issue.suggested)
    const entry = byPair.get(pairId('', pair)) ?? { pair, issues: [] }
    if (entry.issues.push(issue) === 1) byPair.set(pairId('', pair), entry)
  }
  const pairs = [...byPair.values()]
  const small = new Set(pairs.filter(({ issues }) => !meets(THRESHOLDS.pair, issues.length)))
  const rest = new Set([...small].flatMap(({ issues }) => issues))
  return {
    pairs: pairs.filter((entry) => !small.has(entry)),
    others: quality.labelIssues.rows.filter((issue) => rest.has(issue)),
  }
}

/** Prepares what all pairs share. */
function describer(
  evaluation: Evaluation,
): (pair: Pair | null, issues: readonly LabelIssue[]) => Draft {
  const relabelled = relabeller(evaluation)
  const rate = errorRate(evaluation)
  return (pair, issues) => {
    const { rows, fixed, broken } = relabelled(issues)
    const gain = Math.max(0, pointsOf(evaluation, fixed.length - broken.length))
    return {
      id: pair === null ? OTHERS : pairId(KIND, pair),
      title:
        pair === null
          ? issues.length === 0
            ? 'Check labels that the neighbours contradict'
            : `Check the labels of ${countOf(issues.length, 'row')}`
          : `Check the labels between ${pair[0]} and ${pair[1]}`,
      finding: `${seen(pair, issues)}${agreement(issues)}`,
      certainty: certaintyOf(rate, issues),
      cost:
        gain > 0
          ? `With the suggested labels ${countOf(fixed.length, 'error')} would be right${broken.length > 0 ? ` and ${countOf(broken.length, 'right row')} wrong` : ''}: ${inPoints(gain)} of accuracy. Until then they also teach the model the wrong thing.`
          : 'No accuracy that is measured here, but a wrong label teaches the model the wrong thing.',
      action: `${issues.some(({ batch }) => batch !== null) ? 'Ask first where the rows that agree with each other came from: what one batch got wrong is corrected in one go. ' : ''}Open each row beside its neighbours, the strongest contradiction first. Where the suggested label is right, correct it at the source. Where the label is right, keep the row: it is a hard example that training needs.`,
      doneWhen: DONE,
      gain,
      evidence: rows,
      classes:
        pair ?? [...new Set(issues.flatMap(({ label, suggested }) => [label, suggested]))].sort(),
      measure: { value: issues.length, unit: 'rows' },
    }
  }
}

function seen(pair: Pair | null, issues: readonly LabelIssue[]): string {
  const between = pair === null ? '' : ` of ${pair[0]} and ${pair[1]}`
  if (issues.length === 0) return `No label${between} is contradicted by its neighbours.`
  const named = issues.map(({ id, label, suggested }) => `${id} (${label}, rather ${suggested})`)
  const [lies, their] = issues.length === 1 ? ['lies', 'its'] : ['lie', 'their']
  return `${countOf(issues.length, 'row')}${between} ${lies} among rows of another class, far from ${their} own: ${joinWords(named, NAMED)}.`
}

/** Rows that lie there together: one mistake made many times, or no mistake. */
function agreement(issues: readonly LabelIssue[]): string {
  const batches = new Map<string, { issue: LabelIssue; rows: number }>()
  for (const issue of issues) {
    if (issue.batch === null) continue
    const key = JSON.stringify([issue.label, issue.suggested])
    batches.set(key, { issue, rows: (batches.get(key)?.rows ?? 0) + 1 })
  }
  return Array.from(
    batches.values(),
    ({ issue: { label, suggested }, rows }) =>
      ` ${rows} of them, labelled ${label}, agree with each other: they may be one batch or one annotator’s, or a subgroup of ${label} that looks like ${suggested}.`,
  ).join('')
}

/** Whether a contradiction is more often a wrong label than a hard row. */
export function labelsAreDoubted(evaluation: Evaluation): boolean {
  return errorRate(evaluation) <= TELLING_ERRORS
}

/** Share of rows that would be errors even with the suggested labels. */
function errorRate(evaluation: Evaluation): number {
  const { rows, evaluatedRows, quality } = evaluation
  const errors = rows.correct.reduce((sum, right) => sum + (right === 1 ? 0 : 1), 0)
  const { fixed, broken } = relabeller(evaluation)(quality.labelIssues.rows)
  return evaluatedRows === 0 ? 0 : (errors - fixed.length + broken.length) / evaluatedRows
}

/** Measured on labels flipped on purpose: `docs/metrics.md`, data quality. */
function certaintyOf(rate: number, issues: readonly LabelIssue[]): Certainty {
  const batched = issues.filter(({ batch }) => batch !== null).length
  const agreed =
    batched === 0
      ? 'At least 8 of the 10 nearest rows agree on the other label'
      : 'At least 8 of the 10 nearest rows carry the other label or are such rows themselves'
  if (rate > TELLING_ERRORS) {
    return {
      level: 'possible',
      says: `${agreed}, but ${percent(rate)} of all rows would be errors even with the suggested labels: in such a space a contradicted row is more often a hard one than a wrong label.`,
    }
  }
  return {
    level: 'likely',
    says:
      batched > 0 && batched === issues.length
        ? `${agreed}. Simulated classes without a wrong label hardly ever have such rows; whether these are a mistake or a subgroup, only a look at them can tell.`
        : `${agreed}. Where 3 % of the labels were flipped on purpose, in runs with about as few errors, 6 to 8 of 10 such rows were flipped ones; the cleaner the labels, the more of them are hard rows instead.`,
  }
}
