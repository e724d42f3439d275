/** What is left of Hit@1 at each size of the vectors. */

import type { TopLevelSpec } from 'vega-lite'
import type { TradeOff } from '../../../lib/core/trade-off.ts'
import { colour, PERCENT, type Role } from '../../charts/svg.ts'

/** What a mark's colour means, by the kind of variant. */
export const TRADE_OFF_KEYS: readonly (readonly [role: Role, kind: string, text: string])[] = [
  ['ink', 'full', 'as they are'],
  ['first', 'pca', 'PCA'],
  ['second', 'leading', 'first dimensions'],
  ['muted', 'int8', 'int8'],
  ['bad', 'binary', 'binary'],
]

export function tradeOffChart({ variants, target }: TradeOff): TopLevelSpec {
  const values = variants.map(({ kind, bytesPerRow, hitAt1, hitAt1Loss }) => ({
    kind,
    bytes: bytesPerRow,
    hit: hitAt1,
    low: Math.max(0, hitAt1 + hitAt1Loss.value - hitAt1Loss.interval[1]),
    high: Math.min(1, hitAt1 + hitAt1Loss.value - hitAt1Loss.interval[0]),
  }))
  const x = {
    field: 'bytes',
    type: 'quantitative' as const,
    scale: { type: 'log' as const, nice: false },
    axis: { title: 'bytes a row', grid: false, tickCount: 5 },
  }
  const y = {
    field: 'hit',
    type: 'quantitative' as const,
    scale: { zero: false },
    axis: { title: 'Hit@1', labelExpr: PERCENT, tickCount: 5 },
  }
  const color = {
    field: 'kind',
    type: 'nominal' as const,
    scale: {
      domain: TRADE_OFF_KEYS.map(([, kind]) => kind),
      range: TRADE_OFF_KEYS.map(([role]) => colour(role)),
    },
    legend: null,
  }
  return {
    width: 290,
    height: 200,
    layer: [
      {
        data: { values: [{ hit: (variants[0]?.hitAt1 ?? 0) - target }] },
        mark: { type: 'rule', strokeDash: [3, 3], color: colour('muted') },
        encoding: { y },
      },
      {
        data: { values: values.filter(({ kind }) => kind === 'pca' || kind === 'leading') },
        mark: { type: 'line', strokeWidth: 1.5, opacity: 0.6 },
        encoding: { x, y, color },
      },
      {
        data: { values },
        mark: { type: 'rule', strokeWidth: 4, opacity: 0.3, strokeCap: 'round' },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, size: 46, opacity: 1 },
        encoding: { x, y, color },
      },
    ],
  }
}
