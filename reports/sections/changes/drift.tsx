/** Whether the rows lie where they lay in the baseline, and how one knows that this can be told. */

import type { ClassDrift } from '../../../lib/core/drift.ts'
import { Figure } from '../../components/figure.tsx'
import { Label } from '../../components/label.tsx'
import { ReportLink } from '../../components/report-link.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { count, decimal, pValue } from '../../words/format.ts'
import { driftTitle, separationSentence } from './conclusion.ts'
import { driftChart } from './drift-chart.ts'
import * as snippets from './snippets.ts'

const SHOWN_CLASSES = 8

export function DriftNote({ view }: { view: RunView }) {
  const { drift } = view.report
  if (drift === null) return null
  const isMeasured = drift.classes.length > 0
  return (
    <p>
      {isMeasured ? drift.space.reason : (drift.note ?? drift.space.reason)}{' '}
      {isMeasured && drift.note !== null ? `${drift.note} ` : ''}
      {drift.separation === null
        ? isMeasured && drift.separationNote
          ? `No classifier was asked to tell the runs’ rows apart. ${drift.separationNote}`
          : ''
        : separationSentence(drift.separation)}
    </p>
  )
}

export function DriftFigure({ view }: { view: RunView }) {
  const { drift } = view.report
  if (drift === null || drift.classes.length === 0) return null
  const { classes, overall } = drift
  const isShift = drift.classes.some(({ shift }) => shift !== null)
  const rows = overall === null ? classes : [overall, ...classes]
  return (
    <Figure
      title={driftTitle(drift)}
      describes={
        isShift
          ? 'How far each class’s centroid moved, in units of its spread, farthest first; the tick marks what the draw of the rows alone gives.'
          : 'How much the distances of each class’s rows to its centroid differ between the runs, most first: 0 not at all, 1 entirely.'
      }
      spec={driftChart(classes, isShift)}
      keys={[
        ['bad', 'lies differently, beyond chance'],
        ['plain', 'within chance, or too little to matter'],
      ]}
      code={snippets.drift}
      view={view}
      table={
        <Table
          caption="Drift of the run and of its classes, farthest first"
          columns={[
            {
              title: 'Class',
              cell: (row: ClassDrift) =>
                row.label === null ? 'all rows' : <Label text={row.label} limit={32} />,
            },
            { title: 'Rows before', number: true, cell: (row) => count(row.rowsBefore) },
            { title: 'Now', number: true, cell: (row) => count(row.rows) },
            { title: 'Moved, spreads', number: true, cell: (row) => decimal(row.shift, 2) },
            { title: 'By chance', number: true, cell: (row) => decimal(row.noise, 2) },
            { title: 'Spread, times', number: true, cell: (row) => decimal(row.spreadRatio) },
            { title: 'KS', number: true, cell: (row) => decimal(row.ks, 2) },
            {
              title: 'Says',
              cell: (row) => `${row.drifted ? 'drifted' : 'no drift'}, ${pValue(row.adjustedP)}`,
            },
          ]}
          rows={rows}
          limit={SHOWN_CLASSES}
          rest={
            <>
              are in <ReportLink view={view} />
            </>
          }
        />
      }
    />
  )
}
