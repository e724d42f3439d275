/** How a text file separates its columns and writes its numbers, found out from its first lines. */

import { parse } from 'csv-parse/sync'
import { LONGEST_LINE } from '../../core/limits.ts'
import { readVectorText } from '../vector-text.ts'

const DELIMITERS = [',', '\t', ';', '|'] as const
export type Delimiter = (typeof DELIMITERS)[number]

export const DELIMITER_WORDS: Readonly<Record<Delimiter, string>> = {
  ',': 'commas',
  '\t': 'tabs',
  ';': 'semicolons',
  '|': 'vertical bars',
}

/** Lines that are looked at. */
export const SAMPLE_LINES = 200
const FRACTION = /^[+-]?(?:\d+[.,]\d+|\d*\.?\d+e[+-]?\d+|\.\d+)$/i
const COMMA_NUMBER = /^[+-]?\d+(?:,\d+)?(?:e[+-]?\d+)?$/i
const WHOLE = /^\d+$/

export interface Dialect {
  readonly delimiter: Delimiter
  /** Whether `1,5` is one and a half. */
  readonly hasDecimalComma: boolean
  readonly hasHeader: boolean
  /** Where the first line is `sep=;`, it is no row. */
  readonly skipsFirst: boolean
}

/** @param usual the delimiter that the file's name says */
export function dialectOf(text: Uint8Array, usual: ',' | '\t'): Dialect {
  const start = Buffer.from(text.subarray(0, 100))
    .toString('utf8')
    .replace(/^\ufeff/, '')
  const said = /^"?sep=(.)"?\r?\n/i.exec(start)?.[1] as Delimiter | undefined
  const skipsFirst = said !== undefined && DELIMITERS.includes(said)
  const delimiter = skipsFirst ? said : delimiterOf(text, usual)
  const lines = sampleLines(text, delimiter).slice(skipsFirst ? 1 : 0)
  const hasHeader = !isData(lines)
  const rows = hasHeader ? lines.slice(1) : lines
  const hasDecimalComma = delimiter !== ',' && isDecimalComma(rows)
  return { delimiter, hasDecimalComma, hasHeader, skipsFirst }
}

/** The first lines; none where they can't be taken apart so. */
export function sampleLines(
  text: Uint8Array,
  delimiter: Delimiter,
): readonly (readonly string[])[] {
  const records: (readonly string[])[] = []
  try {
    parse(Buffer.from(text.buffer, text.byteOffset, text.byteLength), {
      bom: true,
      delimiter,
      max_record_size: LONGEST_LINE,
      relax_column_count: true,
      skip_empty_lines: true,
      to: SAMPLE_LINES,
      on_record: (record: readonly string[]) => {
        records.push(record)
        return null
      },
    })
  } catch {
    // What is wrong is told when all lines are read.
  }
  return records
}

/** The delimiter that cuts all first lines into as many entries, the usual one first. */
function delimiterOf(text: Uint8Array, usual: ',' | '\t'): Delimiter {
  const order = [usual, ...DELIMITERS.filter((delimiter) => delimiter !== usual)]
  const widths = new Map(
    order.map((delimiter) => {
      const lines = sampleLines(text, delimiter)
      const [first] = lines
      const isEven = first !== undefined && lines.every(({ length }) => length === first.length)
      return [delimiter, { lines, width: isEven ? first.length : 0 }]
    }),
  )
  const even = order.filter((delimiter) => widths.get(delimiter)!.width > 1)
  const [first] = even
  if (first === undefined) {
    // Of uneven lines the header tells.
    const inHeader = order.find((delimiter) => (widths.get(delimiter)!.lines[0]?.length ?? 0) > 1)
    return inHeader ?? usual
  }
  // Decimal commas are as even as semicolons where no line names the columns.
  const isCommaInNumbers =
    first === ',' && even.includes(';') && isDecimalComma(widths.get(';')!.lines)
  return isCommaInNumbers ? ';' : first
}

/** Whether the first line is a row like those after it: it holds a fraction or a vector, which no name is. */
function isData(lines: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = lines
  if (first === undefined || rest.length === 0) return false
  // `0.0`, `1.0` are names of columns that a program numbered.
  const isFraction = (entry: string) => FRACTION.test(entry) && !/^\d+\.0$/.test(entry)
  if (first.some((entry) => isFraction(entry.trim()) || isVector(entry))) return true
  // Whole numbers that count up name the dimensions.
  const isWhole = first.length > 2 && first.every((entry) => WHOLE.test(entry.trim()))
  return isWhole && new Set(first).size < first.length
}

function isVector(entry: string): boolean {
  return /^\s*[[({]/.test(entry) && 'values' in readVectorText(entry)
}

function isDecimalComma(rows: readonly (readonly string[])[]): boolean {
  const entries = rows.flat().filter((entry) => /^[+-]?\d+,\d+/.test(entry.trim()))
  return entries.length > 0 && entries.every((entry) => COMMA_NUMBER.test(entry.trim()))
}
