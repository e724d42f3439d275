/** What was seen in the files of an upload, and what each of it was used as: told to whoever sent them. */

/**
 * `vectors`: the rows, or the queries; `gallery`: what those are held against; `column`: metadata, split,
 * group and the like by their own names; `left out`: read by nobody, and why stands beside it.
 */
export type FieldUse = 'vectors' | 'gallery' | 'label' | 'id' | 'column' | 'left out'

export interface SeenField {
  /** Of many columns that make one vector the first and the last: `dim_0 … dim_63`. */
  readonly name: string
  /** As the tools of the format call it. */
  readonly type: string
  /** Rows first; null where only reading tells. */
  readonly shape: readonly (number | null)[]
  /** The first entries as text, at most 3 of at most 60 characters each. */
  readonly examples: readonly string[]
  readonly use: FieldUse
  /** Why it is left out, or which rule chose it where its name alone doesn't; null where nothing is to be said. */
  readonly why: string | null
}

export interface SeenFile {
  /** The file's name. */
  readonly source: string
  /** As `lib/core/formats.ts` titles it. */
  readonly format: string
  readonly rows: number
  readonly fields: readonly SeenField[]
}
