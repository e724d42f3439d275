/** What every reader of a file is told: the part that the file plays, and its limits. */

import { formatNamed, isReadByRange } from '../core/format-of.ts'
import type { ColumnNames } from '../core/manifest.ts'
import { isNamed } from '../core/table.ts'

/** Which part of an upload a file plays; only the vectors' file may hold vectors. */
export type Part = 'vectors' | 'labels' | 'metadata'

/** What Node reads at once of a file that is read as a whole. */
export const MAX_FILE_BYTES = 2 ** 31 - 1

/** What S3 takes in one request. */
const MAX_SENT_BYTES = 5 * 2 ** 30

/** The most bytes that a file of this name may be sent with. */
export function mostSentBytes(name: string): number {
  const format = formatNamed(name)
  return format !== null && isReadByRange(format) ? MAX_SENT_BYTES : MAX_FILE_BYTES
}

/** What a compressed file may unfold to, all its arrays together. */
export const MAX_INFLATED_BYTES = 2 ** 31

export interface ReadOptions {
  readonly part: Part
  readonly columns: ColumnNames
  /** Columns that the settings leave out: they are no dimensions of the vectors either. */
  readonly dropped?: readonly string[]
  /** Set where the first line of text is known to be a row, whatever it looks like. */
  readonly hasHeader?: false
  /** Rows and dimensions of a file of bare numbers, where another file tells them. */
  readonly tensorShape?: readonly [number, number]
  /** Most bytes that a compressed file may unfold to, all its arrays together; 2 GiB unless given. */
  readonly maxInflatedByteLength?: number
}

/** Columns that stay text as written, even where every entry is a number. */
export function staysText(column: string, columns: ColumnNames): boolean {
  return (
    isNamed(column, columns.id) ||
    isNamed(column, columns.label) ||
    [columns.group, columns.split, columns.image].includes(column)
  )
}
