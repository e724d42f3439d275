/** What smaller vectors would cost and save. */

import type { Loss, TradeOffVariant } from '../../../lib/core/trade-off.ts'
import { Figure } from '../../components/figure.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { bytes, change, share } from '../../words/format.ts'
import { tradeOffNote } from './conclusion.ts'
import * as snippets from './snippets.ts'
import { TRADE_OFF_KEYS, tradeOffChart } from './trade-off-chart.ts'

export function TradeOff({ view }: { view: RunView }) {
  const { report } = view
  const { tradeOff } = report
  if (tradeOff.variants.length === 0) return null
  const kept = tradeOff.variants.filter(({ kind, keepsTarget }) => kind !== 'full' && keepsTarget)
  const kinds = new Set(tradeOff.variants.map(({ kind }) => kind as string))
  return (
    <Figure
      title={`${kept.length} of ${tradeOff.variants.length - 1} smaller forms ${kept.length === 1 ? 'loses' : 'lose'} no more than a point of Hit@1 and of MAP@R.`}
      describes="Hit@1 of each form of the vectors against its bytes a row; the dashed line is a point below the vectors as they are."
      keys={TRADE_OFF_KEYS.filter(([, kind]) => kinds.has(kind)).map(([role, , text]) => [
        role,
        text,
      ])}
      spec={tradeOffChart(tradeOff)}
      table={
        <Table
          caption="Smaller forms of the vectors"
          columns={[
            { title: 'Form', cell: (variant: TradeOffVariant) => variant.title },
            { title: 'A row', number: true, cell: (variant) => bytes(variant.bytesPerRow) },
            { title: 'Search reads', number: true, cell: (variant) => share(variant.searchCost) },
            { title: 'Hit@1', number: true, cell: (variant) => share(variant.hitAt1) },
            { title: 'Change, 95 %', number: true, cell: (variant) => lost(variant.hitAt1Loss) },
            { title: 'Hit@10', number: true, cell: (variant) => share(variant.hitAt10) },
            { title: 'MAP@R', number: true, cell: (variant) => share(variant.mapAtR) },
            { title: 'Change, 95 %', number: true, cell: (variant) => lost(variant.mapAtRLoss) },
            { title: 'Keeps the target', cell: (variant) => (variant.keepsTarget ? 'yes' : 'no') },
          ]}
          rows={tradeOff.variants}
        />
      }
      code={snippets.tradeOff}
      view={view}
    >
      <p class="note">{tradeOffNote(report)}</p>
    </Figure>
  )
}

/** Points gained or lost, with their interval. */
function lost({ value, interval: [low, high] }: Loss): string {
  return `${change(-100 * value)} (${change(-100 * high)} to ${change(-100 * low)})`
}
