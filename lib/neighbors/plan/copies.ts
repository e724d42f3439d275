/** Copies: rows of a block of equal ones, of which only as many as are asked for can be a row's nearest. */

import { sharedInt32 } from '../../core/shared-memory.ts'
import type { Copies, Relations, RowOrder } from '../types.ts'
import { classesByPosition, positionsByRow } from './row-order.ts'

/**
 * Counts how many equal rows come before each position's; null where no two rows are equal.
 * @param firstEqual for each row of the data set the first that is equal to it
 */
export function copiesOf(
  firstEqual: Int32Array,
  order: RowOrder,
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
  const positionAt = positionsByRow(order.rowAt)
  const classAt = classesByPosition(order)
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
    // The class that asks is another than this row's: at worst it is the one with the most rows here.
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

/** The rows of a block that were met so far and may be neighbours. */
interface Block {
  count: number
  readonly ofClass: Map<number, number>
  /** The class with the most of them. */
  most: number
  /** How many are of the class with the second most. */
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
 * Whether for a position at least `depth` equal rows come before another one.
 * @param before `before`, `beforeInClass` or `beforeInOthers` of the copies
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
