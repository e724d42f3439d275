/** The entries of a column of plain values, page by page. */

import type { FileMetaData, SchemaTree } from 'hyparquet'
import type { FileSource } from '../../core/file-source.ts'
import type { Unfolding } from '../unfolding.ts'
import { DamagedPage, pagesOf } from './pages.ts'
import { chunksOf, definitionLevels } from './schema.ts'

/** Null where an entry is missing. */
export async function* entriesOf(
  file: FileSource,
  unfolding: Unfolding,
  metadata: FileMetaData,
  path: readonly SchemaTree[],
): AsyncGenerator<readonly unknown[]> {
  const most = definitionLevels(path)
  for (const chunk of chunksOf(metadata, path)) {
    for await (const { values, definition, count } of pagesOf(file, unfolding, chunk, path)) {
      let next = 0
      yield Array.from({ length: count }, (_, entry) =>
        definition.length === 0 || definition[entry] === most ? values[next++] : null,
      )
    }
  }
}

export function checkRows(row: number, rows: number, name: string): void {
  if (row === rows) return
  throw new DamagedPage(`it claims ${rows} rows, and the column ${name} has ${row}`)
}
