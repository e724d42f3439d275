/**
 * What a file holds, before anything of it is chosen. A reader of a format opens a file to its fields;
 * which of them are the vectors, the labels and the columns is chosen for all formats at one place, and
 * the reader then reads those and no others.
 */

import type { Issue } from '../core/errors.ts'
import type { FileSource } from '../core/file-source.ts'
import type { ColumnNames } from '../core/manifest.ts'
import type { Column, Vectors } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import type { Part } from './format.ts'

/**
 * What the entries of a field are:
 * - `number`: one number a row (integers of any size count too);
 * - `flag`: true or false; `time`: a date or a time; both are read as text;
 * - `text`: one text a row;
 * - `vector`: numbers in a list, a row of an array of two axes, or a text that holds such a list;
 * - `other`: none of these, such as an array of three axes or a nested record; never read.
 */
export type FieldKind = 'number' | 'flag' | 'time' | 'text' | 'vector' | 'other'

/** As pandas calls a column of which it numbers or names the rows, which a CSV has without a name. */
export const ROW_INDEX = '__index_level_0__'

/** A column, an array or a member, by its name. */
export interface Field {
  readonly name: string
  readonly kind: FieldKind
  /** As the tools of the format call it: `<f4`, `list<float>`, `text`. */
  readonly type: string
  /**
   * Entries along each axis, rows first; null where only reading tells. A column has one axis, vectors
   * have two. Fields of one file may differ in their rows.
   */
  readonly shape: readonly (number | null)[]
  /** The first entries as text, at most 3 of at most 60 characters each; empty where looking costs too much. */
  readonly examples: readonly string[]
  /** Whether its numbers are whole by their type: such vectors are taken where there are no others. */
  readonly isInteger: boolean
  /** Why it can't be read, which matters only once it is chosen; null where it can. */
  readonly problem: Issue | null
  /** Most characters of an entry by the type alone (`<U500`); null where only reading tells. */
  readonly longestText: number | null
  /** Bytes that it takes to unfold; null where only reading tells. */
  readonly byteLength: number | null
}

export interface FieldColumn {
  /** Place in `fields`. */
  readonly field: number
  /** As text exactly as written, even where every entry is a number: labels, ids, groups. */
  readonly asText: boolean
  /** Most characters of an entry, past which it is an error; null where such a column is left out with a warning. */
  readonly longest: number | null
}

/** What is read of a file. */
export interface Selection {
  /** Each as places in `fields`: one field of vectors, or fields of numbers, one a dimension, in their order. */
  readonly matrices: readonly (readonly number[])[]
  readonly columns: readonly FieldColumn[]
}

export interface Reading {
  /** Rows of the file; null where its fields may differ in them. */
  readonly rows: number | null
  /** In the order of the selection. */
  readonly matrices: readonly Vectors[]
  /** In the order of the selection; null for one that was left out, which a warning tells. */
  readonly columns: readonly (Column | null)[]
  readonly warnings: readonly Warning[]
}

/** An open file. */
export interface Contents {
  /** As messages name the file. */
  readonly source: string
  /** Where the names of the fields stand, as messages name it: `labels.csv, line 1`. */
  readonly where: string
  readonly fields: readonly Field[]
  /** What was found out or decided when it was opened: the encoding, the delimiter, entries left out. */
  readonly warnings: readonly Warning[]
  /** Set where the file names no columns, and `column_1`, `column_2` and so on stand for them. */
  readonly isHeaderless?: true
  /** Set where a format of arrays holds a table: one of columns, which have the same rows. */
  readonly isTable?: true
  /** Reads what was chosen, in one pass where the format has rows one after another. Throws `InputError`. */
  read(selection: Selection): Promise<Reading>
}

export interface OpenOptions {
  readonly part: Part
  /** What the settings call the columns: of a format that names none. */
  readonly columns: ColumnNames
  /** Set where the first line of text is known to be a row, whatever it looks like. */
  readonly hasHeader?: false
  /** Rows and dimensions of a file of bare numbers, where another file tells them. */
  readonly tensorShape?: readonly [number, number]
  /** Most bytes that a packed file may unfold to, all its parts together. */
  readonly maxInflatedByteLength: number
}

/** Throws `InputError` for a file that is damaged. */
export type Opener = (file: FileSource, options: OpenOptions) => Promise<Contents>
