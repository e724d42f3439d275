/** Columns by the part they play, and their entries as text. */

import type { Issue } from '../core/errors.ts'
import { quoted } from '../core/limits.ts'
import type { ColumnNames } from '../core/manifest.ts'
import { type Column, isNamed, type Table } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'

/** The column that plays a part: of this very name, else its singular or plural. */
export function findColumn(table: Table, wanted: string): Column | null {
  return (
    table.columns.find(({ name }) => name === wanted) ??
    table.columns.find(({ name }) => isNamed(name, wanted)) ??
    null
  )
}

/** The column that rows are named by. */
export function idColumn(table: Table, { id }: ColumnNames): Column | null {
  return findColumn(table, id) ?? table.columns.find(({ name }) => name === table.idColumn) ?? null
}

/** Of two columns that could play a part, which does: `id` and `ids` in one file. */
export function columnChoices(table: Table, { id, label }: ColumnNames): readonly Warning[] {
  return [id, label].flatMap((wanted): Warning[] => {
    const [chosen, ...others] = [
      findColumn(table, wanted),
      ...table.columns.filter(({ name }) => isNamed(name, wanted)),
    ].filter((column, at, all) => column !== null && all.indexOf(column) === at)
    if (!chosen || others.length === 0) return []
    const rest = others.map((column) => column!.name).join(', ')
    return [
      {
        code: 'column-chosen',
        message: `Of ${table.source} the column ${chosen.name} is taken as the ${wanted === id ? 'id' : 'label'}, and ${rest} as a column like any other. Name the right one in nearmiss.yaml if it isn't: columns: { ${wanted === id ? 'id' : 'label'}: ${rest} }`,
      },
    ]
  })
}

/** Parts of a column that an upload may do without. */
type OptionalPart = 'id' | 'image' | 'time'

/** Settings that name a column which no file has. */
export function missingColumns(
  tables: readonly Table[],
  names: ColumnNames,
  usual: Readonly<Partial<Pick<ColumnNames, OptionalPart>>>,
): readonly Issue[] {
  return (Object.keys(usual) as OptionalPart[]).flatMap((part): Issue[] => {
    const wanted = names[part]
    const isThere = tables.some((table) =>
      part === 'id'
        ? findColumn(table, wanted) !== null
        : table.columns.some(({ name }) => name === wanted),
    )
    if (wanted === usual[part] || isThere) return []
    const columns = tables.flatMap((table) => table.columns.map(({ name }) => name))
    return [
      {
        code: `${part}-column-missing`,
        message: `No column is named ${quoted(wanted)}; the columns are ${listed(columns) || 'none'}.`,
        where: `nearmiss.yaml, columns.${part}`,
        hint: `Correct columns: { ${part}: NAME } in nearmiss.yaml, or leave it out.`,
      },
    ]
  })
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

/** A name as YAML takes it. */
export function settingText(name: string): string {
  return /^[A-Za-z_][\w.]*$/.test(name) ? name : quoted(name)
}

/** At most five of them, as a person lists them: `"a", "b" and 3 more`. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => quoted(name))
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ')
}
