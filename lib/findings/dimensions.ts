/** Dimensions that hold nothing: the model wastes what it was given. */

import type { Evaluation } from '../core/evaluation.ts'
import { anyOf, countOf, joinWords, percent } from '../core/words.ts'
import { type Draft, meets, type Rule, type Threshold } from './rule.ts'

const KIND = 'collapsed-dimensions'
const ID = `${KIND}:space`
const NAMED = 12
const BYTES = 4

const THRESHOLDS = {
  dimensions: {
    of: 'dimensions with less than a millionth of the mean variance',
    raises: 'at least',
    value: 1,
  },
} satisfies Record<string, Threshold>

/** One finding for the run, raised from one dimension on: there is no noise in it. */
export const collapsedDimensions: Rule = {
  kind: KIND,
  title: 'Dimensions without variance',
  signal: 'Dimensions that are the same in all rows, or nearly.',
  meaning:
    'They are stored and searched for nothing, and a space that collapses in training has less room to keep classes apart. Where all dimensions are so, every row is equal and no other rule is asked.',
  action:
    'Look for dead units before the last layer, a learning rate or regularisation that is too strong, or padding that was exported with the vectors. Train again or cut the dimensions off.',
  owner: 'ML team',
  needs: 'A dimension with less than a millionth of the mean variance.',
  doneWhen: 'No dimension has less than a millionth of the mean variance.',
  judgement: 'fact',
  explains: null,
  locatesErrors: false,
  thresholds: THRESHOLDS,
  read: (evaluation) => ({
    raise: () =>
      meets(THRESHOLDS.dimensions, evaluation.structure.dimensions.collapsedCount)
        ? [describe(evaluation)]
        : [],
    recall: (id) => (id === ID ? describe(evaluation) : null),
  }),
}

function describe({ dataset, structure }: Evaluation): Draft {
  const { collapsed, collapsedCount } = structure.dimensions
  if (collapsedCount === dataset.dimensions) return allEqual(dataset)
  const named = [...collapsed.slice(0, NAMED).map(String)]
  const more = collapsedCount - named.length
  const list = joinWords(more > 0 ? [...named, `${more} more`] : named)
  return {
    id: ID,
    title: `Find out why ${anyOf(collapsedCount, 'dimension holds', 'dimensions hold')} nothing`,
    finding:
      collapsedCount === 0
        ? 'No dimension has less than a millionth of the mean variance.'
        : `${countOf(collapsedCount, 'dimension')} of ${dataset.dimensions} (${percent(collapsedCount / dataset.dimensions)}) ${collapsedCount === 1 ? 'is' : 'are'} the same in all rows, or nearly: ${list}, counted from 0.`,
    certainty: {
      level: 'certain',
      says: 'Their variance over all rows is under a millionth of the mean dimension’s.',
    },
    cost: `No accuracy by itself: ${countOf(BYTES * collapsedCount, 'byte')} a row and as much of each search are paid for nothing, and a space that collapses in training has less room to keep classes apart.`,
    action:
      'Look for dead units before the last layer, a learning rate or regularisation that is too strong, or padding that was exported with the vectors. Train again or cut the dimensions off: distances stay as they are.',
    doneWhen: 'No dimension has less than a millionth of the mean variance.',
    gain: 0,
    evidence: [],
    classes: [],
    measure: { value: collapsedCount, unit: 'dimensions' },
  }
}

/** The model, or what exported its vectors, gives one answer to everything. */
function allEqual({ rows, dimensions }: Evaluation['dataset']): Draft {
  return {
    id: ID,
    title: 'Find out why all rows are equal',
    finding: `All ${rows} rows hold the same ${countOf(dimensions, 'number')}.`,
    certainty: { level: 'certain', says: 'Every dimension has a variance of 0.' },
    cost: 'Everything: no figure of this run tells anything about the model.',
    action:
      'Look at what was exported: a constant, one row repeated, or the wrong layer. If it is what the model gives, its training has collapsed: go back to the last checkpoint whose rows differ.',
    doneWhen: 'The rows differ.',
    gain: 0,
    evidence: [],
    classes: [],
    measure: { value: dimensions, unit: 'dimensions' },
  }
}
