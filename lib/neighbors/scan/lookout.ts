/** A lookout: what a thread needs to compare positions with others. */

import { type Kernel, openKernel } from '../kernel/kernel.ts'
import { type Scratch, scratchOf } from '../kernel/scratch.ts'
import { isRelated, isRestricted } from '../plan/relations.ts'
import type { Copies, PreparedRows, Relations, ScanSetup } from '../types.ts'

export interface Lookout {
  readonly preparedRows: PreparedRows
  readonly kernel: Kernel
  readonly scratch: Scratch
  /** Positions on a tile's side. */
  readonly side: number
  readonly isCosine: boolean
  /** Null where no rows are equal. */
  readonly copies: Copies | null
  readonly relations: Relations
  /** Whether there are positions that may not have all others for neighbours. */
  readonly isRestricted: boolean
  /** Whether a position may have another one for a neighbour. */
  readonly isRelated: (position: number, other: number) => boolean
}

/** A thread's lookout. @param thread whose scratch is used, from 0 */
export function lookoutOf(setup: ScanSetup, thread: number): Lookout {
  const { preparedRows, relations, tiling, byClass, isCosine, copies } = setup
  const { memory, at } = preparedRows
  const restricted = isRestricted(relations)
  return {
    preparedRows,
    kernel: openKernel(memory),
    scratch: scratchOf(memory, at, thread, tiling.side, byClass?.bins.count ?? 0),
    side: tiling.side,
    isCosine,
    copies,
    relations,
    isRestricted: restricted,
    isRelated: restricted
      ? (position, other) => isRelated(relations, position, other)
      : (position, other) => position !== other,
  }
}
