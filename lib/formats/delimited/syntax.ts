/** Lines of delimited text, taken apart: csv-parse does the syntax. */

import { parse } from 'csv-parse/sync'
import { LONGEST_LINE } from '../../core/limits.ts'

export const DELIMITERS = [',', '\t', ';', '|'] as const
export type Delimiter = (typeof DELIMITERS)[number]

/** What encloses entries; null where quotes are letters like any other. */
export type Quote = '"' | "'" | null

/** Lines that are looked at, and entries of them: of wide tables fewer lines tell as much. */
const SAMPLE_LINES = 200
const SAMPLE_ENTRIES = 50_000
const FEWEST_LINES = 3

/** Calls back with each record and the number of its last line. Throws `CsvError`, and what the callback throws. */
export function parseText(
  text: Uint8Array,
  { delimiter, quote }: { readonly delimiter: Delimiter; readonly quote: Quote },
  onRecord: (record: readonly string[], line: number) => void,
  most: number | null,
): void {
  parse(Buffer.from(text.buffer, text.byteOffset, text.byteLength), {
    delimiter,
    quote,
    escape: quote ?? '"',
    // Found by the first line alone, a `\r` would stay with the last entry of each line that ends otherwise.
    record_delimiter: ['\r\n', '\n', '\r'],
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
}

export interface Sample {
  readonly lines: readonly (readonly string[])[]
  /** Whether they can all be taken apart, into as many entries each. */
  readonly isEven: boolean
  /** Whether one of them can't be taken apart. */
  readonly isBroken: boolean
}

export type Sampler = (delimiter: Delimiter, quote: Quote) => Sample

/** Takes the first lines apart once for each way. */
export function samplerOf(text: Uint8Array): Sampler {
  const samples = new Map<string, Sample>()
  return (delimiter, quote) => {
    const way = `${delimiter}${quote}`
    const sample = samples.get(way) ?? sampleOf(text, delimiter, quote)
    samples.set(way, sample)
    return sample
  }
}

/** The first lines; what is wrong with them is told when all lines are read. */
export function sampleOf(text: Uint8Array, delimiter: Delimiter, quote: Quote): Sample {
  const lines: (readonly string[])[] = []
  let entries = 0
  let isEven = true
  let isBroken = false
  const enough = new Error('enough lines')
  try {
    parseText(
      text,
      { delimiter, quote },
      (record) => {
        lines.push(record)
        entries += record.length
        if (record.length !== lines[0]!.length) isEven = false
        if (entries >= SAMPLE_ENTRIES && lines.length >= FEWEST_LINES) throw enough
      },
      SAMPLE_LINES,
    )
  } catch (cause) {
    isBroken = cause !== enough
  }
  return { lines, isEven: isEven && !isBroken && lines.length > 0, isBroken }
}
