/** CSV with a header row, in UTF-8: vectors, labels or metadata. */

import { isUtf8 } from 'node:buffer'
import { CsvError, parse } from 'csv-parse/sync'
import { InputError } from '../core/errors.ts'
import {
  LONGEST_COLUMN_NAME,
  LONGEST_ENTRY,
  LONGEST_LINE,
  MOST_ENTRIES,
  shortName,
  textTooLong,
} from '../core/limits.ts'
import { isNamed } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import type { Field, FieldColumn, Opener, OpenOptions, Reading, Selection } from './contents.ts'
import { toColumn, vectorNumber } from './csv-values.ts'

/** Lines that are looked at to tell what a column holds. */
const SAMPLE_LINES = 200
const SHOWN = 3

export const openCsv: Opener = async (file, options) => {
  const source = file.name
  const bytes = await file.bytes()
  if (!isUtf8(bytes)) {
    throw new InputError({
      code: 'csv-encoding',
      message: `The file's ${bytes.length} bytes are not UTF-8 text.`,
      where: source,
      hint: 'Save it as "CSV UTF-8", or with pandas: frame.to_csv("metadata.csv", index=False).',
    })
  }
  const sample: (readonly string[])[] = []
  parseLines(bytes, source, (record) => sample.push(record), SAMPLE_LINES)
  const [first, ...rows] = sample
  if (first === undefined) {
    throw new InputError({
      code: 'csv-empty',
      message: 'The file holds 0 lines of text.',
      where: source,
      hint: 'The first line names the columns, for example id,label.',
    })
  }
  const { header, warnings } = checkHeader(first, source)
  const places = [...header.keys()].filter((place) => header[place] !== '')
  return {
    source,
    where: `${source}, line 1`,
    fields: places.map((place) =>
      fieldOf(
        header[place]!,
        rows.map((row) => row[place] ?? ''),
      ),
    ),
    warnings,
    read: async (selection) => {
      const pass = new Rows(source, header, places, selection, options)
      parseLines(bytes, source, (record, line) => pass.add(record, line), null)
      return pass.reading()
    },
  }
}

function fieldOf(name: string, entries: readonly string[]): Field {
  const filled = entries.filter((entry) => entry !== '')
  const isNumber = filled.length > 0 && filled.every((entry) => !Number.isNaN(Number(entry)))
  return {
    name,
    kind: isNumber ? 'number' : 'text',
    type: isNumber ? 'numbers' : 'text',
    shape: [null],
    examples: filled.slice(0, SHOWN).map((entry) => shortName(entry)),
    isInteger: false,
    problem: null,
    longestText: null,
    byteLength: null,
  }
}

/** Calls back with each record and the number of its last line; with the first `most` of them only, where that is given. */
function parseLines(
  bytes: Uint8Array,
  source: string,
  onRecord: (record: readonly string[], line: number) => void,
  most: number | null,
): void {
  try {
    parse(bytes, {
      bom: true,
      relax_column_count: true,
      max_record_size: LONGEST_LINE,
      skip_empty_lines: true,
      ...(most === null ? {} : { to: most }),
      // Rows are turned into numbers at once: keeping them as text takes ten times the memory.
      on_record: (record: readonly string[], { lines }) => {
        onRecord(record, lines)
        return null
      },
    })
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    if (cause.code === 'CSV_MAX_RECORD_SIZE') {
      throw new InputError({
        code: 'csv-line-too-long',
        message: `A line has more than ${LONGEST_LINE} characters, which is the most that are read.`,
        where: `${source}, line ${Number(cause.lines) || 1}`,
        hint: 'Look for a quote that is opened and not closed, or for an entry that holds a whole file.',
      })
    }
    throw new InputError({
      code: 'csv-syntax',
      message: `The file is not CSV that can be read: ${cause.message.replace(/\.$/, '')}.`,
      where: `${source}, line ${Number(cause.lines) || 1}`,
      hint: 'Put entries that hold commas, quotes or line breaks in double quotes, and double the quotes inside.',
    })
  }
}

/** The names in the first line. */
function checkHeader(
  record: readonly string[],
  source: string,
): { readonly header: readonly string[]; readonly warnings: readonly Warning[] } {
  const header = record.map((name) => name.trim())
  const tooLong = header.find((name) => name.length > LONGEST_COLUMN_NAME)
  if (tooLong !== undefined) {
    throw new InputError({
      code: 'csv-header',
      message: `The name of column ${header.indexOf(tooLong) + 1} has ${tooLong.length} characters, ${JSON.stringify(shortName(tooLong))}; at most ${LONGEST_COLUMN_NAME} are read.`,
      where: `${source}, line 1`,
      hint: 'The first line names the columns, separated by commas, for example id,label.',
    })
  }
  const seen = new Set<string>()
  const twice = header.find((name) => name !== '' && seen.size === seen.add(name).size)
  if (twice !== undefined) {
    throw new InputError({
      code: 'csv-header',
      message: `Columns ${header.indexOf(twice) + 1} and ${header.lastIndexOf(twice) + 1} have one name, ${JSON.stringify(twice)}.`,
      where: `${source}, line 1`,
      hint: 'Give each column a name of its own.',
    })
  }
  if (header.length === 1 && /[;\t]/.test(header[0]!)) {
    throw new InputError({
      code: 'csv-delimiter',
      message: `The header is one column, ${JSON.stringify(shortName(header[0]!))}; columns are separated by commas.`,
      where: `${source}, line 1`,
      hint: 'Save the file with commas between the columns.',
    })
  }
  const nameless = header.flatMap((name, place) => (name === '' ? [place + 1] : []))
  return {
    header,
    warnings:
      nameless.length === 0
        ? []
        : [
            {
              code: 'column-ignored',
              message: `Columns without a name are left out of ${source}: ${nameless.slice(0, 5).join(', ')} (counted from 1)`,
            },
          ],
  }
}

