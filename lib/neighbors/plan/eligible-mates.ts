/** For each query how many rows of its class can be its neighbours: R of R-precision. */

import { sharedInt32 } from '../../core/shared-memory.ts'
import type { SelfJoinInput } from '../input.ts'

/** Counts them for each row; 0 for the gallery's rows. */
export function countEligibleMates(input: SelfJoinInput): Int32Array {
  const { rows, labels, classes, groups, queries } = input
  const counts = sharedInt32(rows)
  const inGallery = (row: number) => queries === undefined || queries[row] === 0
  const ofClass = new Int32Array(classes)
  const ofGroup = new Map<string, number>()
  const name = (row: number) => `${labels[row]} ${groups?.[row]}`
  for (let row = 0; row < rows; row++) {
    if (!inGallery(row)) continue
    ofClass[labels[row]!]!++
    if (groups !== undefined && groups[row]! >= 0) {
      ofGroup.set(name(row), (ofGroup.get(name(row)) ?? 0) + 1)
    }
  }
  for (let row = 0; row < rows; row++) {
    if (queries !== undefined && queries[row] === 0) continue
    const hasGroup = groups !== undefined && groups[row]! >= 0
    const hidden = hasGroup ? (ofGroup.get(name(row)) ?? 0) : inGallery(row) ? 1 : 0
    counts[row] = ofClass[labels[row]!]! - hidden
  }
  return counts
}
