/** What the neighbours say of the data itself: labels, duplicates, splits and the sizes of classes. */

/** A row whose neighbourhood contradicts its label. */
export interface LabelIssue {
  readonly id: string
  readonly label: string
  /** The label that most of its nearest rows carry. */
  readonly suggested: string
  /** What they are ranked by: √own − √others of the two distances below. */
  readonly score: number
  /** Mean distance to the nearest rows of its own class by that to the nearest of others; null: others at 0. */
  readonly timesAsFar: number | null
  /** Of its `neighbors` nearest rows those with the suggested label, and those with its own. */
  readonly votes: number
  readonly ownVotes: number
  readonly neighbors: number
  /** Rows of its label that contradict it together with this one; null where it does by itself. */
  readonly batch: number | null
}

export interface LabelIssues {
  /** Strongest contradiction first. */
  readonly rows: readonly LabelIssue[]
  /** Evaluated rows of a class that is too small to judge, or of which most would be listed. */
  readonly unjudgedRows: number
}

/** Rows that are joined by near-duplicate pairs, exact ones included. */
export interface NearDuplicateGroup {
  readonly rows: readonly string[]
  /** Label of each row. */
  readonly labels: readonly string[]
  /** More than one label. */
  readonly conflict: boolean
  /** All vectors are equal. */
  readonly exact: boolean
  /** The longest distance under the threshold between two of its rows. */
  readonly widest: number
}

export interface NearDuplicates {
  /** Rows closer than this count as near duplicates, in units of the distance. */
  readonly threshold: number
  /** The threshold as a share of the median nearest-neighbour distance. */
  readonly factor: number
  readonly medianNearest: number
  /** Conflicts of labels first, then the larger. */
  readonly groups: readonly NearDuplicateGroup[]
  readonly rows: number
  readonly conflicts: number
  /** Rows all of whose kept neighbours are that close: their groups may be larger than told. */
  readonly cutShortRows: number
}

/** Duplicates whose rows lie in more than one part of a split. */
export interface Leakage {
  readonly column: string
  /** Rows of each part, in code-unit order. */
  readonly parts: readonly { readonly name: string; readonly rows: number }[]
  /** Largest first. */
  readonly groups: readonly {
    readonly rows: readonly string[]
    /** Label and part of each row. */
    readonly labels: readonly string[]
    readonly parts: readonly string[]
    readonly exact: boolean
  }[]
  /** Rows with a duplicate in another part. */
  readonly rows: number
  /** For each two parts the rows of either that have a duplicate in the other; most first. */
  readonly between: readonly {
    readonly a: string
    readonly b: string
    readonly aRows: number
    readonly bRows: number
  }[]
}

export interface Imbalance {
  readonly classes: number
  readonly largest: { readonly label: string; readonly rows: number }
  readonly smallest: { readonly label: string; readonly rows: number }
  /** Rows of the largest class per row of the smallest. */
  readonly ratio: number
  /** Entropy of the class sizes by that of equal sizes, 0 to 1; null with one class. */
  readonly evenness: number | null
  /** A class of fewer rows is rare: a tenth of what equal classes would have. */
  readonly rareBelow: number
  /** Smallest first. */
  readonly rare: readonly {
    readonly label: string
    readonly rows: number
    readonly errors: number
  }[]
  readonly singletons: number
  /** Errors in rare classes and in the others, and the evaluated rows of each. */
  readonly rareRows: number
  readonly rareErrors: number
  readonly otherRows: number
  readonly otherErrors: number
}

export interface Quality {
  readonly labelIssues: LabelIssues
  readonly nearDuplicates: NearDuplicates
  /** Null where no column tells which part a row belongs to. */
  readonly leakage: Leakage | null
  readonly imbalance: Imbalance
}

export interface Outlier {
  readonly id: string
  readonly label: string
  /** Mean distance to the k nearest of its class, and the class's median + 3 MAD. */
  readonly meanDistance: number
  readonly threshold: number
}

/** Rows with equal vectors. */
export interface DuplicateGroup {
  readonly rows: readonly string[]
  readonly labels: readonly string[]
  /** More than one label: no model can tell these rows apart. */
  readonly conflict: boolean
}

export interface Duplicates {
  /** Conflicts of labels first, then the larger. */
  readonly groups: readonly DuplicateGroup[]
  readonly rows: number
  readonly conflicts: number
}
