/** Which classes are taken for which, and how the errors are spread over them. */

/** Two classes that are taken for each other. */
export interface ConfusedPair {
  /** The two classes, in code-unit order. */
  readonly a: string
  readonly b: string
  /** Errors in both directions. */
  readonly count: number
  /** Rows of `a` whose nearest neighbour is of `b`, and the other way round. */
  readonly aAsB: number
  readonly bAsA: number
  /** Errors per row of either class. */
  readonly rate: number
  /** Accuracy gained if all of the pair's errors were gone, in percentage points. */
  readonly gain: number
}

export interface Concentration {
  readonly errors: number
  /** Pairs of classes with at least one error. */
  readonly pairs: number
  readonly possiblePairs: number
  readonly pairsForHalf: number
  readonly pairsForFourFifths: number
  /** Over all possible pairs: 0 where all hold as many errors, near 1 where a few hold all. */
  readonly gini: number
}

export interface Confusion {
  /** Rows by their label and their nearest neighbour's, where there are any. */
  readonly counts: readonly (readonly [actual: string, predicted: string, count: number])[]
  /** Every pair of classes with an error, most errors first, then by name. */
  readonly pairs: readonly ConfusedPair[]
  readonly concentration: Concentration
  /** Rows whose nearest neighbour would change label under another order of equal distances. */
  readonly labelChangingTies: number
}
