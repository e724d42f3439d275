/** Class by class: accuracy, margins and spread, and the rows that lie apart. */

import { type ClassFigures, isNearerToAnother } from '../../../lib/core/class-figures.ts'
import type { Report } from '../../../lib/core/report.ts'
import { drawnBy } from '../../charts/figure-code.ts'
import { Figure } from '../../components/figure.tsx'
import { Label } from '../../components/label.tsx'
import { Folded } from '../../components/section.tsx'
import { Table, type TableColumn } from '../../components/table.tsx'
import { Pairs } from '../../components/tile.tsx'
import type { RunView } from '../../view/run-view.ts'
import { change, count, counted, decimal, interval, named, share } from '../../words/format.ts'

const SHOWN = 20

const REST = (
  <>
    classes are in <a href="report.json">report.json</a>
  </>
)

const CLASS: TableColumn<ClassFigures> = {
  title: 'Class',
  cell: (figures) => <Label text={figures.label} limit={36} />,
}
const ROWS: TableColumn<ClassFigures> = {
  title: 'Rows',
  number: true,
  cell: (figures) => count(figures.rows),
}

/** Classes of which a row can find another: the rest can't be right. */
function worstFirst(report: Report): ClassFigures[] {
  return report.classes
    .filter(({ hitAt10 }) => hitAt10 !== null)
    .sort((a, b) => a.accuracy - b.accuracy || b.rows - a.rows)
}

/** Classes without a single right row are counted: to name one of many would blame it for its place. */
function lowestSays([lowest, ...others]: readonly ClassFigures[]): string {
  const without = 1 + others.filter(({ accuracy }) => accuracy === 0).length
  return lowest!.accuracy === 0 && without > 1
    ? `${without} classes have no row right`
    : `${named(lowest!.label, 30)} does worst (${share(lowest!.accuracy)})`
}

export function ClassAccuracy({ report }: { report: Report }) {
  const worst = worstFirst(report)
  const shown = worst.slice(0, SHOWN)
  const perfect = worst.filter((figures) => figures.errors === 0).length
  const left = report.classes.length - worst.length
  if (worst.length === 0) return null
  const alike = worst[0]!.accuracy === worst.at(-1)!.accuracy
  return (
    <Figure
      title={
        perfect === worst.length
          ? left === 0
            ? 'No class has an error.'
            : 'No class has an error, of those that can match.'
          : `${lowestSays(worst)}; ${perfect === 0 ? 'no class is' : counted(perfect, 'class is', 'classes are')} free of errors.`
      }
      describes={`Accuracy of ${shown.length === worst.length ? 'all' : alike ? String(shown.length) : `the ${shown.length} worst`} classes with their intervals; the dashed line is the whole set.`}
      {...drawnBy(report, 'classes')}
      table={
        <Table
          caption="Accuracy and margins by class, worst first"
          columns={[
            CLASS,
            ROWS,
            { title: 'Errors', number: true, cell: (figures) => count(figures.errors) },
            { title: 'Accuracy', number: true, cell: (figures) => share(figures.accuracy) },
            {
              title: '95 %',
              number: true,
              cell: (figures) => interval(figures.accuracyInterval, 'share'),
            },
            { title: 'Hit@10', number: true, cell: (figures) => share(figures.hitAt10) },
            { title: 'MAP@R', number: true, cell: (figures) => decimal(figures.mapAtR) },
            {
              title: 'Median neighbour margin',
              number: true,
              cell: (figures) => decimal(figures.neighborMarginMedian),
            },
            {
              title: 'Low margins',
              number: true,
              cell: (figures) => share(figures.neighborMarginLowShare),
            },
            {
              title: 'Median class margin',
              number: true,
              cell: (figures) => decimal(figures.classMarginMedian),
            },
          ]}
          rows={worst}
          limit={SHOWN}
          rest={REST}
        />
      }
    >
      <p class="note">
        {shown.length === worst.length
          ? ''
          : alike
            ? `${shown.length} of ${count(worst.length)} classes, all alike. `
            : `The ${shown.length} worst of ${count(worst.length)} classes. `}
        A small class has a wide interval: do not rank by the dot alone.
        {left === 0
          ? ''
          : ` ${counted(left, 'class is', 'classes are')} left out: ${left === 1 ? 'its rows have' : 'their rows have'} no other of the class to find.`}
      </p>
    </Figure>
  )
}

export function Spread({ report }: { report: Report }) {
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
      {...drawnBy(report, 'spread')}
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
          rest={REST}
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
export function LeastSeparated({ report }: { report: Report }) {
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
