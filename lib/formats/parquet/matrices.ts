/** Vectors of a Parquet file, page by page into the one array that is kept. */

import type { FileMetaData } from 'hyparquet'
import type { FileSource } from '../../core/file-source.ts'
import { MOST_DIMENSIONS } from '../../core/limits.ts'
import { sharedFloat32 } from '../../core/shared-memory.ts'
import type { Vectors } from '../../core/table.ts'
import { TextVectors } from '../text-vectors.ts'
import type { Unfolding } from '../unfolding.ts'
import {
  FIRST_ROUNDED,
  ragged,
  roundedInteger,
  tooLarge,
  tooManyDimensions,
} from '../vector-issues.ts'
import { checkRows, entriesOf } from './entries.ts'
import { DamagedPage, pagesOf } from './pages.ts'
import { chunksOf, definitionLevels, type ParquetField } from './schema.ts'

/** Float32 holds these; anything else is read in double precision. */
const NARROW = ['float', 'list<float>', 'float16', 'list<float16>']

/** A list column: each row's list is its vector; a row without one is NaN, so that it is set aside. */
export async function vectorsFromLists(
  file: FileSource,
  unfolding: Unfolding,
  metadata: FileMetaData,
  { field, path }: ParquetField,
): Promise<Vectors> {
  const where = `${file.name}, column ${field.name}`
  const rows = Number(metadata.num_rows)
  const chunks = chunksOf(metadata, path!)
  const most = definitionLevels(path!)
  const Values = NARROW.includes(field.type) ? Float32Array : Float64Array
  // An entry of the list is there, if it is missing itself, from this level on.
  const inList = most - (path!.at(-1)!.element.repetition_type === 'OPTIONAL' ? 1 : 0)
  let dimensions: number | null = null
  let values: Float32Array | Float64Array = new Values(0)
  /** Of the row that is being read; its length is known at its end. */
  let [row, size] = [-1, 0]
  /** Entries of the first rows, until the first list has ended. */
  let first: number[] = []
  let empty = 0
  const start = (length: number) => {
    if (length > MOST_DIMENSIONS) throw tooManyDimensions(length, `${where}, row 0`)
    dimensions = length
    values = allocate(Values, rows, length, where)
    values.fill(Number.NaN, 0, empty * length)
    values.set(first, empty * length)
    first = []
  }
  const endRow = () => {
    if (row < 0) return
    if (dimensions === null) {
      if (size > 0) start(size)
      else empty += 1
    } else if (size === 0) values.fill(Number.NaN, row * dimensions, (row + 1) * dimensions)
    else if (size !== dimensions)
      throw ragged(size, dimensions, `${where}, row ${row} (counted from 0)`)
    size = 0
  }
  const add = (value: number) => {
    if (dimensions === null) {
      first.push(value)
      if (first.length > MOST_DIMENSIONS) {
        throw tooManyDimensions(first.length, `${where}, row ${row}`)
      }
    } else if (size < dimensions) values[row * dimensions + size] = value
    size += 1
  }
  for (const chunk of chunks) {
    for await (const page of pagesOf(file, unfolding, chunk, path!)) {
      let next = 0
      for (let entry = 0; entry < page.count; entry++) {
        if (page.repetition[entry] === 0) {
          endRow()
          row += 1
          if (row >= rows)
            throw new DamagedPage(`its pages have more than the ${rows} rows it claims`)
        } else if (row < 0) throw new DamagedPage('its first list has no beginning')
        const level = page.definition.length === 0 ? most : page.definition[entry]!
        if (level === most) add(numberOf(page.values[next++], where, row))
        else if (level >= inList) add(Number.NaN)
      }
    }
  }
  endRow()
  checkRows(row + 1, rows, field.name)
  return { values, rows, dimensions: dimensions ?? 0 }
}

/** A column of texts, each of which holds a vector. */
export async function vectorsFromTexts(
  file: FileSource,
  unfolding: Unfolding,
  metadata: FileMetaData,
  { field, path }: ParquetField,
): Promise<Vectors> {
  const rows = Number(metadata.num_rows)
  const texts = new TextVectors(rows, `${file.name}, column ${field.name}`)
  let row = 0
  for await (const entries of entriesOf(file, unfolding, metadata, path!)) {
    row += entries.length
    if (row > rows) break
    for (const entry of entries) texts.add(entry)
  }
  checkRows(row, rows, field.name)
  return texts.vectors()
}

/** A column a dimension. */
export async function matrixOfColumns(
  file: FileSource,
  unfolding: Unfolding,
  metadata: FileMetaData,
  fields: readonly ParquetField[],
): Promise<Vectors> {
  const rows = Number(metadata.num_rows)
  const dimensions = fields.length
  const isNarrow = fields.every(({ field }) => NARROW.includes(field.type))
  const Values = isNarrow ? Float32Array : Float64Array
  const values = allocate(Values, rows, dimensions, file.name)
  for (const [d, { field, path }] of fields.entries()) {
    const where = `${file.name}, column ${field.name}`
    const most = definitionLevels(path!)
    let row = 0
    for (const chunk of chunksOf(metadata, path!)) {
      for await (const page of pagesOf(file, unfolding, chunk, path!)) {
        let next = 0
        if (row + page.count > rows) {
          throw new DamagedPage(`the column ${field.name} has more than the ${rows} rows it claims`)
        }
        for (let entry = 0; entry < page.count; entry++) {
          const isThere = page.definition.length === 0 || page.definition[entry] === most
          values[row * dimensions + d] = isThere
            ? numberOf(page.values[next++], where, row)
            : Number.NaN
          row += 1
        }
      }
    }
    checkRows(row, rows, field.name)
  }
  return { values, rows, dimensions }
}

function numberOf(value: unknown, where: string, row: number): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  // A decimal with more digits than a double holds.
  if (typeof value === 'string') return Number(value)
  if (typeof value === 'bigint') {
    const number = Number(value)
    if (Math.abs(number) < FIRST_ROUNDED) return number
    throw roundedInteger(value, `${where}, row ${row} (counted from 0)`)
  }
  throw new DamagedPage(`row ${row} holds no number where its column's type says one`)
}

/** Memory is only taken as it is filled, so a count that lies costs nothing before it is found out. */
function allocate(
  Values: Float32ArrayConstructor | Float64ArrayConstructor,
  rows: number,
  dimensions: number,
  where: string,
): Float32Array | Float64Array {
  try {
    return Values === Float32Array
      ? sharedFloat32(rows * dimensions)
      : new Float64Array(rows * dimensions)
  } catch {
    throw tooLarge(rows, dimensions, Values.BYTES_PER_ELEMENT, where)
  }
}
