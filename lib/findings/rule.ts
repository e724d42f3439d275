/** What a rule is: a signal in the figures, and the action item that it becomes. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Finding } from '../core/finding.ts'
import type { Manifest } from '../core/manifest.ts'

/** A finding before its owner and its place among the others are settled. */
export interface Draft extends Omit<Finding, 'kind' | 'owner' | 'stake' | 'covers'> {
  /** The gain unless told. */
  readonly stake?: number
  /** Kind whose owner acts on it, where the cause is another than the rule looks for. */
  readonly cause?: string
  /** Keys of the manifest's `owners` that come before those of its classes and its kind. */
  readonly ownerKeys?: readonly string[]
}

export interface Rule {
  /** Start of every id that the rule makes, and a key of the manifest's `owners`. */
  readonly kind: string
  /** The signal in a few words, for the page that lists the rules. */
  readonly title: string
  /** Who acts on it unless the manifest names another owner. */
  readonly owner: string
  /** What a run must have for the rule to say anything, as a sentence. */
  readonly needs: string
  /** The findings that stand out enough to be raised, in any order. */
  readonly evaluate: (evaluation: Evaluation, manifest: Manifest) => readonly Draft[]
  /**
   * How a finding that was raised in an earlier run stands now, whether or not it would be raised
   * again; null where this run can't tell, for example because the class is gone.
   */
  readonly recall: (evaluation: Evaluation, manifest: Manifest, id: string) => Draft | null
}
