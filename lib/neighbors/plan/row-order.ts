/** The order in which rows are laid out for the pass over all pairs. */

import { sharedInt32 } from '../../core/shared-memory.ts'

/** On shared memory. */
export interface RowOrder {
  /** Row of the data set at each position; rows of a class are neighbours, in row order. */
  readonly rowAt: Int32Array
  /** Where each class starts, and at last the number of rows. */
  readonly classStarts: Int32Array
}

/** Rows sorted by class, which are counted from 0. */
export function orderRows(labels: Int32Array, classes: number): RowOrder {
  const classStarts = sharedInt32(classes + 1)
  for (const label of labels) classStarts[label + 1]!++
  for (let c = 0; c < classes; c++) classStarts[c + 1]! += classStarts[c]!
  const next = classStarts.slice()
  const rowAt = sharedInt32(labels.length)
  for (let row = 0; row < labels.length; row++) rowAt[next[labels[row]!]!++] = row
  return { rowAt, classStarts }
}

/** Which rows may be neighbours of which, by position; all of all but themselves unless restricted. */
export interface Relations {
  /** Rows of one group, from 0, are not neighbours of each other; −1: of no group. */
  readonly groups: Int32Array | null
  /** 1: a query, 0: of the gallery, where neighbours then come from; the gallery gets none itself. */
  readonly queries: Uint8Array | null
}

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
