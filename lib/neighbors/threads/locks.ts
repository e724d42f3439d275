/** Locks that threads hold while they write to what they found of a block of positions. */

import { sharedInt32 } from '../../core/shared-memory.ts'

/** One word a block; see `locked`. */
export type Locks = Int32Array

export function locksFor(blocks: number): Locks {
  return sharedInt32(blocks)
}

/** Runs `work` while no other thread is at work on the same block. A thread takes one lock at a time. */
export function locked(locks: Locks, block: number, work: () => void): void {
  while (Atomics.compareExchange(locks, block, 0, 1) !== 0) Atomics.wait(locks, block, 1)
  try {
    work()
  } finally {
    Atomics.store(locks, block, 0)
    Atomics.notify(locks, block, 1)
  }
}
