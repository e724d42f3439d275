/** Which classes are taken for which: pairs, heatmap, and how concentrated the errors are. */

import type { ConfusedPair } from '../../../lib/core/confusion.ts'
import type { Report } from '../../../lib/core/report.ts'
import { drawnBy } from '../../charts/drawn-by.ts'
import { Behind } from '../../components/behind.tsx'
import { Figure } from '../../components/figure.tsx'
import { Label } from '../../components/label.tsx'
import { ReportLink } from '../../components/report-link.tsx'
import { Table } from '../../components/table.tsx'
import { pairKey } from '../../view/evidence.ts'
import type { RunView } from '../../view/run-view.ts'
import { count, counted, named, pairName, pointsBare, share } from '../../words/format.ts'
import { HEATMAP_CLASSES, heatmapClasses, heatSteps } from './confusion-heatmap.ts'
import type * as figures from './figures.ts'
import * as snippets from './snippets.ts'

export function ConfusedPairs({ view }: { view: RunView }) {
  const { pairs } = view.report.confusion
  if (pairs.length === 0) return null
  const most = pairs[0]!.count
  return (
    <div class="block">
      <Table
        caption="Confused pairs, most errors first"
        titled
        columns={[
          {
            title: 'Pair',
            cell: (pair: ConfusedPair) => <PairLink view={view} pair={pair} />,
          },
          { title: 'Errors', number: true, cell: (pair) => count(pair.count) },
          {
            title: 'Each way',
            cell: (pair) => <Direction pair={pair} most={most} />,
          },
          { title: 'Per row of both', number: true, cell: (pair) => share(pair.rate) },
          { title: 'Gain, points', number: true, cell: (pair) => pointsBare(pair.gain) },
        ]}
        rows={pairs}
        limit={12}
        rest={
          <>
            pairs are in <ReportLink view={view} />
          </>
        }
      />
      <p class="note">
        Each way: on the left, rows of the first class that lie next to the second; on the right,
        the reverse.
      </p>
      <Behind code={snippets.pairs} view={view} />
      {view.loadsScripts && hasFinder(view.report) ? (
        <Finder classes={view.report.classes.length} />
      ) : null}
    </div>
  )
}

/** The pair's name; it leads to its rows beside their neighbours. */
function PairLink({ view, pair }: { view: RunView; pair: ConfusedPair }) {
  const name = (
    <>
      <Label text={pair.a} limit={32} /> <span class="none">/</span>{' '}
      <Label text={pair.b} limit={32} />
    </>
  )
  const href = view.evidence.href(pairKey(pair.a, pair.b))
  return href === null ? name : <a href={view.fromRun(href)}>{name}</a>
}

/** Errors of either direction, to the left and to the right of the middle. */
function Direction({ pair, most }: { pair: ConfusedPair; most: number }) {
  const width = (errors: number) => Math.round((50 * errors) / most)
  return (
    <span class="direction">
      <span class="n">{pair.aAsB}</span>
      <svg viewBox="0 0 100 10" aria-hidden="true" preserveAspectRatio="none">
        <rect class="f-first" x={50 - width(pair.aAsB)} width={width(pair.aAsB)} height="10" />
        <rect class="f-second" x="50" width={width(pair.bAsA)} height="10" />
      </svg>
      <span class="n">{pair.bAsA}</span>
    </span>
  )
}

export function Heatmap({ view }: { view: RunView }) {
  const { report } = view
  const errors = report.confusion.counts.filter(([actual, predicted]) => actual !== predicted)
  if (errors.length === 0) return null
  const classes = heatmapClasses(report)
  const shownClasses = new Set(classes)
  const shown = errors.filter(
    ([actual, predicted]) => shownClasses.has(actual) && shownClasses.has(predicted),
  )
  const shownErrors = shown.reduce((sum, [, , errors]) => sum + errors, 0)
  const most = shown.reduce((best, entry) => (entry[2] > best[2] ? entry : best), shown[0]!)
  const part = classes.length < report.classes.length
  const title = `${named(most[0], 28)} is taken for ${named(most[1], 28)} most often: ${counted(most[2], 'time')}.`
  return (
    <Figure
      wide
      {...(view.loadsScripts ? { heat: heatOrder(report, classes) } : {})}
      title={title}
      describes={`Heatmap of errors by true class and by the nearest neighbour’s class, ${classes.length} classes.`}
      {...drawnBy<typeof figures>(report, 'heatmap')}
      view={view}
      keys={heatKeys(shown.map(([, , errors]) => errors))}
      table={
        <Table
          caption="Errors by direction"
          columns={[
            {
              title: 'True class',
              cell: (entry: (typeof shown)[number]) => <Label text={entry[0]} />,
            },
            { title: 'Nearest neighbour’s class', cell: (entry) => <Label text={entry[1]} /> },
            { title: 'Errors', number: true, cell: (entry) => count(entry[2]) },
          ]}
          rows={[...shown].sort((a, b) => b[2] - a[2])}
          rest={
            <>
              are in <ReportLink view={view} /> under confusion.counts
            </>
          }
        />
      }
    >
      <p class="note readout toolbar" aria-hidden="true">
        {'\u00a0'}
      </p>
      <p class="note">
        Rows that are right are left out. Classes that are taken for each other stand side by side.
        {part && report.classes.length > HEATMAP_CLASSES
          ? ` Shown are the ${classes.length} classes of the worst pairs, of ${count(report.classes.length)}; they hold ${share(shownErrors / report.confusion.concentration.errors)} of the errors.`
          : part
            ? ` ${counted(report.classes.length - classes.length, 'class', 'classes')} without errors ${report.classes.length - classes.length === 1 ? 'isn’t' : 'aren’t'} shown.`
            : ''}
      </p>
    </Figure>
  )
}

