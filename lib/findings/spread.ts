/** A class whose rows lie unusually far apart: its data needs cleaning. */

import type { ClassFigures } from '../core/class-figures.ts'
import type { Evaluation } from '../core/evaluation.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import { countOf, decimal, percent } from '../core/words.ts'
import { mean, median } from '../stats/summary.ts'
import { tUpperTail } from '../stats/t-distribution.ts'
import { inPoints, labelOf, pointsOf, sortedBy } from './rows.ts'
import { type Draft, meets, type Rule, type Threshold } from './rule.ts'

const KIND = 'spread'

/**
 * Of any number of classes, p is 0.07 or more up to this score (robust deviations, 1.4826 MAD), so that
 * it need not be computed: that takes all rows of the class.
 */
export const UNSUSPICIOUS = 3

const THRESHOLDS = {
  /** A median over fewer says little. */
  classes: { of: 'classes that can be judged', raises: 'at least', value: 5 },
  /** A mean distance over fewer than 10 pairs says little. */
  rows: { of: 'rows of a class that can be judged', raises: 'at least', value: 5 },
  p: {
    of: 'p that any of so many classes that are all alike comes out this wide',
    raises: 'under',
    value: SIGNIFICANCE.item,
  },
  /** A class that is hardly wider than the others is no work, however sure that is. */
  wider: {
    of: 'times as wide as the median class, with an outlier or more errors than the median class has',
    raises: 'at least',
    value: 1.2,
  },
  /** It may well be two things, though no row of it stands out and none is an error. */
  farWider: { of: 'times as wide as the median class, without', raises: 'at least', value: 1.5 },
} satisfies Record<string, Threshold>

/**
 * Raised where a class is wider than chance explains, is so by a fifth, and has rows to go
 * through: outliers, or more errors than the median class. Of classes that are all alike the widest
 * of many is well above the median, so p is corrected for their number.
 */
export const spread: Rule = {
  kind: KIND,
  title: 'Class with a high intra-class distance',
  signal:
    'A class whose rows lie much farther apart on average than those of the median class, by more than chance and the scatter of its own rows explain.',
  meaning:
    'The class is not one thing: it holds broken or foreign rows, wrong labels, or two things under one name.',
  action:
    'Go through its rows, outliers first: correct wrong labels, remove broken or foreign rows, and split the class where it turns out to be two things.',
  owner: 'Data Ops',
  needs: `At least ${THRESHOLDS.classes.value} classes of at least ${THRESHOLDS.rows.value} rows whose intra-class distances differ.`,
  doneWhen:
    'It is no wider beside the other classes than chance explains, and beside them its rows lie closer together than when it was raised by more than their scatter explains.',
  judgement: 'spread',
  explains: null,
  locatesErrors: true,
  thresholds: THRESHOLDS,
  read: (evaluation) => {
    const classes = comparable(evaluation)
    return {
      raise: () =>
        classes
          .filter(
            (entry) => entry.spreadScore! > UNSUSPICIOUS && isWide(evaluation, entry, classes),
          )
          .map((entry) => describe(evaluation, entry, classes)),
      recall: (id) => {
        const entry = classes.find(({ label }) => id === `${KIND}:${label}`)
        return entry ? describe(evaluation, entry, classes) : null
      },
    }
  },
}

type Classes = readonly ClassFigures[]

/** The classes that can be judged against each other; none where there are too few. */
function comparable({ classes }: Evaluation): Classes {
  const judged = classes.filter(
    (entry) => entry.spreadScore !== null && meets(THRESHOLDS.rows, entry.rows),
  )
  return meets(THRESHOLDS.classes, judged.length) ? judged : []
}

function isWide(evaluation: Evaluation, entry: ClassFigures, classes: Classes): boolean {
  const wider = entry.intraClassDistance! / usualDistance(classes)
  const shows = entry.outliers > 0 || entry.errors > entry.rows * usualRate(classes)
  return (
    meets(shows ? THRESHOLDS.wider : THRESHOLDS.farWider, wider) &&
    meets(THRESHOLDS.p, chanceOf(evaluation, entry, classes))
  )
}

