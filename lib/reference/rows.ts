/** `docs/rows.md`: every column of `rows.parquet`, made from their list. */

import type { CellType } from '../core/row-cells.ts'
import { METADATA_PREFIX, ROW_COLUMNS, type RowColumn } from '../core/row-columns.ts'

const INTRODUCTION = `# Rows

\`rows.parquet\` beside a run's \`report.json\` says of each evaluated row what the report is made from. It holds neighbours and figures, never a vector. A [page of your own](pages.md) has the same columns as \`props.rows\`, and [metrics.md](metrics.md) defines the figures. \`npm run docs\` writes this page from the list that the file is written and read by.
`

const READING = `
\`\`\`python
import pandas as pd

rows = pd.read_parquet("rows.parquet")
errors = rows[rows["correct"] == False]
\`\`\`
`

const TYPES: Readonly<Record<CellType, string>> = {
  BOOLEAN: 'true or false',
  INT32: 'whole number',
  FLOAT: 'number',
  DOUBLE: 'number',
  TEXT: 'text',
}

export function rowsPage(): string {
  const lines = [
    '| column | holds | says | where it is null |',
    '| --- | --- | --- | --- |',
    ...ROW_COLUMNS.map(line),
    `| \`${METADATA_PREFIX}<column>\` | text or number | A published metadata column of the upload. | A number is missing; a missing text is empty. |`,
  ]
  return `${INTRODUCTION}${READING}\n${lines.join('\n')}\n`
}

function line({ name, type, isList, says, missing }: RowColumn): string {
  const holds = isList ? `list of ${TYPES[type]}s` : TYPES[type]
  return `| \`${name}\` | ${holds} | ${says} | ${missing ?? 'Never.'} |`
}
