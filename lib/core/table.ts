/** What a file format gives: columns, and the vectors where it holds any. */

import type { SeenFile } from './seen.ts'
import type { Warning } from './warning.ts'

/** A named column with one entry a row: text, or numbers where every entry is one (NaN: missing). */
export type Column =
  | (ColumnName & { readonly type: 'text'; readonly values: readonly string[] })
  | (ColumnName & { readonly type: 'number'; readonly values: Float64Array })

interface ColumnName {
  readonly name: string
  /** What the file calls it, where that is another name: `y_train` and `y_test` are both the `y`. */
  readonly from?: readonly string[]
}

/**
 * Row-major, as the file has them: float32 where that holds every value, else double precision. Float32 on
 * shared memory is given away: the dataset is assembled in its place.
 */
export interface Vectors {
  readonly values: Float32Array | Float64Array
  readonly rows: number
  readonly dimensions: number
}

export interface Table {
  /** As messages name it: the file's name. */
  readonly source: string
  readonly vectors: Vectors | null
  /** Of the dimensions, where each has a column of its own. */
  readonly dimensionNames?: readonly string[]
  readonly columns: readonly Column[]
  readonly rows: number
  /** Set where the file names no columns, and `column_1`, `column_2` and so on stand for them. */
  readonly isHeaderless?: true
  /** What the reader left out of the file, and why. */
  readonly warnings: readonly Warning[]
  /** A column of which the file's writer, not its owner, numbered or named the rows; none of the columns. */
  readonly rowIndex?: Column
  /** What the rest of the file holds: the gallery that these rows are queries of. */
  readonly gallery?: Table
  /** Labels as a row of numbers for each row; left out where they are one a row, or none. */
  readonly labelMatrix?: LabelMatrix
  /** The column that rows are named by, where another name than the settings' one says it. */
  readonly idColumn?: string
  /** The file, or both of queries and gallery. */
  readonly seen?: readonly SeenFile[]
}

/** One column a class, or one a level. */
export interface LabelMatrix extends ColumnName {
  readonly values: Vectors
  /** Set where the name is a usual one, and not the one that the settings say: it may be anything else. */
  readonly isGuess?: true
  /** Of the columns, where the file has them. */
  readonly names?: readonly string[]
}

/** Whether a column plays the part that `wanted` names; `label` and `labels` are one name. */
export function isNamed(column: string, wanted: string): boolean {
  return column === wanted || column === `${wanted}s` || `${column}s` === wanted
}

/** A file of an upload, whole in memory. */
export interface InputFile {
  readonly name: string
  readonly bytes: Uint8Array
}
