/** The order in which the join lays out the rows: class by class, and within a class by row. */

import { sharedInt32 } from '../../core/shared-memory.ts'
import type { RowOrder } from '../types.ts'

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

/** Class of each position. */
export function classesByPosition({ rowAt, classStarts }: RowOrder): Int32Array {
  const classAt = new Int32Array(rowAt.length)
  for (let c = 0; c + 1 < classStarts.length; c++) {
    classAt.fill(c, classStarts[c], classStarts[c + 1])
  }
  return classAt
}

/** Position of each row. */
export function positionsByRow(rowAt: Int32Array): Int32Array {
  const positionAt = new Int32Array(rowAt.length)
  for (const [position, row] of rowAt.entries()) positionAt[row] = position
  return positionAt
}
