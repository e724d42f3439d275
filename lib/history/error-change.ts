/** Whether the errors of a pair of classes, or of the classes of a cluster, have changed since the baseline. */

import { SIGNIFICANCE } from '../core/significance.ts'
import { joinWords } from '../core/words.ts'
import { FEWEST_TELLING_ROWS, signFlipExact } from '../stats/mcnemar.ts'
import { turnedByAbsence } from './absent-classes.ts'
import type { Change, ChangeInputs } from './change.ts'
import { sinceSettled } from './count-change.ts'
import { countTurn, emptyCount } from './paired-change.ts'
import type { RunRows } from './run-rows.ts'

/** Classes that a sentence names: an item may have hundreds. */
const NAMED = 4

/** Errors within the pair, on all matched rows that have one of its labels in either run. */
export function comparePair(inputs: ChangeInputs): Change {
  const { classes } = inputs.finding
  const added = classes.filter((label) => inputs.absent.fromBaseline.has(label))
  if (added.length > 0) {
    return {
      judged: false,
      reason: `${inputs.baseline.run} has no rows of ${joinWords(added, NAMED)}.`,
    }
  }
  const within = (run: RunRows, row: number) =>
    run.correct[row] !== 1 &&
    classes.includes(run.labels[row]!) &&
    classes.includes(run.nearestLabel[row]!)
  const { baseline } = inputs
  const before = baseline.ids.reduce((sum, _, row) => sum + (within(baseline, row) ? 1 : 0), 0)
  return sinceSettled(inputs, pairedChange(inputs, classes, within, before))
}

/**
 * A cluster's rows differ from run to run, so all matched rows of its main classes are tested:
 * those it had in the baseline, where it was raised there. How many errors the cluster held in an
 * earlier run is no measure for that: it follows the threshold, which every run sets anew.
 */
export function compareCluster(inputs: ChangeInputs): Change {
  const classes = inputs.inBaseline?.classes ?? inputs.finding.classes
  const wrong = (run: RunRows, row: number) =>
    run.correct[row] !== 1 && classes.includes(run.labels[row]!)
  return pairedChange(inputs, classes, wrong, inputs.inBaseline?.measure.value ?? null)
}

function pairedChange(
  { current, baseline, baselineRow, absent }: ChangeInputs,
  classes: readonly string[],
  inError: (run: RunRows, row: number) => boolean,
  before: number | null,
): Change {
  const count = emptyCount()
  let kept = 0
  let grown = false
  for (const [row, then] of baselineRow.entries()) {
    const isWithin = classes.includes(current.labels[row]!)
    if (then < 0) grown ||= isWithin
    if (then < 0 || (!isWithin && !classes.includes(baseline.labels[then]!))) continue
    count.rows++
    if (classes.includes(baseline.labels[then]!)) kept++
    if (turnedByAbsence(absent, [current, row], [baseline, then])) continue
    const [wasWrong, isWrong] = [inError(baseline, then), inError(current, row)]
    if (wasWrong !== isWrong) countTurn(count, wasWrong ? 'fixed' : 'broken', current, row)
  }
  const { rows: matched, fixed, broken, turned } = count
  const inScope = baseline.labels.filter((label) => classes.includes(label)).length
  if (matched < FEWEST_TELLING_ROWS || 2 * matched < inScope) {
    return {
      judged: false,
      reason: `Only ${matched} of the ${inScope} rows of ${joinWords(classes, NAMED)} in ${baseline.run} are in this run.`,
    }
  }
  const p = signFlipExact(turned.values())
  const direction = p >= SIGNIFICANCE.evidence ? 'no evidence' : fixed > broken ? 'lower' : 'higher'
  const together = current.clusters ? ', rows of a group together' : ''
  const test = `paired test on ${matched} rows of ${joinWords(classes, NAMED)}${together}: ${fixed} fixed, ${broken} broken`
  return { judged: true, before, p, direction, test, complete: kept === inScope, grown }
}