/** Whether the heatmap shows a part of the classes only, and the others are found by their names. */
function hasFinder(report: Report): boolean {
  return report.classes.length > HEATMAP_CLASSES && report.confusion.pairs.length > 0
}

/** Hidden until the page's script shows it: without one it could find nothing. */
function Finder({ classes }: { classes: number }) {
  return (
    <div class="finder toolbar" data-search hidden>
      <label>
        Find one of all {count(classes)} classes{' '}
        <input type="search" list="finder-classes" autocomplete="off" spellcheck={false} />
      </label>
      <datalist id="finder-classes"></datalist>
      <div data-result aria-live="polite"></div>
    </div>
  )
}

/** The shown classes by their places in the report, for the script. */
function heatOrder(report: Report, classes: readonly string[]): string {
  const place = new Map(report.classes.map(({ label }, index) => [label, index]))
  return classes.map((label) => place.get(label)).join(' ')
}

/** What each shade stands for, as far as the counts go. */
function heatKeys(counts: readonly number[]): (readonly [role: string, text: string])[] {
  const starts = [1, ...heatSteps(counts)]
  const most = Math.max(...counts)
  const shades = starts.filter((start) => start <= most)
  return shades.map((start, place) => {
    const end = place === shades.length - 1 ? most : starts[place + 1]! - 1
    const range = start >= end ? count(start) : `${count(start)} to ${count(end)}`
    const unit = most === 1 ? 'error' : 'errors'
    return [`heat${place + 1}`, place === shades.length - 1 ? `${range} ${unit}` : range] as const
  })
}

/** Of so few pairs each says more than a coefficient over them. */
const FEWEST_FOR_GINI = 5

export function Concentration({ view }: { view: RunView }) {
  const { report } = view
  const { pairs, concentration } = report.confusion
  if (pairs.length < 3) return null
  const counts = pairs.map((pair) => pair.count)
  const total = counts.reduce((sum, errors) => sum + errors, 0)
  const { possiblePairs } = concentration
  const gini =
    possiblePairs < FEWEST_FOR_GINI
      ? ''
      : ` Gini coefficient over all ${count(possiblePairs)} possible pairs: ${concentration.gini.toFixed(2)} (0: all hold as many errors, near 1: a few hold all).`
  const shareOf = (n: number) => counts.slice(0, n).reduce((sum, errors) => sum + errors, 0) / total
  return (
    <Figure
      title={`${counted(concentration.pairsForHalf, 'pair')} ${concentration.pairsForHalf === 1 ? 'holds' : 'hold'} half of the errors, ${count(concentration.pairsForFourFifths)} hold 80 %.`}
      describes={`Curve of the share of errors held by the worst pairs, against all pairs alike.${gini}`}
      {...drawnBy<typeof figures>(report, 'concentration')}
      view={view}
      table={
        <Table
          caption="Errors held by the worst pairs"
          columns={[
            { title: 'Pairs', number: true, cell: (n: number) => count(n) },
            { title: 'Down to', cell: (n) => pairName(pairs[n - 1]!.a, pairs[n - 1]!.b) },
            { title: 'Share of errors', number: true, cell: (n) => share(shareOf(n)) },
          ]}
          rows={[...new Set([1, 2, 3, 5, 10, 20, 50, 100, 200, pairs.length])].filter(
            (n) => n <= pairs.length,
          )}
        />
      }
    >
      <p class="note">
        The dashed line is what these {count(pairs.length)} pairs would give if they were equal.
        {gini}
      </p>
    </Figure>
  )
}

/** Errors that no space could avoid. */
export function AloneInClass({ view }: { view: RunView }) {
  const { report } = view
  const { singletons } = report.quality.imbalance
  return singletons === 0 || report.input.gallery ? null : (
    <p class="note">
      {counted(singletons, 'of these errors is a row', 'of these errors are rows')} with no other of
      {singletons === 1 ? ' its' : ' their'} class: no neighbour could be right.
    </p>
  )
}

export function Ties({ view }: { view: RunView }) {
  const { report } = view
  const ties = report.confusion.labelChangingTies
  return ties === 0 ? null : (
    <p class="note">
      {counted(ties, 'row')} {ties === 1 ? 'has' : 'have'} equally near neighbours of different
      labels; ties go to the earlier row, and another order would change what is counted for{' '}
      {ties === 1 ? 'it' : 'them'}.
    </p>
  )
}
