/** Identical or nearly identical vectors under two labels: a question for those who label before one for a model. */

import type { Evaluation } from '../core/evaluation.ts'
import { countOf, decimal, joinWords } from '../core/words.ts'
import { type Coincidence, coincidenceOf, NEAR_P } from './coincidence.ts'
import { type Pair, pairId, parsePairId } from './pair.ts'
import {
  conflictingRows,
  identicalRows,
  inPoints,
  LABELS_IN_CONFLICT,
  labelOf,
  pointsOf,
} from './rows.ts'
import { type Draft, meets, once, type Rule, type Threshold } from './rule.ts'

const KIND = 'label-conflict'
const GROUPS_NAMED = 6
const ROWS_NAMED = 6

const THRESHOLDS = {
  labels: LABELS_IN_CONFLICT,
  nearP: NEAR_P,
} satisfies Record<string, Threshold>

/**
 * Raised for every pair of labels that duplicates carry, from one group on: there is no noise in equal
 * vectors, and nearly equal ones count only where there are more of them than chance makes. A group with more
 * than four labels is left to `duplicates`, since a vector that everything shares says that the input
 * failed, not that labels disagree.
 */
export const labelConflict: Rule = {
  kind: KIND,
  title: 'Duplicates under two labels',
  signal:
    'Rows of two classes with the same vector, or one nearer to it than chance makes likely. One such group is enough: there is no noise in equal vectors.',
  meaning:
    'No model can tell such rows apart, so their errors are a question for those who label: one thing under two labels, two classes without a rule between them, or one picture stored for two rows.',
  action:
    'Open each group and decide: one label for all of it, a clearer rule for which label holds when, or the right picture where one was stored twice. Correct it at the source.',
  owner: 'Data Ops',
  needs:
    'Two rows with the same vector and different labels, or nearly the same where more rows are than chance makes.',
  doneWhen:
    'No row of the one class has the vector of a row of the other, or one nearer to it than chance makes likely.',
  judgement: 'fact',
  explains: { as: 'cause', of: [] },
  locatesErrors: false,
  thresholds: THRESHOLDS,
  read: (evaluation) => {
    const chance = once(() => coincidenceOf(evaluation))
    const groups = once(() => conflicts(evaluation, chance()))
    return {
      raise: () =>
        Array.from(byPair(groups()).values(), ({ pair, groups: own }) =>
          describe(evaluation, pair, own, chance()),
        ),
      recall: (id) => {
        const pair = parsePairId(KIND, id)
        if (!pair?.every((name) => evaluation.dataset.classes.includes(name))) return null
        const own = groups().filter(({ labels }) => pair.every((label) => labels.includes(label)))
        return describe(evaluation, pair, own, chance())
      },
    }
  },
}

function byPair(groups: readonly Conflict[]) {
  const pairs = new Map<string, { pair: Pair; groups: Conflict[] }>()
  for (const group of groups) {
    for (const [at, a] of group.labels.entries()) {
      for (const b of group.labels.slice(at + 1)) {
        const key = pairId(KIND, [a, b])
        const entry = pairs.get(key) ?? { pair: [a, b], groups: [] }
        entry.groups.push(group)
        pairs.set(key, entry)
      }
    }
  }
  return pairs
}

type Conflict = ReturnType<typeof conflictingRows>[number]

function conflicts(evaluation: Evaluation, { isBeyond }: Coincidence): readonly Conflict[] {
  const groups = isBeyond
    ? conflictingRows(evaluation)
    : identicalRows(evaluation).map((group) => ({ ...group, exact: true }))
  return groups.filter(({ labels }) => labels.length > 1 && meets(THRESHOLDS.labels, labels.length))
}

function describe(
  evaluation: Evaluation,
  [a, b]: Pair,
  groups: readonly Conflict[],
  chance: Coincidence,
): Draft {
  const { ids } = evaluation.dataset
  const { nearDuplicates } = evaluation.quality
  const exact = groups.every((group) => group.exact)
  const ofPair = groups.map(({ rows }) =>
    rows.filter((row) => [a, b].includes(labelOf(evaluation, row))),
  )
  const evidence = ofPair.flat()
  const errors = evidence.filter((row) => evaluation.rows.correct[row] !== 1).length
  const named = ofPair.map((rows) => {
    const shown = rows
      .slice(0, ROWS_NAMED)
      .map((row) => `${ids[row]} (${labelOf(evaluation, row)})`)
    return `${shown.join(' = ')}${rows.length > ROWS_NAMED ? ` = ${rows.length - ROWS_NAMED} more` : ''}`
  })
  return {
    id: pairId(KIND, [a, b]),
    title: `Settle which label is right: ${a} or ${b}`,
    finding:
      evidence.length === 0
        ? `No row of ${a} has the vector of a row of ${b}, or one nearer to it than chance makes likely.`
        : `${countOf(evidence.length, 'row')} in ${countOf(groups.length, 'group')} have ${exact ? 'identical' : 'identical or nearly identical'} vectors, some labelled ${a} and some ${b}${exact ? ': no model can tell them apart' : ''}. The groups: ${joinWords(named, GROUPS_NAMED)}.`,
    certainty: exact
      ? { level: 'certain', says: 'The vectors are equal byte for byte.' }
      : {
          level: 'likely',
          says: `Some are not equal, but closer than ${decimal(nearDuplicates.threshold, 2)}, ${nearDuplicates.factor} times the usual distance to a nearest neighbour. ${chance.says}`,
        },
    cost: `${countOf(errors, 'of them is an error', 'of them are errors')}: ${inPoints(pointsOf(evaluation, errors))} of accuracy${exact ? ' that no training can win' : ''}.`,
    action: `Open each group and decide: one label for all of it, a clearer rule for when ${a} and when ${b} holds, or the right picture where one was stored twice. Correct it at the source, so that the next upload brings it.`,
    doneWhen: `No row of ${a} has the vector of a row of ${b}, or one nearer to it than chance makes likely.`,
    gain: pointsOf(evaluation, errors),
    evidence,
    classes: [a, b],
    measure: { value: evidence.length, unit: 'rows' },
  }
}
