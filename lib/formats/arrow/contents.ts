/** Arrow’s IPC files and streams, Feather among them, packed with LZ4 or zstd or not. */

import {
  type Column as ArrowColumn,
  type Table as ArrowTable,
  type Batch,
  CompressionType,
  type DataType,
  setCompressionCodec,
  TimeUnit,
  Type,
  tableFromIPC,
} from '@uwdata/flechette'
import { InputError } from '../../core/errors.ts'
import { LONGEST_ENTRY, MOST_DIMENSIONS, shortName, textTooLong } from '../../core/limits.ts'
import { sharedFloat32 } from '../../core/shared-memory.ts'
import { type Column, isNamed, type Vectors } from '../../core/table.ts'
import type { Warning } from '../../core/warning.ts'
import { columnOf } from '../column-values.ts'
import type { Field, FieldColumn, Opener, OpenOptions } from '../contents.ts'
import { damageText } from '../damage-text.ts'
import { decimalOf } from '../decimals.ts'
import { isoDay, isoTime } from '../times.ts'
import { ragged, roundedInteger, tooManyDimensions } from '../vector-issues.ts'
import { unfoldZstd } from '../zstd.ts'
import { checkBatch } from './batches.ts'
import { fieldOf } from './fields.ts'
import { unfoldLz4Frame } from './lz4-frame.ts'
import { checkMessages } from './messages.ts'

/** Of one buffer: a batch has some thousand rows. */
const MOST_BUFFER_BYTES = 2 ** 31 - 1

interface ArrowField {
  readonly field: Field
  readonly column: ArrowColumn<unknown>
  readonly type: DataType
}

export const openArrow: Opener = async (file, options) => {
  const source = file.name
  const bytes = await file.bytes()
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'FEA1') {
    throw new InputError({
      code: 'feather-version',
      message: 'The file is Feather of version 1, which is not Arrow and not read.',
      where: source,
      hint: 'In Python: import pandas as pd; pd.read_feather("embeddings.feather").to_parquet("embeddings.parquet"), with the names of your files.',
    })
  }
  // What a memory of its own starts at is where wide numbers may start.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes)
  const { hasEnd, parts } = orDamaged(source, () => checkMessages(aligned))
  const table = orDamaged(source, () => openTable(parts, options.maxInflatedByteLength))
  const fields = table.schema.fields.map(({ name: written, type }, at): ArrowField => {
    // Of a damaged schema a name may be missing.
    const name = String(written ?? '')
    const column = table.getChildAt(at) as ArrowColumn<unknown>
    return { field: fieldOf(name, type, table.numRows), column, type }
  })
  return {
    source,
    where: source,
    fields: fields.map(({ field }) => field),
    warnings: hasEnd ? [] : [unended(source)],
    read: async ({ matrices, columns }) => {
      const warnings: Warning[] = []
      return orDamaged(source, () => ({
        rows: table.numRows,
        matrices: matrices.map((places) => {
          const chosen = places.map((place) => fields[place]!)
          return chosen.length === 1 && chosen[0]!.field.kind === 'vector'
            ? vectorsOf(chosen[0]!, table, source)
            : matrixOf(chosen, table, source)
        }),
        columns: columns.map((column) =>
          readColumn(fields[column.field]!, table.numRows, column, options, source, warnings),
        ),
        warnings,
      }))
    },
  }
}

function unended(source: string): Warning {
  return {
    code: 'arrow-unended',
    message: `The stream ${source} doesn’t say that it ends. If it was cut short, rows at its end are missing; a writer that is closed marks the end`,
  }
}

function openTable(parts: readonly Uint8Array[], mostBytes: number): ArrowTable {
  let left = mostBytes
  const limited = (length: number) => {
    if (!(length >= 0 && length <= Math.min(left, MOST_BUFFER_BYTES))) {
      throw new RangeError(
        `a buffer claims to unfold to ${length} bytes, and ${left} of ${mostBytes} are left`,
      )
    }
    left -= length
    return length
  }
  const encode = () => {
    throw new Error('nothing is written')
  }
  setCompressionCodec(CompressionType.ZSTD, {
    decode: (packed, length) => {
      const unfolded = unfoldZstd(packed, limited(Number(length)))
      return unfolded
    },
    encode,
  })
  setCompressionCodec(CompressionType.LZ4_FRAME, {
    decode: (packed, length) => unfoldLz4Frame(packed, limited(Number(length))),
    encode,
  })
  const [whole] = parts
  return tableFromIPC(parts.length === 1 ? whole! : [...parts], {
    useBigInt: true,
    // Exactly as they are written: as doubles, long decimals and nanoseconds would be rounded.
    useDecimalInt: true,
    useBigIntTimestamp: true,
  })
}

function* batchesOf({ column }: ArrowField): Generator<Batch<unknown>> {
  for (const batch of column.data as readonly Batch<unknown>[]) {
    checkBatch(batch)
    yield batch
  }
}

function isNarrow(text: string): boolean {
  return /float$|float16|u?int(?:8|16)$|bool/.test(text.replace(/^list<(.*)>$/, '$1'))
}

