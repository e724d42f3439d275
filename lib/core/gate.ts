/** What a run must reach, and whether it did. */

import type { Unit } from './figure.ts'

/** What one gate says of its figure. */
export interface GateResult {
  readonly metric: string
  readonly title: string
  readonly value: number | null
  /** Of the value. Absent where there is no such figure. */
  readonly unit?: Unit
  /** As a person reads it: `at least 75 %`. */
  readonly requirement: string
  /** Null: can't be judged. */
  readonly passed: boolean | null
  readonly reason: string | null
}

/** All gates of a run; `passed` is false where one failed, else null where one can't be judged. */
export interface Gate {
  readonly passed: boolean | null
  readonly results: readonly GateResult[]
}
