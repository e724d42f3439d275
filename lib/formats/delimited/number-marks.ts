/** Which mark stands before the fraction of a text file's numbers, and which between their thousands. */

import { type Delimiter, parseText, type Quote } from './syntax.ts'

type DecimalMark = '.' | ','

export interface NumberMarks {
  readonly decimal: DecimalMark
  /** Marks of which nothing in the file shows whether they stand before a fraction or between thousands. */
  readonly doubtful: readonly DecimalMark[]
}

export const POINTS: NumberMarks = { decimal: '.', doubtful: [] }

/** Between thousands, as spreadsheets write them: a space, one that doesn't break, a narrow one, an apostrophe. */
const SPACES = " \u00a0\u202f\u2009\u2019'"
const PLAIN: Readonly<Record<DecimalMark, RegExp>> = {
  '.': /^[+-]?(?:\d*\.\d+|\d+\.)(?:e[+-]?\d+)?$/i,
  ',': /^[+-]?(?:\d*,\d+|\d+,)(?:e[+-]?\d+)?$/i,
}
/** By the mark before the fraction. */
const GROUPED: Readonly<Record<DecimalMark, RegExp>> = {
  '.': new RegExp(`^[+-]?[1-9]\\d{0,2}([,${SPACES}])\\d{3}(?:\\1\\d{3})*(?:\\.\\d+)?$`),
  ',': new RegExp(`^[+-]?[1-9]\\d{0,2}([.${SPACES}])\\d{3}(?:\\1\\d{3})*(?:,\\d+)?$`),
}
/** `1.234` and `1,234`, which are a thousand or a fraction. */
const EITHER = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/
const WORD = /^[+-]?(?:nan|inf(?:inity)?)$/i

/** What an entry shows of the file's numbers; null where it is none. */
export type Shown = DecimalMark | 'either' | 'whole'

export function shownBy(entry: string): Shown | null {
  if (EITHER.test(entry)) return 'either'
  for (const decimal of ['.', ','] as const) if (PLAIN[decimal].test(entry)) return decimal
  if (GROUPED['.'].test(entry)) return /[.,]/.test(entry) ? '.' : 'whole'
  if (GROUPED[','].test(entry)) return ','
  return WORD.test(entry) || (entry !== '' && !Number.isNaN(Number(entry))) ? 'whole' : null
}

/** Whether an entry is no name of a column: it has a mark of a number. */
export function isMarkedNumber(entry: string): boolean {
  const shown = shownBy(entry)
  return shown !== null && (shown !== 'whole' || GROUPED['.'].test(entry))
}

/** A number with marks between its thousands as one without. */
export function withoutThousands(text: string, { decimal }: NumberMarks): string | null {
  const mark = GROUPED[decimal].exec(text)?.[1]
  return mark === undefined ? null : text.replaceAll(mark, '').replace(',', '.')
}

/** Whether it is a thousand or a fraction, and nothing tells. */
export function isDoubtful(text: string, { doubtful }: NumberMarks): boolean {
  return doubtful.some((mark) => text.includes(mark)) && EITHER.test(text)
}

/** How many columns show each mark, each by all of its entries. */
export function decimalOf(
  rows: readonly (readonly string[])[],
  delimiter: Delimiter,
): DecimalMark | null {
  const width = rows[0]?.length ?? 0
  const columns = { '.': 0, ',': 0 }
  for (let place = 0; place < width; place += 1) {
    const shown = new Set<Shown | null>()
    for (const row of rows) {
      const entry = (row[place] ?? '').trim()
      if (entry === '') continue
      shown.add(shownBy(entry))
      if (shown.has(null)) break
    }
    if (shown.has(null) || (shown.has('.') && shown.has(','))) continue
    if (shown.has('.')) columns['.'] += 1
    if (shown.has(',')) columns[','] += 1
  }
  if (columns['.'] + columns[','] === 0) return null
  // Between commas a column of `"1,5"` is more likely words than the vectors' are, which have points.
  if (delimiter === ',') return columns['.'] > 0 ? '.' : ','
  return columns[','] >= columns['.'] ? ',' : '.'
}

/**
 * Of the first lines, else of the first entry of all lines that shows it.
 *
 * @param table begins with the table's first line
 * @param rows of its first lines, without the names of the columns
 */
export function numberMarksOf(
  table: Uint8Array,
  rows: readonly (readonly string[])[],
  { delimiter, quote }: { readonly delimiter: Delimiter; readonly quote: Quote },
): NumberMarks {
  const decimal =
    decimalOf(rows, delimiter) ?? firstShown(table, rows, { delimiter, quote }) ?? null
  if (decimal !== null) return { decimal, doubtful: [] }
  // Who separates columns with commas writes fractions with points.
  return { decimal: '.', doubtful: delimiter === ',' ? [','] : ['.', ','] }
}

/** Looks only where there is something to be in doubt of. */
function firstShown(
  table: Uint8Array,
  rows: readonly (readonly string[])[],
  syntax: { readonly delimiter: Delimiter; readonly quote: Quote },
): DecimalMark | null {
  const bytes = Buffer.from(table.buffer, table.byteOffset, table.byteLength)
  const isMarked =
    syntax.delimiter === ',' ? bytes.includes('"') : bytes.includes('.') || bytes.includes(',')
  const places = [...(rows[0] ?? []).keys()].filter((place) =>
    rows.every((row) => {
      const entry = (row[place] ?? '').trim()
      return entry === '' || shownBy(entry) !== null
    }),
  )
  if (!isMarked || places.length === 0) return null
  let first: DecimalMark | null = null
  const enough = new Error('it is shown')
  try {
    parseText(
      table,
      syntax,
      (record) => {
        for (const place of places) {
          const shown = shownBy((record[place] ?? '').trim())
          if (shown !== '.' && shown !== ',') continue
          first = shown
          throw enough
        }
      },
      null,
    )
  } catch {
    // A line that can't be taken apart is told when all are read.
  }
  return first
}
