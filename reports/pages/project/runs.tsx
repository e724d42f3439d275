/** A project's runs, newest first, and how its items fared. */

import { STATE_WORDS as STATES } from '../../../lib/core/item.ts'
import type { ItemHistory, ProjectIndex } from '../../../lib/core/project-index.ts'
import { RunLine } from '../../components/run-line.tsx'
import { StateStrip } from '../../components/state-strip.tsx'
import { Table } from '../../components/table.tsx'
import { isOpen, itemsByNeed, lastState, SHOWN_ITEMS, SHOWN_RUNS } from '../../view/project-view.ts'
import { itemPage } from '../../view/run-view.ts'
import { counted, pointsBare } from '../../words/format.ts'

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