/** A list a row; a row without one is NaN, so that it is set aside. */
function vectorsOf(field: ArrowField, table: ArrowTable, source: string): Vectors {
  const where = `${source}, column ${field.field.name}`
  const rows = table.numRows
  const type = (field.type as { children: readonly { type: DataType }[] }).children[0]!.type
  let dimensions = field.field.shape[1] ?? null
  let values: Float32Array | Float64Array | null = null
  let [row, missing] = [0, 0]
  for (const batch of batchesOf(field)) {
    for (let at = 0; at < batch.length; at++, row++) {
      const list = batch.at(at) as ArrayLike<unknown> | null
      if (list === null || list.length === 0) {
        if (values === null) missing += 1
        else values.fill(Number.NaN, row * dimensions!, (row + 1) * dimensions!)
        continue
      }
      dimensions ??= list.length
      if (list.length !== dimensions)
        throw ragged(list.length, dimensions, `${where}, row ${row} (counted from 0)`)
      if (values === null) {
        if (dimensions > MOST_DIMENSIONS) throw tooManyDimensions(dimensions, where)
        values = numbersOf(isNarrow(field.field.type), rows * dimensions)
        values.fill(Number.NaN, 0, missing * dimensions)
      }
      const start = row * dimensions
      if (list instanceof Float32Array || list instanceof Float64Array) values.set(list, start)
      else {
        for (let d = 0; d < dimensions; d++)
          values[start + d] = numberOf(asEntry(list[d], type), where, row)
      }
    }
  }
  checkRows(row, rows, field)
  return {
    values: values ?? new Float32Array(0),
    rows,
    dimensions: values === null ? 0 : dimensions!,
  }
}

/** A column a dimension. */
function matrixOf(fields: readonly ArrowField[], table: ArrowTable, source: string): Vectors {
  const rows = table.numRows
  const dimensions = fields.length
  const narrow = fields.every(({ field }) => isNarrow(field.type))
  const values = numbersOf(narrow, rows * dimensions)
  for (const [d, field] of fields.entries()) {
    const where = `${source}, column ${field.field.name}`
    const type = entryType(field)
    let row = 0
    for (const batch of batchesOf(field)) {
      for (let at = 0; at < batch.length; at++, row++) {
        values[row * dimensions + d] = numberOf(asEntry(batch.at(at), type), where, row)
      }
    }
    checkRows(row, rows, field)
  }
  return { values, rows, dimensions }
}

function numbersOf(narrow: boolean, length: number): Float32Array | Float64Array {
  return narrow ? sharedFloat32(length) : new Float64Array(length)
}

function checkRows(row: number, rows: number, { field }: ArrowField): void {
  if (row !== rows) {
    throw new RangeError(`the column ${field.name} has ${row} rows where the file has ${rows}`)
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

function readColumn(
  field: ArrowField,
  rows: number,
  { asText, longest }: FieldColumn,
  { columns }: OpenOptions,
  source: string,
  warnings: Warning[],
): Column | null {
  const { name } = field.field
  const limit = longest ?? LONGEST_ENTRY
  const entries: unknown[] = []
  const isDictionary = field.type.typeId === Type.Dictionary
  for (const batch of batchesOf(field)) {
    for (let at = 0; at < batch.length; at++) {
      const raw = batch.at(at)
      if (raw === undefined && isDictionary) {
        throw new RangeError(
          `row ${entries.length} of ${name} refers to no entry of its dictionary`,
        )
      }
      const entry = asEntry(raw, entryType(field))
      if (typeof entry === 'string' && entry.length > limit) {
        const where = `${source}, column ${name}, row ${entries.length}`
        if (longest !== null) {
          throw textTooLong(name, entry.length, longest, where, isNamed(name, columns.label))
        }
        warnings.push({
          code: 'column-ignored',
          message: `The column ${shortName(name)} of ${source} is left out: its entry in row ${entries.length} has ${entry.length} characters, and ${LONGEST_ENTRY} are the most`,
        })
        return null
      }
      entries.push(entry)
    }
  }
  checkRows(entries.length, rows, field)
  return columnOf(name, entries, asText)
}

const MILLIS_A_DAY = 86_400_000
/** Of a second, by the unit that times are counted in. */
const FRACTION_DIGITS: Readonly<Record<number, number>> = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
}

function entryType({ type }: ArrowField): DataType {
  return type.typeId === Type.Dictionary ? type.dictionary : type
}

function asEntry(value: unknown, type: DataType): unknown {
  if (value == null) return value
  if (type.typeId === Type.Date && typeof value === 'number') return isoDay(value / MILLIS_A_DAY)
  if (type.typeId === Type.Timestamp && typeof value === 'bigint') {
    return isoTime(value, FRACTION_DIGITS[type.unit] ?? 0, type.timezone !== null)
  }
  if (type.typeId === Type.Decimal) return decimalOf(value, type.scale)
  return value
}

function orDamaged<T>(source: string, action: () => T): T {
  try {
    return action()
  } catch (cause) {
    if (cause instanceof InputError) throw cause
    throw new InputError({
      code: 'arrow-damaged',
      message: `The Arrow file can’t be read: ${damageText(cause)}.`,
      where: source,
      hint: 'The file was damaged or cut short: write it again, for example frame.to_feather("embeddings.feather"), and upload it whole.',
    })
  }
}
