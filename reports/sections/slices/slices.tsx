/** The groups of rows that metadata makes: which do worse, by how much, and what they confuse. */

import type { Report } from '../../../lib/core/report.ts'
import type { Slice } from '../../../lib/core/slices.ts'
import { Figure } from '../../components/figure.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { count, counted, interval, named, pairName, pValue, share } from '../../words/format.ts'
import { sliceName } from './conclusion.ts'
import { sliceErrors } from './slice-errors.ts'
import * as snippets from './snippets.ts'

const SHOWN = 16
const SKIPPED = 6

export function Slices({ view }: { view: RunView }) {
  const { report } = view
  const { slices } = report
  const named = slices.list.filter(({ explainedBy }) => explainedBy === null)
  const shown = named.slice(0, SHOWN)
  if (shown.length === 0) return <Columns report={report} />
  const { errors } = report.confusion.concentration
  const overall = report.metrics.nearest_neighbor_accuracy?.value
  const rate =
    overall === null || overall === undefined ? errors / report.input.evaluatedRows : 1 - overall
  return (
    <Figure
      title={`${counted(slices.tested, 'slice was', 'slices were')} tested; ${slices.different === 0 ? 'none differs' : counted(slices.different, 'differs', 'differ')} from the rest beyond chance.`}
      describes={`Error rates of ${shown.length} slices with their intervals; the dashed line is the whole set.`}
      keys={[
        ['bad', 'worse'],
        ['good', 'better'],
        ['plain', 'no evidence'],
      ]}
      spec={sliceErrors(shown, rate)}
      table={<SliceTable slices={slices.list} />}
      code={snippets.slices}
      view={view}
    >
      <Columns report={report} />
    </Figure>
  )
}

function SliceTable({ slices }: { slices: readonly Slice[] }) {
  return (
    <Table
      caption="Slices, the most unlike the rest first"
      columns={[
        { title: 'Slice', cell: (slice: Slice) => sliceName(slice) },
        { title: 'Rows', number: true, cell: (slice) => count(slice.rows) },
        { title: 'Errors', number: true, cell: (slice) => count(slice.errors) },
        { title: 'Rate', number: true, cell: (slice) => share(slice.rate) },
        { title: '95 %', number: true, cell: (slice) => interval(slice.interval, 'share') },
        { title: 'All others', number: true, cell: (slice) => share(slice.restRate) },
        { title: 'By its classes', number: true, cell: (slice) => slice.expectedErrors.toFixed(1) },
        { title: 'Corrected p', number: true, cell: (slice) => pValue(slice.adjustedP) },
        {
          title: 'Verdict',
          cell: (slice) =>
            slice.explainedBy === null
              ? (slice.difference ?? 'no evidence')
              : `${slice.difference}, told by ${named(slice.explainedBy, 48)}`,
        },
        {
          title: 'Most confused',
          cell: (slice) =>
            slice.confused
              .map(({ a, b, count: times }) => `${pairName(a, b)} (${times})`)
              .join(', '),
        },
      ]}
      rows={slices}
      limit={24}
    />
  )
}

/** What was looked at, and what wasn't. */
function Columns({ report }: { report: Report }) {
  const { columns, skipped, note } = report.slices
  const names = columns
    .slice(0, SKIPPED)
    .map(({ name, by }) => `${named(name, 24)}${by === 'quarters' ? ' (in quarters)' : ''}`)
  const left = skipped.slice(0, SKIPPED).map(({ name, reason }) => `${named(name, 24)} (${reason})`)
  const more = (all: number) => (all > SKIPPED ? ` and ${count(all - SKIPPED)} more` : '')
  return (
    <p class="note">
      {columns.length === 0
        ? 'Upload columns such as camera, site or time beside the labels, and each of their groups is tested.'
        : `By ${names.join(', ')}${more(columns.length)}.`}
      {left.length === 0 ? '' : ` Left out: ${left.join(', ')}${more(skipped.length)}.`}
      {note === null ? '' : ` ${note}`}
    </p>
  )
}
