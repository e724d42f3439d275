/** Action items: what a finding asks for, with an owner, a state and an end. */

import type { Certainty } from './finding.ts'
import type { FindingKind } from './finding-kind.ts'

export type ItemState =
  | 'new'
  | 'persisting'
  | 'improved'
  | 'worsened'
  | 'resolved'
  | 'regressed'
  | 'not-evaluated'
  | 'out-of-scope'

/** As a reader meets a state; programs read its name. */
export const STATE_WORDS: Readonly<Record<ItemState, string>> = {
  new: 'new',
  persisting: 'persisting',
  improved: 'improved',
  worsened: 'worsened',
  resolved: 'resolved',
  regressed: 'back again',
  'not-evaluated': 'not evaluated',
  'out-of-scope': 'out of scope',
}

export type Severity = 'high' | 'medium' | 'low'

export interface Item {
  /** Made from what it is about, so that it is the same item in the next run: `confusion:3|9`. */
  readonly id: string
  readonly kind: FindingKind
  readonly title: string
  readonly owner: string
  readonly severity: Severity
  readonly state: ItemState
  /** Expected gain in percentage points of nearest-neighbour accuracy. */
  readonly gain: number
  /** Points of accuracy that it loses or makes doubtful: what it is ranked by, at least the gain. */
  readonly stake: number
  /** What was seen. */
  readonly finding: string
  /** How sure it is. */
  readonly certainty: Certainty
  /** What it costs to leave it, as a sentence. */
  readonly cost: string
  /** What to do. */
  readonly action: string
  /** Ids of the rows that show it, the most telling first; 60 at most. */
  readonly evidence: readonly string[]
  readonly evidenceCount: number
  /** Classes that it is about. */
  readonly classes: readonly string[]
  readonly doneWhen: string
  /** The figure that the next run compares: a count of rows, a distance or points. */
  readonly measure: { readonly value: number; readonly unit: string }
  /** Ids of the findings that say the same of the same rows and are told by this item. */
  readonly covers: readonly string[]
  /**
   * Place among the items that are open, from 1, by what is at stake and how sure it is; null for the
   * others. The list shows the first ten and folds the rest.
   */
  readonly rank: number | null
  readonly folded: boolean
  /**
   * The same in the baseline, and the p of the paired test, corrected for the number of items that
   * are tested in the run (Benjamini-Hochberg); null where there is nothing to compare.
   */
  readonly change: { readonly before: number; readonly p: number | null } | null
  /** Relative to the project's folder in the site. */
  readonly permalink: string
  /** Set where the manifest's `known` covers it: it leaves the list, not the history. */
  readonly known: {
    readonly state: 'accepted' | 'muted'
    readonly reason: string
    readonly until: string | null
  } | null
}

/**
 * An open item ends as out of scope in the run that is the fifth in a row that can't tell anything of
 * it: its classes are gone, or its rows, or what it measures. It comes back with them.
 */
export const RUNS_UNTIL_OUT_OF_SCOPE = 5

/** Whether a run could say how the item stands; one that is out of scope was left as it was, too. */
export function isJudged(state: ItemState): boolean {
  return state !== 'not-evaluated' && state !== 'out-of-scope'
}

/** Whether later runs no longer list it, unless it comes back. */
export function isEnded(state: ItemState): boolean {
  return state === 'resolved' || state === 'out-of-scope'
}

/** Whether an item asks for work now: not resolved, nor accepted or muted, nor impossible to judge. */
export function isOpenItem({
  state,
  known,
}: {
  readonly state: ItemState
  /** As an item has it, or one of its states in the index. */
  readonly known?: Item['known'] | true
}): boolean {
  return !known && state !== 'resolved' && isJudged(state)
}

/** Items that ask for work now, in their order. */
export function openItems({ items }: { readonly items: readonly Item[] }): readonly Item[] {
  return items.filter(isOpenItem)
}
