/** Classes with so few rows that they pay for it. */

import type { Evaluation } from '../core/evaluation.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import { anyOf, countOf, joinWords, percent, pValue } from '../core/words.ts'
import { fisherExact } from '../stats/fisher.ts'
import { FEWEST_TELLING_ROWS } from '../stats/mcnemar.ts'
import { heldByClusters } from '../stats/share-difference.ts'
import { inPoints, labelOf, pointsOf, sortedBy } from './rows.ts'
import { type Draft, meets, once, type Rule, type Threshold } from './rule.ts'

const KIND = 'imbalance'
const ID = `${KIND}:rare`
const CLASSES_NAMED = 6

const THRESHOLDS = {
  errors: {
    of: 'errors among rows of rare classes',
    raises: 'at least',
    value: FEWEST_TELLING_ROWS,
  },
  /** Rare classes that are as often wrong as the others are no job for anybody. */
  p: {
    of: 'p that rows of rare classes are so much more often wrong than the others',
    raises: 'under',
    value: SIGNIFICANCE.item,
  },
} satisfies Record<string, Threshold>

/**
 * One finding for the run: rare classes (fewer than a tenth of an equal part of the rows) with at
 * least 6 errors, and more often wrong than the other classes (Fisher's exact test under 0.01).
 */
export const imbalance: Rule = {
  kind: KIND,
  title: 'Rare classes that are often wrong',
  signal:
    'Classes with fewer than a tenth of an equal part of the rows whose rows are more often wrong than those of the other classes.',
  meaning:
    'The model, or the gallery, has too little of them: they pay for it, and most in the mean of the classes, where each counts alike.',
  action:
    'Collect or label more rows of these classes, the smallest first; or merge a class into the one that it is a case of; or leave it out on purpose and say so.',
  owner: 'Data Ops',
  needs: 'Classes with fewer than a tenth of an equal part of the rows, and 6 errors among them.',
  doneWhen: `The rare classes have fewer than ${FEWEST_TELLING_ROWS} errors, or are no more often wrong than the others.`,
  judgement: 'count',
  explains: { as: 'cause', of: ['confusion', 'spread'] },
  locatesErrors: false,
  thresholds: THRESHOLDS,
  read: (evaluation) => {
    const { rareErrors } = evaluation.quality.imbalance
    const chance = once(() => chanceOf(evaluation))
    const draft = once(() => describe(evaluation, chance()))
    return {
      raise: () =>
        meets(THRESHOLDS.errors, rareErrors) && meets(THRESHOLDS.p, chance()) ? [draft()] : [],
      recall: (id) => (id === ID && evaluation.dataset.classes.length > 1 ? draft() : null),
    }
  },
}

/** That rows of rare classes are so much more often wrong, if they are as often wrong as the others. */
function chanceOf(evaluation: Evaluation): number {
  const { dataset, quality, rows, clusters } = evaluation
  const { rare, rareRows, rareErrors, otherRows, otherErrors } = quality.imbalance
  // Two-sided, and rows of rare classes that are less often wrong are no job for anybody.
  if (rareErrors * otherRows <= otherErrors * rareRows) return 1
  const p = fisherExact(rareErrors, rareRows, otherErrors, otherRows)
  const labels = new Set(rare.map(({ label }) => label))
  const asked = [...dataset.labels.keys()].filter((row) => rows.evaluated[row] === 1)
  const members = asked.filter((row) => labels.has(labelOf(evaluation, row)))
  return heldByClusters(p, rows.correct, members, asked, clusters)
}

function describe(evaluation: Evaluation, p: number): Draft {
  const { dataset, quality, rows } = evaluation
  const { rare, rareBelow, rareRows, rareErrors, otherRows, otherErrors } = quality.imbalance
  const labels = new Set(rare.map(({ label }) => label))
  const members = [...dataset.labels.keys()].filter((row) => labels.has(labelOf(evaluation, row)))
  const errors = members.filter((row) => rows.correct[row] !== 1)
  const usual = otherRows === 0 ? 0 : otherErrors / otherRows
  const gain = Math.max(0, pointsOf(evaluation, rareErrors - usual * rareRows))
  const named = rare.map(({ label, rows: count }) => `${label} (${countOf(count, 'row')})`)
  return {
    id: ID,
    title: `Collect more rows of ${anyOf(rare.length, 'rare class', 'rare classes')}`,
    finding:
      rare.length === 0
        ? 'No class has fewer than a tenth of an equal part of the rows.'
        : `${countOf(rare.length, 'class has', 'classes have')} fewer than ${rareBelow.toFixed(1)} rows, a tenth of what each would have if all were equal: ${joinWords(named, CLASSES_NAMED)}. ${rareErrors} of their ${countOf(rareRows, 'row')} are errors (${percent(rareErrors / rareRows)}; elsewhere ${percent(usual)}).`,
    certainty: {
      level: p < SIGNIFICANCE.certain ? 'certain' : meets(THRESHOLDS.p, p) ? 'likely' : 'possible',
      says:
        rare.length === 0
          ? 'Rows are counted.'
          : `That rows of rare classes are so much more often wrong is chance with ${pValue(p)}; which of the classes needs rows most, so few can’t tell.`,
    },
    cost: `${inPoints(gain)} of accuracy against the rate of the other classes, and more in the mean of the classes, where each counts alike.`,
    action:
      'Collect or label more rows of these classes, the smallest first; or merge a class into the one that it is a case of; or leave it out on purpose and say so. Until then read their own figures as hints.',
    doneWhen: `The rare classes have fewer than ${FEWEST_TELLING_ROWS} errors, or are no more often wrong than the others.`,
    gain,
    evidence: [
      ...sortedBy(errors, (row) => rows.classMargin[row]!),
      ...members.filter((row) => rows.correct[row] === 1),
    ],
    classes: rare.map(({ label }) => label),
    measure: { value: rareErrors, unit: 'errors' },
  }
}
