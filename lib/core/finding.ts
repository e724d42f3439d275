/** What a rule says before the item has a state: see `Item` for the fields' meaning. */

import type { FindingKind } from './finding-kind.ts'
import type { Judgement } from './judgement.ts'

/** How sure a finding is: nothing to doubt, held up by a test, or worth a look. */
export type CertaintyLevel = 'certain' | 'likely' | 'possible'

export interface Certainty {
  readonly level: CertaintyLevel
  /** Why, as a sentence: the test, the measurement, or what was counted. */
  readonly says: string
}

export interface Finding {
  readonly id: string
  readonly kind: FindingKind
  readonly title: string
  readonly owner: string
  /** Expected gain in percentage points of accuracy, if what it asks for is done. */
  readonly gain: number
  /** Points of accuracy that it loses or makes doubtful: what it is ranked by, at least the gain. */
  readonly stake: number
  /** What was seen. */
  readonly finding: string
  readonly certainty: Certainty
  /** What it costs to leave it, as a sentence. */
  readonly cost: string
  readonly action: string
  readonly doneWhen: string
  /** Row indices that show it, the most telling first. */
  readonly evidence: readonly number[]
  readonly classes: readonly string[]
  readonly measure: { readonly value: number; readonly unit: string }
  /** How it is held against the same finding in another run. */
  readonly judgement: Judgement
  /** Ids of the findings that say the same of the same rows and are told by this one. */
  readonly covers: readonly string[]
}

const WEIGHT: Readonly<Record<CertaintyLevel, number>> = { certain: 1, likely: 0.75, possible: 0.4 }

/** What findings are ranked by: what is at stake, less the less sure it is. */
export function weightOf({ stake, certainty }: Pick<Finding, 'stake' | 'certainty'>): number {
  return stake * WEIGHT[certainty.level]
}
