/** The rows of a text file as they come, turned into numbers at once: keeping them as text takes ten times the memory. */

import { InputError } from '../../core/errors.ts'
import { LONGEST_ENTRY, MOST_ENTRIES, textTooLong } from '../../core/limits.ts'
import { isNamed } from '../../core/table.ts'
import type { Warning } from '../../core/warning.ts'
import { countOf } from '../../core/words.ts'
import type { Field, FieldColumn, OpenOptions, Reading, Selection } from '../contents.ts'
import { cellVector } from '../vector-text.ts'
import { BlankLines, blankTold, isBlank } from './blank-lines.ts'
import type { Dialect } from './dialect.ts'
import { type NumberMarks, withoutThousands } from './number-marks.ts'
import { toColumn, vectorNumber } from './values.ts'

/** How PostgreSQL and MySQL write that there is no entry. */
export const NULL_MARK = '\\N'

interface Matrix {
  /** In a line, in the order of the dimensions. */
  readonly places: readonly number[]
  /** Dimensions of vectors that stand in one cell; null where each number has its own. */
  readonly cell: number | null
  values: Float64Array
}

/** Rows as they come, the header first. */
export class Rows {
  readonly #source: string
  readonly #options: OpenOptions
  readonly #header: readonly string[]
  /** Of each matrix, the places in a line that make its rows, in the order of the dimensions. */
  readonly #matrices: readonly Matrix[]
  readonly #dialect: Dialect
  readonly #columns: readonly { readonly place: number; readonly column: FieldColumn }[]
  /** Of each column; null once an entry was too long. */
  readonly #texts: (string[] | null)[]
  readonly #blankColumns: number
  #isHeader: boolean
  #rows = 0
  #warnings: readonly Warning[] = []
  /** Lines of delimiters alone, behind which nothing came yet. */
  readonly #blank = new BlankLines()
  /** Lines with empty entries that the header has no column for. */
  #filledUp = 0
  /** The first entry with marks between its thousands. */
  #thousands: string | null = null
  readonly #onThousands = (entry: string) => {
    this.#thousands ??= entry
  }

  /**
   * @param places of each field, in the lines
   * @param blankColumns behind those of the header
   */
  constructor(
    source: string,
    header: readonly string[],
    places: readonly number[],
    named: readonly Field[],
    { matrices, columns }: Selection,
    options: OpenOptions,
    dialect: Dialect,
    blankColumns: number,
  ) {
    this.#blankColumns = blankColumns
    this.#source = source
    this.#options = options
    this.#dialect = dialect
    this.#isHeader = dialect.hasHeader
    this.#header = header
    this.#matrices = matrices.map((fields) => ({
      places: fields.map((field) => places[field]!),
      cell: fields.length === 1 ? (named[fields[0]!]!.shape[1] ?? null) : null,
      values: new Float64Array(0),
    }))
    this.#columns = columns.map((column) => ({ place: places[column.field]!, column }))
    this.#texts = columns.map(() => [])
  }

  reading(): Reading {
    return {
      rows: this.#rows,
      matrices: this.#matrices.map(({ places, cell, values }) => {
        const dimensions = cell ?? places.length
        const used = values.subarray(0, this.#rows * dimensions)
        return { values: used, rows: this.#rows, dimensions }
      }),
      columns: this.#columns.map(({ place, column }, index) => {
        const texts = this.#texts[index]
        if (!texts) return null
        const { marks } = this.#dialect
        return toColumn(this.#header[place]!, texts, column.asText, marks, this.#onThousands)
      }),
      warnings: [
        ...this.#warnings,
        ...thousandsTold(this.#source, this.#thousands, this.#dialect.marks),
        ...blankTold(this.#source, this.#blank.count, this.#filledUp),
      ],
    }
  }

  add(record: readonly string[], line: number): void {
    if (this.#isHeader) {
      this.#isHeader = false
      return
    }
    if (record.length > 1 && record.every(isBlank)) {
      this.#blank.push(record.length, line)
      return
    }
    // What follows them shows that they are no end.
    if (this.#blank.count > 0) {
      for (const before of this.#blank.take()) this.#add(before.record, before.line)
    }
    this.#add(record, line)
  }

  #add(record: readonly string[], line: number): void {
    const { length } = this.#header
    if (record.length !== length) {
      if (!this.#isFilledUp(record)) {
        throw new InputError({
          code: 'csv-ragged',
          message: `The line has ${countOf(record.length, 'entry', 'entries')}, and the header has ${length}.`,
          where: `${this.#source}, line ${line}`,
          hint: 'Give each line one entry for each column, and put entries that hold commas in double quotes.',
        })
      }
      if (record.length !== length + this.#blankColumns) this.#filledUp += 1
    }
    for (const matrix of this.#matrices) this.#addVector(matrix, record, line)
    for (let index = 0; index < this.#columns.length; index += 1) {
      const { place, column } = this.#columns[index]!
      const text = this.#entry(record, place)
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

  /** Whether it has all columns with a name, and differs from the header in empty entries behind them alone. */
  #isFilledUp(record: readonly string[]): boolean {
    const { length } = this.#header
    // Notes of a spreadsheet beside its table have no name either, and are left out.
    if (this.#dialect.hasHeader && record.length === length + this.#blankColumns) return true
    const named = this.#header.findLastIndex((name) => name !== '') + 1
    return record.length >= named && record.slice(named).every(isBlank)
  }

  #entry(record: readonly string[], place: number): string {
    const entry = record[place]!
    return this.#dialect.hasNullMark && entry === NULL_MARK ? '' : entry
  }

  #addVector(matrix: Matrix, record: readonly string[], line: number): void {
    const { places, cell } = matrix
    const dimensions = cell ?? places.length
    const start = this.#rows * dimensions
    if (start + dimensions > matrix.values.length) {
      const grown = new Float64Array(Math.max(dimensions * 16, matrix.values.length * 2))
      grown.set(matrix.values)
      matrix.values = grown
    }
    const whereOf = (place: number) =>
      `${this.#source}, line ${line}, column ${this.#header[place]}`
    if (cell !== null) {
      const place = places[0]!
      const entry = this.#entry(record, place)
      // An empty entry is NaN, so that its row is set aside rather than the file refused.
      if (entry.trim() === '') matrix.values.fill(Number.NaN, start, start + dimensions)
      else matrix.values.set(cellVector(entry, dimensions, whereOf(place)), start)
      return
    }
    const { marks } = this.#dialect
    for (let d = 0; d < dimensions; d += 1) {
      const place = places[d]!
      matrix.values[start + d] = vectorNumber(
        this.#entry(record, place),
        marks,
        this.#onThousands,
        () => whereOf(place),
      )
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

function thousandsTold(
  source: string,
  entry: string | null,
  marks: NumberMarks,
): readonly Warning[] {
  if (entry === null) return []
  return [
    {
      code: 'dialect-chosen',
      message: `${source} is read with marks between thousands: ${entry} is ${withoutThousands(entry, marks)}`,
    },
  ]
}
