/** Identical vectors that are no question of labels: a row twice, a wrong picture, or no input at all. */

import { isZeroRow } from '../core/dataset.ts'
import type { Evaluation } from '../core/evaluation.ts'
import { countOf, joinWords } from '../core/words.ts'
import {
  type IdenticalRows,
  identicalRows,
  inPoints,
  MOST_CONFLICTING_LABELS,
  pointsOf,
} from './rows.ts'
import { type Draft, meets, once, type Rule, type Threshold } from './rule.ts'

const TWINS = 'duplicates:exact'
const BLANK = 'duplicates:blank'
const GROUPS_NAMED = 12
const ROWS_NAMED = 4

const THRESHOLDS = {
  rows: { of: 'rows of one class with one vector', raises: 'at least', value: 2 },
  labels: {
    of: 'labels on one vector, which then is a question of the input',
    raises: 'more than',
    value: MOST_CONFLICTING_LABELS,
  },
} satisfies Record<string, Threshold>

/**
 * One finding for the groups of one class and one for those of many, each raised from one group on.
 * The first gains no accuracy: its rows find each other, so they flatter the figures, and a row with
 * another's picture is an error that no figure shows. The second does: most of its rows are answered
 * with a row that only shares their missing input.
 */
export const duplicates: Rule = {
  kind: 'duplicates',
  title: 'Rows with identical vectors',
  signal:
    'Rows of one class that have the same vector, byte for byte, and vectors that rows of many classes share. Each of the two is one finding for the run.',
  meaning:
    'A row is there twice, or has the picture of another: rows that find each other flatter the figures, and a wrong picture is an error that no figure shows. A vector that many classes share says that their input failed.',
  action:
    'Open each group: give a row its own picture, or remove the copy. Of rows whose vector many classes share, look at the input: an empty file, a placeholder, a step that failed.',
  owner: 'Data Ops',
  needs: 'Two rows with the same vector.',
  doneWhen: `No two rows of a class have identical vectors; no vector is shared by more than ${MOST_CONFLICTING_LABELS} classes.`,
  judgement: 'fact',
  explains: { as: 'cause', of: ['hubs'] },
  locatesErrors: false,
  thresholds: THRESHOLDS,
  read: (evaluation) => {
    const groups = identicalRows(evaluation)
    const twins = once(() => describeTwins(evaluation, groups))
    const blank = once(() => describeBlank(evaluation, groups))
    return {
      raise: () => [twins(), blank()].filter(({ evidence }) => evidence.length > 0),
      recall: (id) => (id === TWINS ? twins() : id === BLANK ? blank() : null),
    }
  },
}

const CERTAIN = { level: 'certain', says: 'The vectors are equal byte for byte.' } as const

function describeTwins(evaluation: Evaluation, all: readonly IdenticalRows[]): Draft {
  const groups = all.filter(
    ({ labels, rows }) => labels.length === 1 && meets(THRESHOLDS.rows, rows.length),
  )
  const evidence = groups.flatMap(({ rows }) => rows)
  const named = groups.map((group) => {
    const zeros = isZero(evaluation, group) ? ', all zeros' : ''
    return `${namesOf(evaluation, group)} (${group.labels[0]}${zeros})`
  })
  return {
    id: TWINS,
    title: 'Check the rows that have identical vectors',
    finding:
      groups.length === 0
        ? 'No two rows of a class have identical vectors.'
        : `${countOf(evidence.length, 'row')} in ${countOf(groups.length, 'group')} have identical vectors: ${joinWords(named, GROUPS_NAMED)}.`,
    certainty: CERTAIN,
    cost: 'No accuracy, rather the contrary: identical rows of one class find each other, so their right answers prove nothing; and a row with another’s picture is an error that no figure shows.',
    action:
      'Open each group. If one row has the picture of another, give it its own. If a row is there twice, remove one. If two things really look the same, accept this item with that reason in the manifest.',
    doneWhen: 'No two rows of a class have identical vectors.',
    gain: 0,
    evidence,
    classes: classesOf(groups),
    measure: { value: evidence.length, unit: 'rows' },
  }
}

function describeBlank(evaluation: Evaluation, all: readonly IdenticalRows[]): Draft {
  const groups = all.filter(({ labels }) => meets(THRESHOLDS.labels, labels.length))
  const wrong = (row: number) => evaluation.rows.correct[row] !== 1
  const rows = groups.flatMap((group) => group.rows)
  const errors = rows.filter(wrong)
  const gain = pointsOf(evaluation, errors.length)
  const named = groups.map((group) => {
    const about = `${countOf(group.rows.length, 'row')} of ${group.labels.length} classes`
    const vector = isZero(evaluation, group) ? 'a vector of zeros' : 'one vector'
    return `${about} have ${vector} (${namesOf(evaluation, group)})`
  })
  return {
    id: BLANK,
    title: 'Look at the input of the rows whose vector many classes share',
    finding:
      groups.length === 0
        ? `No vector is shared by more than ${MOST_CONFLICTING_LABELS} classes.`
        : `${joinWords(named, GROUPS_NAMED)}; ${countOf(errors.length, 'of them is an error', 'of them are errors')} (${inPoints(gain)}). Blank or failed files read the same.`,
    certainty: CERTAIN,
    cost:
      gain > 0
        ? `${inPoints(gain)} of accuracy, and right answers among these rows prove nothing: each is answered with another row that shows as little.`
        : 'No accuracy, but right answers among these rows prove nothing: each is answered with another row that shows as little.',
    action:
      'Look at their input: an empty or unreadable file, a placeholder picture, or a step that failed and left its default. Repair what can be read again and remove the other rows. Their labels are not in question until the input is right.',
    doneWhen: `No vector is shared by more than ${MOST_CONFLICTING_LABELS} classes.`,
    gain,
    evidence: [...errors, ...rows.filter((row) => !wrong(row))],
    classes: classesOf(groups),
    measure: { value: rows.length, unit: 'rows' },
  }
}

function namesOf({ dataset }: Evaluation, { rows }: IdenticalRows): string {
  const names = rows.slice(0, ROWS_NAMED).map((row) => dataset.ids[row]!)
  return [...names, ...(rows.length > ROWS_NAMED ? ['…'] : [])].join(' = ')
}

function isZero({ dataset }: Evaluation, { rows }: IdenticalRows): boolean {
  return isZeroRow(dataset, rows[0]!)
}

function classesOf(groups: readonly IdenticalRows[]): readonly string[] {
  return [...new Set(groups.flatMap(({ labels }) => labels))].sort()
}
