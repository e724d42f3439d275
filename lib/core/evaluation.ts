/** What the numeric stages hand on: neighbours, and the figures that are made from them. */

import type { ClassDistances } from './class-distances.ts'
import type { Dataset } from './dataset.ts'
import type { Drift } from './drift.ts'
import type { Figure, Intervals } from './figure.ts'
import type { Metric } from './manifest.ts'
import type { MeasuredSections } from './sections.ts'
import type { SlicedRows } from './slices.ts'

/**
 * Rows × 2 each: the least and the most that a row can have where others at the same distance from it
 * come in another order; twice the same where that decides nothing. Equal are distances whose doubles are.
 */
export interface TieRanges {
  /** As `firstMateRank`. */
  readonly firstMateRank: Int32Array
  /** As `matesWithinR`. */
  readonly matesWithinR: Int32Array
  /** As `averagePrecisionAtR`. */
  readonly averagePrecisionAtR: Float64Array
  /** How many of the `LOOKED_THROUGH` nearest, or of all k, have the row's label. */
  readonly matches: Int32Array
  /** 1 where the `VOTERS` nearest, or all k, vote for the row's label. */
  readonly vote: Int32Array
}

/** What one pass over all pairs gives. Row i's entries in an array of width w start at i × w. */
export interface Neighborhood {
  readonly metric: Metric
  readonly backend: { readonly name: string; readonly version: string; readonly threads: number }
  /** Width of `neighbors` and `distances`: the manifest's k, or less where there are fewer other rows. */
  readonly k: number
  /** Rows × k row indices, nearest first, ties to the lower row; −1 past the last. */
  readonly neighbors: Int32Array
  /** Rows × k distances in double precision; infinity past the last. */
  readonly distances: Float64Array
  /** Width of `mateDistances`: at most 10. */
  readonly mates: number
  /** Rows × mates distances to the nearest rows of the same class; infinity past the last. */
  readonly mateDistances: Float64Array
  /** How many rows of its class can be a row's neighbours: R of R-precision. */
  readonly eligibleMates: Int32Array
  /** How many of the R nearest have the row's label. */
  readonly matesWithinR: Int32Array
  /** Sum over those of the precision up to each, divided by R; NaN where R is 0. */
  readonly averagePrecisionAtR: Float64Array
  /** Rank of the nearest row of the same class among all rows, from 1; 0 for a class of one. */
  readonly firstMateRank: Int32Array
  /** Distance of the nearest row of another class; infinity where there is none. */
  readonly nearestOther: Float64Array
  /** Distance of the nearest row whose label isn't the nearest neighbour's; infinity where there is none. */
  readonly nearestUnpredicted: Float64Array
  /** Mean distances to the rows of classes: to the own one, and to the nearest other one. */
  readonly classDistances: ClassDistances
  /** For each row the first row that is equal to it, itself where there is none before it. */
  readonly firstEqual: Int32Array
  /** What of all this the order of rows at equal distances decides. */
  readonly ties: TieRanges
  /** For each row how far the mean of its distances to any class may be off; 0 where it is exact. */
  readonly meanErrors: Float64Array
  /** Counts of pairs by distance, in bins that are a share of their distance wide. */
  readonly pairHistogram: PairHistogram
  /** Where pairs are few, the distance of each in double precision; else null. */
  readonly pairDistances: PairDistances | null
}

export interface PairHistogram {
  /** Shortest distance of each bin, and at last where the last one ends. */
  readonly edges: Float64Array
  readonly same: Float64Array
  readonly other: Float64Array
  /** The shortest and the longest true distance that a pair of a bin may have. */
  readonly nearest: Float64Array
  readonly farthest: Float64Array
}

/** Of pairs of one class and of two, ascending. */
export interface PairDistances {
  readonly same: Float64Array
  readonly other: Float64Array
}

/** Everything that the figures' stage measured; findings, comparison and report are made from it. */
export interface Evaluation extends MeasuredSections {
  readonly dataset: Dataset
  readonly neighborhood: Neighborhood
  /** Rows that have a neighbour, which are those that count: all, or the queries of a gallery. */
  readonly evaluatedRows: number
  readonly figures: Readonly<Record<string, Figure>>
  readonly intervals: Intervals
  /** The group of each row, where those of a group count together; null where each counts by itself. */
  readonly clusters: Int32Array | null
  /** One entry a row. */
  readonly rows: {
    /** 1 where the row has a neighbour; the others are in no figure of queries. */
    readonly evaluated: Uint8Array
    /** 0 where the nearest neighbour has another label, which is an error; 1 also where there is none. */
    readonly correct: Uint8Array
    /** How many matches there are for the row to find. */
    readonly mates: Int32Array
    /** NaN where there is none. */
    readonly neighborMargin: Float64Array
    readonly predictionMargin: Float64Array
    readonly classMargin: Float64Array
    /** From 1; 0 for a class of one. */
    readonly firstMatchRank: Int32Array
    readonly silhouette: Float64Array
    readonly outlier: Uint8Array
    /** Mean distance to the other rows of the class; NaN for a class of one. */
    readonly intraClassDistance: Float64Array
  }
  /**
   * Any slice by its id, measured anew whether or not the report lists it; null where it isn't made any
   * more or has under 20 rows.
   */
  readonly sliceOf: (id: string) => SlicedRows | null
  /** How this run's rows lie against the baseline's; null or absent without a baseline. */
  readonly drift?: Drift | null
}
