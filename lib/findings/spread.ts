/** A class whose rows lie unusually far apart: its data needs cleaning. */

import type { ClassFigures } from '../core/class-figures.ts'
import type { Evaluation } from '../core/evaluation.ts'
import { countOf, percent } from '../core/words.ts'
import { median } from '../stats/summary.ts'
import { inPoints, labelOf, pointsOf, sortedBy } from './rows.ts'
import type { Draft, Rule } from './rule.ts'

const KIND = 'spread'

/** Robust deviations (1.4826 MAD) above the median class: 1 class in 740 if they were normal. */
const HIGH_SCORE = 3
/** A mean distance over fewer than 10 pairs, or a median over fewer classes, says little. */
const FEWEST_ROWS = 5
const FEWEST_CLASSES = 5
/** From so many rows on the mean distance hardly depends on which they are. */
const ENOUGH_ROWS = 20

export const spread: Rule = {
  kind: KIND,
  title: 'Class with a high intra-class distance',
  owner: 'Data Ops',
  needs: `At least ${FEWEST_CLASSES} classes of at least ${FEWEST_ROWS} rows whose intra-class distances differ.`,
  evaluate: (evaluation) =>
    comparable(evaluation)
      .filter((entry) => entry.spreadScore! > HIGH_SCORE)
      .map((entry) => describe(evaluation, entry)),
  recall: (evaluation, _manifest, id) => {
    const entry = comparable(evaluation).find(({ label }) => id === `${KIND}:${label}`)
    return entry ? describe(evaluation, entry) : null
  },
}

/** The classes that can be judged against each other; none where there are too few. */
function comparable({ classes }: Evaluation): readonly ClassFigures[] {
  const judged = classes.filter((entry) => entry.spreadScore !== null && entry.rows >= FEWEST_ROWS)
  return judged.length >= FEWEST_CLASSES ? judged : []
}

function describe(evaluation: Evaluation, entry: ClassFigures): Draft {
  const { label, rows, errors } = entry
  const { dataset, rows: perRow } = evaluation
  const classes = comparable(evaluation)
  const usualRate = median(classes.map((other) => other.errors / other.rows))
  const usualDistance = median(classes.map((other) => other.intraClassDistance!))
  const gain = Math.max(0, pointsOf(evaluation, errors - rows * usualRate))
  const members = [...dataset.labels.keys()].filter((row) => labelOf(evaluation, row) === label)
  const outliers = members.filter((row) => perRow.outlier[row] === 1)
  const others = members.filter((row) => perRow.outlier[row] !== 1)
  const widest = (row: number) => -perRow.intraClassDistance[row]!
  const accuracy =
    gain > 0
      ? `${percent(errors / rows)} of its rows are errors, ${percent(usualRate)} in the median class; at that rate the run would gain ${inPoints(gain)}.`
      : `${percent(errors / rows)} of its rows are errors, no more than in the median class (${percent(usualRate)}).`
  return {
    id: `${KIND}:${label}`,
    title: `Clean the data of ${label}`,
    finding: `The ${countOf(rows, 'row')} of ${label} lie ${entry.intraClassDistance!.toFixed(3)} apart on average, in the median class ${usualDistance.toFixed(3)}: ${entry.spreadScore!.toFixed(1)} robust deviations above it, where more than ${HIGH_SCORE} is raised. ${countOf(outliers.length, 'row')} ${outliers.length === 1 ? 'is an outlier' : 'are outliers'} of the class.`,
    certainty: {
      level: outliers.length > 0 || rows >= ENOUGH_ROWS ? 'likely' : 'possible',
      says: `If classes were spread like a normal distribution, 1 in 740 would be so wide; it is judged among ${countOf(classes.length, 'class', 'classes')}, on ${countOf(rows, 'row')}.`,
    },
    cost: accuracy,
    action: `Go through the rows from the top: outliers first, then those farthest from their class. Correct wrong labels, remove broken or foreign rows, and split ${label} where it turns out to be two things.`,
    doneWhen: `The spread score of ${label} is ${HIGH_SCORE} or less, and lower than now by more than the scatter of its rows explains.`,
    gain,
    evidence: [...sortedBy(outliers, widest), ...sortedBy(others, widest)],
    classes: [label],
    measure: { value: entry.spreadScore!, unit: 'robust deviations' },
  }
}
