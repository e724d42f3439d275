/** The rows of a run as a notebook has them: the columns of `rows.parquet`, as an arquero table. */

import * as aq from 'arquero'
import { number, text } from '../../../lib/core/row-cells.ts'
import { METADATA_PREFIX, writtenColumns } from '../../../lib/core/row-columns.ts'
import type { Rows } from '../../../lib/core/rows.ts'
import type { Column } from '../../../lib/core/table.ts'

export function rowsTable(rows: Rows, metadata: readonly Column[]): aq.ColumnTable {
  return aq.table([
    ...writtenColumns(rows).map(({ name, cells }) => [name, cells(rows)] as const),
    ...metadata.map((column) => {
      const cells = column.type === 'text' ? text.cells(column.values) : number.cells(column.values)
      return [`${METADATA_PREFIX}${column.name}`, cells] as const
    }),
  ])
}
