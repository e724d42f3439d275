/**
 * Every kind of finding there is; a kind's meaning is its rule, in `lib/findings`. The rules stand there in
 * the same order, in which the first of two takes in a third.
 */

export const FINDING_KINDS = [
  'at-chance',
  'unmatched',
  'confusion',
  'spread',
  'low-margin',
  'label-issue',
  'label-conflict',
  'duplicates',
  'leakage',
  'slice-gap',
  'imbalance',
  'hubs',
  'drift',
  'collapsed-dimensions',
] as const

export type FindingKind = (typeof FINDING_KINDS)[number]

/** The kind that an item's id begins with, `confusion:3|9`; null where it begins with none. */
export function kindOfId(id: string): FindingKind | null {
  return FINDING_KINDS.find((kind) => id.startsWith(`${kind}:`)) ?? null
}
