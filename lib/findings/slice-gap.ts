/** A group of rows that metadata makes and that does worse than the rest. */

import type { Evaluation } from '../core/evaluation.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import type { Slice } from '../core/slices.ts'
import { countOf, joinWords, percent, pValue } from '../core/words.ts'
import { FEWEST_TELLING_ROWS } from '../stats/mcnemar.ts'
import { pairId, pairOf } from './pair.ts'
import { inPoints, labelOf, pointsOf, sortedBy } from './rows.ts'
import { type Draft, meets, type Rule, type Threshold } from './rule.ts'

const KIND = 'slice-gap'

const THRESHOLDS = {
  errors: { of: 'errors of the slice', raises: 'at least', value: FEWEST_TELLING_ROWS },
  p: {
    of: 'p of its error rate against that of all other rows (Fisher’s exact test), corrected for all slices',
    raises: 'under',
    value: SIGNIFICANCE.evidence,
  },
  /** A slice that only holds the harder classes is no worse than they are. */
  deviations: {
    of: 'standard deviations of its errors above those that its classes make likely',
    raises: 'more than',
    value: 2,
  },
} satisfies Record<string, Threshold>

/**
 * Raised for every slice with significantly more errors than the rest that no other slice explains,
 * from 6 errors on: with fewer the next run couldn't tell whether anything was done. A slice that
 * only holds the harder classes is told in the report but is nobody's item: its classes are.
 */
export const sliceGap: Rule = {
  kind: KIND,
  title: 'Slice with more errors than the rest',
  signal:
    'Rows with one value of a metadata column, or of two, that are significantly more often wrong than all others, which no other slice explains and the classes in it don’t either.',
  meaning:
    'The model fails under a condition: a camera, a site, a period. A slice that only holds the harder classes is told in the report but is nobody’s item: its classes are.',
  action:
    'Look at its error rows. If such rows are rare in training, add more of them; if something went wrong when they were recorded or labelled, correct it there.',
  owner: 'ML team',
  needs:
    'A metadata column with 2 to 50 values, or numbers or times, that makes slices of at least 20 rows.',
  doneWhen: `Its error rate no longer differs from that of the other rows (Fisher’s exact test, corrected for all slices), and its gap to them is significantly smaller than when it was raised (how its rows changed against how the others did, p < ${SIGNIFICANCE.evidence}) or gone.`,
  judgement: 'slice',
  explains: { as: 'cause', of: ['spread'] },
  locatesErrors: true,
  thresholds: THRESHOLDS,
  read: (evaluation) => ({
    raise: () =>
      evaluation.slices.list
        .filter(
          (slice) =>
            slice.difference === 'worse' &&
            slice.explainedBy === null &&
            meets(THRESHOLDS.errors, slice.errors) &&
            besideItsClasses(slice).beyond,
        )
        .map(({ id }) => describe(evaluation, evaluation.sliceOf(id)!)),
    recall: (id) => {
      const entry = evaluation.sliceOf(id.slice(KIND.length + 1))
      return entry && describe(evaluation, entry)
    },
  }),
}

function describe(
  evaluation: Evaluation,
  { slice, rows }: { readonly slice: Slice; readonly rows: readonly number[] },
): Draft {
  const { errors, restRate, conditions } = slice
  const name = nameOf(slice)
  const wrong = rows.filter((row) => evaluation.rows.correct[row] !== 1)
  const byClass = besideItsClasses(slice)
  // What its classes explain stays where the slice is as good as the rest.
  const unexplained = errors - Math.max(slice.rows * restRate, slice.expectedErrors)
  const gain = Math.max(0, pointsOf(evaluation, unexplained))
  const gap = 100 * (slice.rate - restRate)
  return {
    id: `${KIND}:${slice.id}`,
    title: `Bring ${name} up to the rest`,
    finding: `${percent(slice.rate)} of the ${countOf(slice.rows, 'row')} with ${name} are errors (${errors}; 95 %: ${percent(slice.interval[0])} to ${percent(slice.interval[1])}), of all other rows ${percent(restRate)}.${byClass.says}${confused(slice)}`,
    certainty: {
      level: meets(THRESHOLDS.p, slice.adjustedP) && byClass.beyond ? 'likely' : 'possible',
      says: `Fisher’s exact test against all other rows${evaluation.clusters ? ', or for as many independent rows as the groups make, if that p is larger' : ''}, corrected for all ${countOf(evaluation.slices.tested, 'slice')} that were tested: ${pValue(slice.adjustedP)}.`,
    },
    cost: `With no more errors than the rest has, or than its classes make likely where that is more, the run would gain ${inPoints(gain)} of accuracy.`,
    action: `Look at the error rows, those of the pairs above first, then the most blatant. If these rows are rare in training, add more of them; if something went wrong when they were recorded or labelled, correct it there.`,
    doneWhen: `The error rate of ${name} no longer differs from that of the other rows (Fisher’s exact test, corrected for all slices), and its gap to them is significantly smaller than the ${gap.toFixed(1)} points of this run (how its rows changed against how the others did, p < ${SIGNIFICANCE.evidence}) or gone.`,
    gain,
    evidence: pairsFirst(evaluation, slice, wrong),
    rows,
    classes: [],
    ownerKeys: [
      `slice:${slice.id}`,
      ...conditions.flatMap(({ column, value }) => [`slice:${column}=${value ?? ''}`]),
      ...conditions.map(({ column }) => `slice:${column}`),
    ],
    measure: { value: gap, unit: 'points above the rest' },
  }
}

/** `camera left`, `camera left and weather rain`. */
function nameOf({ conditions }: Slice): string {
  return joinWords(conditions.map(({ column, text }) => `${column} ${text}`))
}

/** Errors of the pairs that are named, in their order, then the others; the most blatant of each first. */
function pairsFirst(evaluation: Evaluation, slice: Slice, wrong: readonly number[]): number[] {
  const { neighborhood, rows } = evaluation
  const named = slice.confused.map(({ a, b }) => pairId('', pairOf(a, b)))
  const place = (row: number) => {
    const nearest = neighborhood.neighbors[row * neighborhood.k]!
    const at = named.indexOf(
      pairId('', pairOf(labelOf(evaluation, row), labelOf(evaluation, nearest))),
    )
    return at < 0 ? named.length : at
  }
  const blatant = sortedBy(wrong, (row) => rows.classMargin[row]!)
  return blatant
    .map((row) => ({ row, place: place(row) }))
    .sort((one, other) => one.place - other.place)
    .map(({ row }) => row)
}

/** Whether the slice is worse, or only holds the harder classes. */
function besideItsClasses({ errors, expectedErrors, rows }: Slice) {
  const expected = expectedErrors.toFixed(expectedErrors < 10 ? 1 : 0)
  const excess = errors - expectedErrors
  const spread = Math.sqrt(expectedErrors * Math.max(0, 1 - expectedErrors / rows))
  const beyond = excess > THRESHOLDS.deviations.value * spread
  return beyond
    ? { beyond, says: ` The classes that it holds make ${expected} errors likely.` }
    : {
        beyond,
        says: ` The classes that it holds make ${expected} errors likely: it may be no worse than they are.`,
      }
}

function confused(slice: Slice): string {
  if (slice.confused.length === 0) return ''
  const pairs = slice.confused.map(({ a, b, count }) => `${a} and ${b} (${count})`)
  return ` Most confused in it, beside the rest: ${joinWords(pairs)}.`
}
