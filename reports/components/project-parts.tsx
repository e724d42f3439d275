/** A project's runs, newest first, and how its items fared. */

import { isJudged, STATE_WORDS as STATES } from '../../lib/core/item.ts'
import { itemSlug } from '../../lib/core/names.ts'
import type { ItemHistory, ProjectIndex, RunEntry } from '../../lib/core/project-index.ts'
import { count, counted, day, pointsBare, sentence, share, shortened } from '../format.ts'
import {
  isOpen,
  itemsByNeed,
  lastState,
  SHOWN_ITEMS,
  SHOWN_RUNS,
  VERDICT_LETTERS,
} from '../project-view.ts'
import { itemPage, runPage } from '../run-view.ts'
import { amount } from './items.tsx'
import { Label } from './label.tsx'
import { StateStrip } from './state-strip.tsx'
import { Table } from './table.tsx'

export function Runs({ index }: { index: ProjectIndex }) {
  const newest = [...index.runs].reverse()
  const shown = newest.slice(0, SHOWN_RUNS)
  return (
    <>
      <ol class="runs">
        {shown.map((entry) => (
          <RunLine entry={entry} />
        ))}
      </ol>
      {newest.length > shown.length ? (
        <p class="rest">
          {counted(newest.length - shown.length, 'earlier run')}:{' '}
          <a href="index.json">index.json</a> lists all.
        </p>
      ) : null}
    </>
  )
}

export function RunLine({ entry, href, name }: { entry: RunEntry; href?: string; name?: string }) {
  const { summary } = entry
  return (
    <li class={entry.status === 'failed' ? 'run failed' : 'run'}>
      <div class="run-head">
        <a href={href ?? runPage(entry.run)}>
          <Label text={name ?? entry.run} limit={60} />
        </a>
        <span class="when">
          {name === undefined ? null : (
            <>
              <Label text={entry.run} limit={40} />,{' '}
            </>
          )}
          <time datetime={entry.createdAt}>{day(entry.createdAt)}</time>
        </span>
      </div>
      <div class="run-says">
        <p>
          {summary
            ? shortened(sentence(summary.verdict), VERDICT_LETTERS)
            : `Couldn’t be evaluated: ${entry.error ?? 'its page says why.'}`}
        </p>
        {summary ? (
          <p class="when">
            {[
              summary.model,
              `${counted(summary.rows, 'row')}, ${counted(summary.classes, 'class', 'classes')}`,
              counted(summary.openItems, 'open item'),
              summary.outOfScope ? `${count(summary.outOfScope)} out of scope` : null,
            ]
              .filter((part) => part !== null)
              .join(' · ')}
          </p>
        ) : null}
      </div>
      <div class="run-figure">
        {summary ? (
          <>
            <b>{share(summary.accuracy)}</b>
            <span
              class={`gate ${summary.gatePassed === null ? 'unknown' : summary.gatePassed ? 'pass' : 'fail'}`}
            >
              {summary.gatePassed === null
                ? 'gates not judged'
                : summary.gatePassed
                  ? 'gates passed'
                  : 'gate failed'}
            </span>
          </>
        ) : (
          <span class="gate fail">no report</span>
        )}
      </div>
    </li>
  )
}

export function ItemHistories({ index }: { index: ProjectIndex }) {
  const items = itemsByNeed(index)
  if (items.length === 0) return null
  return (
    <Table
      wide
      caption="Items of this project, open ones first"
      columns={[
        {
          title: 'Item',
          cell: (item: ItemHistory) => <a href={itemPage(item.id)}>{item.title}</a>,
        },
        { title: 'Owner', cell: (item) => item.owner },
        {
          title: 'Now',
          cell: (item) => {
            const state = lastState(item)
            const { coveredBy } = item
            if (coveredBy) {
              const { title } = index.items[coveredBy.id] ?? { title: coveredBy.id }
              return (
                <>
                  part of <a href={itemPage(coveredBy.id)}>{title}</a>
                </>
              )
            }
            return state ? <span class={`state ${state.state}`}>{STATES[state.state]}</span> : '–'
          },
        },
        {
          title: 'Gain, points',
          number: true,
          cell: (item) => (isOpen(item) ? pointsBare(lastState(item)?.gain ?? 0) : '–'),
        },
        {
          title: 'Run by run, newest right',
          cell: (item) => <StateStrip states={item.states.map(({ state }) => state)} />,
        },
      ]}
      rows={items}
      limit={SHOWN_ITEMS}
      rest={
        <>
          are in <a href="index.json">index.json</a>
        </>
      }
    />
  )
}

/** How one item fared, newest run first. */
export function ItemStates({ item }: { item: ItemHistory }) {
  return (
    <Table
      titled
      caption="This item in each run, newest first"
      columns={[
        {
          title: 'Run',
          cell: (entry: ItemHistory['states'][number]) => (
            <a href={`../../${runPage(entry.run)}#${itemSlug(item.id)}`}>{entry.run}</a>
          ),
        },
        {
          title: 'State',
          cell: (entry) => <span class={`state ${entry.state}`}>{STATES[entry.state]}</span>,
        },
        {
          title: 'Measured',
          number: true,
          cell: (entry) => (isJudged(entry.state) ? amount(entry.measure) : '–'),
        },
        {
          title: 'Gain, points',
          number: true,
          cell: (entry) => (isJudged(entry.state) ? pointsBare(entry.gain) : '–'),
        },
      ]}
      rows={[...item.states].reverse()}
      limit={SHOWN_RUNS}
    />
  )
}
