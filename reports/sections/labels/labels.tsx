/** Labels that their rows' neighbours contradict. */

import type { LabelIssue } from '../../../lib/core/quality.ts'
import { Behind } from '../../components/behind.tsx'
import { Label } from '../../components/label.tsx'
import { ReportLink } from '../../components/report-link.tsx'
import { Folded } from '../../components/section.tsx'
import { Table } from '../../components/table.tsx'
import { Pairs } from '../../components/tile.tsx'
import type { RunView } from '../../view/run-view.ts'
import { counted, decimal } from '../../words/format.ts'
import * as snippets from './snippets.ts'

const SHOWN = 10

export function LabelIssues({ view }: { view: RunView }) {
  const issues = view.report.quality.labelIssues.rows
  if (issues.length === 0) return null
  return (
    <>
      <Table
        caption="Contradicted labels, the strongest first"
        columns={[
          { title: 'Row', cell: (issue: LabelIssue) => <Label text={issue.id} limit={30} /> },
          { title: 'Label', cell: (issue) => <Label text={issue.label} limit={28} /> },
          {
            title: 'Neighbours say',
            cell: (issue) => (
              <b>
                <Label text={issue.suggested} limit={28} />
              </b>
            ),
          },
          {
            title: 'How many',
            number: true,
            cell: (issue) => `${issue.votes} of ${issue.neighbors}`,
          },
          {
            title: 'Own class',
            number: true,
            cell: (issue) =>
              issue.timesAsFar === null ? 'apart' : `${decimal(issue.timesAsFar)}×`,
          },
        ]}
        rows={issues}
        limit={SHOWN}
        rest={
          <>
            rows are in <ReportLink view={view} />
          </>
        }
      />
      <Folded
        name={`${counted(issues.length, 'row')} beside ${issues.length === 1 ? 'its' : 'their'} nearest`}
        class="folded rows"
      >
        <Pairs view={view} ids={issues.map(({ id }) => id)} limit={6} evidence="labels" />
      </Folded>
      <Behind code={snippets.labelIssues} view={view} />
    </>
  )
}
