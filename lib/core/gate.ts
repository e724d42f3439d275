/** What a run must reach, and whether it did. */

/** What one gate says of its figure. */
export interface GateResult {
  readonly metric: string
  readonly title: string
  readonly value: number | null
  /** As a person reads it: `at least 0.75`. */
  readonly requirement: string
  /** Null: can't be judged. */
  readonly passed: boolean | null
  readonly reason: string | null
}
