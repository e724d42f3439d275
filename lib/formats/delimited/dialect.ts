/** How a text file separates its columns and writes its numbers, found out from its first lines. */

import { readVectorText } from '../vector-text.ts'
import { blankColumns } from './blank-lines.ts'
import { decimalOf, isMarkedNumber, type NumberMarks, numberMarksOf } from './number-marks.ts'
import { type Preamble, preambleOf } from './preamble.ts'
import { quoteOf } from './quotes.ts'
import {
  DELIMITERS,
  type Delimiter,
  type Quote,
  type Sampler,
  sampleOf,
  samplerOf,
} from './syntax.ts'

/** Bytes that are looked at for a single quote. */
const LOOK = 1_000_000
const SINGLE_QUOTE = 0x27
const WHOLE = /^[+-]?\d+$/

export interface Dialect {
  readonly delimiter: Delimiter
  readonly quote: Quote
  readonly marks: NumberMarks
  readonly hasHeader: boolean
  /** Whether the line of column names begins with `#`. */
  readonly isHeaderComment: boolean
  /** Whether `\N` is an empty entry, as PostgreSQL and MySQL write it. */
  readonly hasNullMark: boolean
  /** Bytes and lines before the table, and those of the lines that begin with `#`. */
  readonly start: number
  readonly skippedLines: number
  readonly comments: number
  /** The table's first lines, the header too. */
  readonly sample: readonly (readonly string[])[]
  /** Whether one of them can't be taken apart. */
  readonly isBroken: boolean
}

/** @param usual the delimiter that the file's name says */
export function dialectOf(text: Uint8Array, usual: ',' | '\t'): Dialect {
  const preamble = preambleOf(text)
  const table = text.subarray(preamble.start)
  const sampler = samplerOf(table)
  const { delimiter, quote } = syntaxOf(table, usual, preamble, sampler)
  const body = sampler(delimiter, quote)
  const header = headerComment(preamble, body.lines, { delimiter, quote })
  const { start, lines: skippedLines, comments } = header ?? preamble
  const { lines, isBroken } =
    header === null ? body : sampleOf(text.subarray(start), delimiter, quote)
  const hasHeader = header !== null || !isData(lines)
  return {
    delimiter,
    quote,
    marks: numberMarksOf(text.subarray(start), hasHeader ? lines.slice(1) : lines, {
      delimiter,
      quote,
    }),
    hasHeader,
    isHeaderComment: header !== null,
    hasNullMark: delimiter === '\t' && /[\t\n]\\N|^\\N/.test(nullMarks(table)),
    start,
    skippedLines,
    comments,
    sample: lines,
    isBroken,
  }
}

/** What stands around the first `\N`, so that a text without any isn't looked through twice. */
function nullMarks(text: Uint8Array): string {
  const buffer = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
  let at = buffer.indexOf('\\N')
  let seen = ''
  for (let count = 0; at >= 0 && count < 100; count += 1) {
    seen += buffer.toString('latin1', Math.max(0, at - 1), at + 2)
    at = buffer.indexOf('\\N', at + 2)
  }
  return seen
}

function syntaxOf(
  table: Uint8Array,
  usual: ',' | '\t',
  { delimiter: said }: Preamble,
  sampler: Sampler,
): { readonly delimiter: Delimiter; readonly quote: Quote } {
  const delimiter = said ?? delimiterOf(table, usual, '"', sampler)
  const quote = quoteOf(table, delimiter, sampler)
  // Entries in single quotes may hold the delimiter that was found without them.
  if (said === null && quote === '"' && table.subarray(0, LOOK).includes(SINGLE_QUOTE)) {
    const other = delimiterOf(table, usual, "'", sampler)
    if (other !== delimiter && quoteOf(table, other, sampler) === "'")
      return { delimiter: other, quote: "'" }
  }
  return { delimiter, quote }
}

/** The delimiter that cuts all first lines into as many entries, the usual one first. */
function delimiterOf(
  text: Uint8Array,
  usual: ',' | '\t',
  quote: Quote,
  sampler: Sampler,
): Delimiter {
  // A mark that isn't there cuts nothing.
  const others = DELIMITERS.filter((mark) => mark !== usual && text.includes(mark.charCodeAt(0)))
  const order = [usual, ...others]
  const samples = new Map(order.map((mark) => [mark, sampler(mark, quote)]))
  const widthOf = (mark: Delimiter) => samples.get(mark)!.lines[0]?.length ?? 0
  const even = order.filter((mark) => samples.get(mark)!.isEven && widthOf(mark) > 1)
  const [first] = even
  // Of uneven lines the header tells.
  if (first === undefined) return order.find((mark) => widthOf(mark) > 1) ?? usual
  // Decimal commas are as even as semicolons where no line names the columns.
  const isCommaInNumbers =
    first === ',' && even.includes(';') && decimalOf(samples.get(';')!.lines, ';') === ','
  return isCommaInNumbers ? ';' : first
}

/**
 * The last comment as the line of column names, which NumPy's savetxt writes so: `#id,label` always, and
 * `# dim_0,dim_1` where the line behind it is no such line itself.
 */
function headerComment(
  { lastComment, lines, comments, delimiter: said }: Preamble,
  body: readonly (readonly string[])[],
  syntax: { readonly delimiter: Delimiter; readonly quote: Quote },
): { readonly start: number; readonly lines: number; readonly comments: number } | null {
  const width = body[0]?.length ?? 0
  if (lastComment === null || said !== null || width < 2) return null
  const names = sampleOf(Buffer.from(lastComment.text.slice(1)), syntax.delimiter, syntax.quote)
  if (names.lines[0]?.length !== width) return null
  if (/^#\s/.test(lastComment.text) && !isData(body)) return null
  return { start: lastComment.start + 1, lines: lines - 1, comments: comments - 1 }
}

/** Whether the first line is a row like those after it: it holds a fraction or a vector, which no name is. */
function isData(lines: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = lines
  if (first === undefined || rest.length === 0) return false
  const filled = first.length - blankColumns(first, rest)
  const entries = first.slice(0, filled).map((entry) => entry.trim())
  if (entries.some(isVector)) return true
  if (entries.some(isFraction)) return !areNumberedNames(entries)
  // Whole numbers that count up name the dimensions.
  const numbers = entries.map(Number)
  const isRising = numbers.every((number, at) => at === 0 || number > numbers[at - 1]!)
  return entries.length > 2 && entries.every((entry) => WHOLE.test(entry)) && !isRising
}

/** Names of columns that a program numbered: `0.0`, `1.0`, and `0.1` for a second column that was `0`. */
function areNumberedNames(entries: readonly string[]): boolean {
  const whole = new Set(entries.filter((entry) => /^\d+$/.test(entry)))
  return (
    new Set(entries).size === entries.length &&
    entries.every((entry) => {
      if (!isFraction(entry) || /^\d+\.0$/.test(entry)) return true
      const before = /^(\d+)\.\d$/.exec(entry)?.[1]
      return before !== undefined && whole.size > 1 && whole.has(before)
    })
  )
}

/** No name is one, but those that a program numbered. */
function isFraction(entry: string): boolean {
  return isMarkedNumber(entry) || /^[+-]?\d+e[+-]?\d+$/i.test(entry)
}

function isVector(entry: string): boolean {
  return /^[[({]/.test(entry) && 'values' in readVectorText(entry)
}
