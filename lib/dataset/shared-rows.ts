/**
 * Rows that are queries and in the gallery at once, as where a gallery is the whole set and some of it is
 * asked: each query is held against all of the gallery but itself. Their id tells, and their vector has to
 * be the same.
 */

import type { Issue } from '../core/errors.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Column, Table } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { countOf, partOf } from '../core/words.ts'
import { findColumn, listed, textsOf } from './columns.ts'
import { hidesIds, mayQuote } from './privacy.ts'

/** What the row of the gallery is called, so that ids stay unique. */
export const GALLERY_MARK = 'gallery:'

export type SharedRows =
  | { readonly issues: readonly Issue[] }
  | {
      /** With ids of their own for the rows that are queries too. */
      readonly gallery: Table
      /** Of both tables' rows: a row and itself are of one group. Null where no row is in both. */
      readonly group: Column | null
      readonly warnings: readonly Warning[]
    }

/** Throws nothing: what is wrong comes back as issues. */
export function sharedRows(queries: Table, gallery: Table, manifest: Manifest): SharedRows {
  const { columns: names } = manifest
  const copies = copiesOf(queries, gallery)
  const [ids, others] = [findColumn(queries, names.id), findColumn(gallery, names.id)]
  const unshared: SharedRows = {
    gallery,
    group: null,
    warnings: copiesTold(copies, queries, gallery),
  }
  if (ids === null || others === null) return unshared
  const places = new Map(textsOf(others).map((id, row) => [id, row]))
  const pairs = textsOf(ids).flatMap((id, row) => {
    const place = id === '' ? undefined : places.get(id)
    return place === undefined ? [] : [{ id, row, place }]
  })
  if (pairs.length === 0) return unshared
  const different = pairs.filter(({ row, place }) => !isSame(queries, row, gallery, place))
  if (different.length > 0) {
    return {
      issues: [differs(different, queries, gallery, hidesIds(manifest))],
    }
  }
  const group = groupOf(queries, gallery, pairs, manifest)
  if ('issue' in group) return { issues: [group.issue] }
  const marked = textsOf(others).slice()
  for (const { id, place } of pairs) marked[place] = `${GALLERY_MARK}${id}`
  const renamed: Column = { name: others.name, type: 'text', values: marked }
  return {
    gallery: {
      ...gallery,
      columns: gallery.columns.map((column) => (column === others ? renamed : column)),
    },
    group: group.column,
    warnings: [
      ...(copies > pairs.length ? unshared.warnings : []),
      {
        code: 'queries-in-gallery' as const,
        message: `${partOf(pairs.length, queries.rows, 'queries')} ${pairs.length === 1 ? 'is' : 'are'} in ${gallery.source} too, with the same id and the same vector: each is held against the gallery without itself, as is usual. Its row of the gallery is called ${GALLERY_MARK}ID`,
      },
    ],
  }
}

interface Pair {
  readonly id: string
  readonly row: number
  readonly place: number
}

/** @param hidden whether ids aren't published, so that rows go by their numbers */
function differs(pairs: readonly Pair[], queries: Table, gallery: Table, hidden: boolean): Issue {
  const shown = hidden
    ? pairs
        .slice(0, NAMED)
        .map(({ row, place }) => `that of row ${row} there and ${place} here`)
        .join(', ')
    : listed(pairs.map(({ id }) => id))
  return {
    code: 'queries-differ-in-gallery',
    message: `${countOf(pairs.length, 'id')} ${pairs.length === 1 ? 'is' : 'are'} in ${queries.source} and in ${gallery.source} with another vector: ${shown}${hidden ? ' (counted from 0)' : ''}.`,
    where: gallery.source,
    hint: 'Rows of one id are one row: write both files from one set of vectors, or give rows that are not the same ids of their own, such as gallery/ID.',
  }
}

function isSame(queries: Table, row: number, gallery: Table, place: number): boolean {
  const [a, b] = [queries.vectors!, gallery.vectors!]
  for (let d = 0; d < a.dimensions; d++) {
    if (!Object.is(a.values[row * a.dimensions + d], b.values[place * b.dimensions + d]))
      return false
  }
  return true
}

/** A group for each pair, on top of the groups that there are. */
function groupOf(
  queries: Table,
  gallery: Table,
  pairs: readonly Pair[],
  manifest: Manifest,
): { readonly column: Column } | { readonly issue: Issue } {
  const name = manifest.columns.group
  const quoted = (text: string) => (mayQuote(name, manifest) ? JSON.stringify(text) : 'another')
  const texts = [queries, gallery].map(({ columns, rows }) => {
    const column = columns.find((one) => one.name === name)
    return column === undefined ? new Array<string>(rows).fill('') : textsOf(column).slice()
  })
  const [asking, answering] = texts as [string[], string[]]
  const taken = new Set([...asking, ...answering])
  for (const [at, { id, row, place }] of pairs.entries()) {
    const [own, other] = [asking[row]!, answering[place]!]
    if (own !== '' && own === other) continue
    if (own !== '' || other !== '') {
      return {
        issue: {
          code: 'queries-differ-in-gallery',
          message: `The row ${hidesIds(manifest) ? `${row} (counted from 0)` : JSON.stringify(id)} is of ${name} ${quoted(own)} in ${queries.source} and of ${quoted(other)} in ${gallery.source}.`,
          where: `${gallery.source}, column ${name}`,
          hint: `A row and itself are of one ${name}: write it in both files, or in neither.`,
        },
      }
    }
    // By number, since an id may have to stay out of what is published.
    let mark = `same:${at}`
    while (taken.has(mark)) mark = `${mark}'`
    asking[row] = mark
    answering[place] = mark
  }
  return { column: { name, type: 'text', values: [...asking, ...answering] } }
}

/** Queries whose very vector is in the gallery, whatever it is called there. */
function copiesOf(queries: Table, gallery: Table): number {
  const [a, b] = [queries.vectors!, gallery.vectors!]
  const keyOf = (values: ArrayLike<number>, start: number, size: number) => {
    let key = ''
    for (let d = 0; d < Math.min(size, KEY_SIZE); d++) key += `${values[start + d]},`
    return key
  }
  const places = new Map<string, number[]>()
  for (let row = 0; row < b.rows; row++) {
    const key = keyOf(b.values, row * b.dimensions, b.dimensions)
    const rows = places.get(key)
    if (rows === undefined) places.set(key, [row])
    else rows.push(row)
  }
  let copies = 0
  for (let row = 0; row < a.rows; row++) {
    const candidates = places.get(keyOf(a.values, row * a.dimensions, a.dimensions)) ?? []
    if (candidates.slice(0, MOST_CANDIDATES).some((place) => isSame(queries, row, gallery, place)))
      copies++
  }
  return copies
}

/** Pairs that a message names. */
const NAMED = 5
/** Components that are compared before all of them are. */
const KEY_SIZE = 8
/** Of rows that agree in those, so that a gallery of one vector costs no more. */
const MOST_CANDIDATES = 16

function copiesTold(copies: number, queries: Table, gallery: Table): readonly Warning[] {
  if (copies === 0) return []
  const many = partOf(copies, queries.rows, 'queries')
  const told = `${many} ${copies === 1 ? 'has' : 'have'} an identical vector in the gallery`
  return [
    {
      code: 'queries-copied-in-gallery',
      message: `${told} (${gallery.source}), which is found first. If it is the query itself, give it the same id in both files: a query is then held against the gallery without itself`,
      headline: `${told}: if that is the query itself, these figures are too high`,
    },
  ]
}
