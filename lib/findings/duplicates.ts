/** Identical vectors that no label disagrees about: a row twice, or a wrong picture. */

import type { Evaluation } from '../core/evaluation.ts'
import { countOf, joinWords } from '../core/words.ts'
import { type IdenticalRows, identicalRows, MOST_CONFLICTING_LABELS } from './rows.ts'
import type { Draft, Rule } from './rule.ts'

const ID = 'duplicates:exact'
const GROUPS_NAMED = 12
const ROWS_NAMED = 4

/**
 * One finding for the whole run, raised from one group on. It gains no accuracy: identical rows of
 * one class find each other, so they flatter the figures, and a row with another's picture is an
 * error that no figure shows.
 */
export const duplicates: Rule = {
  kind: 'duplicates',
  title: 'Rows with identical vectors',
  owner: 'Data Ops',
  needs: 'Two rows with the same vector.',
  evaluate: (evaluation) => {
    const groups = harmless(evaluation)
    return groups.length === 0 ? [] : [describe(evaluation, groups)]
  },
  recall: (evaluation, _manifest, id) =>
    id === ID ? describe(evaluation, harmless(evaluation)) : null,
}

function harmless(evaluation: Evaluation): readonly IdenticalRows[] {
  return identicalRows(evaluation).filter(
    ({ labels }) => labels.length === 1 || labels.length > MOST_CONFLICTING_LABELS,
  )
}

function describe({ dataset }: Evaluation, groups: readonly IdenticalRows[]): Draft {
  const evidence = groups.flatMap(({ rows }) => rows)
  const named = groups.map(({ rows, labels }) => {
    const names = rows.map((row) => dataset.ids[row]!)
    const shown = names.length > ROWS_NAMED ? [...names.slice(0, ROWS_NAMED), '…'] : names
    const about = labels.length > 1 ? `${names.length} rows of ${labels.length} classes` : labels[0]
    return `${shown.join(' = ')} (${about})`
  })
  const degenerate = groups.some(({ labels }) => labels.length > 1)
  return {
    id: ID,
    title: 'Check the rows that have identical vectors',
    finding:
      groups.length === 0
        ? 'No two rows of a class have identical vectors.'
        : `${countOf(evidence.length, 'row')} in ${countOf(groups.length, 'group')} have identical vectors: ${joinWords(named, GROUPS_NAMED)}.${degenerate ? ' A vector that many classes share usually comes from blank or unreadable input.' : ''}`,
    certainty: { level: 'certain', says: 'The vectors are equal byte for byte.' },
    cost: 'No accuracy, rather the contrary: identical rows of one class find each other, so their right answers prove nothing; and a row with another’s picture is an error that no figure shows.',
    action:
      'Open each group. If one row has the picture of another, give it its own. If a row is there twice, remove one. If two things really look the same, accept this item with that reason in the manifest.',
    doneWhen: 'No two rows of a class have identical vectors.',
    gain: 0,
    evidence,
    classes: [...new Set(groups.flatMap(({ labels }) => labels))].sort(),
    measure: { value: evidence.length, unit: 'rows' },
  }
}