/** Rows as they come, the header first. */
class Rows {
  readonly #source: string
  readonly #options: OpenOptions
  readonly #header: readonly string[]
  /** Of each matrix, the places in a line that make its rows, in the order of the dimensions. */
  readonly #matrices: { readonly places: readonly number[]; values: Float64Array }[]
  readonly #columns: readonly { readonly place: number; readonly column: FieldColumn }[]
  /** Of each column; null once an entry was too long. */
  readonly #texts: (string[] | null)[]
  #isHeader = true
  #rows = 0
  #warnings: readonly Warning[] = []

  /** @param places of each field, in the lines */
  constructor(
    source: string,
    header: readonly string[],
    places: readonly number[],
    { matrices, columns }: Selection,
    options: OpenOptions,
  ) {
    this.#source = source
    this.#options = options
    this.#header = header
    this.#matrices = matrices.map((fields) => ({
      places: fields.map((field) => places[field]!),
      values: new Float64Array(0),
    }))
    this.#columns = columns.map((column) => ({ place: places[column.field]!, column }))
    this.#texts = columns.map(() => [])
  }

  reading(): Reading {
    return {
      rows: this.#rows,
      matrices: this.#matrices.map(({ places, values }) => ({
        values: values.subarray(0, this.#rows * places.length),
        rows: this.#rows,
        dimensions: places.length,
      })),
      columns: this.#columns.map(({ place, column }, index) => {
        const texts = this.#texts[index]
        return texts ? toColumn(this.#header[place]!, texts, column.asText) : null
      }),
      warnings: this.#warnings,
    }
  }

  add(record: readonly string[], line: number): void {
    if (this.#isHeader) {
      this.#isHeader = false
      return
    }
    const header = this.#header
    if (record.length !== header.length) {
      throw new InputError({
        code: 'csv-ragged',
        message: `The line has ${record.length} ${record.length === 1 ? 'entry' : 'entries'}, and the header has ${header.length}.`,
        where: `${this.#source}, line ${line}`,
        hint: 'Give each line one entry for each column, and put entries that hold commas in double quotes.',
      })
    }
    for (const matrix of this.#matrices) this.#addVector(matrix, record, line)
    for (let index = 0; index < this.#columns.length; index += 1) {
      const { place, column } = this.#columns[index]!
      const text = record[place]!
      if (text.length <= (column.longest ?? LONGEST_ENTRY)) this.#texts[index]?.push(text)
      else this.#refuse(index, text.length, line)
    }
    this.#rows += 1
    if (this.#rows * this.#columns.length > MOST_ENTRIES) {
      throw new InputError({
        code: 'csv-too-many',
        message: `The file has ${this.#rows * this.#columns.length} entries of ${this.#columns.length} columns in the first ${this.#rows} rows; at most ${MOST_ENTRIES} are read.`,
        where: this.#source,
        hint: 'Leave out the columns that the report doesn’t need, or evaluate a sample of the rows.',
      })
    }
  }

  #addVector(
    matrix: { readonly places: readonly number[]; values: Float64Array },
    record: readonly string[],
    line: number,
  ): void {
    const dimensions = matrix.places.length
    const start = this.#rows * dimensions
    if (start + dimensions > matrix.values.length) {
      const grown = new Float64Array(Math.max(dimensions * 16, matrix.values.length * 2))
      grown.set(matrix.values)
      matrix.values = grown
    }
    for (let d = 0; d < dimensions; d += 1) {
      const place = matrix.places[d]!
      matrix.values[start + d] = vectorNumber(record[place]!, () => {
        return `${this.#source}, line ${line}, column ${this.#header[place]}`
      })
    }
  }

  #refuse(index: number, length: number, line: number): void {
    const { place, column } = this.#columns[index]!
    const name = this.#header[place]!
    const isLabel = isNamed(name, this.#options.columns.label)
    const where = `${this.#source}, line ${line}, column ${name}`
    if (column.longest !== null) throw textTooLong(name, length, column.longest, where, isLabel)
    if (this.#texts[index] === null) return
    this.#texts[index] = null
    this.#warnings = [
      ...this.#warnings,
      {
        code: 'column-ignored',
        message: `The column ${name} of ${this.#source} is left out: its entry in line ${line} has ${length} characters, and ${LONGEST_ENTRY} are the most`,
      },
    ]
  }
}
