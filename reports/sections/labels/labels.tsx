/** What a run says of its data: contradicted labels, near duplicates, leakage and the sizes of classes. */

import type { LabelIssue } from '../../../lib/core/quality.ts'
import type { Report } from '../../../lib/core/report.ts'
import { Behind } from '../../components/figure.tsx'
import { Label, Names } from '../../components/label.tsx'
import { Folded } from '../../components/section.tsx'
import { Table } from '../../components/table.tsx'
import { Pairs } from '../../components/tile.tsx'
import type { RunView } from '../../view/run-view.ts'
import { count, counted, decimal, named, share } from '../../words/format.ts'

const SHOWN = 10

const REST = (what: string) => (
  <>
    {what} are in <a href="report.json">report.json</a>
  </>
)

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
        rest={REST('rows')}
      />
      <Folded
        name={`${counted(issues.length, 'row')} beside ${issues.length === 1 ? 'its' : 'their'} nearest`}
        class="folded rows"
      >
        <Pairs view={view} ids={issues.map(({ id }) => id)} limit={6} evidence="labels" />
      </Folded>
      <Behind code="labelIssues" />
    </>
  )
}

export function NearDuplicates({ report }: { report: Report }) {
  const { groups, threshold, factor, cutShortRows } = report.quality.nearDuplicates
  const near = groups.filter(({ exact }) => !exact)
  if (near.length === 0) return null
  return (
    <>
      <Table
        caption={`Near duplicates: closer than ${decimal(threshold)}`}
        titled
        columns={[
          {
            title: 'Labels',
            cell: (group: (typeof near)[number]) => (
              <Names names={[...new Set(group.labels)]} joint=" · " />
            ),
          },
          { title: 'Conflict', cell: (group) => (group.conflict ? <b class="bad">yes</b> : 'no') },
          { title: 'Rows', number: true, cell: (group) => count(group.rows.length) },
          { title: 'Widest', number: true, cell: (group) => decimal(group.widest) },
          { title: 'Which', cell: (group) => <Names names={group.rows} joint=", " /> },
        ]}
        rows={near}
        limit={SHOWN}
        rest={REST('groups')}
      />
      <p class="note">
        The threshold is {factor} times the median distance to the nearest neighbour.
        {cutShortRows === 0
          ? ''
          : ` All kept neighbours of ${counted(cutShortRows, 'row')} are that close: with a larger k the groups may grow.`}
      </p>
    </>
  )
}

export function Leakage({ report }: { report: Report }) {
  const { leakage } = report.quality
  if (leakage === null || leakage.groups.length === 0) return null
  const sizes = new Map(leakage.parts.map(({ name, rows }) => [name, rows]))
  const part = (rows: number, name: string) =>
    `${count(rows)} (${share(rows / (sizes.get(name) ?? rows))})`
  return (
    <Table
      caption={`Duplicates between the parts of ${named(leakage.column)}`}
      titled
      columns={[
        {
          title: 'Between',
          cell: (pair: (typeof leakage.between)[number]) => (
            <Names names={[pair.a, pair.b]} joint=" and " />
          ),
        },
        { title: 'Rows of the first', number: true, cell: (pair) => part(pair.aRows, pair.a) },
        { title: 'Of the second', number: true, cell: (pair) => part(pair.bRows, pair.b) },
      ]}
      rows={leakage.between}
      limit={SHOWN}
      rest={REST('pairs of parts')}
    />
  )
}

export function ClassSizes({ report }: { report: Report }) {
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
        rest={REST('classes')}
      />
    </>
  )
}
