/** The tables of an upload side by side, and what their rows are called. */

import type { Issue } from '../core/errors.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Pseudonyms } from '../core/pseudonyms.ts'
import type { Table } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { alignRows, checkIds, everyRow, type Identified } from './align.ts'
import { idColumn, textsOf } from './columns.ts'
import type { Aligned } from './label-columns.ts'
import { hidesIds } from './privacy.ts'
import { markOwnRows, type OwnRow, ownRowsTold } from './shared-rows.ts'
import { splitOf } from './split.ts'

export interface UploadTables {
  readonly vectors: Table
  readonly labels: Table | null
  readonly metadata: Table | null
}

/** By ids where both tables have some, else by row; what is wrong comes back as issues. */
export function joinTables(
  { vectors, labels, metadata }: UploadTables,
  manifest: Manifest,
  pseudonyms: Pseudonyms | null,
):
  | { readonly issues: readonly Issue[] }
  | {
      readonly aligned: readonly Aligned[]
      /** As they are published. */
      readonly ids: readonly string[]
      /** As they were uploaded; null where none were. */
      readonly plainIds: readonly string[] | null
      /** Queries that are in the gallery too. */
      readonly pairs: readonly OwnRow[]
      readonly warnings: readonly Warning[]
    } {
  const hidden = hidesIds(manifest)
  const identify = (table: Table): Identified => {
    const column = idColumn(table, manifest.columns)
    return { table, ids: column && textsOf(column), hidden }
  }
  const issues: Issue[] = []
  const warnings: Warning[] = []
  const aligned: Aligned[] = [{ table: vectors, rows: everyRow(vectors.rows) }]
  let split = splitOf(vectors, manifest)
  let pairs: readonly OwnRow[] = []
  /** The vectors' ids, which are unique but for queries that are in the gallery too. */
  const nameRows = (ids: readonly string[], source: string): Identified => {
    const marked = markOwnRows(ids, split)
    issues.push(...checkIds(marked.ids, source, hidden))
    pairs = marked.pairs
    return { table: vectors, ids: marked.ids, hidden }
  }
  let whole = identify(vectors)
  if (whole.ids !== null) whole = nameRows(whole.ids, vectors.source)
  for (const table of [labels, metadata]) {
    if (table === null) continue
    const other = identify(table)
    const ids = other.ids && markOwnRows(other.ids, splitOf(table, manifest)).ids
    const wrong = ids === null || whole.ids === null ? [] : checkIds(ids, table.source, hidden)
    const alignment = wrong.length > 0 ? { issues: wrong } : alignRows(whole, { ...other, ids })
    if ('issues' in alignment) {
      issues.push(...alignment.issues)
      continue
    }
    const { rows } = alignment
    aligned.push({ table, rows })
    warnings.push(...alignment.warnings)
    const own = splitOf(table, manifest)
    split ??= own && Array.from(rows, (row) => own[row]!)
    // Joined by row: the ids that this table has are the vectors' from here on.
    if (whole.ids === null && other.ids !== null) {
      whole = nameRows(
        Array.from(rows, (row) => other.ids![row]!),
        table.source,
      )
    }
  }
  const numbers = () => Array.from({ length: vectors.rows }, (_, row) => String(row))
  const ids = (hidden ? whole.ids?.map(pseudonyms!.of) : whole.ids) ?? numbers()
  if (issues.length === 0 && split !== null) {
    const told = ownRowsTold(vectors, split, pairs, ids, hidden)
    issues.push(...told.issues)
    warnings.push(...told.warnings)
  }
  if (issues.length > 0) return { issues }
  return { aligned, ids, plainIds: whole.ids, pairs, warnings }
}
