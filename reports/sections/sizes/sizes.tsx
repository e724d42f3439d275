/** Rare classes, and how often their rows are errors. */

import { Label } from '../../components/label.tsx'
import { ReportLink } from '../../components/report-link.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { count, counted, decimal, share } from '../../words/format.ts'

const SHOWN = 10

export function ClassSizes({ view }: { view: RunView }) {
  const { report } = view
  const { rare, rareBelow, rareRows, rareErrors, otherRows, otherErrors } = report.quality.imbalance
  if (rare.length === 0) return null
  return (
    <>
      <p>
        {rareErrors} of {counted(rareRows, 'row')} of rare classes are errors (
        {share(rareErrors / rareRows)}), of the other rows {share(otherErrors / otherRows)}. A class
        is rare under {decimal(rareBelow)} rows: a tenth of an equal part.
      </p>
      <Table
        caption="Rare classes, the smallest first"
        columns={[
          {
            title: 'Class',
            cell: (entry: (typeof rare)[number]) => <Label text={entry.label} limit={36} />,
          },
          { title: 'Rows', number: true, cell: (entry) => count(entry.rows) },
          { title: 'Errors', number: true, cell: (entry) => count(entry.errors) },
        ]}
        rows={rare}
        limit={SHOWN}
        rest={
          <>
            classes are in <ReportLink view={view} />
          </>
        }
      />
    </>
  )
}
