/** A project over its runs: figures on one line where they can be compared, and items burning down. */

import { STATE_WORDS as STATES } from '../../../lib/core/item.ts'
import type { ItemHistory, ProjectIndex } from '../../../lib/core/project-index.ts'
import { runTrend } from '../../charts/run-trend.ts'
import { Figure } from '../../components/figure.tsx'
import { Label } from '../../components/label.tsx'
import { Table } from '../../components/table.tsx'
import { lastState, SHOWN_RUNS } from '../../view/project-view.ts'
import { itemPage } from '../../view/run-view.ts'
import { count, counted, decimal, interval, named, share } from '../../words/format.ts'
import { burnDownChart } from './burn-down.ts'
import {
  type BurnDown,
  burnDown,
  type Resolution,
  resolutionOf,
  type TrendRun,
  trendRuns,
} from './trends.ts'

export function Trends({ index }: { index: ProjectIndex }) {
  const runs = trendRuns(index).slice(-SHOWN_RUNS)
  if (runs.length === 0) return null
  if (runs.length === 1) return <FirstRun run={runs[0]!} />
  // Earlier runs that can't be compared with the last one say nothing of how it got here.
  const line = runs.filter(({ segment }) => segment === runs.at(-1)!.segment)
  const first = line[0]!.summary
  const last = line.at(-1)!.summary
  const moved = (before: number | null, now: number | null, text: (value: number) => string) => {
    if (now === null) return 'not measured in the last run'
    if (line.length === 1) return `${text(now)}, with no earlier run to compare`
    return before === null ? text(now) : `${text(before)} → ${text(now)}`
  }
  const points = (value: (run: TrendRun) => number | null) =>
    runs.map((run) => ({ run: run.run, value: value(run), interval: null, segment: run.segment }))
  const breaks = runs.filter(({ apart }) => apart !== null)
  const burn = burnDown(index).slice(-SHOWN_RUNS)
  return (
    <>
      {breaks.length === 0 ? null : <p>{breaksSentence(breaks)}</p>}
      <div class="figures">
        <Figure
          title={`Nearest-neighbour accuracy: ${moved(first.accuracy, last.accuracy, share)}.`}
          describes="Accuracy of each run with its 95 % interval, oldest first; only runs that can be compared are joined, and those that can’t be with the latest are grey."
          spec={runTrend(
            runs.map(({ run, segment, summary }) => ({
              run,
              segment,
              value: summary.accuracy,
              interval: summary.accuracyInterval,
            })),
            { title: 'accuracy', format: 'share' },
          )}
          table={<RunTable runs={runs} />}
        />
        <Figure
          title={`MAP@R: ${moved(first.mapAtR, last.mapAtR, share)}.`}
          describes="Mean average precision at R of each run, oldest first; only runs that can be compared are joined."
          spec={runTrend(
            points(({ summary }) => summary.mapAtR),
            { title: 'MAP@R', format: 'share' },
          )}
        />
        <Figure
          title={burnDownTitle(burn)}
          describes="Items after each run, oldest first: open ones above the line, those that the run resolved below it. Accepted and muted items and those that the run can’t judge are not counted."
          spec={burnDownChart(burn)}
          keys={[
            ['plain', 'open since earlier'],
            ['bad', 'new or back again'],
            ['good', 'resolved by the run'],
          ]}
          table={
            <Table
              caption="Items by run, newest first"
              columns={[
                { title: 'Run', cell: (entry: BurnDown) => <Label text={entry.run} /> },
                {
                  title: 'Open since earlier',
                  number: true,
                  cell: (entry) => count(entry.carried),
                },
                { title: 'New or back', number: true, cell: (entry) => count(entry.raised) },
                { title: 'Resolved', number: true, cell: (entry) => count(entry.resolved) },
              ]}
              rows={[...burn].reverse()}
              limit={SHOWN_RUNS}
            />
          }
        />
      </div>
      <ItemPace resolution={resolutionOf(index)} />
    </>
  )
}

