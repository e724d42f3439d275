/** The levels that a p must be under; there are no others. */

export const SIGNIFICANCE = {
  /** For evidence that something changed, or that a part differs from the rest. */
  evidence: 0.05,
  /** For what a rule raises after looking at everything: nobody asked for it, so it must be rarer. */
  item: 0.01,
  /** For what is called certain. */
  certain: 0.001,
} as const

/** The same for a normal distribution, as standard errors. */
export const STANDARD_ERRORS = {
  /** `evidence`, on one side. */
  evidence: 1.645,
  /** `item`, on both sides. */
  item: 2.576,
} as const
