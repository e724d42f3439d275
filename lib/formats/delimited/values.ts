/** Entries of a CSV as numbers of a vector and as columns. */

import { InputError } from '../../core/errors.ts'
import type { Column } from '../../core/table.ts'
import { isDoubtful, type NumberMarks, withoutThousands } from './number-marks.ts'

/** Its plus would be lost in a number. */
const TELEPHONE = /^\+\d{8,15}$/
/** A decimal number as people write it; `007` is a code and stays text. */
const NUMBER = /^[+-]?(?:0|[1-9]\d*|(?=\.\d))(?:\.\d*)?(?:[eE][+-]?\d+)?$/
const COMMA_NUMBER = /^[+-]?(?:\d*,\d+|\d+,)(?:e[+-]?\d+)?$/i

const NO_NUMBER = 'no number'

/** Called with an entry that has marks between its thousands. */
type OnThousands = (entry: string) => void

/** An empty entry is NaN, so that its row is set aside rather than the file refused. */
export function vectorNumber(
  entry: string,
  marks: NumberMarks,
  onThousands: OnThousands,
  where: () => string,
): number {
  const trimmed = entry.trim()
  if (isDoubtful(trimmed, marks)) throw doubtful(trimmed, where())
  let text = withPoint(trimmed, marks)
  if (text === '' || /^[+-]?nan$/i.test(text)) return Number.NaN
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  let value = Number(text)
  if (Number.isNaN(value)) {
    const joined = withoutThousands(trimmed, marks)
    if (joined !== null) {
      onThousands(trimmed)
      text = joined
      value = Number(joined)
    }
  }
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

/** `1.234`, where no number of the file tells which it is. */
function doubtful(entry: string, where: string): InputError {
  const [mark, name] = entry.includes('.') ? ['.', 'point'] : [',', 'comma']
  return new InputError({
    code: 'numbers-ambiguous',
    message: `${cut(entry)} may be ${entry.replace(mark!, '.')} or ${entry.replace(mark!, '')}: no number of the file shows whether its ${name} stands before a fraction or between thousands.`,
    where,
    hint: 'Save the file again with nothing between thousands: in a spreadsheet, by a number format without a thousands separator, and with four digits behind the mark if these are fractions; in pandas, with frame.to_csv("embeddings.csv", index=False, float_format="%.6f")',
  })
}

function cut(entry: string): string {
  return JSON.stringify(entry.length > 60 ? `${entry.slice(0, 60)}…` : entry)
}

/**
 * Numbers where every entry that isn't empty is one that a double holds as written.
 *
 * @param marks null where numbers have points alone
 */
export function toColumn(
  name: string,
  written: readonly string[],
  asText: boolean,
  marks: NumberMarks | null = null,
  onThousands: OnThousands = () => {},
): Column {
  const text: Column = { name, type: 'text', values: written }
  if (asText || written.every((entry) => entry === '')) return text
  let grouped: string | null = null
  const texts: string[] = []
  for (const entry of written) {
    let plain = entry
    if (marks !== null && entry !== '') {
      if (isDoubtful(entry, marks)) return text
      plain = withPoint(entry, marks)
      // A space is between the parts of a telephone number as well.
      const joined = isNumber(plain) || entry.includes(' ') ? null : withoutThousands(entry, marks)
      if (joined !== null) grouped ??= entry
      plain = joined ?? plain
    }
    if (!isNumber(plain)) return text
    texts.push(plain)
  }
  if (grouped !== null) onThousands(grouped)
  const values = Float64Array.from(texts, (entry) => (entry === '' ? Number.NaN : Number(entry)))
  return { name, type: 'number', values }
}

function isNumber(text: string): boolean {
  return (
    text === '' ||
    (NUMBER.test(text) && !TELEPHONE.test(text) && (!/^[+-]?\d+$/.test(text) || isSafe(text)))
  )
}

/** Whether a vector may have the entry as a number. */
export function isNumberText(entry: string, marks: NumberMarks): boolean {
  const trimmed = entry.trim()
  const text = withPoint(trimmed, marks)
  if (/^[+-]?(?:nan|inf(?:inity)?)$/i.test(text)) return true
  if (text === '' || /^[+-]?0[xob]/i.test(text)) return false
  return (
    !Number.isNaN(Number(text)) ||
    isDoubtful(trimmed, marks) ||
    withoutThousands(trimmed, marks) !== null
  )
}

/** A number with a comma as one with a point. A point is then no part of a number: it may mark thousands. */
function withPoint(text: string, { decimal }: NumberMarks): string {
  if (decimal === '.') return text
  if (text.includes('.')) return NO_NUMBER
  return COMMA_NUMBER.test(text) ? text.replace(',', '.') : text
}

function isSafe(integer: string): boolean {
  return Number.isSafeInteger(Number(integer))
}
