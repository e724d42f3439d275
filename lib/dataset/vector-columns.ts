/** Which columns besides the vector hold vectors, this one or another: published, they would give rows away. */

import type { Column, Vectors } from '../core/table.ts'
import { textAt } from './columns.ts'

/** Of the rows that the columns have entries of. */
export interface RowVectors {
  readonly values: Vectors['values']
  readonly dimensions: number
  /** Their places in `values`. */
  readonly rows: Int32Array
}

/** Entries whose form is looked at, evenly over the rows. */
const SAMPLE = 500
/** Numbers in one entry that are no box, date or place any more. */
const LONG_LIST = 8
/** Columns of numbers with fractions, numbered under one name, that are no few readings of a kind. */
const LONG_FAMILY = 8
/** Names of which two columns are enough. */
const VECTOR_NAME = /^(?:embeddings?|emb|vectors?|vec|latents?)[ _.-]?$/i
/** Of float32, of which a CSV may have lost the last digit. */
const TOLERANCE = 1e-6
/** With fewer values a flag is as likely. */
const FEWEST_VALUES = 3

/** By name of the column, why it looks like vectors, as the end of "The column … : ". */
export function vectorColumns(
  columns: readonly Column[],
  vectors: RowVectors | null,
): ReadonlyMap<string, string> {
  const families = numberedFamilies(columns)
  const dimensionOf = new Map<Column, number>()
  if (vectors !== null) {
    for (const column of columns) {
      const dimension = repeatedDimension(column, vectors)
      if (dimension !== null) dimensionOf.set(column, dimension)
    }
  }
  // One column of whole numbers, such as a count of the rows, can be a dimension by chance.
  const several = new Set(dimensionOf.values()).size > 1
  const reasons = new Map<string, string>()
  for (const column of columns) {
    const family = families.get(prefixOf(column.name) ?? '')
    if (column.type === 'number' && family?.includes(column)) {
      reasons.set(column.name, `${family.length} columns are numbered as those of a vector`)
    } else if (dimensionOf.has(column) && (several || hasFractions(column))) {
      reasons.set(column.name, 'its entries are those of one dimension of the vectors')
    } else if (column.type === 'text' && holdsLists(column, vectors)) {
      reasons.set(column.name, 'its entries are lists of numbers, as vectors are')
    }
  }
  return reasons
}

function prefixOf(name: string): string | null {
  const digits = /\d{1,7}$/.exec(name)?.[0]
  return digits === undefined ? null : name.slice(0, -digits.length)
}

/** Columns of numbers by the name before their number, where they look like a vector's. */
function numberedFamilies(columns: readonly Column[]): ReadonlyMap<string, readonly Column[]> {
  const families = new Map<string, Column[]>()
  for (const column of columns) {
    const prefix = prefixOf(column.name)
    if (prefix === null || column.type !== 'number') continue
    const family = families.get(prefix) ?? []
    families.set(prefix, family)
    family.push(column)
  }
  return new Map(
    [...families].filter(
      ([prefix, family]) =>
        (family.length > 1 && VECTOR_NAME.test(prefix)) ||
        (family.length >= LONG_FAMILY && family.filter(hasFractions).length * 2 > family.length),
    ),
  )
}

function hasFractions({ values }: Column): boolean {
  return values.some((value) => Number.isFinite(value) && !Number.isInteger(value))
}

/** The dimension of the vectors that the column's numbers are, row by row; null where they are none. */
function repeatedDimension(column: Column, vectors: RowVectors): number | null {
  const { values, dimensions, rows } = vectors
  if (column.type !== 'number' || rows.length === 0) return null
  if (new Set(column.values.slice(0, SAMPLE)).size < FEWEST_VALUES) return null
  const differs = (row: number, dimension: number) => {
    const entry = values[rows[row]! * dimensions + dimension]!
    return !(Math.abs(column.values[row]! - entry) <= TOLERANCE * Math.abs(entry))
  }
  for (let dimension = 0; dimension < dimensions; dimension += 1) {
    let row = 0
    while (row < rows.length && !differs(row, dimension)) row += 1
    if (row === rows.length) return dimension
  }
  return null
}

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`
const LIST = new RegExp(
  String.raw`(?<![\d.])(?:${NUMBER}(?:[\s,;|]|\.\.\.)+){${LONG_LIST - 1}}${NUMBER}`,
)
const NUMBERS = new RegExp(NUMBER, 'g')

/** Whether at least half of the entries hold a long list of numbers, or the numbers of their row's vector. */
function holdsLists(column: Column, vectors: RowVectors | null): boolean {
  const count = column.values.length
  const step = Math.max(1, count / SAMPLE)
  let [looked, lists] = [0, 0]
  for (let at = 0; at < count; at += step) {
    const row = Math.floor(at)
    const text = textAt(column, row)
    if (text === '') continue
    looked += 1
    if (LIST.test(text) || (vectors !== null && isVector(text, row, vectors))) lists += 1
  }
  return lists > 0 && 2 * lists >= looked
}

function isVector(text: string, row: number, { values, dimensions, rows }: RowVectors): boolean {
  if (dimensions < 2) return false
  const numbers = text.match(NUMBERS)
  if (numbers?.length !== dimensions) return false
  const start = rows[row]! * dimensions
  return numbers.every((number, at) => {
    const entry = values[start + at]!
    return Math.abs(Number(number) - entry) <= TOLERANCE * Math.abs(entry)
  })
}
