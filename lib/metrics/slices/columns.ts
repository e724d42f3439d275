/** A metadata column as groups of rows: its values, or quarters of its numbers and times. */

import { edgeText } from '../../core/edges.ts'
import { compareText } from '../../core/names.ts'
import type { Column } from '../../core/table.ts'
import { timesOf, timeText } from './column-times.ts'

/** A column with more values is no grouping. */
const MOST_VALUES = 50
/** Numbers and times with more than these are cut into quarters. */
const MOST_NUMBERS = 12
const QUARTERS = [0.25, 0.5, 0.75]

export interface Grouping {
  readonly name: string
  readonly by: 'value' | 'quarters'
  /** Of each row, an index into `groups`. */
  readonly codes: Int32Array
  readonly groups: readonly {
    readonly value: string | null
    readonly text: string
  }[]
}

/**
 * The groups of a column, or why it makes none.
 *
 * @param timeColumn name of the column that holds times, whatever its numbers look like
 */
export function groupingOf(
  column: Column,
  timeColumn = 'time',
): Grouping | { readonly reason: string } {
  const times = timesOf(column, timeColumn)
  const numbers = times ?? (column.type === 'number' ? column.values : null)
  if (numbers !== null) {
    const distinct = new Set<number>()
    for (const value of numbers) {
      if (!Number.isNaN(value)) distinct.add(value)
      if (distinct.size > MOST_NUMBERS) break
    }
    if (distinct.size > MOST_NUMBERS) return quarters(column.name, numbers, times !== null)
  }
  return byValue(column)
}

/**
 * The same, where the rows that count are of more than one group: with a gallery every query has the same
 * entry in its split column.
 */
export function groupingOfRows(
  column: Column,
  counts: Uint8Array,
  timeColumn: string,
): Grouping | { readonly reason: string } {
  const grouping = groupingOf(column, timeColumn)
  if ('reason' in grouping) return grouping
  const codes = grouping.codes.filter((_, row) => counts[row] === 1)
  return codes.every((code) => code === codes[0])
    ? { reason: 'the same in every row that is evaluated' }
    : grouping
}

function byValue(column: Column): Grouping | { readonly reason: string } {
  const rows = column.values.length
  const codes = new Int32Array(rows)
  const codeOf = new Map<string | null, number>()
  for (let row = 0; row < rows; row++) {
    const value = textAt(column, row)
    let code = codeOf.get(value)
    if (code === undefined) {
      code = codeOf.size
      codeOf.set(value, code)
      if (codeOf.size > MOST_VALUES + 1) return { reason: `more than ${MOST_VALUES} values` }
    }
    codes[row] = code
  }
  const values = [...codeOf.keys()]
  const present = values.filter((value) => value !== null).length
  if (present > MOST_VALUES) return { reason: `more than ${MOST_VALUES} values` }
  if (values.length < 2) return { reason: 'the same in every row' }
  const order = [...values].sort((a, b) => (a === null ? 1 : b === null ? -1 : compareText(a, b)))
  const place = new Map(order.map((value, at) => [value, at]))
  return {
    name: column.name,
    by: 'value',
    codes: codes.map((code) => place.get(values[code]!)!),
    groups: order.map((value) => ({ value, text: value ?? 'no entry' })),
  }
}

/** Four groups of about as many rows; fewer where many entries are equal. Rows without an entry are one more. */
function quarters(
  name: string,
  numbers: Float64Array,
  areTimes: boolean,
): Grouping | { readonly reason: string } {
  const sorted = numbers.filter((value) => !Number.isNaN(value)).sort()
  // An edge that is an entry: which rows lie under it doesn't hang on rounding.
  const edges = QUARTERS.map((share) => sorted[Math.ceil(share * sorted.length) - 1]!)
  const last = sorted.at(-1)!
  const upper = [...edges.filter((edge) => edge < last), last].filter(
    (edge, at, all) => edge !== all[at - 1],
  )
  // What lies below the first edge and above the last is told by them too.
  const marks = [sorted[0]!, ...upper]
  const show = areTimes ? timeText(marks) : edgeText(marks)
  const groups = upper.map((edge, at) => ({
    value: `quarter ${at === upper.length - 1 ? 4 : edges.lastIndexOf(edge) + 1}`,
    text:
      at === 0
        ? `up to ${show(edge)}`
        : at === upper.length - 1
          ? `over ${show(upper[at - 1]!)}`
          : `over ${show(upper[at - 1]!)}, up to ${show(edge)}`,
  }))
  const missing = sorted.length < numbers.length
  const codes = Int32Array.from(numbers, (value) =>
    Number.isNaN(value) ? groups.length : upper.findIndex((edge) => value <= edge),
  )
  const all = missing ? [...groups, { value: null, text: 'no entry' }] : groups
  if (all.length < 2) return { reason: 'nearly the same in every row' }
  return { name, by: 'quarters', codes, groups: all }
}

function textAt(column: Column, row: number): string | null {
  const value = column.values[row]!
  return value === '' || Number.isNaN(value) ? null : String(value)
}
