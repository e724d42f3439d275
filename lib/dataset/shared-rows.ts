/**
 * Rows that are queries and in the gallery at once, as where a gallery is the whole set and some of it is
 * asked: each query is held against all of the gallery but itself. Their id tells, and their vector has to
 * be the same. Whether both stand in one file or in two makes no difference.
 */

import { type Issue, someRows } from '../core/errors.ts'
import type { Table } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { countOf, partOf } from '../core/words.ts'
import { listed } from './columns.ts'
import { GALLERY, QUERY } from './split.ts'

/** What the row of the gallery is called, so that ids stay unique. */
export const GALLERY_MARK = 'gallery:'

/** A query, and its own row in the gallery. */
export interface OwnRow {
  readonly id: string
  readonly query: number
  readonly gallery: number
}

/** The ids, those of rows of the gallery that are queries too marked as such, and the pairs. */
export function markOwnRows(
  ids: readonly string[],
  split: readonly string[] | null,
): { readonly ids: readonly string[]; readonly pairs: readonly OwnRow[] } {
  if (split === null) return { ids, pairs: [] }
  const places = new Map<string, number>()
  for (const [row, id] of ids.entries()) {
    if (split[row] === GALLERY && id !== '' && !places.has(id)) places.set(id, row)
  }
  const pairs: OwnRow[] = []
  const marked = ids.slice()
  for (const [query, id] of ids.entries()) {
    const gallery = split[query] === QUERY ? places.get(id) : undefined
    if (gallery === undefined) continue
    // A second query of the id finds none, and stays a repeat.
    places.delete(id)
    pairs.push({ id, query, gallery })
    marked[gallery] = `${GALLERY_MARK}${id}`
  }
  return pairs.length === 0 ? { ids, pairs } : { ids: marked, pairs }
}

/**
 * What is to be said of the pairs, and of queries whose copy goes by another id.
 *
 * @param ids as they are published
 * @param hidden whether these are hashed, so that issues tell rows by their numbers
 */
export function ownRowsTold(
  table: Table,
  split: readonly string[],
  pairs: readonly OwnRow[],
  ids: readonly string[],
  hidden: boolean,
): { readonly issues: readonly Issue[]; readonly warnings: readonly Warning[] } {
  const different = pairs.filter(({ query, gallery }) => !isSame(table, query, gallery))
  if (different.length > 0) return { issues: [differs(different, table, hidden)], warnings: [] }
  const asked = split.filter((part) => part === QUERY).length
  const copies = copiesOf(table, split)
  const shared: Warning[] =
    pairs.length === 0
      ? []
      : [
          {
            code: 'queries-in-gallery',
            message: `${partOf(pairs.length, asked, 'queries')} ${pairs.length === 1 ? 'is' : 'are'} in the gallery too, with the same id and the same vector: each is held against the gallery without itself, as is usual. Its row of the gallery is called ${GALLERY_MARK}ID`,
            ...someRows(pairs.map(({ query }) => ids[query]!)),
          },
        ]
  return {
    issues: [],
    warnings: [
      ...(copies.length > pairs.length
        ? [
            copiesTold(
              copies.map((row) => ids[row]!),
              asked,
            ),
          ]
        : []),
      ...shared,
    ],
  }
}

function differs(pairs: readonly OwnRow[], { source }: Table, hidden: boolean): Issue {
  const rows = pairs.map(({ query, gallery }) => `${query} and ${gallery}`)
  const shown = hidden
    ? `those of rows ${rows.slice(0, NAMED).join(', ')}${rows.length > NAMED ? ` and ${rows.length - NAMED} more` : ''} (counted from 0${source.includes(' and ') ? ', first through the queries' : ''})`
    : listed(pairs.map(({ id }) => id))
  const one = pairs.length === 1
  return {
    code: 'queries-differ-in-gallery',
    message: `${countOf(pairs.length, 'id')} ${one ? 'is' : 'are'} of a query and of a row of the gallery with another vector: ${shown}.`,
    where: source,
    hint: 'Rows of one id are one row: write both from one set of vectors, or give rows that are not the same ids of their own, such as gallery/ID.',
    ...someRows(pairs.map(({ id, query }) => (hidden ? String(query) : id))),
  }
}

function isSame({ vectors }: Table, one: number, other: number): boolean {
  const { values, dimensions } = vectors!
  for (let d = 0; d < dimensions; d++) {
    if (!Object.is(values[one * dimensions + d], values[other * dimensions + d])) return false
  }
  return true
}

/** Queries whose very vector is in the gallery, whatever it is called there. */
function copiesOf(table: Table, split: readonly string[]): readonly number[] {
  const { values, rows, dimensions } = table.vectors!
  const keyOf = (row: number) => {
    let key = ''
    for (let d = 0; d < Math.min(dimensions, KEY_SIZE); d++)
      key += `${values[row * dimensions + d]},`
    return key
  }
  const places = new Map<string, number[]>()
  for (let row = 0; row < rows; row++) {
    if (split[row] !== GALLERY) continue
    const key = keyOf(row)
    const known = places.get(key)
    if (known === undefined) places.set(key, [row])
    else known.push(row)
  }
  const copies: number[] = []
  for (let row = 0; row < rows; row++) {
    if (split[row] !== QUERY) continue
    const candidates = places.get(keyOf(row)) ?? []
    if (candidates.slice(0, MOST_CANDIDATES).some((place) => isSame(table, row, place)))
      copies.push(row)
  }
  return copies
}

/** Pairs that a message names. */
const NAMED = 5
/** Components that are compared before all of them are. */
const KEY_SIZE = 8
/** Of rows that agree in those, so that a gallery of one vector costs no more. */
const MOST_CANDIDATES = 16

function copiesTold(ids: readonly string[], asked: number): Warning {
  const copies = ids.length
  const told = `${partOf(copies, asked, 'queries')} ${copies === 1 ? 'has' : 'have'} an identical vector in the gallery`
  return {
    code: 'queries-copied-in-gallery',
    message: `${told}, which is found first. If it is the query itself, give both rows one id: a query is then held against the gallery without itself`,
    headline: `${told}: if that is the query itself, these figures are too high`,
    ...someRows(ids),
  }
}
