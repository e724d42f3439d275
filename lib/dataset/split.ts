/** Which rows are asked and which answer, as a column says it. */

import type { Manifest } from '../core/manifest.ts'
import type { Table } from '../core/table.ts'
import { textsOf } from './columns.ts'

/** The values of the split column that are more than a slice. */
export const QUERY = 'query'
export const GALLERY = 'gallery'

/** The entry of each row; null where the table has no such column. */
export function splitOf(
  { columns }: Table,
  { columns: names }: Manifest,
): readonly string[] | null {
  const column = columns.find(({ name }) => name === names.split)
  return column === undefined ? null : textsOf(column)
}
