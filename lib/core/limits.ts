/** How long texts and how large columns may be: checked before memory is taken, and written in docs/uploads.md. */

import { InputError } from './errors.ts'
import type { ColumnNames } from './manifest.ts'
import { isNamed } from './table.ts'

/** Characters of an entry, by the part that its column plays. A name that is longer is a mistake. */
export const LONGEST_LABEL = 500
export const LONGEST_ID = 1000
export const LONGEST_ENTRY = 2000
export const LONGEST_COLUMN_NAME = 200
/** Characters of all class names together: pages hold each many times. */
export const LONGEST_CLASSES = 5_000_000
/** Columns of a file besides the vector's, and dimensions of the vector. */
export const MOST_COLUMNS = 1000
export const MOST_DIMENSIONS = 65_536
/** Columns of a table of text in all: those of two families of vectors, before it is chosen between them. */
export const MOST_FIELDS = 2 * MOST_DIMENSIONS
/** Entries of all columns of a file together, besides the vector's. */
export const MOST_ENTRIES = 20_000_000
/** Bytes of all columns of a NumPy file together, unfolded, before they are texts and numbers. */
export const MOST_COLUMN_BYTES = 512 * 2 ** 20
/** Characters of a CSV's line: of as many dimensions, with all digits. */
export const LONGEST_LINE = 8_000_000

/** Of a column without which nothing is evaluated; null for any other. */
export function neededLength(column: string, { id, label }: ColumnNames): number | null {
  if (isNamed(column, label)) return LONGEST_LABEL
  return isNamed(column, id) ? LONGEST_ID : null
}

/** A label or an id that is too long, which is never cut: two could become one. */
export function textTooLong(
  column: string,
  length: number,
  limit: number,
  where: string,
  isLabel: boolean,
): InputError {
  return new InputError({
    code: 'text-too-long',
    message: `An entry of the column ${shortName(column)} has up to ${length} characters; ${isLabel ? 'a label' : 'an id'} may have ${limit}.`,
    where,
    hint: isLabel
      ? 'Use the short name of the class as the label, and put descriptions into a column of their own. With NumPy, labels.astype(str) makes the entries no longer than they need to be.'
      : 'Use a short name that is unique, such as a path or a number.',
  })
}

/** An entry or a name as a message quotes it. */
export function quoted(text: string): string {
  return JSON.stringify(shortName(text))
}

/** For messages, which a name of a megabyte would fill. */
export function shortName(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name
}
