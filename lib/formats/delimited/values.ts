/** Entries of a CSV as numbers of a vector and as columns. */

import { InputError } from '../../core/errors.ts'
import type { Column } from '../../core/table.ts'

/** Its plus would be lost in a number. */
const TELEPHONE = /^\+\d{8,15}$/
/** A decimal number as people write it; `007` is a code and stays text. */
const NUMBER = /^[+-]?(?:0|[1-9]\d*|(?=\.\d))(?:\.\d*)?(?:[eE][+-]?\d+)?$/

const NO_NUMBER = 'a point'

/** An empty entry is NaN, so that its row is set aside rather than the file refused. */
export function vectorNumber(entry: string, hasDecimalComma: boolean, where: () => string): number {
  const text = hasDecimalComma ? withPoint(entry.trim()) : entry.trim()
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
export function toColumn(
  name: string,
  written: readonly string[],
  asText: boolean,
  hasDecimalComma: boolean,
): Column {
  const texts = hasDecimalComma && !asText ? written.map(withPoint) : written
  const isNumber = (text: string) =>
    text === '' ||
    (NUMBER.test(text) && !TELEPHONE.test(text) && (!/^[+-]?\d+$/.test(text) || isSafe(text)))
  if (asText || texts.every((text) => text === '') || !texts.every(isNumber)) {
    return { name, type: 'text', values: written }
  }
  const values = Float64Array.from(texts, (text) => (text === '' ? Number.NaN : Number(text)))
  return { name, type: 'number', values }
}

/** Whether a vector may have the entry as a number. */
export function isNumberText(entry: string, hasDecimalComma: boolean): boolean {
  const text = hasDecimalComma ? withPoint(entry.trim()) : entry.trim()
  if (/^[+-]?(?:nan|inf(?:inity)?)$/i.test(text)) return true
  return text !== '' && !Number.isNaN(Number(text)) && !/^[+-]?0[xob]/i.test(text)
}

/** A number with a comma as one with a point. A point is then no part of a number: it may mark thousands. */
function withPoint(text: string): string {
  if (text.includes('.')) return NO_NUMBER
  return /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i.test(text) ? text.replace(',', '.') : text
}

function isSafe(integer: string): boolean {
  return Number.isSafeInteger(Number(integer))
}