/**
 * The probability that any of so many classes comes out this wide (Bonferroni), by Student's t: in
 * units of how much the classes differ, and in those of the class's own standard error, whichever
 * explains it sooner. The mean distance over the pairs of a class is a U-statistic, with a standard
 * error of twice that of the mean of its rows' mean distances (Hoeffding, 1948).
 */
function chanceOf(evaluation: Evaluation, entry: ClassFigures, classes: Classes): number {
  const means = membersOf(evaluation, entry)
    .map((row) => evaluation.rows.intraClassDistance[row]!)
    .filter((value) => !Number.isNaN(value))
  const centre = mean(means)
  const variance = means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (means.length - 1)
  const error = 2 * Math.sqrt(variance / means.length)
  const errors = (entry.intraClassDistance! - usualDistance(classes)) / error
  const p = Math.max(
    tUpperTail(entry.spreadScore!, classes.length - 1),
    tUpperTail(errors, means.length - 1),
  )
  return Math.min(1, classes.length * p)
}

function usualDistance(classes: Classes): number {
  return median(classes.map((entry) => entry.intraClassDistance!))
}

function usualRate(classes: Classes): number {
  return median(classes.map((entry) => entry.errors / entry.rows))
}

function membersOf(evaluation: Evaluation, { label }: ClassFigures): readonly number[] {
  const { dataset } = evaluation
  return [...dataset.labels.keys()].filter((row) => labelOf(evaluation, row) === label)
}

function describe(evaluation: Evaluation, entry: ClassFigures, classes: Classes): Draft {
  const { label, rows, errors } = entry
  const { rows: perRow } = evaluation
  const rate = usualRate(classes)
  const chance = chanceOf(evaluation, entry, classes)
  const gain = Math.max(0, pointsOf(evaluation, errors - rows * rate))
  const members = membersOf(evaluation, entry)
  const outliers = members.filter((row) => perRow.outlier[row] === 1)
  const others = members.filter((row) => perRow.outlier[row] !== 1)
  const widest = (row: number) => -perRow.intraClassDistance[row]!
  const accuracy =
    gain > 0
      ? `${percent(errors / rows)} of its rows are errors, ${percent(rate)} in the median class; at that rate the run would gain ${inPoints(gain)}.`
      : `${percent(errors / rows)} of its rows are errors, no more than in the median class (${percent(rate)}).`
  const wide = `Of ${countOf(classes.length, 'class', 'classes')} one this wide would come up by chance`
  return {
    id: `${KIND}:${label}`,
    title: `Clean the data of ${label}`,
    finding: `The ${countOf(rows, 'row')} of ${label} lie ${decimal(entry.intraClassDistance!)} apart on average, in the median class ${decimal(usualDistance(classes))}: a spread score of ${entry.spreadScore!.toFixed(1)} robust deviations. ${countOf(outliers.length, 'row')} ${outliers.length === 1 ? 'is an outlier' : 'are outliers'} of the class.`,
    certainty: {
      level: outliers.length > 0 || gain > 0 ? 'likely' : 'possible',
      says: `${wide} ${
        meets(THRESHOLDS.p, chance)
          ? 'in fewer than 1 of 100 runs'
          : `in up to ${Math.ceil(100 * chance)} of 100 runs`
      } (Student’s t, corrected for the number of classes), whether it is held against how much classes differ or against how its own ${countOf(rows, 'row')} scatter.`,
    },
    cost: accuracy,
    action: `Go through the rows from the top: outliers first, then those farthest from their class. Correct wrong labels, remove broken or foreign rows, and split ${label} where it turns out to be two things.`,
    doneWhen: `${label} is no wider beside the other classes than chance explains, and beside them its rows lie closer together than the ${decimal(entry.intraClassDistance!)} of this run by more than their scatter explains.`,
    gain,
    evidence: [...sortedBy(outliers, widest), ...sortedBy(others, widest)],
    classes: [label],
    // The score's unit is the other classes, so that it can't be compared between runs.
    measure: { value: entry.intraClassDistance!, unit: 'apart on average' },
  }
}
