/** Whether a class's spread score has changed by more than the scatter of its rows explains. */

import type { ClassFigures } from '../core/class-figures.ts'
import type { Evaluation } from '../core/evaluation.ts'
import type { Finding } from '../core/finding.ts'
import { NORMAL_95 } from '../stats/interval.ts'
import { mean, scaledMad } from '../stats/summary.ts'
import type { Change } from './change.ts'
import type { BaselineRows } from './run-rows.ts'

/**
 * The mean distance over a class's pairs is a U-statistic, with a standard error of twice that of
 * the mean of its rows' mean distances (Hoeffding, 1948). Divided by the run's scale (1.4826 MAD
 * over its classes) it is the score's. The baseline keeps no distances of rows, so its rows are
 * taken to scatter like this run's, relative to the class's mean. A change is one where the
 * difference of the scores exceeds 1.96 of its standard errors. The scatter of the other classes,
 * which is common to all scores of a run, is left out.
 */
export function compareSpread(
  finding: Finding,
  evaluation: Evaluation,
  baseline: BaselineRows,
): Change {
  const label = finding.classes[0]
  const now = evaluation.classes.find((entry) => entry.label === label)
  const then = baseline.classes.find((entry) => entry.label === label)
  const [scaleNow, scaleThen] = [scaleOf(evaluation.classes), scaleOf(baseline.classes)]
  if (typeof now?.spreadScore !== 'number' || !now.intraClassDistance || !(scaleNow > 0)) {
    return { judged: false, reason: `This run can't judge the spread of ${label}.` }
  }
  if (typeof then?.spreadScore !== 'number' || !then.intraClassDistance || !(scaleThen > 0)) {
    return { judged: false, reason: `${baseline.run} has no spread score for ${label}.` }
  }
  const relative = rowError(evaluation, now.label) / now.intraClassDistance
  const errorNow = (relative * now.intraClassDistance) / scaleNow
  const errorThen =
    (relative * then.intraClassDistance * Math.sqrt(now.rows / then.rows)) / scaleThen
  const noise = NORMAL_95 * Math.hypot(errorNow, errorThen)
  const difference = now.spreadScore - then.spreadScore
  return {
    judged: true,
    before: then.spreadScore,
    p: null,
    direction: Math.abs(difference) <= noise ? 'no evidence' : difference < 0 ? 'lower' : 'higher',
    test: `changes under ${noise.toFixed(2)} are within the scatter of its rows`,
    complete: true,
    grown: false,
  }
}

/** Standard error of the mean distance over the pairs of a class. */
function rowError({ dataset, rows }: Evaluation, label: string): number {
  const wanted = dataset.classes.indexOf(label)
  const means = [...rows.intraClassDistance].filter((_, row) => dataset.labels[row] === wanted)
  const centre = mean(means)
  const squares = means.reduce((sum, value) => sum + (value - centre) ** 2, 0)
  return (2 * Math.sqrt(squares / (means.length - 1))) / Math.sqrt(means.length)
}

/** 1.4826 × the median absolute deviation of the intra-class distances that are judged. */
function scaleOf(classes: readonly ClassFigures[]): number {
  const judged = classes.filter((entry) => entry.spreadScore !== null)
  return scaledMad(judged.map((entry) => entry.intraClassDistance ?? Number.NaN))
}
