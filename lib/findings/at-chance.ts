/** Neighbours that know no more of the labels than random ones: something went wrong before the model's merits. */

import type { Evaluation } from '../core/evaluation.ts'
import { STANDARD_ERRORS } from '../core/significance.ts'
import { percent } from '../core/words.ts'
import { type Draft, meets, type Rule, type Threshold } from './rule.ts'

const KIND = 'at-chance'
const ID = `${KIND}:space`
const DONE =
  'The nearest-neighbour accuracy is higher than random labels would make it in 1 of 20 runs.'

const THRESHOLDS = {
  /** Fewer can't tell. */
  rows: { of: 'rows with a match to find', raises: 'at least', value: 20 },
  above: {
    of: 'standard errors of the accuracy above that of random labels',
    raises: 'under',
    value: STANDARD_ERRORS.evidence,
  },
  /** Further below, neighbours know the labels well, and are wrong about them. */
  below: {
    of: 'standard errors of the accuracy above that of random labels, also',
    raises: 'more than',
    value: -STANDARD_ERRORS.item,
  },
} satisfies Record<string, Threshold>

/**
 * One finding for the run, where its accuracy over rows with a match is no higher than random labels
 * would make it in more than one of twenty runs.
 */
export const atChance: Rule = {
  kind: KIND,
  title: 'Labels that the vectors don’t tell',
  signal:
    'Rows sit next to one of their class no more often than random labels would make it in 1 of 20 runs.',
  meaning:
    'Something went wrong before the model’s merits: labels of other rows, the wrong layer, another preprocessing, or a model that learned nothing. Findings that say where the errors lie are not raised beside it, since at the level of chance they lie anywhere.',
  action:
    'Check that labels and vectors are of the same rows in the same order, that the right layer was exported, and that the preprocessing is the training’s.',
  owner: 'ML team',
  needs: `Two classes, and ${THRESHOLDS.rows.value} rows with a match to find.`,
  doneWhen: DONE,
  judgement: 'fact',
  explains: null,
  locatesErrors: false,
  thresholds: THRESHOLDS,
  read: (evaluation) => {
    const standing = standingOf(evaluation)
    return {
      raise: () => (standing?.isChance ? [describe(standing)] : []),
      recall: (id) => (standing && id === ID ? describe(standing) : null),
    }
  },
}

interface Standing {
  readonly value: number
  readonly chance: number
  readonly isChance: boolean
}

/**
 * Null where this run can't tell: with one class, or hardly any row that could be right. Of two rows
 * that are nearest to each other both are right or neither, so under random labels the variance of
 * the accuracy is greater by their share (Dixon, Testing spatial segregation using a nearest-neighbor
 * contingency table, 1994).
 */
function standingOf({ figures, rows, dataset, neighborhood }: Evaluation): Standing | null {
  const figure = figures.nearest_neighbor_accuracy_with_match
  if (figure === undefined || figure.value === null || figure.chance === null) return null
  const { neighbors, k } = neighborhood
  let [matched, mutual] = [0, 0]
  for (let row = 0; row < dataset.rows; row++) {
    if (rows.evaluated[row] === 0 || rows.mates[row] === 0) continue
    matched++
    if (neighbors[neighbors[row * k]! * k] === row) mutual++
  }
  const { value, chance } = figure
  if (!meets(THRESHOLDS.rows, matched) || chance >= 1) return null
  const error = Math.sqrt((chance * (1 - chance) * (1 + mutual / matched)) / matched)
  const errors = (value - chance) / error
  const isChance = meets(THRESHOLDS.above, errors) && meets(THRESHOLDS.below, errors)
  return { value, chance, isChance }
}

/** Whether a run's neighbours are no better than random ones: then where the errors lie says nothing. */
export function isAtChance(evaluation: Evaluation): boolean {
  return standingOf(evaluation)?.isChance ?? false
}

function describe({ value, chance, isChance }: Standing): Draft {
  const range = `${percent(value)} of the rows that have a match sit next to one, where random neighbours would reach ${percent(chance)}`
  return {
    id: ID,
    title: 'Check that labels and vectors belong together',
    finding: isChance
      ? `The labels can’t be told from these vectors: ${range}.`
      : `The labels can be told from the vectors: ${range}.`,
    certainty: {
      level: 'likely',
      says: 'Labels dealt out at random would come as far in more than 1 of 20 runs. More rows would tell a weak model from none.',
    },
    cost: 'Whatever this run was made for: where its errors lie says nothing, so no pair, class or slice is named.',
    action:
      'Check first that labels and vectors are of the same rows in the same order, then that the right layer of the trained model was exported, with the preprocessing that it was trained with. Evaluate again before anything else.',
    doneWhen: DONE,
    gain: 0,
    stake: 100 * (1 - value),
    evidence: [],
    classes: [],
    measure: { value: isChance ? 1 : 0, unit: 'space at chance' },
  }
}
