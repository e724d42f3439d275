/** A table whose first line was taken for the names of its columns, and is a row. */

import type { ColumnNames } from '../core/manifest.ts'
import { type Column, isNamed, type Table } from '../core/table.ts'
import { isUsualId, isUsualLabel } from '../core/usual-names.ts'
import type { Warning } from '../core/warning.ts'
import { countOf } from '../core/words.ts'
import { textsOf } from './columns.ts'

/**
 * Whether just that row is missing beside so many vectors, and what was taken for names are entries like
 * the others: a label of other rows, a number among numbers.
 */
export function lacksFirstRow(
  { rows, columns, isHeaderless, labelMatrix }: Table,
  vectorRows: number,
  { label, id }: ColumnNames,
): boolean {
  const names = columns.map(({ name }) => name)
  const isName = (name: string) =>
    isNamed(name, label) || isNamed(name, id) || isUsualLabel(name) || isUsualId(name)
  if (rows !== vectorRows - 1 || isHeaderless || labelMatrix !== undefined) return false
  return names.length > 0 && !names.some(isName) && columns.some(holdsItsName)
}

function holdsItsName(column: Column): boolean {
  const { name } = column
  if (column.type === 'number') return name.trim() !== '' && Number.isFinite(Number(name))
  return column.values.some((entry) => entry.trim() === name)
}

/**
 * The table read anew without names, told; of labels the only column is the label, and of two the one with an
 * entry of its own in each row is the id.
 */
export function withFirstRow(table: Table, part: 'labels' | 'metadata', names: ColumnNames): Table {
  const { columns, source, rows } = table
  const told: Warning = {
    code: 'dialect-chosen',
    message: `The first line of ${source} is read as a row: its entries are like those of the others, and with it there are ${countOf(rows, 'row')}, one for each vector`,
  }
  const warnings = [...table.warnings, told]
  if (part !== 'labels' || columns.length > 2) return { ...table, warnings }
  const unique = columns.filter((column) => new Set(textsOf(column)).size === rows)
  if (columns.length === 2 && unique.length !== 1) return { ...table, warnings }
  const nameOf = (column: Column) =>
    columns.length === 2 && column === unique[0] ? names.id : names.label
  return {
    ...table,
    warnings,
    columns: columns.map((column) => ({ ...column, name: nameOf(column), from: [column.name] })),
  }
}
