/** Whether what an item is about has changed since the baseline, by a test that fits its kind. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Finding } from '../core/finding.ts'
import type { Item } from '../core/item.ts'
import { joinWords, percent, pValue } from '../core/words.ts'
import { fUpperTail } from '../stats/f-distribution.ts'
import { benjaminiHochberg } from '../stats/false-discovery.ts'
import { FEWEST_TELLING_ROWS, mcnemarExact, SIGNIFICANCE } from '../stats/mcnemar.ts'
import type { PastItem } from './ledger.ts'
import type { BaselineRows, RunRows } from './run-rows.ts'
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
      /** Whether all rows that it concerns in the baseline are in this run. */
      readonly complete: boolean
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
  /** The item in the baseline's report, and in the history. */
  readonly inBaseline: Item | null
  readonly past: PastItem | null
}

/** Findings of other kinds can be raised and carried, but not compared. */
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
  drift: compareDrift,
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
  const within = (run: RunRows, row: number) =>
    run.correct[row] !== 1 &&
    classes.includes(run.labels[row]!) &&
    classes.includes(run.nearestLabel[row]!)
  const { baseline } = inputs
  const before = baseline.ids.reduce((sum, _, row) => sum + (within(baseline, row) ? 1 : 0), 0)
  const change = pairedChange(inputs, classes, within, before)
  const { past } = inputs
  const open = change.judged && change.direction === 'no evidence' && change.complete
  if (!open || !past || past.state === 'resolved') return change
  return sinceSettled(change, past.settled, inputs.finding.measure.value)
}

/**
 * An item that shrinks run by run may never show a significant step. Its count is then held against
 * the run in which it was raised or last judged, whose rows are not at hand. Of all ways in which
 * as many errors can have become as few, the one where none of them is the same row gives the exact
 * paired test its largest p: if even that is significant, the drop is, whichever rows they were. It
 * needs all of the baseline's rows, since errors that weren't uploaded again are not fewer.
 */
function sinceSettled(
  change: Change & { judged: true },
  settled: { readonly run: string; readonly measure: number },
  now: number,
): Change {
  const p = mcnemarExact(settled.measure, now)
  if (now >= settled.measure || p >= SIGNIFICANCE) return change
  const test = `${settled.measure} in ${settled.run}; paired test at its most cautious`
  return { ...change, p, direction: 'lower', test }
}

/**
 * A cluster's rows differ from run to run, so all matched rows of its main classes are tested:
 * those it had in the baseline, where it was raised there.
 */
function compareLowMargin(inputs: ChangeInputs): Change {
  const classes = inputs.inBaseline?.classes ?? inputs.finding.classes
  const wrong = (run: RunRows, row: number) =>
    run.correct[row] !== 1 && classes.includes(run.labels[row]!)
  return pairedChange(inputs, classes, wrong, inputs.inBaseline?.measure.value ?? null)
}

function pairedChange(
  { current, baseline, baselineRow }: ChangeInputs,
  classes: readonly string[],
  inError: (run: RunRows, row: number) => boolean,
  before: number | null,
): Change {
  let [fixed, broken, matched, kept] = [0, 0, 0, 0]
  for (const [row, then] of baselineRow.entries()) {
    if (then < 0) continue
    if (!classes.includes(current.labels[row]!) && !classes.includes(baseline.labels[then]!))
      continue
    matched++
    if (classes.includes(baseline.labels[then]!)) kept++
    const [wasWrong, isWrong] = [inError(baseline, then), inError(current, row)]
    if (wasWrong && !isWrong) fixed++
    if (!wasWrong && isWrong) broken++
  }
  const inScope = baseline.labels.filter((label) => classes.includes(label)).length
  if (matched < FEWEST_TELLING_ROWS || 2 * matched < inScope) {
    return {
      judged: false,
      reason: `Only ${matched} of the ${inScope} rows of ${joinWords(classes)} in ${baseline.run} are in this run.`,
    }
  }
  const p = mcnemarExact(fixed, broken)
  const direction = p >= SIGNIFICANCE ? 'no evidence' : fixed > broken ? 'lower' : 'higher'
  const test = `paired test on ${matched} rows of ${joinWords(classes)}: ${fixed} fixed, ${broken} broken`
  return { judged: true, before, p, direction, test, complete: kept === inScope }
}

/**
 * Whether the slice's gap to the other rows closed: what turned right among its rows that are in both
 * runs, less what turned wrong, against the same of the others, by Welch's test of the two means (Welch,
 * 1947). Where everything improves alike no gap does. A slice that is no worse than the rest any more is
 * done, however slowly that came.
 */
