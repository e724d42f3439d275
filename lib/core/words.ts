/** How counts, shares and p values read in a sentence. */

import type { RowsTold } from './errors.ts'

/** `1 row`, `13 rows`, `1,906 rows`; the plural is given where it isn't made with an s. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`
}

/** The same in a title that stands as well once there is none: `13 rows`, and `rows` for no row. */
export function anyOf(count: number, noun: string, plural = `${noun}s`): string {
  return count === 0 ? plural : countOf(count, noun, plural)
}

/** `1 of 98 classes`, `12 of 1,906 rows`; what follows agrees with the first number. */
export function partOf(part: number, whole: number, plural: string): string {
  return `${part.toLocaleString('en-US')} of ${whole.toLocaleString('en-US')} ${plural}`
}

/** `a`, `a and b`, `a, b and c`; past `most` entries: `a, b and 5 more`. */
export function joinWords(words: readonly string[], most = words.length): string {
  const shown =
    words.length > most ? [...words.slice(0, most), `${words.length - most} more`] : words
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

/** `93.2 %` of 0.9321. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/**
 * A distance, score or mean with three significant digits, whatever its scale: `0.0312`, `1.25e-5`,
 * `12,345`. A fixed number of digits behind the point would make 0 of small ones.
 */
export function decimal(value: number, digits = 3): string {
  if (value === 0) return '0'
  const magnitude = Math.abs(value)
  if (magnitude >= 1e6 || magnitude < 1e-4) return value.toExponential(digits - 1)
  if (magnitude >= 10 ** digits) return Math.round(value).toLocaleString('en-US')
  return value.toPrecision(digits)
}

/** Digits that tell two numbers apart; three at least, and as many as a difference of doubles is worth. */
export function digitsApart(low: number, high: number): number {
  const largest = Math.max(Math.abs(low), Math.abs(high))
  const digits = Math.ceil(Math.log10(largest / Math.abs(high - low))) + 2
  return Math.min(12, Math.max(3, Number.isFinite(digits) ? digits : 3))
}

/** `0.312 to 0.498`, `1.00003 to 1.00011`: with as many digits as tell the two apart. */
export function rangeOf(low: number, high: number): string {
  const digits = digitsApart(low, high)
  return `${decimal(low, digits)} to ${decimal(high, digits)}`
}

/** `p < 0.001`, or two digits: `p = 0.38`. */
export function pValue(p: number): string {
  if (p < 0.001) return 'p < 0.001'
  return p > 0.995 ? 'p = 1' : `p = ${p.toPrecision(2)}`
}

/** `row 4`, `rows 4, 7 and 12`: by their places in the upload, which say nothing of what is hidden. */
export function rowNumbers(rows: readonly number[], most = 5): string {
  return `${rows.length === 1 ? 'row' : 'rows'} ${joinWords(rows.map(String), most)}, counted from 0`
}

/**
 * What an item may win, in points of accuracy; else what of the accuracy it makes doubtful, as duplicates
 * across a split do. `points` writes a number of them, with two decimals unless it is given.
 */
export function stakeText(
  { gain, stake }: { readonly gain: number; readonly stake: number },
  points = (value: number): string => `${value.toFixed(2)} points`,
): string {
  if (stake > gain) return `up to ${points(stake)} unproven`
  return gain > 0 ? `up to ${points(gain)}` : 'no gain in accuracy'
}

/** Characters of an id that are shown. */
const LONGEST_ID = 40

/** `rows a, b and 5 more`: those that an issue or a warning is about; null where it names none. */
export function rowsText({ rows = [], rowCount = rows.length }: RowsTold, most = 5): string | null {
  if (rows.length === 0) return null
  const shown = rows
    .slice(0, most)
    .map((id) => (id.length > LONGEST_ID ? `${id.slice(0, LONGEST_ID - 1)}…` : id))
  const more = rowCount - shown.length
  const words = more > 0 ? [...shown, `${more.toLocaleString('en-US')} more`] : shown
  return `${rowCount === 1 ? 'row' : 'rows'} ${joinWords(words)}`
}
