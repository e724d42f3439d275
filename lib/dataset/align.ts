/** Which row of labels or metadata belongs to which vector: by id where both have ids, else by row. */

import { table as asTable } from 'arquero'
import { type Issue, someRows } from '../core/errors.ts'
import { quoted } from '../core/limits.ts'
import type { Table } from '../core/table.ts'
import { isUsualId, isUsualLabel } from '../core/usual-names.ts'
import type { Warning } from '../core/warning.ts'
import { countOf, partOf, rowNumbers } from '../core/words.ts'
import { listed } from './columns.ts'
import { rowKeys } from './row-keys.ts'
import { GALLERY_MARK } from './shared-rows.ts'

export interface Identified {
  readonly table: Table
  /** Null where the table has no ids. */
  readonly ids: readonly string[] | null
  /** Whether messages tell rows by their numbers, since ids aren't published. */
  readonly hidden?: boolean
}

export type Alignment =
  /** For each row of the vectors, its row in the other table. */
  | { readonly rows: Int32Array; readonly warnings: readonly Warning[] }
  | { readonly issues: readonly Issue[] }

export function alignRows(vectors: Identified, other: Identified): Alignment {
  return vectors.ids !== null && other.ids !== null
    ? byId(vectors as WithIds, other as WithIds)
    : byRow(vectors, other)
}

/** 0, 1, 2 and so on. */
export function everyRow(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row)
}

/** Empty ids and ids that are there twice; neither can be joined, or followed to the next run. */
export function checkIds(ids: readonly string[], source: string, hidden = false): readonly Issue[] {
  const different = new Set(ids)
  if (different.size === ids.length && !different.has('')) return []
  const issues: Issue[] = []
  const empty = ids.flatMap((id, row) => (id === '' ? [row] : []))
  if (empty.length > 0) {
    issues.push({
      code: 'empty-id',
      message: `${partOf(empty.length, ids.length, 'rows')} ${empty.length === 1 ? 'has' : 'have'} an empty id: ${rowNumbers(empty)}.`,
      where: source,
      hint: 'Give each row an id, or leave the column out: rows then go by their number.',
      ...someRows(empty.map(String)),
    })
  }
  const first = new Map<string, number>()
  const twice = new Map<string, number>()
  ids.forEach((id, row) => {
    if (id === '') return
    if (!first.has(id)) first.set(id, row)
    else if (!twice.has(id)) twice.set(id, row)
  })
  if (twice.size > 0) {
    const examples = [...twice]
      .slice(0, 5)
      .map(([id, row]) => `${hidden ? 'one' : quoted(id)} in rows ${first.get(id)} and ${row}`)
    issues.push({
      code: 'duplicate-id',
      message: `${countOf(twice.size, 'id is', 'ids are')} there more than once: ${examples.join(', ')} (counted from 0).`,
      where: source,
      hint: 'Make the ids unique, for example by the path of the file they stand for.',
      ...someRows([...twice].map(([id, row]) => (hidden ? String(row) : id))),
    })
  }
  return issues
}

type WithIds = Identified & { readonly ids: readonly string[] }

function byId(vectors: WithIds, other: WithIds): Alignment {
  const known = new Set(other.ids)
  // A row that is a query and in the gallery is one row of the labels and of the metadata.
  const ids = vectors.ids.map((id) =>
    id.startsWith(GALLERY_MARK) && !known.has(id) ? id.slice(GALLERY_MARK.length) : id,
  )
  const left = asTable({ id: ids, left: Int32Array.from(ids.keys()) })
  const right = asTable({ id: other.ids, right: Int32Array.from(other.ids.keys()) })
  const issues = [
    ...missingIds(left.antijoin(right, 'id').array('left') as number[], vectors, other),
    ...missingIds(right.antijoin(left, 'id').array('right') as number[], other, vectors),
  ]
  if (issues.length > 0) return { issues }
  const joined = left.join(right, 'id')
  const rows = new Int32Array(ids.length)
  const places = joined.array('left') as ArrayLike<number>
  const others = joined.array('right') as ArrayLike<number>
  for (let pair = 0; pair < places.length; pair += 1) rows[places[pair]!] = others[pair]!
  return { rows, warnings: [] }
}

function missingIds(missing: ArrayLike<number>, from: WithIds, to: Identified): readonly Issue[] {
  if (missing.length === 0) return []
  const [inside, outside] = [from.table.source, to.table.source]
  const rows = Array.from(missing)
  const names = from.hidden
    ? `${rows.length === 1 ? 'that of row' : 'those of rows'} ${rows.slice(0, 5).join(', ')}${rows.length > 5 ? ` and ${rows.length - 5} more` : ''} (counted from 0)`
    : listed(rows.map((row) => from.ids[row]!))
  return [
    {
      code: 'missing-id',
      message: `${countOf(missing.length, 'id')} of ${inside} ${missing.length === 1 ? 'is' : 'are'} not in ${outside}: ${names}.`,
      where: outside,
      hint: `Write ${inside} and ${outside} from the same rows; an id is compared as it is written, 007 is not 7.`,
      ...someRows(rows.map((row) => (from.hidden ? String(row) : from.ids[row]!))),
    },
  ]
}

function byRow(vectors: Identified, other: Identified): Alignment {
  const { rows, source } = vectors.table
  if (rows === other.table.rows) {
    const keys = rowKeys(vectors.table, other.table)
    if (keys === null) return { rows: everyRow(rows), warnings: [] }
    return 'issue' in keys ? { issues: [keys.issue] } : keys
  }
  const without = vectors.ids === null ? source : other.table.source
  return {
    issues: [
      {
        code: 'row-count',
        message: `${other.table.source} has ${other.table.rows} rows, ${source} has ${rows}, and ${without} has no ids to join them by.`,
        where: other.table.source,
        hint:
          other.table.rows === rows - 1 && hasNoUsualName(other.table)
            ? `Its first line was taken for the names of its columns (${listed(other.table.columns.map(({ name }) => name))}): if it is a row, put a line of names before it, such as id,label. Else write one line for each vector, or put the ids into both files.`
            : 'Write one line for each vector in the same order, or put the ids into both files.',
      },
    ],
  }
}

/** Whether what was taken for the names of columns may be a row. */
function hasNoUsualName({ columns }: Table): boolean {
  return !columns.some(({ name }) => isUsualLabel(name) || isUsualId(name))
}
