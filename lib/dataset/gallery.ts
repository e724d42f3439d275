/** Two files of vectors, queries and their gallery, as one table that says which row is which. */

import type { Issue } from '../core/errors.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Column, Table } from '../core/table.ts'
import { textsOf } from './columns.ts'
import { GALLERY, QUERY } from './split.ts'

/**
 * The queries' rows, then the gallery's. A column that only one file has is empty in the other's rows;
 * one that is numbers in one file and text in the other is text.
 */
export function withGallery(
  queries: Table,
  gallery: Table,
  manifest: Manifest,
): { readonly table: Table } | { readonly issues: readonly Issue[] } {
  const { columns: names } = manifest
  const tables = [queries, gallery] as const
  const issues = tables.flatMap(({ source, columns, vectors }): Issue[] => [
    ...(vectors === null
      ? [
          {
            code: 'no-vectors' as const,
            message: 'The file holds no vectors.',
            where: source,
            hint: 'Queries and gallery each need a vector a row.',
          },
        ]
      : []),
    ...(columns.some(({ name }) => name === names.split)
      ? [
          {
            code: 'split-twice' as const,
            message: `The file has a column ${names.split}, and being a file of ${source === queries.source ? 'queries' : 'the gallery'} says the same.`,
            where: source,
            hint: 'Leave the column out, or put all rows into one file.',
          },
        ]
      : []),
  ])
  const [a, b] = [queries.vectors, gallery.vectors]
  if (a !== null && b !== null && a.dimensions !== b.dimensions) {
    issues.push({
      code: 'dimensions-differ',
      message: `${queries.source} has vectors of ${a.dimensions} dimensions, ${gallery.source} of ${b.dimensions}.`,
      where: gallery.source,
      hint: 'Make both with one model.',
    })
  }
  if (issues.length > 0 || a === null || b === null) return { issues }
  const isWide = [a, b].some(({ values }) => values instanceof Float64Array)
  const values = new (isWide ? Float64Array : Float32Array)(a.values.length + b.values.length)
  values.set(a.values)
  values.set(b.values, a.values.length)
  const columnNames = new Set([...queries.columns, ...gallery.columns].map(({ name }) => name))
  const split: Column = {
    name: names.split,
    type: 'text',
    values: [
      ...new Array<string>(queries.rows).fill(QUERY),
      ...new Array<string>(gallery.rows).fill(GALLERY),
    ],
  }
  return {
    table: {
      source:
        queries.source === gallery.source
          ? queries.source
          : `${queries.source} and ${gallery.source}`,
      vectors: { values, rows: a.rows + b.rows, dimensions: a.dimensions },
      ...(queries.dimensionNames ? { dimensionNames: queries.dimensionNames } : {}),
      columns: [...Array.from(columnNames, (name) => joined(name, queries, gallery)), split],
      rows: queries.rows + gallery.rows,
      warnings: tables.flatMap(({ warnings }) => warnings),
      // Of one file that holds both they are one.
      seen: [...new Set(tables.flatMap(({ seen }) => seen ?? []))],
    },
  }
}

function joined(name: string, first: Table, second: Table): Column {
  const parts = [first, second].map(({ columns, rows }) => ({
    column: columns.find((column) => column.name === name),
    rows,
  }))
  const own = parts.flatMap(({ column }) => column?.from ?? [])
  const from = own.length === 0 ? {} : { from: own }
  if (parts.every(({ column }) => column === undefined || column.type === 'number')) {
    const values = parts.flatMap(({ column, rows }) =>
      column?.type === 'number' ? [...column.values] : new Array<number>(rows).fill(Number.NaN),
    )
    return { name, ...from, type: 'number', values: Float64Array.from(values) }
  }
  const values = parts.flatMap(({ column, rows }) =>
    column === undefined ? new Array<string>(rows).fill('') : textsOf(column),
  )
  return { name, ...from, type: 'text', values }
}
