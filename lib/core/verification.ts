/** Telling pairs of one class from pairs of two by their distance: what a report holds of it. */

export interface Verification {
  /** Pairs of rows of one class, and of two. */
  readonly samePairs: number
  readonly otherPairs: number
  /** False accept rate, true accept rate and threshold, from the lowest rate that the pairs can show. */
  readonly roc: readonly (readonly [far: number, tar: number, threshold: number])[]
  /** For each point what its threshold accepts for sure; absent where every pair is measured. */
  readonly rocBounds?: readonly ThresholdBounds[]
  /** (FAR + FRR) / 2 where they meet, and the distance at which they do. */
  readonly equalError: {
    readonly rate: number
    readonly threshold: number
    /** What that threshold gives, where the two are nearest: both the rate, unless pairs are at one distance. */
    readonly far?: number
    readonly frr?: number
    readonly bounds?: ThresholdBounds
  }
  readonly operatingPoints: readonly OperatingPoint[]
  readonly histogram: {
    /** Of equal width; the last one closes the last bin. */
    readonly edges: readonly number[]
    readonly same: readonly number[]
    readonly other: readonly number[]
    /** Pairs that are farther apart than the last edge. */
    readonly beyond: { readonly same: number; readonly other: number }
  }
  /** The classes and slices that are told apart worst at one threshold for all. */
  readonly worst: {
    readonly threshold: number
    /** The whole set's false accept rate and false reject rate there. */
    readonly far: number
    readonly frr: number
    readonly bounds?: ThresholdBounds
    readonly classes: readonly PairErrors[]
    readonly slices: readonly (PairErrors & { readonly column: string })[]
  }
}

/**
 * Between which shares the pairs lie for sure that a threshold accepts. Of many rows pairs are counted in
 * bins, and what is told of a threshold is read from them; absent where every pair is measured.
 */
export interface ThresholdBounds {
  /** Of the pairs of two classes. */
  readonly far: readonly [low: number, high: number]
  /** Of the pairs of one class. */
  readonly tar: readonly [low: number, high: number]
}

export interface OperatingPoint {
  /** False accept rate that is asked for. */
  readonly far: number
  /** Pairs up to this distance are accepted. Null where there are too few pairs for that rate, or too many identical. */
  readonly threshold: number | null
  readonly tar: number | null
  readonly frr: number | null
  /** Pairs of two classes that are accepted there. */
  readonly falseAccepts: number
  /** Whether those are 30 or more: with fewer the threshold is a matter of luck. */
  readonly resolved: boolean
  readonly bounds?: ThresholdBounds
}

/** Errors at the threshold, among the pairs of a class or of a slice. */
export interface PairErrors {
  readonly value: string
  /** Pairs that were looked at; all of them where `sampled` is false. */
  readonly samePairs: number
  readonly otherPairs: number
  readonly sampled: boolean
  /** Share of the pairs of one class that are rejected, with its 95 % interval: pairs share rows. */
  readonly frr: number
  readonly frrInterval: readonly [low: number, high: number]
  /**
   * Chance of such a rate at the whole set's, with the rows as what was drawn, after Benjamini-Hochberg over
   * all classes, or all slices, that were looked at.
   */
  readonly adjustedP: number
  /** Share of the pairs of two classes that are accepted; null without such pairs. */
  readonly far: number | null
  readonly farInterval: readonly [low: number, high: number] | null
}
