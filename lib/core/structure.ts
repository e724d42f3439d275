/** The shape of the space in the report: which rows everything is near to, and which dimensions work. */

export interface Structure {
  readonly hubs: {
    /** A row that so many others have among their 10 nearest is a hub: twice the mean, which needn't be whole. */
    readonly threshold: number
    /** Rows that are hubs. */
    readonly rows: number
    /** Of all places among the 10 nearest, the share that they take. */
    readonly places: number
    /** Most occurrences first; 24 at most. */
    readonly most: readonly Hub[]
  }
  readonly dimensions: {
    /** Dimensions, from 0, with less than a millionth of the mean variance; 100 at most. */
    readonly collapsed: readonly number[]
    readonly collapsedCount: number
    /** Share of the variance along each principal direction, greatest first; 256 at most. */
    readonly variance: readonly number[]
  }
  readonly norms: {
    /** Null with three dimensions or fewer, where a length says too much of its row. */
    readonly median: number | null
    /** Farthest from the median first; 24 at most, and none where the median is null. */
    readonly outliers: readonly NormOutlier[]
    readonly outlierCount: number
  }
}

/** A row that is near to many others. */
export interface Hub {
  readonly id: string
  readonly label: string
  /** Rows that have it among their 10 nearest. */
  readonly occurrences: number
  /** Those of them with another label: it misleads them. */
  readonly foreign: number
}

/** A row whose vector is unusually long or short. */
export interface NormOutlier {
  readonly id: string
  readonly label: string
  readonly norm: number
  /** (norm − median) / (1.4826 MAD); infinite, and then null, where half of the norms are equal. */
  readonly score: number | null
}
