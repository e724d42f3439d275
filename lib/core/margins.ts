/** Margins of a run: how they are spread, and whether they predict errors. */

export type MarginId = 'neighbor' | 'prediction' | 'class'

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
  /** The margin where Youden's J is greatest, and what lies under it; null where it doesn't predict. */
  readonly calibrated: {
    readonly threshold: number
    readonly lowShare: number
    /** Of the errors, the share that lies under the threshold. */
    readonly errorShare: number
  } | null
  /** Rows kept from the largest margin down (share), and the accuracy among them; 50 points or fewer. */
  readonly riskCoverage: readonly (readonly [coverage: number, accuracy: number])[]
}
