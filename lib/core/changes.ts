/** What changed between a run and its baseline, beyond the count of fixed and broken rows. */

export type ChangeVerdict = 'better' | 'worse' | 'no evidence of a change'

/** Rows that turned right or wrong within a part of the run; only rows of both runs count. */
export interface PairedChange {
  /** Rows of this part that are in both runs. */
  readonly rows: number
  readonly fixed: number
  readonly broken: number
  /** Exact McNemar test, two-sided, of groups where their rows count together. */
  readonly p: number
  /**
   * Corrected for all parts of the table that could show a change (Benjamini-Hochberg); null where
   * too few rows changed for any outcome to be evidence.
   */
  readonly adjustedP: number | null
  readonly verdict: ChangeVerdict
  /**
   * Rows that turned only because the class of their nearest neighbour is in one run alone: neither
   * fixed nor broken. Absent where there are none.
   */
  readonly absentNeighbors?: number
}

export interface ClassChange extends PairedChange {
  readonly label: string
  /** Share of each row's nearest neighbours that were kept, mean over its rows; null without any. */
  readonly overlap: number | null
}

export interface SliceChange extends PairedChange {
  readonly column: string
  readonly value: string
}

/** Errors between two classes of both runs, both directions, on the rows of both. */
export interface PairChange extends PairedChange {
  readonly a: string
  readonly b: string
  readonly before: number
  readonly now: number
}

/** Which label a run said a row has: its nearest neighbour's. */
export interface Answer {
  /** Null where the row had no neighbour. */
  readonly label: string | null
  readonly id: string | null
}

export interface FallenRow {
  readonly id: string
  readonly label: string
  readonly before: Answer
  readonly now: Answer
  /**
   * How far its class margin fell, each in units of its run's median absolute class margin; null
   * where a run gives it none.
   */
  readonly fall: number | null
  /** The class or pair of it that got worse by the test; null where it is on its own. */
  readonly part: string | null
}

export interface NeighborOverlap {
  /** Nearest neighbours that are compared a row, fewer where fewer are in both runs. */
  readonly k: number
  readonly rows: number
  /** Mean share of them that were kept, 0 to 1. */
  readonly mean: number
  readonly interval: readonly [low: number, high: number] | null
  /** What random neighbours would share. */
  readonly chance: number
}

/** This run against one of the runs that the manifest names. */
export interface BaselineComparison {
  /** As the manifest has it: `previous`, `best`, or a run's name. */
  readonly setting: string
  /** Null where there is no such run. */
  readonly baseline: string | null
  /** Why there is no comparison, as a sentence. */
  readonly note: string | null
  readonly matchedRows: number
  readonly fixed: number
  readonly broken: number
  readonly p: number
  readonly verdict: ChangeVerdict
}

export interface Changes {
  readonly baseline: string
  /** In the order of the classes. */
  readonly classes: readonly ClassChange[]
  /** Values of metadata columns that hold 2 to 50, clearest evidence first; 200 at most. */
  readonly slices: readonly SliceChange[]
  readonly slicesTested: number
  /** The pairs with the most errors in either run, the worst of this run first. */
  readonly pairs: readonly PairChange[]
  readonly overlap: NeighborOverlap | null
  /** Broken rows in the order in which to look at them; 60 at most. */
  readonly lookFirst: readonly FallenRow[]
}

export interface Comparison {
  readonly baseline: string
  readonly matchedRows: number
  readonly fixed: readonly string[]
  readonly broken: readonly string[]
  /** Exact McNemar test on fixed and broken, two-sided. */
  readonly p: number
  readonly verdict: 'better' | 'worse' | 'no evidence of a change'
  /** Baseline's values of the headline figures. */
  readonly metrics: Readonly<Record<string, number | null>>
  readonly baselineModel: string | null
}
