/** The chosen entries of a JSON file as vectors and columns. */

import { InputError } from '../../core/errors.ts'
import { MOST_ENTRIES, shortName } from '../../core/limits.ts'
import type { Vectors } from '../../core/table.ts'
import type { Warning } from '../../core/warning.ts'
import type { Reading, Selection } from '../contents.ts'
import { toColumn } from '../delimited/values.ts'
import { FIRST_ROUNDED, roundedInteger } from '../vector-issues.ts'
import { cellVector } from '../vector-text.ts'
import { base64Floats, base64Vector, checkBase64 } from './base64.ts'
import type { JsonRecords, OnCell } from './rows.ts'
import type { JsonScanner } from './scanner.ts'
import type { JsonSurvey } from './survey.ts'

/** Puts an entry where it belongs. */
type Put = (row: number, scanner: JsonScanner) => void

export function readJson(
  records: JsonRecords,
  survey: JsonSurvey,
  { matrices, columns }: Selection,
  source: string,
): Reading {
  const { fields, forms, rows } = survey
  const puts = new Map<string, Put>()
  const nameOf = (field: number) => fields[field]!.name
  const vectors = matrices.map((places): Vectors => {
    const [first] = places
    const isList = places.length === 1 && fields[first!]!.kind === 'vector'
    const dimensions = isList ? (fields[first!]!.shape[1] ?? 0) : places.length
    checkFilled(survey, places, dimensions, source)
    const values = new Float64Array(rows * dimensions).fill(Number.NaN)
    for (const [d, place] of places.entries()) {
      puts.set(
        nameOf(place),
        !isList
          ? (row, scanner) => {
              values[row * dimensions + d] = vectorEntry(scanner)
            }
          : forms[place] === 'base64'
            ? (row, scanner) => putBase64(values, row, dimensions, scanner)
            : forms[place] === 'text'
              ? (row, scanner) => putText(values, row, dimensions, scanner, source)
              : (row, scanner) => putList(values, row, dimensions, scanner),
      )
    }
    return { values, rows, dimensions }
  })
  const texts = columns.map(({ field }) => {
    const entries = new Array<string>(rows).fill('')
    puts.set(nameOf(field), (row, scanner) => {
      entries[row] = columnEntry(scanner)
    })
    return entries
  })
  const onCell: OnCell = (row, name, scanner) => {
    const put = puts.get(name)
    if (put === undefined) scanner.skip()
    else put(row, scanner)
  }
  records.walk(onCell)
  for (const [at, [place]] of matrices.entries()) {
    if (forms[place!] === 'base64') {
      checkBase64(
        vectors[at]!.values as Float64Array,
        vectors[at]!.dimensions,
        `${source}, column ${shortName(nameOf(place!))}`,
      )
    }
  }
  return {
    rows,
    matrices: vectors,
    columns: columns.map(({ field, asText }, at) => toColumn(nameOf(field), texts[at]!, asText)),
    warnings: matrices.flatMap(([place]) => base64Warning(survey, place!, source)),
  }
}

/** Rows without an entry are filled with NaN: they must not take more memory than the file could. */
function checkFilled(
  { filled, rows, fields }: JsonSurvey,
  places: readonly number[],
  dimensions: number,
  source: string,
): void {
  const entries = places.reduce((sum, place) => sum + filled[place]!, 0)
  const missing = places.length * rows - entries
  const cells = missing * (dimensions / places.length)
  if (cells <= MOST_ENTRIES || missing <= entries) return
  throw new InputError({
    code: 'vectors-missing',
    message: `${missing} of ${places.length * rows} entries are missing in ${places.length === 1 ? 'the column' : 'the columns'} of the vectors.`,
    where: `${source}, column ${shortName(fields[places[0]!]!.name)}`,
    hint: 'Leave out the rows without a vector.',
  })
}

function putList(
  values: Float64Array,
  row: number,
  dimensions: number,
  scanner: JsonScanner,
): void {
  if (scanner.kind() !== 'list') scanner.skip()
  else
    scanner.list((d) => {
      values[row * dimensions + d] = vectorEntry(scanner)
    })
}

function putBase64(
  values: Float64Array,
  row: number,
  dimensions: number,
  scanner: JsonScanner,
): void {
  // Only null is no text here.
  const text = scanner.kind() === 'text' ? scanner.text() : scanner.word()
  if (base64Floats(text) === dimensions) values.set(base64Vector(text), row * dimensions)
}

function putText(
  values: Float64Array,
  row: number,
  dimensions: number,
  scanner: JsonScanner,
  source: string,
): void {
  const where = `${source}, row ${row} (counted from 0)`
  const text = scanner.kind() === 'text' ? scanner.text() : scanner.word()
  if (text === '' || text === 'null') return
  values.set(cellVector(text, dimensions, where), row * dimensions)
}

function vectorEntry(scanner: JsonScanner): number {
  const word = scanner.word()
  if (word === 'null') return Number.NaN
  const value = Number(word)
  if (Math.abs(value) >= FIRST_ROUNDED && /^-?\d+$/.test(word)) {
    throw roundedInteger(shortName(word), scanner.where())
  }
  return value
}

/** As written; flags as Python writes them, and nothing where there is no value. */
function columnEntry(scanner: JsonScanner): string {
  if (scanner.kind() === 'text') return scanner.text()
  const word = scanner.word()
  if (word === 'null' || word === 'NaN') return ''
  return word === 'true' ? 'True' : word === 'false' ? 'False' : word
}

function base64Warning(
  { fields, forms }: JsonSurvey,
  place: number,
  source: string,
): readonly Warning[] {
  if (forms[place] !== 'base64') return []
  const { name, shape } = fields[place]!
  return [
    {
      code: 'vectors-base64',
      message: `The vectors of ${source} are texts: column ${shortName(name)} is read as base64 of ${shape[1]} float32, little-endian, as OpenAI’s API writes them with encoding_format=base64`,
    },
  ]
}
