/** The shape of the space, figure by figure with what it means, and the rows that stand out in it. */

import { itemSlug } from '../../../lib/core/names.ts'
import { Label } from '../../components/label.tsx'
import { Folded } from '../../components/section.tsx'
import { Table } from '../../components/table.tsx'
import { Pairs } from '../../components/tile.tsx'
import type { RunView } from '../../view/run-view.ts'
import { count, counted, decimal, figureText, share } from '../../words/format.ts'
import { itemOf, readingOf } from '../../words/reading.ts'
import { STRUCTURE_FIGURES } from './conclusion.ts'

const SHOWN = 12

export function Structure({ view }: { view: RunView }) {
  const { report } = view
  const figures = STRUCTURE_FIGURES.flatMap((id) => {
    const figure = report.metrics[id]
    return figure ? [{ ...figure, says: readingOf(report, id), item: itemOf(report, id) }] : []
  })
  return (
    <Table
      caption="The shape of the space"
      wide
      columns={[
        { title: 'Figure', cell: (figure: (typeof figures)[number]) => figure.title },
        { title: 'Value', number: true, cell: (figure) => figureText(figure.value, figure.unit) },
        {
          title: 'What it means',
          cell: ({ says, note, item }) => (
            <>
              {says ?? `It can’t be told: ${note ?? 'no value'}.`}
              {item === null ? null : (
                <>
                  {' '}
                  To do: <a href={view.fromRun(`#${itemSlug(item.id)}`)}>{item.title}</a>.
                </>
              )}
            </>
          ),
        },
      ]}
      rows={figures}
    />
  )
}

/** Hubs with their pictures, and rows of odd length. */
export function OddRows({ view }: { view: RunView }) {
  const { hubs, norms } = view.report.structure
  return (
    <>
      {hubs.rows === 0 ? null : (
        <Folded
          name={`${counted(hubs.rows, 'hub')}: near to ${count(Math.ceil(hubs.threshold))} rows or more, with ${share(hubs.places)} of all places among the 10 nearest`}
          class="folded rows"
        >
          <Pairs
            view={view}
            ids={hubs.most.map(({ id }) => id)}
            total={hubs.rows}
            limit={SHOWN}
            note="hub"
          />
          <Table
            caption="The rows that are near to most others"
            columns={[
              {
                title: 'Row',
                cell: (hub: (typeof hubs.most)[number]) => <Label text={hub.id} limit={36} />,
              },
              { title: 'Class', cell: (hub) => <Label text={hub.label} limit={32} /> },
              { title: 'Near to', number: true, cell: (hub) => counted(hub.occurrences, 'row') },
              { title: 'Of other classes', number: true, cell: (hub) => hub.foreign },
            ]}
            rows={hubs.most}
            limit={SHOWN}
          />
        </Folded>
      )}
      {norms.outliers.length === 0 ? null : (
        <Folded
          name={`${counted(norms.outlierCount, 'row')} of unusual length, the median being ${decimal(norms.median)}`}
          class="folded rows"
        >
          <Table
            caption="Rows of unusual length, the oddest first"
            columns={[
              {
                title: 'Row',
                cell: (row: (typeof norms.outliers)[number]) => <Label text={row.id} limit={36} />,
              },
              { title: 'Class', cell: (row) => <Label text={row.label} limit={32} /> },
              { title: 'Length', number: true, cell: (row) => decimal(row.norm) },
              { title: 'Robust deviations', number: true, cell: (row) => decimal(row.score) },
            ]}
            rows={norms.outliers}
            limit={SHOWN}
          />
        </Folded>
      )}
    </>
  )
}
