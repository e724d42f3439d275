/** What was seen in the files of the upload, and what each of it was used as. */

import type { Report, ReportedFile } from '../../../lib/core/report.ts'
import { Label } from '../../components/label.tsx'
import { Table } from '../../components/table.tsx'
import { count, counted } from '../../words/format.ts'

type Field = ReportedFile['fields'][number]

const USES: Readonly<Record<Field['use'], string>> = {
  vectors: 'the vectors',
  gallery: 'the gallery’s vectors',
  label: 'the label',
  id: 'the id',
  column: 'a column of the rows',
  'left out': 'left out',
}

export function Seen({ input }: { input: Report['input'] }) {
  const files = input.seen ?? []
  const ownRows = input.gallery?.ownRows ?? 0
  if (files.length === 0) return null
  return (
    <details class="folded rows">
      <summary>What was seen in the {files.length === 1 ? 'file' : 'files'}</summary>
      {ownRows === 0 ? null : (
        <p>
          {counted(ownRows, 'query', 'queries')} {ownRows === 1 ? 'is' : 'are'} in the gallery too,
          by the id: {ownRows === 1 ? 'it is' : 'each is'} held against the gallery without itself.
        </p>
      )}
      {files.map((file) => (
        <>
          <Table
            caption={`${file.source}: ${file.format}, ${counted(file.rows, 'row')}`}
            columns={[
              { title: 'Field', cell: (field: Field) => <Label text={field.name} limit={60} /> },
              { title: 'Type', cell: (field) => `${field.type} ${shapeOf(field)}`.trim() },
              {
                title: 'Used as',
                cell: (field) => `${USES[field.use]}${field.why === null ? '' : `: ${field.why}`}`,
              },
            ]}
            rows={file.fields}
          />
          {file.more === 0 ? null : (
            <p class="note">{count(file.more)} more fields aren’t shown.</p>
          )}
        </>
      ))}
    </details>
  )
}

/** Rows are told above: what is left is the length of a vector. */
function shapeOf({ shape }: Field): string {
  return shape.length < 2
    ? ''
    : `× ${shape
        .slice(1)
        .map((size) => (size === null ? '?' : count(size)))
        .join(' × ')}`
}
