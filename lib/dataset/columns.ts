/** Columns by the part they play, and their entries as text. */

import { type Column, isNamed, type Table } from '../core/table.ts'

/** The column that plays a part: of this very name, else its singular or plural. */
export function findColumn(table: Table, wanted: string): Column | null {
  return (
    table.columns.find(({ name }) => name === wanted) ??
    table.columns.find(({ name }) => isNamed(name, wanted)) ??
    null
  )
}

/** An entry as text; empty where a number is missing. */
export function textAt(column: Column, row: number): string {
  if (column.type === 'text') return column.values[row] ?? ''
  const value = column.values[row] ?? Number.NaN
  return Number.isNaN(value) ? '' : String(value)
}

export function textsOf(column: Column): readonly string[] {
  return column.type === 'text'
    ? column.values
    : Array.from(column.values, (_, row) => textAt(column, row))
}

/** The column with one entry for each of `rows`, which are rows of the column. */
export function pickRows(column: Column, rows: Int32Array): Column {
  return column.type === 'text'
    ? { ...column, values: Array.from(rows, (row) => column.values[row] ?? '') }
    : { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN) }
}

/** At most five of them, as a person lists them: `"a", "b" and 3 more`. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name))
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ')
}
