/** Rows that are the same or nearly, and those with their like in another part of the data. */

import { Names } from '../../components/label.tsx'
import { ReportLink } from '../../components/report-link.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { count, counted, decimal, named, share } from '../../words/format.ts'

const SHOWN = 10

export function Duplicates({ view }: { view: RunView }) {
  const groups = [...view.report.duplicates.groups].sort(
    (a, b) => Number(b.conflict) - Number(a.conflict) || b.rows.length - a.rows.length,
  )
  if (groups.length === 0) return null
  return (
    <Table
      caption="Groups of identical rows, conflicting labels first"
      columns={[
        {
          title: 'Labels',
          cell: (group: (typeof groups)[number]) => (
            <Names names={[...new Set(group.labels)]} joint=" · " />
          ),
        },
        { title: 'Conflict', cell: (group) => (group.conflict ? <b class="bad">yes</b> : 'no') },
        { title: 'Rows', number: true, cell: (group) => count(group.rows.length) },
        {
          title: 'Which',
          cell: (group) => <Names names={group.rows} joint=", " limit={5} />,
        },
      ]}
      rows={groups}
      rest={
        <>
          groups are in <ReportLink view={view} />
        </>
      }
    />
  )
}

export function NearDuplicates({ view }: { view: RunView }) {
  const { report } = view
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
        rest={
          <>
            groups are in <ReportLink view={view} />
          </>
        }
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

export function Leakage({ view }: { view: RunView }) {
  const { report } = view
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
      rest={
        <>
          pairs of parts are in <ReportLink view={view} />
        </>
      }
    />
  )
}
