/** Error rates of slices with their intervals, beside the rate of all rows. */

import type { TopLevelSpec } from 'vega-lite'
import type { Slice } from '../../../lib/core/slices.ts'
import { colour, PERCENT } from '../../charts/svg.ts'
import { axisNames } from '../../words/format.ts'
import { sliceName } from './conclusion.ts'

export function sliceErrors(slices: readonly Slice[], overall: number): TopLevelSpec {
  const names = axisNames(slices.map(sliceName), 33)
  const values = slices.map(({ rate, interval: [low, high], difference }, place) => ({
    name: names[place]!,
    rate,
    low,
    high,
    role: difference ?? 'alike',
  }))
  const y = {
    field: 'name',
    scale: { domain: names },
    type: 'ordinal' as const,
    axis: {
      title: null,
      labelOverlap: false,
      labelColor: colour('ink'),
      labelLimit: 205,
      grid: true,
    },
  }
  const x = {
    field: 'rate',
    type: 'quantitative' as const,
    scale: { zero: true },
    axis: {
      title: 'errors, 95 % interval',
      labelExpr: PERCENT,
      tickCount: 3,
      grid: false,
    },
  }
  const color = {
    field: 'role',
    type: 'nominal' as const,
    scale: {
      domain: ['worse', 'better', 'alike'],
      range: [colour('bad'), colour('good'), colour('plain')],
    },
    legend: null,
  }
  return {
    width: 220,
    height: { step: 18 },
    layer: [
      {
        data: { values: [{ rate: overall }] },
        mark: { type: 'rule', strokeDash: [3, 3], color: colour('muted') },
        encoding: { x },
      },
      {
        data: { values },
        mark: { type: 'rule', strokeWidth: 5, opacity: 0.35, strokeCap: 'round' },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, size: 42, opacity: 1 },
        encoding: { x, y, color },
      },
    ],
  }
}
