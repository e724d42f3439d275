/** Locks: one for each row of tiles, which a thread takes while it writes that row's results. */

import { sharedInt32 } from '../../core/shared-memory.ts'
import type { Tiling } from '../types.ts'

/** The locks of a tiling, all open. */
export function locksOf({ side, range }: Tiling): Int32Array {
  return sharedInt32(Math.ceil((range.end - range.start) / side))
}

/** The lock of a row of tiles, by its first position. */
export function lockOf({ side, range }: Tiling, top: number): number {
  return (top - range.start) / side
}

/** Runs `work` while no other thread has the same lock. A thread takes one lock at a time. */
export function withLock(locks: Int32Array, lock: number, work: () => void): void {
  while (Atomics.compareExchange(locks, lock, 0, 1) !== 0) Atomics.wait(locks, lock, 1)
  try {
    work()
  } finally {
    Atomics.store(locks, lock, 0)
    Atomics.notify(locks, lock, 1)
  }
}
