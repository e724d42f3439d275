/** Equal rows: of a block of them only as many as are asked for can be among the nearest of a row. */

import { sharedInt32 } from '../../core/shared-memory.ts'
import type { Relations, RowOrder } from './row-order.ts'

/**
 * Equal rows are at one distance from any other, and ties go to the lower row. So a row that has as
 * many lower rows beside it in its block as are asked for, of those that may be neighbours, is not
 * among the nearest, and needn't be looked at: a block then costs what that many rows cost.
 * By position, on shared memory.
 */
export interface Copies {
  /** How many lower rows of its block may be neighbours. */
  readonly before: Int32Array
  /** The same of its own class. */
  readonly beforeInClass: Int32Array
  /** The same of other classes than the one that asks, whichever of the others that is, at least. */
  readonly beforeInOthers: Int32Array
  /** Rows of a block that a position may not have for neighbours, at most: itself or its group. */
  readonly hidden: Int32Array
}

/**
 * Null where no two rows are equal.
 * @param firstEqual for each row of the data set the first that is equal to it
 */
export function copiesOf(
  firstEqual: Int32Array,
  { rowAt, classStarts }: RowOrder,
  { groups, queries }: Relations,
): Copies | null {
  const rows = firstEqual.length
  if (firstEqual.every((first, row) => first === row)) return null
  const copies = {
    before: sharedInt32(rows),
    beforeInClass: sharedInt32(rows),
    beforeInOthers: sharedInt32(rows),
    hidden: sharedInt32(rows).fill(1),
  }
  const positionAt = positionsOf(rowAt)
  const classAt = new Int32Array(rows)
  for (let c = 0; c + 1 < classStarts.length; c++) {
    classAt.fill(c, classStarts[c], classStarts[c + 1])
  }
  const blocks = new Map<number, Block>()
  for (let row = 0; row < rows; row++) {
    const first = firstEqual[row]!
    const block = blocks.get(first) ?? { count: 0, ofClass: new Map(), most: -1, second: 0 }
    if (first === row) blocks.set(row, block)
    const position = positionAt[row]!
    const label = classAt[position]!
    const most = block.ofClass.get(block.most) ?? 0
    copies.before[position] = block.count
    copies.beforeInClass[position] = block.ofClass.get(label) ?? 0
    // Of the class that asks, another than this row's, as many as of any are no such neighbours.
    copies.beforeInOthers[position] = block.count - (block.most === label ? block.second : most)
    if (queries === null || queries[position] === 0) addTo(block, label)
  }
  if (groups !== null) {
    const sizes = new Map<number, number>()
    for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1)
    for (const [position, group] of groups.entries()) {
      if (group >= 0) copies.hidden[position] = sizes.get(group)!
    }
  }
  return copies
}

/** Rows of a block so far, those that may be neighbours. */
interface Block {
  count: number
  readonly ofClass: Map<number, number>
  /** The class that most of them are of, and how many are of the next. */
  most: number
  second: number
}

function addTo(block: Block, label: number): void {
  const own = (block.ofClass.get(label) ?? 0) + 1
  const most = block.ofClass.get(block.most) ?? 0
  block.count++
  block.ofClass.set(label, own)
  if (label === block.most) return
  if (own > most) {
    block.most = label
    block.second = most
  } else block.second = Math.max(block.second, own)
}

/**
 * Whether `depth` rows that are equal to another one surely come before it, for a position.
 * @param before one of the copies' three
 */
export function isCopy(
  { hidden }: Copies,
  before: Int32Array,
  depth: number,
  position: number,
  other: number,
): boolean {
  return before[other]! >= depth + hidden[position]!
}

/** Where each row of the data set is. */
export function positionsOf(rowAt: Int32Array): Int32Array {
  const positionAt = new Int32Array(rowAt.length)
  for (const [position, row] of rowAt.entries()) positionAt[row] = position
  return positionAt
}
