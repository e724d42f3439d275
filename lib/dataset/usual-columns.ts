/** Labels and ids in columns of other usual names, where no column has the name that the settings say. */

import { shortName } from '../core/limits.ts'
import type { Manifest } from '../core/manifest.ts'
import { type Column, isNamed, type Table } from '../core/table.ts'
import { isPositional, isUsualId, isUsualLabel } from '../core/usual-names.ts'
import type { Warning } from '../core/warning.ts'
import { idColumn, textsOf } from './columns.ts'
import { contactReason } from './contacts.ts'
import { mayQuote } from './privacy.ts'
import { markOwnRows } from './shared-rows.ts'
import { splitOf } from './split.ts'

/** As the manifest calls these columns where it says nothing: any other name was chosen by somebody. */
const USUAL = { label: 'label', id: 'id' } as const

/**
 * The only column that can hold the labels: of a usual name, or beside the vectors the only array without
 * a name. Null where several could, or where each row has an entry of its own.
 */
export function usualLabel(table: Table, manifest: Manifest): Column | null {
  const { label } = manifest.columns
  if (label !== USUAL.label) return null
  const id = idColumn(table, manifest.columns)
  const others = table.columns.filter((column) => column !== id)
  const named = others.filter(({ name }) => isUsualLabel(name))
  const isUnnamed = others.length === 1 && isPositional(others[0]!.name)
  const [only, ...more] = isUnnamed ? others : named
  if (only === undefined || more.length > 0 || only.type !== 'text') return null
  if (!mayPublish(only, manifest)) return null
  return new Set(only.values).size < only.values.length ? only : null
}

/**
 * The tables, each with the column that its rows are named by: where no table has ids by the settings' name,
 * and one column of a usual name, the same in all tables that have one, has an entry of its own in each row.
 */
export function withUsualIds<T extends Readonly<Record<string, Table | null>>>(
  tables: T,
  manifest: Manifest,
): { readonly tables: T; readonly warnings: readonly Warning[] } {
  const { id } = manifest.columns
  const unchanged = { tables, warnings: [] }
  const there = Object.values(tables).filter((table) => table !== null)
  const isThere = there.some((table) => table.columns.some(({ name }) => isNamed(name, id)))
  if (id !== USUAL.id || isThere) return unchanged
  const candidates = there.flatMap((table) =>
    table.columns.filter(({ name }) => isUsualId(name)).map((column) => ({ table, column })),
  )
  const [only, ...more] = new Set(candidates.map(({ column }) => column.name))
  if (
    only === undefined ||
    more.length > 0 ||
    !candidates.every(({ table, column }) => isUnique(column, splitOf(table, manifest)))
  )
    return unchanged
  if (!candidates.every(({ column }) => mayPublish(column, manifest))) return unchanged
  const sources = there.filter((table) => table.columns.some(({ name }) => name === only))
  return {
    tables: Object.fromEntries(
      Object.entries(tables).map(([part, table]) => [part, table && { ...table, idColumn: only }]),
    ) as T,
    warnings: sources.map((table) => taken(table, only, 'id')),
  }
}

/** Told, since nobody said it. */
export function taken({ source }: Table, name: string, part: 'id' | 'label'): Warning {
  const wrong =
    part === 'label'
      ? 'If another is meant, name it in nearmiss.yaml: columns: { label: NAME }'
      : 'If rows have other names, say so in nearmiss.yaml: columns: { id: NAME }'
  return {
    code: 'column-chosen',
    message: `No column of ${source} is named ${part}: its column ${shortName(name)} is taken as the ${part}. ${wrong}`,
  }
}

/** As labels and ids are, whatever they look like: a guess isn't a reason to. */
function mayPublish(column: Column, manifest: Manifest): boolean {
  const hasRule = Object.hasOwn(manifest.privacy.columns, column.name)
  return !hasRule && mayQuote(column.name, manifest) && contactReason(column) === null
}

/** A query that is in the gallery too has its id twice. */
function isUnique(column: Column, split: readonly string[] | null): boolean {
  const texts = markOwnRows(textsOf(column), split).ids
  return texts.every((text) => text.trim() !== '') && new Set(texts).size === texts.length
}
