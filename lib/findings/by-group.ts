/** Errors of some rows against those of others, where rows of a group count together. */

import type { Evaluation } from '../core/evaluation.ts'
import { shareDifferenceP } from '../stats/share-difference.ts'

/**
 * The larger of a p that takes rows one by one and that of their groups: rows of a burst are wrong
 * together. Where each row counts by itself it is the first.
 */
export function heldByGroup(
  { rows: { correct }, clusters }: Evaluation,
  p: number,
  some: Iterable<number>,
  others: Iterable<number>,
): number {
  if (!clusters || p === 1) return p
  const side = new Int8Array(correct.length).fill(-1)
  for (const row of others) side[row] = 0
  for (const row of some) side[row] = 1
  return Math.max(p, shareDifferenceP(correct, side, clusters))
}
