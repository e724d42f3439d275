/**
 * What tells the order of two tables' rows where they have no ids: a column of both with an entry of its own
 * in each row, or a column that numbers the rows. Joined as they stand, rows that were shuffled in one file
 * alone would get each other's labels.
 */

import type { Issue } from '../core/errors.ts'
import { shortName } from '../core/limits.ts'
import { type Column, isNamed, type Table } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { textsOf } from './columns.ts'

export type RowKeys =
  | { readonly issue: Issue }
  | {
      /** For each row of the first table its row in the other one. */
      readonly rows: Int32Array
      readonly warnings: readonly Warning[]
    }

/** Null where nothing speaks against joining the rows as they stand. Both have as many. */
export function rowKeys(first: Table, second: Table): RowKeys | null {
  const places = sharedKeys(first, second)
  const [key, ...others] = places
  if (key !== undefined) {
    const other = others.find(({ rows }) => rows.some((row, at) => row !== key.rows[at]))
    if (other !== undefined) return { issue: contradiction(first, second, key.name, other.name) }
    if (isAscending(key.rows)) return null
    return {
      rows: key.rows,
      warnings: [
        {
          code: 'rows-joined',
          message: `${second.source} has its rows in another order than ${first.source}: they are joined by ${named(key.name)}, which both have. To say so yourself, name it in nearmiss.yaml: columns: { id: NAME }`,
        },
      ],
    }
  }
  for (const [table, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const numbering = rowNumbers(table)
    if (numbering !== null && !isAscending(numbering.places)) {
      return { issue: shuffled(table, other, numbering) }
    }
  }
  return null
}

interface Key {
  readonly name: string
  readonly rows: Int32Array
}

/** Columns of both tables, the ones that number rows among them, with the same entries, each of them once. */
function sharedKeys(first: Table, second: Table): readonly Key[] {
  return keyColumns(first).flatMap((column) => {
    const other = keyColumns(second).find(({ name }) => isNamed(name, column.name))
    if (other === undefined) return []
    const places = placesOf(other)
    if (places === null) return []
    const rows = textsOf(column).map((text) => places.get(text) ?? -1)
    const isWhole = rows.every((row) => row >= 0) && new Set(rows).size === rows.length
    return isWhole ? [{ name: column.name, rows: Int32Array.from(rows) }] : []
  })
}

/** Numbers with fractions are measured, and agree by chance where they are few. */
function keyColumns({ columns, rowIndex }: Table): readonly Column[] {
  const keys = columns.filter(
    (column) => column.type === 'text' || column.values.every(Number.isInteger),
  )
  return rowIndex === undefined ? keys : [rowIndex, ...keys]
}

/** By entry the row that has it; null where two rows have one, or a row has none. */
function placesOf(column: Column): ReadonlyMap<string, number> | null {
  const texts = textsOf(column)
  const places = new Map(texts.map((text, row) => [text, row]))
  return places.size === texts.length && !places.has('') ? places : null
}

interface Numbering {
  readonly name: string
  /** Of each row, the number that it has. */
  readonly places: Int32Array
}

/** The numbers of a column that counts all rows, from 0 or 1, in whatever order: pandas' and R's, and `index`. */
function rowNumbers({ columns, rowIndex }: Table): Numbering | null {
  const column = rowIndex ?? columns.find(({ name }) => isNamed(name, 'index'))
  if (column === undefined) return null
  const texts = textsOf(column)
  if (!texts.every((text) => /^\d{1,9}$/.test(text))) return null
  const numbers = texts.map(Number)
  const first = smallest(numbers)
  if (first > 1) return null
  const isAll =
    new Set(numbers).size === numbers.length &&
    numbers.every((number) => number - first < numbers.length)
  return isAll ? { name: column.name, places: Int32Array.from(numbers) } : null
}

function smallest(numbers: readonly number[]): number {
  return numbers.reduce((least, number) => Math.min(least, number), Number.POSITIVE_INFINITY)
}

function isAscending(rows: Int32Array): boolean {
  return rows.every((row, at) => at === 0 || row > rows[at - 1]!)
}

function contradiction(first: Table, second: Table, one: string, other: string): Issue {
  return {
    code: 'rows-contradict',
    message: `${first.source} and ${second.source} have the columns ${named(one)} and ${named(other)} in common, each with an entry of its own in every row, and they say different things of which rows belong together.`,
    where: second.source,
    hint: 'Say in nearmiss.yaml by which one the rows are joined: columns: { id: NAME }',
  }
}

function shuffled(table: Table, other: Table, { name, places }: Numbering): Issue {
  return {
    code: 'rows-shuffled',
    message: `${named(name, true)} of ${table.source} numbers its rows, which are in another order: the first one has number ${places[0]}. ${other.source} has no such column, so nothing tells which of its rows belong to which.`,
    where: table.source,
    hint: 'Put the ids of the rows into both files; or where both have the same order as they stand, write the file anew without that column: frame.reset_index(drop=True)',
  }
}

function named(name: string, isFirst = false): string {
  // Its name is pandas', and none that its owner gave it.
  if (name.startsWith('__index')) return `${isFirst ? 'The' : 'the'} index that pandas or R wrote`
  return `${isFirst ? 'The' : 'the'} column ${shortName(name)}`
}
