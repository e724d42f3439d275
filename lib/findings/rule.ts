/** What a rule is: a signal in the figures, the action item that it becomes, and all that is known of its kind. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Finding } from '../core/finding.ts'
import type { FindingKind } from '../core/finding-kind.ts'
import type { Judgement } from '../core/judgement.ts'
import type { Manifest } from '../core/manifest.ts'

/** A finding before its owner and its place among the others are settled. */
export interface Draft extends Omit<Finding, 'kind' | 'owner' | 'stake' | 'covers' | 'judgement'> {
  /** The gain unless told. */
  readonly stake?: number
  /** Kind whose owner acts on it, where the cause is another than the rule looks for. */
  readonly cause?: FindingKind
  /** All rows that it is about, where its evidence is its errors alone. */
  readonly rows?: readonly number[]
  /** Keys of the manifest's `owners` that come before those of its classes and its kind. */
  readonly ownerKeys?: readonly string[]
}

/** A number that a signal is held against. */
export interface Threshold {
  /** The thing measured, for the page that lists the rules. */
  readonly of: string
  /** On which side of the number a finding is raised. */
  readonly raises: 'at least' | 'more than' | 'at most' | 'under'
  readonly value: number
}

/**
 * How a finding takes in others whose errors it explains, so that nobody does a job twice. A `pair` takes
 * in what is said of its own errors; a `place`, the pairs whose errors lie in it, from three on, and what
 * else does; a `cause`, what its rows explain: whoever does the first job does the second.
 */
export interface Explanation {
  readonly as: 'pair' | 'place' | 'cause'
  readonly of: readonly FindingKind[]
}

export interface Rule {
  /** Start of every id that the rule makes, and a key of the manifest's `owners`. */
  readonly kind: FindingKind
  /** The signal in a few words. */
  readonly title: string
  /** The signal in a sentence or two. */
  readonly signal: string
  /** What it means for whoever uses the vectors. */
  readonly meaning: string
  /** What to do about it; a finding says it of its own rows. */
  readonly action: string
  /** Who acts on it unless the manifest names another owner. */
  readonly owner: string
  /** What a run must have for the rule to say anything, as a sentence. */
  readonly needs: string
  /** When it is done; a finding says it with its own numbers. */
  readonly doneWhen: string
  /** How it is held against the same finding in another run. */
  readonly judgement: Judgement
  /** The findings of other kinds that it takes in; null where it takes in none. */
  readonly explains: Explanation | null
  /** Whether it says where the errors lie, which at the level of chance is anywhere. */
  readonly locatesErrors: boolean
  /** Every number that decides whether what the metrics measured is raised, by a name. */
  readonly thresholds: Readonly<Record<string, Threshold>>
  /** What it says of a run. It is asked once for each, so that what its findings share is made once. */
  readonly read: (evaluation: Evaluation, manifest: Manifest) => Reading
}

export interface Reading {
  /** The findings that stand out enough to be raised, in any order. */
  readonly raise: () => readonly Draft[]
  /**
   * How a finding that was raised in an earlier run stands now, whether or not it would be raised
   * again; null where this run can't tell, for example because the class is gone.
   */
  readonly recall: (id: string) => Draft | null
}

/** Whether a measured number is on the side on which a finding is raised. */
export function meets({ raises, value }: Threshold, measured: number): boolean {
  return {
    'at least': measured >= value,
    'more than': measured > value,
    'at most': measured <= value,
    under: measured < value,
  }[raises]
}

/** Makes a value when it is first asked for, and only then. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
