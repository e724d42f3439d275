/** Vectors of an Arrow file, batch by batch into the one array that is kept. */

import type { Batch, DataType } from '@uwdata/flechette'
import { MOST_DIMENSIONS } from '../../core/limits.ts'
import { sharedFloat32 } from '../../core/shared-memory.ts'
import type { Vectors } from '../../core/table.ts'
import { TextVectors } from '../text-vectors.ts'
import { ragged, roundedInteger, tooLarge, tooManyDimensions } from '../vector-issues.ts'
import { type ArrowField, entriesOf, plainEntry, type Reader } from './fields.ts'

/** One column of vectors, or columns of numbers, one a dimension. */
export function matrixReader(
  fields: readonly ArrowField[],
  rows: number,
  source: string,
): Reader<Vectors> {
  const [first, ...more] = fields
  if (more.length > 0 || first!.field.kind !== 'vector') return ofNumbers(fields, rows, source)
  return first!.field.type === 'text'
    ? ofTexts(first!, rows, source)
    : ofLists(first!, rows, source)
}

/** A list a row; a row without one is NaN, so that it is set aside. */
function ofLists({ field, place, type: list }: ArrowField, rows: number, source: string) {
  const where = `${source}, column ${field.name}`
  const type = (list as { children: readonly { type: DataType }[] }).children[0]!.type
  let dimensions = field.shape[1] ?? null
  let values: Float32Array | Float64Array | null = null
  let [row, missing] = [0, 0]
  const add = (entry: ArrayLike<unknown> | null) => {
    if (entry === null || entry.length === 0) {
      if (values === null) missing += 1
      else values.fill(Number.NaN, row * dimensions!, (row + 1) * dimensions!)
      return
    }
    dimensions ??= entry.length
    if (entry.length !== dimensions) {
      throw ragged(entry.length, dimensions, `${where}, row ${row} (counted from 0)`)
    }
    if (values === null) {
      if (dimensions > MOST_DIMENSIONS) throw tooManyDimensions(dimensions, where)
      values = numbersOf(isNarrow(field.type), rows, dimensions, where)
      values.fill(Number.NaN, 0, missing * dimensions)
    }
    const start = row * dimensions
    if (entry instanceof Float32Array || entry instanceof Float64Array) values.set(entry, start)
    else {
      for (let d = 0; d < dimensions; d++) {
        values[start + d] = numberOf(plainEntry(entry[d], type), where, row)
      }
    }
  }
  const take = (batch: Batch<unknown>) => {
    checkBound(row + batch.length, rows, field.name)
    for (let at = 0; at < batch.length; at++, row++) add(batch.at(at) as ArrayLike<unknown> | null)
  }
  return {
    takes: [[place, take]] as const,
    end: (): Vectors => {
      checkRows(row, rows, field.name)
      return {
        values: values ?? new Float32Array(0),
        rows,
        dimensions: values === null ? 0 : dimensions!,
      }
    },
  }
}

function ofTexts(one: ArrowField, rows: number, source: string): Reader<Vectors> {
  const texts = new TextVectors(rows, `${source}, column ${one.field.name}`)
  let row = 0
  const take = (batch: Batch<unknown>) => {
    row += batch.length
    checkBound(row, rows, one.field.name)
    for (const entry of entriesOf(one, batch)) texts.add(entry)
  }
  return {
    takes: [[one.place, take]],
    end: () => {
      checkRows(row, rows, one.field.name)
      return texts.vectors()
    },
  }
}

/** A column a dimension. */
function ofNumbers(fields: readonly ArrowField[], rows: number, source: string): Reader<Vectors> {
  const dimensions = fields.length
  const isNarrowAll = fields.every(({ field }) => isNarrow(field.type))
  const values = numbersOf(isNarrowAll, rows, dimensions, source)
  const ends = new Uint32Array(dimensions)
  const takes = fields.map((one, d) => {
    const where = `${source}, column ${one.field.name}`
    const take = (batch: Batch<unknown>) => {
      let row = ends[d]!
      checkBound(row + batch.length, rows, one.field.name)
      for (const entry of entriesOf(one, batch)) {
        values[row * dimensions + d] = numberOf(entry, where, row)
        row += 1
      }
      ends[d] = row
    }
    return [one.place, take] as const
  })
  return {
    takes,
    end: () => {
      for (const [d, { field }] of fields.entries()) checkRows(ends[d]!, rows, field.name)
      return { values, rows, dimensions }
    },
  }
}

/** Whether float32 holds them; anything else is read in double precision. */
function isNarrow(type: string): boolean {
  return /float$|float16|u?int(?:8|16)$|bool/.test(type.replace(/^list<(.*)>$/, '$1'))
}

function numbersOf(
  narrow: boolean,
  rows: number,
  dimensions: number,
  where: string,
): Float32Array | Float64Array {
  try {
    return narrow ? sharedFloat32(rows * dimensions) : new Float64Array(rows * dimensions)
  } catch {
    throw tooLarge(rows, dimensions, narrow ? 4 : 8, where)
  }
}

function numberOf(value: unknown, where: string, row: number): number {
  if (value === null) return Number.NaN
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  // A decimal with more digits than a double holds.
  if (typeof value === 'string') return Number(value)
  if (typeof value === 'bigint') {
    if (Number.isSafeInteger(Number(value))) return Number(value)
    throw roundedInteger(value, `${where}, row ${row} (counted from 0)`)
  }
  throw new RangeError(`row ${row} holds no number where its column's type says one`)
}

export function checkRows(row: number, rows: number, name: string): void {
  if (row === rows) return
  throw new RangeError(`the column ${name} has ${row} rows where the file has ${rows}`)
}

/** Before rows that the file doesn't claim are read. */
export function checkBound(row: number, rows: number, name: string): void {
  if (row > rows) checkRows(row, rows, name)
}
