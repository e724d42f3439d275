/** Where labels stand: in a column of their own, or in one column for each class, as `pandas.get_dummies` writes it. */

import { type Issue, someRows } from '../core/errors.ts'
import { shortName } from '../core/limits.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Column, Table } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { countOf, partOf } from '../core/words.ts'
import { findColumn, idColumn, listed, settingText, textAt } from './columns.ts'
import { type LabelSource, labelsMissing } from './labels.ts'
import { likelyLabel } from './likely-label.ts'
import { hidesLabels, mayQuote } from './privacy.ts'
import { taken, usualLabel } from './usual-columns.ts'

/** A table with, for each row of the vectors, its own row. */
export interface Aligned {
  readonly table: Table
  readonly rows: Int32Array
}

export type LabelColumns =
  | { readonly issues: readonly Issue[] }
  | {
      readonly sources: readonly LabelSource[]
      /** Whether classes go by keyed hashes of their names. */
      readonly hidden: boolean
      /** They are no columns of the report. */
      readonly used: ReadonlySet<Column>
      readonly warnings: readonly Warning[]
    }

/** The columns that labels come from; what is wrong comes back as issues. */
export function labelColumns(
  aligned: readonly Aligned[],
  labelsTable: Table | null,
  manifest: Manifest,
): LabelColumns {
  const columns = aligned.flatMap(({ table, rows }) => {
    const id = idColumn(table, manifest.columns)
    const others = table.columns.filter((column) => column !== id)
    // In a labels file the only column besides the id is the label, whatever its name.
    const only = table === labelsTable && others.length === 1 ? others[0]! : null
    const column = findColumn(table, manifest.columns.label) ?? only
    return column === null ? [] : [{ source: table.source, column, rows }]
  })
  const hides = (sources: readonly LabelSource[]) =>
    sources.some(({ column }) => hidesLabels(column, manifest))
  if (columns.length > 0) {
    return {
      sources: columns,
      hidden: hides(columns),
      used: new Set(columns.map(({ column }) => column)),
      warnings: [],
    }
  }
  for (const { table, rows } of aligned) {
    const flags = flagLabels(table, manifest)
    if (flags === null) continue
    if ('issue' in flags) return { issues: [flags.issue] }
    const sources = [{ source: table.source, column: flags.column, rows }]
    return {
      sources,
      hidden: hides(sources),
      used: new Set(flags.used),
      warnings: [flags.warning],
    }
  }
  const usual = aligned.flatMap(({ table, rows }) => {
    const column = usualLabel(table, manifest)
    return column === null ? [] : [{ table, column, rows }]
  })
  // Of two tables that have one nobody knows which is meant.
  const [only, ...others] = usual
  if (only !== undefined && others.length === 0) {
    const { table, column, rows } = only
    const sources = [{ source: table.source, column, rows }]
    return {
      sources,
      hidden: hides(sources),
      used: new Set([column]),
      warnings: [taken(table, column.name, 'label')],
    }
  }
  const names = aligned.flatMap(({ table }) => table.columns.map(({ name }) => name))
  const { source } = aligned[0]!.table
  const levels = aligned.flatMap(({ table }) => levelColumns(table, manifest.columns.label))
  return {
    issues: [
      levels.length > 1
        ? severalLevels(levels, manifest.columns.label, source)
        : (labelsTable === null && likelyLabel(aligned[0]!.table, manifest)) ||
          labelsMissing(manifest.columns.label, names, labelsTable?.source ?? null, source),
    ],
  }
}

const TRUE = ['1', 'true']
const FALSE = ['0', 'false', '']

/** One column a class, `label_cat` and `label_dog`, that say of each row whether it is of that class. */
function flagLabels(
  table: Table,
  manifest: Manifest,
):
  | { readonly issue: Issue }
  | { readonly column: Column; readonly used: readonly Column[]; readonly warning: Warning }
  | null {
  const { label } = manifest.columns
  const used = table.columns.filter((column) => restOf(column.name, label) !== null)
  if (used.length < 2 || !used.every((column) => isFlag(column) && mayQuote(column.name, manifest)))
    return null
  const names = used.map(({ name }) => restOf(name, label)!)
  const marks = used.map((column) =>
    Array.from({ length: table.rows }, (_, row) => isSet(column, row)),
  )
  const counts = Array.from({ length: table.rows }, (_, row) =>
    marks.reduce((sum, mark) => sum + (mark[row] ? 1 : 0), 0),
  )
  const severalRows = [...counts.keys()].filter((row) => counts[row]! > 1)
  const several = severalRows.length
  const none = counts.filter((count) => count === 0).length
  if (none === table.rows) return null
  const shown = listed(used.map(({ name }) => name))
  if (several > 0) {
    return {
      issue: {
        code: 'labels-multi-hot',
        message: `The columns ${shown} say of each row which of ${used.length} classes it has: ${partOf(several, table.rows, 'rows')} ${several === 1 ? 'has' : 'have'} more than one${none === 0 ? '' : `, ${none} have none`}. One label a row is evaluated.`,
        where: table.source,
        hint: `Name the column to evaluate in nearmiss.yaml, such as columns: { label: ${settingText(used[0]!.name)} }; the others are columns of the report.`,
        ...someRows(severalRows.map(String)),
      },
    }
  }
  const values = counts.map((count, row) =>
    count === 0 ? '' : names[marks.findIndex((mark) => mark[row])]!,
  )
  return {
    column: { name: label, type: 'text', values },
    used,
    warning: {
      code: 'labels-one-hot',
      message: `No column is named ${label}; the columns ${shown} have a single mark a row, and are read as one label a row, by their names${none === 0 ? '' : `; ${partOf(none, table.rows, 'rows')} without a mark ${none === 1 ? 'has' : 'have'} no label`}`,
    },
  }
}

function isFlag(column: Column): boolean {
  return Array.from(column.values.keys()).every((row) => {
    const text = textAt(column, row).toLowerCase()
    return TRUE.includes(text) || FALSE.includes(text)
  })
}

function isSet(column: Column, row: number): boolean {
  return TRUE.includes(textAt(column, row).toLowerCase())
}

/** `label_cat` → `cat`; null for a column of another name. */
function restOf(name: string, label: string): string | null {
  const stem = [`${label}s`, label, label.replace(/s$/, '')].find(
    (one) => one !== '' && name.startsWith(one) && /[_.=-]/.test(name[one.length] ?? ''),
  )
  return stem === undefined || name.length === stem.length + 1 ? null : name.slice(stem.length + 1)
}

/** `label_fine` or `fine_label`, with entries that several rows share. */
function levelColumns(table: Table, label: string): readonly Column[] {
  const ends = [`_${label}`, `_${label}s`]
  return table.columns.filter(
    (column) =>
      (restOf(column.name, label) !== null || ends.some((end) => column.name.endsWith(end))) &&
      new Set<string | number>(column.values).size < column.values.length,
  )
}

function severalLevels(levels: readonly Column[], label: string, source: string): Issue {
  return {
    code: 'labels-levels',
    message: `No column is named ${JSON.stringify(shortName(label))}, and ${countOf(levels.length, 'column')} may hold labels: ${listed(levels.map(({ name }) => name))}. One label a row is evaluated.`,
    where: source,
    hint: `Name the level to evaluate in nearmiss.yaml, such as columns: { label: ${settingText(levels[0]!.name)} }; the others are columns of the report.`,
  }
}
