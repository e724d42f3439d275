/** This run against its baseline: which rows were fixed, which broken, and whether that is a change. */

import type { BaselineComparison, Comparison } from '../core/changes.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import type { Warning } from '../core/warning.ts'
import { countOf } from '../core/words.ts'
import { signFlipExact } from '../stats/mcnemar.ts'
import { absenceSentences, absentClasses } from './absent-classes.ts'
import { countTurn, emptyCount } from './paired-change.ts'
import { type BaselineRows, type Matching, matchRows, type RunRows } from './run-rows.ts'

export interface ComparisonResult {
  readonly comparison: Comparison | null
  /** Why there is none, as a sentence. */
  readonly note: string | null
  /** What to know when reading the comparison. */
  readonly warnings: readonly Warning[]
}

/**
 * Compares the rows that both runs have. Fixed and broken ids are in this run's row order; the
 * verdict is the exact paired test's, in which rows of a group count together, and without its evidence there is "no evidence of a change".
 * Another metric is no obstacle, since whether a nearest neighbour has the right label can be
 * compared whatever the distance: it is told as a warning.
 */
export function compareRuns(
  current: RunRows,
  baseline: BaselineRows,
  matching: Matching = matchRows(current, baseline),
): ComparisonResult {
  if ('note' in matching) return { comparison: null, note: matching.note, warnings: [] }
  const fixed: string[] = []
  const broken: string[] = []
  const count = emptyCount()
  // What the turned rows were taken for.
  const said = { fixed: [] as string[], broken: [] as string[] }
  for (const [row, id] of current.ids.entries()) {
    const before = matching.baselineRow[row]!
    if (before < 0) continue
    // A row of a gallery was asked nothing, in this run or in that one.
    if (current.nearestLabel[row] === '' || baseline.nearestLabel[before] === '') continue
    if (current.correct[row] === baseline.correct[before]) continue
    const isRight = current.correct[row] === 1
    countTurn(count, isRight ? 'fixed' : 'broken', current, row)
    if (isRight) {
      fixed.push(id)
      said.fixed.push(baseline.nearestLabel[before]!)
    } else {
      broken.push(id)
      said.broken.push(current.nearestLabel[row]!)
    }
  }
  const p = signFlipExact(count.turned.values())
  const absent = absentClasses(current, baseline, matching.baselineRow)
  const absence = absenceSentences(absent, baseline.run, said)
  const better = fixed.length > broken.length ? 'better' : 'worse'
  return {
    comparison: {
      baseline: baseline.run,
      matchedRows: matching.matched,
      fixed,
      broken,
      p,
      verdict: p < SIGNIFICANCE.evidence ? better : 'no evidence of a change',
      metrics: baseline.metrics,
      baselineModel: baseline.model,
    },
    note: null,
    warnings: warningsOf(current, baseline, {
      matched: matching.matched,
      relabelled: relabelledRows(current, baseline, matching.baselineRow),
      absence,
    }),
  }
}

/**
 * How many rows of both runs have another label than in the baseline.
 *
 * @param baselineRow for each row of this run the baseline's, −1 without
 */
export function relabelledRows(
  current: RunRows,
  baseline: BaselineRows,
  baselineRow: Int32Array,
): number {
  let relabelled = 0
  for (const [row, before] of baselineRow.entries()) {
    if (before < 0) continue
    // A row of a gallery was asked nothing, in this run or in that one.
    if (current.nearestLabel[row] === '' || baseline.nearestLabel[before] === '') continue
    if (current.labels[row] !== baseline.labels[before]) relabelled++
  }
  return relabelled
}

/** One line of the list of comparisons. */
export function baselineComparison(
  setting: string,
  { comparison, note }: Pick<ComparisonResult, 'comparison' | 'note'>,
): BaselineComparison {
  return {
    setting,
    baseline: comparison?.baseline ?? null,
    note,
    matchedRows: comparison?.matchedRows ?? 0,
    fixed: comparison?.fixed.length ?? 0,
    broken: comparison?.broken.length ?? 0,
    p: comparison?.p ?? 1,
    verdict: comparison?.verdict ?? 'no evidence of a change',
  }
}

function warningsOf(
  current: RunRows,
  baseline: BaselineRows,
  {
    matched,
    relabelled,
    absence,
  }: { readonly matched: number; readonly relabelled: number; readonly absence: string },
): Warning[] {
  const warnings: Warning[] = []
  const { run } = baseline
  if (current.metric !== baseline.metric) {
    warnings.push({
      code: 'baseline-metric',
      message: `This run uses the ${current.metric} distance and ${run} the ${baseline.metric} distance: right and wrong rows can be compared, distances and margins can't.`,
      headline: `${run} uses the ${baseline.metric} distance, so distances and margins can’t be compared`,
    })
  }
  if (matched < current.ids.length || matched < baseline.ids.length) {
    const inBoth = `${countOf(matched, 'row is', 'rows are')} in both runs`
    const only = matched === 1 ? 'only that one is' : 'only those are'
    warnings.push({
      code: 'baseline-rows',
      message: `${inBoth} (${countOf(current.ids.length, 'row')} here, ${baseline.ids.length.toLocaleString('en-US')} in ${run}): ${only} compared.${absence}`,
      headline: `${inBoth}, of ${current.ids.length.toLocaleString('en-US')} here and ${baseline.ids.length.toLocaleString('en-US')} in ${run}: ${only} compared`,
    })
  }
  const [form] = baseline.otherForms ?? []
  if (form !== undefined) {
    warnings.push({
      code: 'baseline-number-forms',
      message: `${countOf(baseline.otherForms!.length, 'class is', 'classes are')} written otherwise in ${run}, as ${JSON.stringify(form[0])} for ${JSON.stringify(form[1])}: they are compared as the same classes.`,
    })
  }
  if (relabelled > 0) {
    const other = `${countOf(relabelled, 'row has', 'rows have')} another label than in ${run}`
    warnings.push({
      code: 'baseline-labels',
      message: `${other}: what a new label put right counts as fixed.`,
      headline: `${other}: what a new label put right counts as fixed`,
    })
  }
  return warnings
}
