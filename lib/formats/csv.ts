/** CSV with a header row, in UTF-8: vectors, labels or metadata. */

import { isUtf8 } from 'node:buffer'
import { CsvError, parse } from 'csv-parse/sync'
import { InputError } from '../core/errors.ts'
import {
  LONGEST_COLUMN_NAME,
  LONGEST_ENTRY,
  LONGEST_LINE,
  MOST_COLUMNS,
  MOST_DIMENSIONS,
  MOST_ENTRIES,
  neededLength,
  shortName,
  textTooLong,
} from '../core/limits.ts'
import { isNamed, type Table, type Vectors } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { toColumn, vectorNumber } from './csv-values.ts'
import { findVectorColumns } from './csv-vectors.ts'
import type { Reader, ReadOptions } from './format.ts'

export const readCsv: Reader = async ({ name: source, bytes }, options) => {
  if (!isUtf8(bytes)) {
    throw new InputError({
      code: 'csv-encoding',
      message: `The file's ${bytes.length} bytes are not UTF-8 text.`,
      where: source,
      hint: 'Save it as "CSV UTF-8", or with pandas: frame.to_csv("metadata.csv", index=False).',
    })
  }
  const reader = new Rows(source, options)
  try {
    parse(bytes, {
      bom: true,
      relax_column_count: true,
      max_record_size: LONGEST_LINE,
      skip_empty_lines: true,
      // Rows are turned into numbers at once: keeping them as text takes ten times the memory.
      on_record: (record: readonly string[], { lines }) => reader.add(record, lines),
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
  return reader.table()
}

/** Rows as they come, the header first. */
class Rows {
  readonly #source: string
  readonly #options: ReadOptions
  #header: readonly string[] | null = null
  /** Places in a row that make its vector, in the order of the dimensions. */
  #vectorPlaces: readonly number[] = []
  #otherPlaces: readonly number[] = []
  #values = new Float64Array(0)
  /** Of each other column; null once an entry was too long. */
  #texts: (string[] | null)[] = []
  /** Most characters of an entry, for columns without which nothing is evaluated. */
  #needed: readonly (number | null)[] = []
  #rows = 0
  #warnings: readonly Warning[] = []

  constructor(source: string, options: ReadOptions) {
    this.#source = source
    this.#options = options
  }

  add(record: readonly string[], line: number): null {
    if (this.#header === null) this.#addHeader(record)
    else this.#addRow(this.#header, record, line)
    return null
  }

  table(): Table {
    if (this.#header === null) {
      throw new InputError({
        code: 'csv-empty',
        message: 'The file holds 0 lines of text.',
        where: this.#source,
        hint: 'The first line names the columns, for example id,label.',
      })
    }
    const dimensions = this.#vectorPlaces.length
    const vectors: Vectors | null =
      this.#options.part === 'vectors'
        ? {
            values: this.#values.subarray(0, this.#rows * dimensions),
            rows: this.#rows,
            dimensions,
          }
        : null
    const columns = this.#otherPlaces.flatMap((place, index) => {
      const texts = this.#texts[index]
      return texts ? [toColumn(this.#header![place]!, texts, this.#options)] : []
    })
    return {
      source: this.#source,
      vectors,
      columns,
      rows: this.#rows,
      warnings: this.#warnings,
    }
  }

  #addHeader(record: readonly string[]): void {
    const header = record.map((name) => name.trim())
    const tooLong = header.find((name) => name.length > LONGEST_COLUMN_NAME)
    if (tooLong !== undefined) {
      throw new InputError({
        code: 'csv-header',
        message: `The name of column ${header.indexOf(tooLong) + 1} has ${tooLong.length} characters, ${JSON.stringify(shortName(tooLong))}; at most ${LONGEST_COLUMN_NAME} are read.`,
        where: `${this.#source}, line 1`,
        hint: 'The first line names the columns, separated by commas, for example id,label.',
      })
    }
    const seen = new Set<string>()
    const twice = header.find((name) => name !== '' && seen.size === seen.add(name).size)
    if (twice !== undefined) {
      throw new InputError({
        code: 'csv-header',
        message: `Columns ${header.indexOf(twice) + 1} and ${header.lastIndexOf(twice) + 1} have one name, ${JSON.stringify(twice)}.`,
        where: `${this.#source}, line 1`,
        hint: 'Give each column a name of its own.',
      })
    }
    if (header.length === 1 && /[;\t]/.test(header[0]!)) {
      throw new InputError({
        code: 'csv-delimiter',
        message: `The header is one column, ${JSON.stringify(shortName(header[0]!))}; columns are separated by commas.`,
        where: `${this.#source}, line 1`,
        hint: 'Save the file with commas between the columns.',
      })
    }
    const nameless = header.flatMap((name, place) => (name === '' ? [place + 1] : []))
    if (nameless.length > 0) {
      this.#warnings = [
        {
          code: 'column-ignored',
          message: `Columns without a name are left out of ${this.#source}: ${nameless.slice(0, 5).join(', ')} (counted from 1)`,
        },
      ]
    }
    this.#header = header
    if (this.#options.part === 'vectors') {
      const { places, warnings } = findVectorColumns(
        header,
        this.#options.columns.embeddings,
        this.#source,
      )
      this.#vectorPlaces = places
      this.#warnings = [...this.#warnings, ...warnings]
    }
    const taken = new Set(this.#vectorPlaces)
    this.#otherPlaces = [...header.keys()].filter(
      (place) => !taken.has(place) && header[place] !== '',
    )
    checkCount('columns besides the vector', this.#otherPlaces.length, MOST_COLUMNS, this.#source)
    checkCount('dimensions', this.#vectorPlaces.length, MOST_DIMENSIONS, this.#source)
    this.#texts = this.#otherPlaces.map(() => [])
    this.#needed = this.#otherPlaces.map((place) =>
      neededLength(header[place]!, this.#options.columns),
    )
  }

  #addRow(header: readonly string[], record: readonly string[], line: number): void {
    if (record.length !== header.length) {
      throw new InputError({
        code: 'csv-ragged',
        message: `The line has ${record.length} ${record.length === 1 ? 'entry' : 'entries'}, and the header has ${header.length}.`,
        where: `${this.#source}, line ${line}`,
        hint: 'Give each line one entry for each column, and put entries that hold commas in double quotes.',
      })
    }
    const dimensions = this.#vectorPlaces.length
    const start = this.#rows * dimensions
    if (start + dimensions > this.#values.length) {
      const grown = new Float64Array(Math.max(dimensions * 16, this.#values.length * 2))
      grown.set(this.#values)
      this.#values = grown
    }
    for (let d = 0; d < dimensions; d += 1) {
      const place = this.#vectorPlaces[d]!
      this.#values[start + d] = vectorNumber(record[place]!, () => {
        return `${this.#source}, line ${line}, column ${header[place]}`
      })
    }
    for (let index = 0; index < this.#otherPlaces.length; index += 1) {
      const place = this.#otherPlaces[index]!
      const text = record[place]!
      if (text.length <= (this.#needed[index] ?? LONGEST_ENTRY)) this.#texts[index]?.push(text)
      else this.#refuse(index, header[place]!, text.length, line)
    }
    this.#rows += 1
    if (this.#rows * this.#otherPlaces.length > MOST_ENTRIES) {
      checkCount(
        `entries of ${this.#otherPlaces.length} columns in the first ${this.#rows} rows`,
        this.#rows * this.#otherPlaces.length,
        MOST_ENTRIES,
        this.#source,
      )
    }
  }

  #refuse(index: number, name: string, length: number, line: number): void {
    const limit = this.#needed[index]
    const isLabel = isNamed(name, this.#options.columns.label)
    const where = `${this.#source}, line ${line}, column ${name}`
    if (typeof limit === 'number') throw textTooLong(name, length, limit, where, isLabel)
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

function checkCount(what: string, count: number, limit: number, source: string): void {
  if (count <= limit) return
  throw new InputError({
    code: 'csv-too-many',
    message: `The file has ${count} ${what}; at most ${limit} are read.`,
    where: source,
    hint: 'Leave out the columns that the report doesn’t need, or evaluate a sample of the rows.',
  })
}