/** One point is no line. */
function FirstRun({ run: { run, summary } }: { run: TrendRun }) {
  return (
    <p>
      <Label text={run} limit={60} /> has {share(summary.accuracy)} nearest-neighbour accuracy
      {summary.mapAtR === null ? '' : `, ${decimal(summary.mapAtR)} MAP@R`} and{' '}
      {counted(summary.openItems, 'open item')}. The next run is drawn beside it.
    </p>
  )
}

function RunTable({ runs }: { runs: readonly TrendRun[] }) {
  return (
    <Table
      caption="Accuracy by run, newest first"
      columns={[
        { title: 'Run', cell: (entry: TrendRun) => <Label text={entry.run} /> },
        { title: 'Accuracy', number: true, cell: ({ summary }) => share(summary.accuracy) },
        {
          title: '95 %',
          number: true,
          cell: ({ summary }) => interval(summary.accuracyInterval, 'share'),
        },
        { title: 'MAP@R', number: true, cell: ({ summary }) => share(summary.mapAtR) },
        { title: 'Open items', number: true, cell: ({ summary }) => count(summary.openItems) },
        { title: 'Not compared with the run before', cell: ({ apart }) => apart ?? '' },
      ]}
      rows={[...runs].reverse()}
      limit={SHOWN_RUNS}
    />
  )
}

function breaksSentence(breaks: readonly TrendRun[]): string {
  const { run, apart } = breaks.at(-1)!
  const last = `${named(run)} has ${apart} than the run before it`
  return breaks.length === 1
    ? `${last}, so no line joins the two, and earlier runs are grey.`
    : `${counted(breaks.length, 'run')} can’t be compared with the run before, so no line joins them; the last: ${last}. Runs before it are grey.`
}

function burnDownTitle(burn: readonly BurnDown[]): string {
  const open = ({ carried, raised }: BurnDown) => carried + raised
  const last = burn.at(-1)!
  const resolved = burn.reduce((sum, entry) => sum + entry.resolved, 0)
  const way =
    burn.length < 2 ? count(open(last)) : `${count(open(burn[0]!))} → ${count(open(last))}`
  return `Open items: ${way}${resolved > 0 ? `, ${count(resolved)} resolved on the way` : ''}.`
}

/** How long items take, and which don't stay resolved. */
function ItemPace({ resolution }: { resolution: Resolution }) {
  const { resolved, medianRuns, medianDays, returning } = resolution
  if (resolved === 0 && returning.length === 0) return null
  const days =
    medianDays === null || medianDays < 1 ? '' : `, ${counted(Math.round(medianDays), 'day')}`
  const pace =
    medianRuns === null
      ? ''
      : `Half of the ${counted(resolved, 'resolved item')} took ${counted(medianRuns, 'run')}${days} or less. `
  return (
    <>
      <p>
        {resolved === 1 && medianRuns !== null
          ? `The one resolved item took ${counted(medianRuns, 'run')}${days}. `
          : pace}
        {returning.length === 0
          ? 'No item came back after it was resolved.'
          : `${counted(returning.length, 'item')} came back after ${returning.length === 1 ? 'it was' : 'they were'} resolved: look for a cause that the fix left in place.`}
      </p>
      {returning.length === 0 ? null : (
        <Table
          caption="Items that came back, the most often first"
          columns={[
            {
              title: 'Item',
              cell: ({ item }: { item: ItemHistory; times: number }) => (
                <a href={itemPage(item.id)}>{item.title}</a>
              ),
            },
            { title: 'Came back', number: true, cell: ({ times }) => counted(times, 'time') },
            {
              title: 'Now',
              cell: ({ item }) => {
                const state = lastState(item)
                return state ? (
                  <span class={`state ${state.state}`}>{STATES[state.state]}</span>
                ) : (
                  '–'
                )
              },
            },
          ]}
          rows={[...returning]}
          rest={
            <>
              are in <a href="index.json">index.json</a>
            </>
          }
        />
      )}
    </>
  )
}