function compareSlice(inputs: ChangeInputs): Change {
  const counted = compareFact(inputs)
  if (!counted.judged) return counted
  const { finding, evaluation, current, baseline, baselineRow } = inputs
  const found = evaluation.slices.find(finding.id.slice(`${finding.kind}:`.length))
  const rows = new Set(found?.rows)
  const [inside, outside] = [turned(), turned()]
  for (const [row, then] of baselineRow.entries()) {
    if (then < 0 || evaluation.rows.evaluated[row] === 0) continue
    const change = Number(current.correct[row] === 1) - Number(baseline.correct[then] === 1)
    ;(rows.has(row) ? inside : outside).add(change)
  }
  if (inside.rows < FEWEST_TELLING_ROWS || 2 * inside.rows < rows.size) {
    return {
      judged: false,
      reason: `Only ${inside.rows} of the ${rows.size} rows of the slice are in ${baseline.run}.`,
    }
  }
  const { rate, restRate, difference } = found!.slice
  if (difference !== 'worse' && rate <= restRate) {
    const test = `${percent(rate)} of its rows are errors, ${percent(restRate)} of the others`
    return { ...counted, p: null, direction: 'lower', test }
  }
  const p = welch(inside, outside)
  const closed = inside.mean() > outside.mean()
  const direction = p >= SIGNIFICANCE ? 'no evidence' : closed ? 'lower' : 'higher'
  const test = `${inside.fixed} fixed and ${inside.broken} broken of its ${inside.rows} rows, ${outside.fixed} and ${outside.broken} of the other ${outside.rows}`
  return { ...counted, p, direction, test }
}

/** Rows that turned right (1), wrong (−1) or neither (0). */
function turned() {
  return {
    rows: 0,
    fixed: 0,
    broken: 0,
    add(change: number) {
      this.rows++
      if (change > 0) this.fixed++
      if (change < 0) this.broken++
    },
    mean() {
      return this.rows === 0 ? 0 : (this.fixed - this.broken) / this.rows
    },
    /** Of the mean. */
    variance() {
      const all = this.fixed + this.broken - this.rows * this.mean() ** 2
      return this.rows < 2 ? 0 : all / (this.rows - 1) / this.rows
    },
  }
}

/** Two-sided p that two means are one, with Welch's degrees of freedom. */
function welch(one: ReturnType<typeof turned>, other: ReturnType<typeof turned>): number {
  const [a, b] = [one.variance(), other.variance()]
  const difference = one.mean() - other.mean()
  // All rows of either turned alike: the paired test of the one that did has to do.
  if (a + b === 0) return difference === 0 ? 1 : mcnemarExact(one.fixed, one.broken)
  const freedom =
    (a + b) ** 2 / (a ** 2 / Math.max(1, one.rows - 1) + b ** 2 / Math.max(1, other.rows - 1))
  return fUpperTail(difference ** 2 / (a + b), 1, freedom)
}

/**
 * Identical vectors are counted, not sampled, so every change of their number is one. But rows that
 * weren't uploaded this time are no repair: half of the evidence must be here.
 */
function compareFact({ finding, current, baseline, inBaseline, past }: ChangeInputs): Change {
  const evidence = inBaseline?.evidence ?? []
  const here = new Set(current.ids)
  const present = evidence.filter((id) => here.has(id)).length
  if (2 * present < evidence.length) {
    return {
      judged: false,
      reason: `Only ${present} of the ${evidence.length} rows that showed it in ${baseline.run} are in this run.`,
    }
  }
  const before = inBaseline?.measure.value ?? past?.measure ?? null
  const now = finding.measure.value
  const direction =
    before === null || before === now ? 'no evidence' : now < before ? 'lower' : 'higher'
  return { judged: true, before, p: null, direction, test: 'counted', complete: true }
}

/**
 * Rows that a model's neighbourhoods point at come and go with the model. Only that none is left, or
 * a change that is significant even if no row were the same in both counts, is a change.
 */
function compareCount(inputs: ChangeInputs): Change {
  const change = compareFact(inputs)
  const now = inputs.finding.measure.value
  if (!change.judged || change.before === null || now === 0) return change
  const p = mcnemarExact(change.before, now)
  const direction = p >= SIGNIFICANCE ? 'no evidence' : change.direction
  const step: Change = { ...change, direction, test: `counted; ${pValue(p)} at the most cautious` }
  const { past } = inputs
  if (direction !== 'no evidence' || !past || past.state === 'resolved') return step
  return sinceSettled(step, past.settled, now)
}

/**
 * Every class was tested when the drift was measured, against this run's own baseline: counts of two
 * runs are of two different steps, and no more or less of one thing. Drift in this step is there; where
 * none is, it has settled.
 */
function compareDrift({ finding, baseline, past }: ChangeInputs): Change {
  const moved = finding.measure.value > 0
  const direction = !moved ? 'lower' : past?.state === 'resolved' ? 'higher' : 'no evidence'
  const test = `each class tested against ${baseline.run}, corrected for all of them`
  return { judged: true, before: null, p: null, direction, test, complete: true }
}
