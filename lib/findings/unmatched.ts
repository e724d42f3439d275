/** Rows that have no other of their class to find: they miss whatever the model does. */

import type { Evaluation } from '../core/evaluation.ts'
import { anyOf, countOf, joinWords } from '../core/words.ts'
import { FEWEST_TELLING_ROWS } from '../stats/mcnemar.ts'
import { inPoints, labelOf, pointsOf } from './rows.ts'
import { type Draft, meets, type Rule, type Threshold } from './rule.ts'

const KIND = 'unmatched'
const ID = `${KIND}:rows`
const CLASSES_NAMED = 6

const THRESHOLDS = {
  rows: { of: 'rows without a match to find', raises: 'at least', value: FEWEST_TELLING_ROWS },
} satisfies Record<string, Threshold>

/** One finding for the run, from 6 such rows on: fewer are told by a warning. */
export const unmatched: Rule = {
  kind: KIND,
  title: 'Rows without a match to find',
  signal: 'Rows, or queries, that have no other of their class where they search.',
  meaning:
    'They miss whatever the model does: accuracy that no model can win. Figures over rows with a match leave them out.',
  action:
    'Add rows of their classes to the upload or the gallery, or leave them out of the evaluation.',
  owner: 'Data Ops',
  needs: 'Six rows that are alone in their class, or whose class has no row where they search.',
  doneWhen: 'Every row, or query, has a row of its class to find.',
  judgement: 'fact',
  explains: null,
  locatesErrors: false,
  thresholds: THRESHOLDS,
  read: (evaluation) => {
    const rows = rowsOf(evaluation)
    return {
      raise: () => (meets(THRESHOLDS.rows, rows.length) ? [describe(evaluation, rows)] : []),
      recall: (id) => (id === ID ? describe(evaluation, rows) : null),
    }
  },
}

function rowsOf({ rows }: Evaluation): number[] {
  return [...rows.evaluated.keys()].filter((row) => rows.evaluated[row] && rows.mates[row] === 0)
}

function describe(evaluation: Evaluation, rows: readonly number[]): Draft {
  const { dataset, evaluatedRows } = evaluation
  const classes = [...new Set(rows.map((row) => labelOf(evaluation, row)))]
  const gain = pointsOf(evaluation, rows.length)
  const [noun, place] = dataset.queries
    ? (['query', 'in the gallery'] as const)
    : (['row', dataset.groups ? 'outside of its group' : 'but itself'] as const)
  const nouns = noun === 'query' ? 'queries' : 'rows'
  return {
    id: ID,
    title: `Give ${anyOf(rows.length, noun, nouns)} a match to find`,
    finding:
      rows.length === 0
        ? `Every ${noun} has a row of its class to find.`
        : `${rows.length} of ${countOf(evaluatedRows, noun, nouns)} ${rows.length === 1 ? 'has' : 'have'} no row of their class ${place}: ${joinWords(classes, CLASSES_NAMED)}.`,
    certainty: { level: 'certain', says: 'They are counted, and none of them can be right.' },
    cost: `${inPoints(gain)} of nearest-neighbour accuracy that no model can win; figures over rows with a match leave them out.`,
    action: `Add rows of these classes ${dataset.queries ? 'to the gallery' : 'to the upload'}, or leave these ${nouns} out of the evaluation.`,
    doneWhen: `Every ${noun} has a row of its class to find.`,
    gain,
    evidence: rows,
    classes,
    measure: { value: rows.length, unit: nouns },
  }
}
