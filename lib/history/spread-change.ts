/** Whether a class's rows lie farther apart than before, by more than their scatter explains. */

import type { ClassFigures } from '../core/class-figures.ts'
import type { Evaluation } from '../core/evaluation.ts'
import type { Finding } from '../core/finding.ts'
import { decimal, rangeOf } from '../core/words.ts'
import { NORMAL_95 } from '../stats/interval.ts'
import { mean, median } from '../stats/summary.ts'
import type { Change } from './change.ts'
import type { BaselineRows } from './run-rows.ts'

/** A median over fewer classes is no scale of a model; as few as the rule judges. */
const FEWEST_CLASSES = 5

/**
 * The spread score can't be compared: its unit is how much the other classes differ, so it leaps
 * when they become alike. What is tested is the class's own mean distance, by how many times it
 * grew. A model that puts all rows twice as far apart changes no class, so growth counts relative to
 * the median class's, over the classes of both runs: it stands still where most of them do.
 *
 * The mean distance over a class's pairs is a U-statistic, with a standard error of twice that of
 * the mean of its rows' mean distances (Hoeffding, 1948); relative to the mean it is the logarithm's.
 * The baseline keeps no distances of rows, so its rows are taken to scatter like this run's. A change
 * is one where the logarithm of the growth exceeds 1.96 of its standard errors. The scatter of the
 * median class, which is common to all classes of a run, is left out.
 */
export function compareSpread(
  finding: Finding,
  evaluation: Evaluation,
  baseline: BaselineRows,
): Change {
  const label = finding.classes[0]
  const distances = judged(baseline.classes)
  const now = evaluation.classes.find((entry) => entry.label === label)
  const rowsThen = baseline.classes.find((entry) => entry.label === label)?.rows
  const then = distances.get(label!)
  if (!now || !judged(evaluation.classes).has(now.label)) {
    return { judged: false, reason: `This run can't judge the spread of ${label}.` }
  }
  if (then === undefined || rowsThen === undefined) {
    return { judged: false, reason: `${baseline.run} has no spread score for ${label}.` }
  }
  if (evaluation.neighborhood.metric !== baseline.metric) {
    const reason = `Distances are ${evaluation.neighborhood.metric} here and ${baseline.metric} in ${baseline.run}.`
    return { judged: false, reason }
  }
  const growths = [...judged(evaluation.classes)].flatMap(([name, distance]) => {
    const before = distances.get(name)
    return before === undefined ? [] : [distance / before]
  })
  if (growths.length < FEWEST_CLASSES) {
    return {
      judged: false,
      reason: `Only ${growths.length} classes have a spread in both this run and ${baseline.run}.`,
    }
  }
  const usual = median(growths)
  const own = now.intraClassDistance! / then
  const growth = own / usual
  const relative = rowError(evaluation, now.label) / now.intraClassDistance!
  const noise = Math.exp(NORMAL_95 * relative * Math.sqrt(1 + now.rows / rowsThen))
  const isNoise = Math.max(growth, 1 / growth) <= noise
  return {
    judged: true,
    before: then,
    p: null,
    direction: isNoise ? 'no evidence' : growth < 1 ? 'lower' : 'higher',
    test: `${decimal(own)} times as far apart, the median class ${decimal(usual)} times; ${rangeOf(usual / noise, usual * noise)} is within the scatter of its rows`,
    complete: true,
    grown: false,
  }
}

/** The mean distances of the classes whose spread is judged. */
function judged(classes: readonly ClassFigures[]): ReadonlyMap<string, number> {
  return new Map(
    classes.flatMap(({ label, spreadScore, intraClassDistance }) =>
      typeof spreadScore === 'number' && intraClassDistance ? [[label, intraClassDistance]] : [],
    ),
  )
}

/** Standard error of the mean distance over the pairs of a class. */
function rowError({ dataset, rows }: Evaluation, label: string): number {
  const wanted = dataset.classes.indexOf(label)
  const means = [...rows.intraClassDistance].filter((_, row) => dataset.labels[row] === wanted)
  const centre = mean(means)
  const squares = means.reduce((sum, value) => sum + (value - centre) ** 2, 0)
  return (2 * Math.sqrt(squares / (means.length - 1))) / Math.sqrt(means.length)
}
