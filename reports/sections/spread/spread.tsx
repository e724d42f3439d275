/** Class by class: how wide it is, how far from its nearest, and the rows that lie apart. */

import { isNearerToAnother } from '../../../lib/core/class-figures.ts'
import { drawnBy } from '../../charts/drawn-by.ts'
import { CLASS, OtherClasses, ROWS } from '../../components/class-columns.tsx'
import { Figure } from '../../components/figure.tsx'
import { Label } from '../../components/label.tsx'
import { Folded } from '../../components/section.tsx'
import { Table } from '../../components/table.tsx'
import { Pairs } from '../../components/tile.tsx'
import type { RunView } from '../../view/run-view.ts'
import { change, count, counted, decimal } from '../../words/format.ts'
import type * as figures from './figures.ts'

const SHOWN = 20

export function Spread({ view }: { view: RunView }) {
  const { report } = view
  const placed = report.classes.filter(
    (figures) => figures.intraClassDistance !== null && figures.interClassDistance !== null,
  )
  if (placed.length < 2) return null
  const byNeed = [...placed].sort((a, b) => (a.separation ?? 9) - (b.separation ?? 9))
  const close = placed.filter(isNearerToAnother).length
  return (
    <Figure
      title={
        close === 0
          ? 'Every class is closer to itself than to its nearest class.'
          : `${counted(close, 'class lies', 'classes lie')} under the line: nearer to another class than to ${close === 1 ? 'itself' : 'themselves'}.`
      }
      describes="Scatter plot of classes: mean distance within the class against mean distance to the nearest other class."
      keys={[
        ['first', 'closer to itself'],
        ['bad', 'closer to another class'],
      ]}
      {...drawnBy<typeof figures>(report, 'spread')}
      view={view}
      table={
        <Table
          caption="Spread and separation by class, least separated first"
          columns={[
            CLASS,
            ROWS,
            {
              title: 'Within',
              number: true,
              cell: (figures) => decimal(figures.intraClassDistance),
            },
            {
              title: 'To centroid',
              number: true,
              cell: (figures) => decimal(figures.centroidDistance),
            },
            {
              title: 'Spread score',
              number: true,
              cell: (figures) => (figures.spreadScore === null ? '–' : change(figures.spreadScore)),
            },
            {
              title: 'Nearest class',
              cell: (figures) => <Label text={figures.nearestClass ?? '–'} limit={28} />,
            },
            {
              title: 'Distance to it',
              number: true,
              cell: (figures) => decimal(figures.interClassDistance),
            },
            { title: 'Separation', number: true, cell: (figures) => decimal(figures.separation) },
            {
              title: 'Silhouette',
              number: true,
              cell: (figures) => decimal(figures.silhouette, 2),
            },
            { title: 'Outliers', number: true, cell: (figures) => count(figures.outliers) },
          ]}
          rows={byNeed}
          limit={SHOWN}
          rest={<OtherClasses view={view} />}
        />
      }
    >
      {placed.length > 400 ? (
        <p class="note">
          400 of {count(placed.length)} classes are drawn: those that lie close, and an even sample
          of the others.
        </p>
      ) : null}
    </Figure>
  )
}

/** The classes that need a look first, beside the chart. */
export function LeastSeparated({ view }: { view: RunView }) {
  const { report } = view
  const placed = report.classes.filter((figures) => figures.separation !== null)
  if (placed.length < 2) return null
  return (
    <div>
      <Table
        caption="Least separated classes"
        titled
        columns={[
          CLASS,
          ROWS,
          { title: 'Within', number: true, cell: (figures) => decimal(figures.intraClassDistance) },
          {
            title: 'Nearest class',
            cell: (figures) => <Label text={figures.nearestClass ?? '–'} limit={28} />,
          },
          {
            title: 'Distance',
            number: true,
            cell: (figures) => decimal(figures.interClassDistance),
          },
          {
            title: 'Separation',
            number: true,
            cell: (figures) => (
              <span class={(figures.separation ?? 2) < 1 ? 'bad' : ''}>
                {decimal(figures.separation, 2)}
              </span>
            ),
          },
        ]}
        rows={[...placed].sort((a, b) => a.separation! - b.separation!)}
        limit={9}
        rest="are under the chart’s numbers"
      />
    </div>
  )
}

export function Outliers({ view }: { view: RunView }) {
  const { outliers } = view.report
  if (outliers.length === 0) return <p>No row lies far from the rest of its class.</p>
  const sorted = [...outliers].sort(
    (a, b) => b.meanDistance / b.threshold - a.meanDistance / a.threshold,
  )
  return (
    <Folded name={`${counted(outliers.length, 'outlier')}, the farthest first`} class="folded rows">
      <p>
        Each lies farther from its nearest class mates than the class’s median and three times its
        spread (MAD). Wrong labels and broken pictures collect here.
      </p>
      <Pairs view={view} ids={sorted.map((outlier) => outlier.id)} limit={12} evidence="outliers" />
    </Folded>
  )
}
