/** JSON Lines and JSON: an object a row, its vector as a list of numbers. */

import { InputError } from '../../core/errors.ts'
import {
  LONGEST_ENTRY,
  MOST_COLUMNS,
  MOST_DIMENSIONS,
  MOST_ENTRIES,
  shortName,
  textTooLong,
} from '../../core/limits.ts'
import { isNamed } from '../../core/table.ts'
import type { Warning } from '../../core/warning.ts'
import { columnOf } from '../column-values.ts'
import type { Contents, Field, Opener, OpenOptions, Reading, Selection } from '../contents.ts'
import { toUtf8 } from '../delimited/encoding.ts'
import { ragged, roundedInteger, tooManyDimensions } from '../vector-issues.ts'
import { cellVector } from '../vector-text.ts'
import { fieldOf, fromBase64, isBase64, isNumberWord } from './fields.ts'
import { lineRows, type PlacedRow, type Row, valueRows } from './records.ts'

/** Rows of JSON Lines that are looked at for what columns there are. */
const SAMPLE_ROWS = 1000
const SHOWN = 3

export const openJsonLines: Opener = async (file, options) => {
  const source = file.name
  const { text, warnings } = toUtf8(await file.bytes(), source)
  const sample = [...lineRows(text, source, SAMPLE_ROWS)]
  return contentsOf(source, sample, () => lineRows(text, source), warnings, options)
}

export const openJson: Opener = async (file, options) => {
  const source = file.name
  const { text, warnings } = toUtf8(await file.bytes(), source)
  const rows = valueRows(text, source)
  return contentsOf(source, rows, () => rows, warnings, options)
}

function contentsOf(
  source: string,
  sample: readonly PlacedRow[],
  rows: () => Iterable<PlacedRow>,
  warnings: readonly Warning[],
  options: OpenOptions,
): Contents {
  if (sample.length === 0) {
    throw new InputError({
      code: 'json-empty',
      message: 'The file holds 0 rows.',
      where: source,
      hint: 'Write one object a row, such as {"id": "a", "label": "cat", "embedding": [0.1, 0.2]}.',
    })
  }
  const names = new Set(sample.flatMap(({ row }) => [...row.keys()]))
  if (names.size > MOST_COLUMNS + MOST_DIMENSIONS) {
    throw new InputError({
      code: 'csv-too-many',
      message: `The rows have ${names.size} names; at most ${MOST_COLUMNS} columns besides the vector are read.`,
      where: source,
      hint: 'Leave out the columns that the report doesn’t need.',
    })
  }
  const fields = Array.from(names, (name) => fieldOf(name, sample, source))
  const isBase64 = fields.map(({ type }) => type === 'base64')
  return {
    source,
    where: source,
    fields,
    warnings: [
      ...warnings,
      ...fields
        .filter((_, at) => isBase64[at])
        .map(({ name }) => ({
          code: 'encoding-chosen',
          message: `The texts of ${shortName(name)} in ${source} are read as vectors: float32 in base64, as embedding services send them`,
        })),
    ],
    read: async (selection) => readRows(source, rows(), fields, selection, options),
  }
}

interface Matrix {
  readonly names: readonly string[]
  readonly isList: boolean
  readonly dimensions: number
  values: Float64Array
}

