/** Whether what an item is about has changed since the baseline. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Finding } from '../core/finding.ts'
import type { Item } from '../core/item.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import { benjaminiHochberg } from '../stats/false-discovery.ts'
import type { AbsentClasses } from './absent-classes.ts'
import type { PastItem } from './ledger.ts'
import type { BaselineRows, RunRows } from './run-rows.ts'

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
      const direction = p < SIGNIFICANCE.evidence ? change.direction : 'no evidence'
      const test = `${change.test}, corrected for ${tested.length} tests`
      return [change, { ...change, p, direction, test }]
    }),
  )
  return changes.map((change) => corrected.get(change) ?? change)
}
