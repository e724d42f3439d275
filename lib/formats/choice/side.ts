/** What is chosen of a file for its rows, once for queries and once for their gallery where it holds both. */

import type { FieldColumn } from '../contents.ts'
import type { ColumnChoice } from './columns.ts'

/** The rows of a file: all of them, or of queries and gallery one. */
export interface Side {
  /** Places of the fields that are the vectors; none of labels and metadata. */
  readonly vectors: readonly number[]
  readonly choice: ColumnChoice
  /** Place of the labels where they are a row of numbers for each row. */
  readonly matrix: number | null
  /** Names of the columns of those. */
  readonly classNames: FieldColumn | null
}
