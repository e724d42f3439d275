/** Which positions may be neighbours of which: groups and a gallery restrict them. */

import type { Relations } from '../types.ts'

/** Whether there are positions that may not have all others for neighbours. */
export function isRestricted({ groups, queries }: Relations): boolean {
  return groups !== null || queries !== null
}

/** Whether a position may have another one for a neighbour. */
export function isRelated(
  { groups, queries }: Relations,
  position: number,
  other: number,
): boolean {
  if (position === other) return false
  if (queries !== null && (queries[position] === 0 || queries[other] === 1)) return false
  return groups === null || groups[position]! < 0 || groups[position] !== groups[other]
}
