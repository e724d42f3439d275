/** Groups of rows that a metadata column, or a pair of them, makes, and whether they do worse than the rest. */

export interface Slices {
  /** Those that differ first, most unlikely first; then what comes nearest; 60 at most. */
  readonly list: readonly Slice[]
  /** Slices that were tested, and those of them that differ. */
  readonly tested: number
  readonly different: number
  /** Columns that make slices, in the order of the upload. */
  readonly columns: readonly {
    readonly name: string
    readonly values: number
    /** `quarters`: numbers or times in four bins with as many rows each. */
    readonly by: 'value' | 'quarters'
  }[]
  /** Columns that make none, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
  readonly pairs: { readonly tested: number; readonly possible: number }
  /** What was left out to stay affordable; null where nothing was. */
  readonly note: string | null
}

export interface Slice {
  /** `camera=left` or `camera=left&weather=rain`; `=`, `&` and `\` within names have a `\` before them. */
  readonly id: string
  readonly conditions: readonly SliceCondition[]
  readonly rows: number
  /** Rows whose nearest neighbour has another label. */
  readonly errors: number
  readonly rate: number
  /** Wilson, 95 %. */
  readonly interval: readonly [number, number]
  /** Of the rows outside. */
  readonly restRate: number
  /** Fisher's exact test against the rows outside, two-sided, and adjusted for all slices that were tested. */
  readonly p: number
  readonly adjustedP: number
  readonly difference: 'worse' | 'better' | null
  /** The slice that is named instead, since it explains this one's difference; null: this one is named. */
  readonly explainedBy: string | null
  /** Errors that its rows would have at the rates of their classes. */
  readonly expectedErrors: number
  /** Pairs with errors among its rows, most beyond their rate among the rows outside first; three at most. */
  readonly confused: readonly { readonly a: string; readonly b: string; readonly count: number }[]
}

export interface SliceCondition {
  readonly column: string
  /** As in the id; null where the column has no entry. */
  readonly value: string | null
  /** As a person reads it: `left`, `0.2 to 0.5`, `none`. */
  readonly text: string
}

/** A slice and the rows that it is of. */
export interface SlicedRows {
  readonly slice: Slice
  readonly rows: readonly number[]
}
