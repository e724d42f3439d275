/** Margins of a run: how they are spread, and whether they predict errors. */

export type MarginId = 'neighbor' | 'prediction' | 'class'

export interface Margins {
  readonly lowThreshold: number
  readonly lowThresholdChosen: boolean
  readonly figures: readonly MarginFigures[]
  /** The margin that findings are ranked by, null where none predicts errors. */
  readonly rankedBy: MarginId | null
}

export interface MarginFigures {
  readonly id: MarginId
  readonly title: string
  /** 40 bins or fewer of equal width; the last edge closes the last bin. */
  readonly edges: readonly number[]
  /** Rows in each bin whose nearest neighbour has their label, and the others. */
  readonly right: readonly number[]
  readonly wrong: readonly number[]
  /** Whether a low margin predicts an error; null for the class margin, which needs the label. */
  readonly errorAuc: number | null
  readonly predictsErrors: boolean | null
  readonly calibrated: CalibratedMargin | null
  /** Rows kept from the largest margin down (share), and the accuracy among them; 50 points or fewer. */
  readonly riskCoverage: readonly (readonly [coverage: number, accuracy: number])[]
  /** The same divided by the nearest distance. */
  readonly relative: RelativeMargin
}

/** Where Youden's J is greatest, and what lies under it; null where the margin doesn't predict errors. */
export interface CalibratedMargin {
  readonly threshold: number
  readonly lowShare: number
  /** Of the errors, the share that lies under the threshold. */
  readonly errorShare: number
}

/** A margin without a unit, which can be held against another model's. */
export interface RelativeMargin {
  /** Rows that have it: those with a margin whose nearest row isn't at distance 0. */
  readonly rows: number
  /** Null without such rows. */
  readonly median: number | null
  readonly errorAuc: number | null
  readonly predictsErrors: boolean | null
  readonly calibrated: CalibratedMargin | null
}
