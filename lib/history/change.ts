/** Whether what an item is about has changed since the baseline, by a test that fits its kind. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Finding } from '../core/finding.ts'
import type { Item } from '../core/item.ts'
import { joinWords } from '../core/words.ts'
import { benjaminiHochberg } from '../stats/false-discovery.ts'
import { FEWEST_TELLING_ROWS, SIGNIFICANCE, signFlipExact } from '../stats/mcnemar.ts'
import { type AbsentClasses, turnedByAbsence } from './absent-classes.ts'
import { compareCount, compareFact, sinceSettled } from './count-change.ts'
import type { PastItem } from './ledger.ts'
import { countTurn, emptyCount } from './paired-change.ts'
import type { BaselineRows, RunRows } from './run-rows.ts'
import { compareSlice } from './slice-change.ts'
import { compareSpread } from './spread-change.ts'

export type Change =
  | {
      readonly judged: true
      /** What the item measures, in the baseline; null where the baseline doesn't say. */
      readonly before: number | null
      readonly p: number | null
      readonly direction: 'lower' | 'higher' | 'no evidence'
      /** The test and what it counted, in a few words; p is told after it. */
      readonly test: string
      /** Whether all rows that it concerns in the baseline are in this run, and the other way round. */
      readonly complete: boolean
      readonly grown: boolean
      /** Set where it is about the way from the baseline to this run, not about this run. */
      readonly isStep?: true
    }
  /** Why this run can't tell, as a sentence. */
  | { readonly judged: false; readonly reason: string }

export interface ChangeInputs {
  readonly finding: Finding
  readonly evaluation: Evaluation
  readonly current: RunRows
  readonly baseline: BaselineRows
  /** For each row of this run the baseline's, −1 without. */
  readonly baselineRow: Int32Array
  readonly absent: AbsentClasses
  /** The item in the baseline's report, and in the history. */
  readonly inBaseline: Item | null
  readonly past: PastItem | null
}

/** Findings of other kinds can be raised and carried, but not compared. */
/** Classes that a sentence names: an item may have hundreds. */
const NAMED = 4

const comparisons: Readonly<Record<string, (inputs: ChangeInputs) => Change>> = {
  confusion: compareConfusion,
  'low-margin': compareLowMargin,
  spread: ({ finding, evaluation, baseline }) => compareSpread(finding, evaluation, baseline),
  'label-conflict': compareFact,
  duplicates: compareFact,
  leakage: compareCount,
  'label-issue': compareCount,
  imbalance: compareCount,
  hubs: compareCount,
  drift: ({ finding }) => compareDrift(finding),
  'slice-gap': compareSlice,
  'collapsed-dimensions': compareFact,
  unmatched: compareFact,
  'at-chance': compareFact,
}

export function changeOf(inputs: ChangeInputs): Change {
  const compare = comparisons[inputs.finding.kind]
  if (!compare) return { judged: false, reason: 'Findings of this kind are not compared.' }
  return compare(inputs)
}

/**
 * A run tests many items at once, and of twenty that didn't change one would pass for changed. Each
 * p becomes the one that is adjusted for all of them, and what it no longer supports is no evidence.
 * What is counted rather than tested stays as it is.
 */
export function correctForMany(changes: readonly Change[]): readonly Change[] {
  const tested = changes.flatMap((change) =>
    change.judged && change.p !== null ? [{ change, p: change.p }] : [],
  )
  if (tested.length < 2) return changes
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p))
  const corrected = new Map<Change, Change>(
    tested.map(({ change }, at) => {
      const p = adjusted[at]!
      const direction = p < SIGNIFICANCE ? change.direction : 'no evidence'
      const test = `${change.test}, corrected for ${tested.length} tests`
      return [change, { ...change, p, direction, test }]
    }),
  )
  return changes.map((change) => corrected.get(change) ?? change)
}

/** Errors within the pair, on all matched rows that have one of its labels in either run. */
function compareConfusion(inputs: ChangeInputs): Change {
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
function compareLowMargin(inputs: ChangeInputs): Change {
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
  const direction = p >= SIGNIFICANCE ? 'no evidence' : fixed > broken ? 'lower' : 'higher'
  const together = current.clusters ? ', rows of a group together' : ''
  const test = `paired test on ${matched} rows of ${joinWords(classes, NAMED)}${together}: ${fixed} fixed, ${broken} broken`
  return { judged: true, before, p, direction, test, complete: kept === inScope, grown }
}

/**
 * A drift is about one step, from the baseline to this run, in which every class was tested. How many
 * classes moved in another step, from another baseline, is no measure for it: a class that moved
 * away and back is found in two steps, and one that stays away in the first alone.
 */
export function compareDrift(finding: Finding): Change {
  return {
    judged: true,
    isStep: true,
    before: null,
    p: null,
    direction: finding.measure.value === 0 ? 'lower' : 'no evidence',
    test: 'each class tested, corrected for all of them',
    complete: true,
    grown: false,
  }
}