function readRows(
  source: string,
  rows: Iterable<PlacedRow>,
  fields: readonly Field[],
  { matrices, columns }: Selection,
  options: OpenOptions,
): Reading {
  const known = new Set(fields.map(({ name }) => name))
  const late = new Set<string>()
  const warnings: Warning[] = []
  const parts = matrices.map((places): Matrix => {
    const list = places.length === 1 ? fields[places[0]!]! : null
    const isList = list?.kind === 'vector'
    return {
      names: places.map((place) => fields[place]!.name),
      isList,
      dimensions: isList ? (list.shape[1] ?? 0) : places.length,
      values: new Float64Array(0),
    }
  })
  for (const { dimensions } of parts) {
    if (dimensions > MOST_DIMENSIONS) throw tooManyDimensions(dimensions, source)
  }
  const entries: (unknown[] | null)[] = columns.map(() => [])
  let count = 0
  for (const { row, where } of rows) {
    for (const name of row.keys()) if (!known.has(name)) late.add(name)
    for (const part of parts) addVector(part, row, count, where)
    for (const [at, { field, longest }] of columns.entries()) {
      const { name } = fields[field]!
      const entry = plainEntry(row.get(name))
      const limit = longest ?? LONGEST_ENTRY
      if (typeof entry === 'string' && entry.length > limit) {
        const isLabel = isNamed(name, options.columns.label)
        if (longest !== null)
          throw textTooLong(name, entry.length, longest, `${where}, ${name}`, isLabel)
        if (entries[at] !== null) {
          warnings.push({
            code: 'column-ignored',
            message: `The column ${shortName(name)} of ${source} is left out: its entry in ${where} has ${entry.length} characters, and ${LONGEST_ENTRY} are the most`,
          })
        }
        entries[at] = null
      }
      entries[at]?.push(entry)
    }
    count += 1
    if (count * columns.length > MOST_ENTRIES) {
      throw new InputError({
        code: 'csv-too-many',
        message: `The file has ${count * columns.length} entries of ${columns.length} columns in the first ${count} rows; at most ${MOST_ENTRIES} are read.`,
        where: source,
        hint: 'Leave out the columns that the report doesn’t need, or evaluate a sample of the rows.',
      })
    }
  }
  if (late.size > 0) {
    const shown = [...late].slice(0, SHOWN).map(shortName).join(', ')
    warnings.push({
      code: 'column-ignored',
      message: `Names that only come after the first ${SAMPLE_ROWS} rows of ${source} are left out: ${shown}${late.size > SHOWN ? ` and ${late.size - SHOWN} more` : ''}`,
    })
  }
  return {
    rows: count,
    matrices: parts.map(({ values, dimensions }) => ({
      values: values.subarray(0, count * dimensions),
      rows: count,
      dimensions,
    })),
    columns: columns.map(({ field, asText }, at) => {
      const column = entries[at]
      return column ? columnOf(fields[field]!.name, column, asText) : null
    }),
    warnings,
  }
}

/** A missing vector is NaN, so that its row is set aside. */
function addVector(matrix: Matrix, row: Row, at: number, where: string): void {
  const { names, isList, dimensions } = matrix
  const start = at * dimensions
  if (start + dimensions > matrix.values.length) {
    const grown = new Float64Array(Math.max(dimensions * 16, matrix.values.length * 2))
    grown.set(matrix.values)
    matrix.values = grown
  }
  const vector = isList
    ? listOf(row.get(names[0]!), dimensions, `${where}, ${names[0]}`)
    : names.map((name) => row.get(name))
  if (vector === null) matrix.values.fill(Number.NaN, start, start + dimensions)
  else {
    for (let d = 0; d < dimensions; d++) {
      matrix.values[start + d] = numberOf(vector[d], `${where}, ${isList ? names[0] : names[d]}`)
    }
  }
}

function listOf(entry: unknown, dimensions: number, where: string): readonly unknown[] | null {
  if (entry == null || entry === '') return null
  if (typeof entry === 'string') {
    return isBase64(entry) && !entry.startsWith('[')
      ? checkLength(fromBase64(entry), dimensions, where)
      : cellVector(entry, dimensions, where)
  }
  if (Array.isArray(entry)) return checkLength(entry, dimensions, where)
  throw notNumber(entry, where)
}

function checkLength(
  list: readonly unknown[],
  dimensions: number,
  where: string,
): readonly unknown[] {
  if (list.length !== dimensions) throw ragged(list.length, dimensions, where)
  return list
}

function numberOf(entry: unknown, where: string): number {
  if (typeof entry === 'number') return entry
  if (entry == null || entry === '') return Number.NaN
  if (typeof entry === 'string' && isNumberWord(entry)) {
    const value = Number(entry)
    if (/^-?\d+$/.test(entry)) throw roundedInteger(entry, where)
    return value
  }
  throw notNumber(entry, where)
}

function notNumber(entry: unknown, where: string): InputError {
  return new InputError({
    code: 'csv-number',
    message: `${shortName(JSON.stringify(entry) ?? 'nothing')} is not a number, and it is part of the vectors.`,
    where,
    hint: 'Each row holds its vector as one list of plain numbers; leave a row without one empty, and it is set aside.',
  })
}

/** Lists and objects that are no vector are text as JSON has it. */
function plainEntry(entry: unknown): unknown {
  if (entry === undefined || entry === null) return null
  return typeof entry === 'object' ? JSON.stringify(entry) : entry
}
