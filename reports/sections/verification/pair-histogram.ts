/** Distances of pairs of one class and of two: where they overlap, no threshold tells them apart. */

import type { TopLevelSpec } from 'vega-lite'
import type { Verification } from '../../../lib/core/verification.ts'
import { colour, PERCENT } from '../../charts/svg.ts'
import { distanceAmong } from '../../words/format.ts'

/** Each kind as shares of its own pairs: there are far more of two classes than of one. */
export function pairHistogram({
  histogram,
  samePairs,
  otherPairs,
  equalError,
}: Verification): TopLevelSpec {
  const bins = histogram.same.map((same, place) => ({
    from: histogram.edges[place]!,
    to: histogram.edges[place + 1]!,
    same: same / samePairs,
    other: histogram.other[place]! / otherPairs,
  }))
  const domain = [histogram.edges[0]!, histogram.edges.at(-1)!]
  const x = {
    field: 'from',
    type: 'quantitative' as const,
    scale: { nice: false, domain },
    axis: { title: 'distance of the pair', grid: false, tickCount: 5 },
  }
  const y = (field: 'same' | 'other') => ({
    field,
    type: 'quantitative' as const,
    axis: { title: 'share of the pairs of its kind', labelExpr: PERCENT, tickCount: 4 },
  })
  const isLate = equalError.threshold > (domain[0]! + domain[1]!) / 2
  const line = {
    at: equalError.threshold,
    text: `errors equal: ${distanceAmong(equalError.threshold, [domain[0]!, domain[1]!])}`,
  }
  return {
    width: 290,
    height: 200,
    layer: [
      {
        data: { values: bins.filter(({ other }) => other > 0) },
        mark: { type: 'bar', color: colour('plain'), binSpacing: 0 },
        encoding: { x, x2: { field: 'to' }, y: y('other'), y2: { datum: 0 } },
      },
      {
        data: { values: bins },
        mark: {
          type: 'line',
          interpolate: 'step-after',
          strokeWidth: 2,
          color: colour('first'),
        },
        encoding: { x, y: y('same') },
      },
      {
        data: { values: [line] },
        mark: { type: 'rule', color: colour('ink'), strokeWidth: 1, strokeDash: [2, 2] },
        encoding: { x: { ...x, field: 'at' } },
      },
      {
        data: { values: [line] },
        mark: {
          type: 'text',
          align: isLate ? 'right' : 'left',
          dx: isLate ? -4 : 4,
          fill: colour('ink'),
        },
        encoding: { x: { ...x, field: 'at' }, y: { value: 6 }, text: { field: 'text' } },
      },
    ],
  }
}
