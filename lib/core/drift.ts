/** How the rows of a run lie against those of its baseline: what is kept of a run, and what is told. */

import type { Metric } from './manifest.ts'

/**
 * A class, or with a null label the whole run, as a later run compares with it. With the cosine
 * distance all of it is measured on the unit vectors.
 */
export interface Centroid {
  readonly label: string | null
  readonly rows: number
  /** Mean vector; one entry a dimension. */
  readonly centroid: Float64Array
  /** Root of the summed variances: the usual distance of a row to the centroid. */
  readonly spread: number
  /**
   * Distances to the centroid, ascending, each × √(n / (n − 1)) since a row pulls its own centroid
   * to itself. Up to 200 rows all of them, else 201 quantiles.
   */
  readonly distances: Float64Array
}

export interface RunSpace {
  readonly run: string
  readonly metric: Metric
  readonly dimensions: number
  readonly model: {
    readonly name: string | null
    readonly version: string | null
    readonly preprocessing: string | null
  }
  /** Of classes of 5 rows or more, and of the run; null where the run didn't keep them. */
  readonly centroids: readonly Centroid[] | null
}

/**
 * `same`: coordinates mean the same in both runs. `moved`: they do only once a scale or a shift of the
 * whole is taken out. `turned`: all distances agree, but for a scale, the axes don't. `other`: two spaces,
 * which only neighbours can compare. `unknown`: nothing tells.
 */
export type SpaceRelation = 'same' | 'moved' | 'turned' | 'other' | 'unknown'

export interface SpaceComparison {
  readonly relation: SpaceRelation
  /** What it was told by, as a sentence. */
  readonly reason: string
  readonly fit: SpaceFit | null
  /**
   * What moved all rows alike, and is taken out before classes are compared; null where nothing did, or
   * nothing can be told.
   */
  readonly common: SpaceMove | null
}

export interface SpaceMove {
  /** Distances now over distances before; 1 where the space kept its scale. */
  readonly scale: number
  /** How far the origin went, in units of the points' spread; 0 where it stayed, null where axes differ. */
  readonly shift: number | null
  /** Usual angle between a point's directions from the middle, mirroring included; 0 without a turn. */
  readonly turnDegrees: number
}

export interface SpaceFit {
  readonly points: 'rows' | 'class centroids'
  readonly count: number
  /** Squared distance between the points as they are, over their scatter: 0 the same, 1 unrelated. */
  readonly moved: number
  /** The same after the best turn, scale and shift: the disparity of Procrustes analysis. */
  readonly disparity: number
}

/** A centroid that moved by less than a quarter of its class's spread changes no decision. */
export const LEAST_SHIFT = 0.25
/** The same for the distances to it: a tenth of the rows would have to lie elsewhere. */
export const LEAST_KS = 0.1

export interface ClassDrift {
  /** Null: the whole run. */
  readonly label: string | null
  readonly rowsBefore: number
  readonly rows: number
  /**
   * Distance between the two centroids, in units of the class's spread, once what is common to all is
   * taken out; null where axes differ.
   */
  readonly shift: number | null
  /** What the draw of the rows alone gives on average, in the same units. */
  readonly noise: number
  readonly shiftP: number | null
  /** Spread now over spread before. */
  readonly spreadRatio: number
  /** Kolmogorov-Smirnov statistic of the distances to the centroid, and its p. */
  readonly ks: number
  readonly ksP: number
  /** Both corrected for all tests of all classes (Benjamini-Hochberg). */
  readonly shiftAdjustedP: number | null
  readonly ksAdjustedP: number
  /** The smaller of the two. */
  readonly adjustedP: number
  /** Beyond chance, and by enough to matter. */
  readonly drifted: boolean
}

export interface Drift {
  readonly baseline: string
  readonly space: SpaceComparison
  /** Largest shift first; empty where the spaces can't be compared or nothing was published. */
  readonly classes: readonly ClassDrift[]
  readonly overall: ClassDrift | null
  /** Rows of both runs that have another label than in the baseline. */
  readonly relabelled: number
  /** A classifier told to separate the runs; null where rows of both are not at hand. */
  readonly separation: {
    /** 0.5: it can't; 1: every row shows its run. Cross-validated. */
    readonly auc: number
    readonly interval: readonly [low: number, high: number]
    /** Rows of each run that it saw. */
    readonly rows: number
  } | null
  /** Why no classifier was asked, as a sentence; null where one was. */
  readonly separationNote: string | null
  /** Why there are no figures, or what they leave out, as a sentence. */
  readonly note: string | null
}
