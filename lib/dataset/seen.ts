/** What was seen in the files, once it is known which columns are labels and ids. */

import type { Manifest } from '../core/manifest.ts'
import type { SeenField, SeenFile } from '../core/seen.ts'
import type { Column, Table } from '../core/table.ts'
import { mayQuote } from './privacy.ts'

/**
 * @param labels columns that the labels come from
 * @param ids columns that rows are named and joined by
 */
export function seenFiles(
  tables: readonly Table[],
  labels: ReadonlySet<Column>,
  ids: ReadonlySet<Column>,
  manifest: Manifest,
): readonly SeenFile[] {
  return tables.flatMap((table) => {
    const names = (columns: ReadonlySet<Column>) =>
      new Set(
        table.columns
          .filter((column) => columns.has(column))
          .flatMap(({ name, from }) => from ?? [name]),
      )
    const [labelNames, idNames] = [names(labels), names(ids)]
    return (table.seen ?? []).map((file): SeenFile => {
      const fields = file.fields.map((field): SeenField => {
        if (labelNames.has(field.name) && field.use === 'column') return { ...field, use: 'label' }
        if (idNames.has(field.name) && field.use === 'column') return { ...field, use: 'id' }
        return field
      })
      // What the settings keep back isn't named either.
      return {
        ...file,
        fields: fields.filter(({ name, use }) => use !== 'column' || mayQuote(name, manifest)),
      }
    })
  })
}
