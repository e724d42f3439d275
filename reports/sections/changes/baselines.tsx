/** The run's figures against its baseline's, and its rows against each run that the manifest names. */

import type { BaselineComparison } from '../../../lib/core/changes.ts'
import { Label } from '../../components/label.tsx'
import { Folded } from '../../components/section.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import {
  change,
  changeFrom,
  count,
  counted,
  figureText,
  named,
  pValue,
} from '../../words/format.ts'

/** One line a run that the manifest names, where it names several. */
export function FurtherBaselines({ view }: { view: RunView }) {
  const { comparisons } = view.report
  if (comparisons.length < 2) return null
  return (
    <Table
      titled
      caption="Against each run that the manifest names"
      columns={[
        {
          title: 'Run',
          cell: ({ setting, baseline }: BaselineComparison) => (
            <>
              <Label text={baseline ?? setting} limit={40} />
              {baseline === null || baseline === setting ? '' : ` (${setting})`}
            </>
          ),
        },
        { title: 'Rows', number: true, cell: (entry) => count(entry.matchedRows) },
        { title: 'Fixed', number: true, cell: (entry) => count(entry.fixed) },
        { title: 'Broken', number: true, cell: (entry) => count(entry.broken) },
        { title: 'Says', cell: (entry) => entry.note ?? `${entry.verdict}, ${pValue(entry.p)}` },
      ]}
      rows={comparisons}
    />
  )
}

export function ChangedFigures({ view }: { view: RunView }) {
  const { report } = view
  const { comparison, metrics } = report
  if (comparison === null) return null
  const rows = Object.entries(metrics).flatMap(([id, figure]) => {
    const before = comparison.metrics[id] ?? null
    return before !== null && figure.value !== null ? [{ figure, before, value: figure.value }] : []
  })
  if (rows.length === 0) return null
  return (
    <Folded
      name={`${counted(rows.length, 'figure')} against ${named(comparison.baseline)}`}
      class="folded rows"
    >
      <Table
        caption={`Figures against ${comparison.baseline}`}
        columns={[
          { title: 'Figure', cell: (row: (typeof rows)[number]) => row.figure.title },
          { title: 'Before', number: true, cell: (row) => figureText(row.before, row.figure.unit) },
          { title: 'Now', number: true, cell: (row) => figureText(row.value, row.figure.unit) },
          {
            title: 'Change',
            number: true,
            cell: (row) =>
              row.figure.unit === 'share'
                ? `${change(100 * (row.value - row.before))} points`
                : changeFrom(row.before, row.value),
          },
        ]}
        rows={rows}
        limit={60}
      />
    </Folded>
  )
}
