/** CSV with a header row, in UTF-8: vectors, labels or metadata. */

import { isUtf8 } from 'node:buffer'
import { CsvError, parse } from 'csv-parse/sync'
import type { Warning } from '../core/dataset.ts'
import { InputError } from '../core/errors.ts'
import type { Column, Table, Vectors } from '../core/table.ts'
import { findVectorColumns } from './csv-vectors.ts'
import { type Format, type ReadOptions, staysText } from './format.ts'

/** A decimal number as people write it; `007` is a code and stays text. */
const NUMBER = /^[+-]?(?:0|[1-9]\d*|(?=\.\d))(?:\.\d*)?(?:[eE][+-]?\d+)?$/

/** Its plus would be lost in a number. */
const TELEPHONE = /^\+\d{8,15}$/

export const csv: Format = {
  id: 'csv',
  extensions: ['.csv'],
  matches: () => false,
  async read({ name: source, bytes }, options): Promise<Table> {
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
        skip_empty_lines: true,
        // Rows are turned into numbers at once: keeping them as text takes ten times the memory.
        on_record: (record: readonly string[], { lines }) => reader.add(record, lines),
      })
    } catch (cause) {
      if (!(cause instanceof CsvError)) throw cause
      throw new InputError({
        code: 'csv-syntax',
        message: `The file is not CSV that can be read: ${cause.message.replace(/\.$/, '')}.`,
        where: `${source}, line ${Number(cause.lines) || 1}`,
        hint: 'Put entries that hold commas, quotes or line breaks in double quotes, and double the quotes inside.',
      })
    }
    return reader.table()
  },
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
  #texts: string[][] = []
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
    const columns = this.#otherPlaces.map((place, index) =>
      toColumn(this.#header![place]!, this.#texts[index]!, this.#options),
    )
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
        message: `The header is one column, ${JSON.stringify(header[0])}; columns are separated by commas.`,
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
    this.#texts = this.#otherPlaces.map(() => [])
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
      this.#texts[index]!.push(record[this.#otherPlaces[index]!]!)
    }
    this.#rows += 1
  }
}

/** An empty entry is NaN, so that its row is set aside rather than the file refused. */
function vectorNumber(entry: string, where: () => string): number {
  const text = entry.trim()
  if (text === '' || /^[+-]?nan$/i.test(text)) return Number.NaN
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  const value = Number(text)
  if (Number.isNaN(value) || /^[+-]?0[xob]/i.test(text)) {
    throw new InputError({
      code: 'csv-number',
      message: `${cut(entry)} is not a number, and the column is part of the vectors.`,
      where: where(),
      hint: 'Vector columns hold plain decimal numbers such as 0.25 or -1e-3; an empty entry sets its row aside.',
    })
  }
  if (Math.abs(value) >= 2 ** 53 && /^[+-]?\d+$/.test(text)) {
    throw new InputError({
      code: 'csv-number',
      message: `${cut(entry)} is a whole number of 2^53 or more, which float64 rounds, let alone float32, in which rows are evaluated.`,
      where: where(),
      hint: 'Take away what all rows have in common before saving, for example embeddings - embeddings[0], or scale them.',
    })
  }
  return value
}

function cut(entry: string): string {
  return JSON.stringify(entry.length > 60 ? `${entry.slice(0, 60)}…` : entry)
}

/** Numbers where every entry that isn't empty is one that a double holds as written. */
function toColumn(name: string, texts: readonly string[], options: ReadOptions): Column {
  const isNumber = (text: string) =>
    text === '' ||
    (NUMBER.test(text) && !TELEPHONE.test(text) && (!/^[+-]?\d+$/.test(text) || isSafe(text)))
  if (
    staysText(name, options.columns) ||
    texts.every((text) => text === '') ||
    !texts.every(isNumber)
  ) {
    return { name, type: 'text', values: texts }
  }
  const values = Float64Array.from(texts, (text) => (text === '' ? Number.NaN : Number(text)))
  return { name, type: 'number', values }
}

function isSafe(integer: string): boolean {
  return Number.isSafeInteger(Number(integer))
}
