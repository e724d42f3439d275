/** The classes that do worst, each with its interval. */

import type { ClassFigures } from '../../../lib/core/class-figures.ts'
import type { Report } from '../../../lib/core/report.ts'
import { drawnBy } from '../../charts/drawn-by.ts'
import { CLASS, OtherClasses, ROWS } from '../../components/class-columns.tsx'
import { Figure } from '../../components/figure.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { count, counted, decimal, interval, named, share } from '../../words/format.ts'
import type * as figures from './figures.ts'

const SHOWN = 20

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

export function ClassAccuracy({ view }: { view: RunView }) {
  const { report } = view
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
      {...drawnBy<typeof figures>(report, 'classes')}
      view={view}
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
          rest={<OtherClasses view={view} />}
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
