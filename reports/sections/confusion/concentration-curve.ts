/** How few pairs hold how many errors. */

import type { TopLevelSpec } from 'vega-lite'
import { colour, PERCENT } from '../../theme/vega.ts'

/** Share of all errors that the first n pairs hold, n from 0, worst pair first. */
export function cumulativeErrors(counts: readonly number[]): { pairs: number; held: number }[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let sum = 0
  return [
    { pairs: 0, held: 0 },
    ...counts.map((count, place) => {
      sum += count
      return { pairs: place + 1, held: sum / total }
    }),
  ]
}

export function concentrationCurve(
  counts: readonly number[],
  marks: readonly { readonly pairs: number; readonly held: number; readonly text: string }[],
): TopLevelSpec {
  const all = cumulativeErrors(counts)
  const step = Math.ceil(all.length / 200)
  const curve = all.filter((_, place) => place % step === 0 || place === all.length - 1)
  const x = {
    field: 'pairs',
    type: 'quantitative' as const,
    axis: { title: 'pairs, worst first', grid: false, tickMinStep: 1, format: 'd', tickCount: 5 },
  }
  const y = {
    field: 'held',
    type: 'quantitative' as const,
    scale: { domain: [0, 1] },
    axis: { title: 'share of errors', labelExpr: PERCENT, tickCount: 5 },
  }
  return {
    width: 290,
    height: 190,
    layer: [
      {
        data: { values: [all[0]!, all.at(-1)!] },
        mark: { type: 'line', strokeDash: [3, 3], strokeWidth: 1, color: colour('muted') },
        encoding: { x, y },
      },
      {
        data: { values: curve },
        mark: { type: 'line', strokeWidth: 2, color: colour('bad') },
        encoding: { x, y },
      },
      {
        data: { values: [...marks] },
        mark: { type: 'point', filled: true, size: 48, color: colour('bad'), opacity: 1 },
        encoding: { x, y },
      },
      {
        data: { values: [...marks] },
        mark: {
          type: 'text',
          align: 'right',
          baseline: 'bottom',
          dx: -5,
          dy: -4,
          fill: colour('ink'),
        },
        encoding: { x, y, text: { field: 'text' } },
      },
    ],
  }
}
