/** How an item fared in each run. */

import { isJudged, STATE_WORDS as STATES } from '../../../lib/core/item.ts'
import { itemSlug } from '../../../lib/core/names.ts'
import type { ItemHistory } from '../../../lib/core/project-index.ts'
import { amount } from '../../components/orders.tsx'
import { Table } from '../../components/table.tsx'
import { SHOWN_RUNS } from '../../view/project-view.ts'
import { runPage } from '../../view/run-view.ts'
import { pointsBare } from '../../words/format.ts'

/** Newest run first. */
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
