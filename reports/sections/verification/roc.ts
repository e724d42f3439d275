/** How many pairs of one class are accepted at each rate of false accepts, which is drawn by its logarithm. */

import type { TopLevelSpec } from 'vega-lite'
import type { Verification } from '../../../lib/core/verification.ts'
import { colour, PERCENT } from '../../charts/svg.ts'

/** Rates as a person says them: 1 %, 0.1 %, 0.01 %. */
const RATE = "format(datum.value * 100, '~g') + '\u00a0%'"

export function rocCurve({ roc, operatingPoints, equalError }: Verification): TopLevelSpec {
  const lowest = roc[0]![0]
  const ticks = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1].filter((far) => far >= lowest)
  const x = {
    field: 'far',
    type: 'quantitative' as const,
    scale: { type: 'log' as const, domain: [lowest, 1], nice: false },
    axis: {
      title: 'pairs of two classes accepted (FAR)',
      values: ticks,
      labelExpr: RATE,
      grid: false,
    },
  }
  const y = {
    field: 'tar',
    type: 'quantitative' as const,
    scale: { domain: [0, 1] },
    axis: { title: 'pairs of one class accepted', labelExpr: PERCENT, tickCount: 5 },
  }
  const curve = roc.map(([far, tar]) => ({ far, tar }))
  const marks = [
    ...operatingPoints.flatMap(({ far, tar }) => (tar === null ? [] : [{ far, tar }])),
    { far: equalError.rate, tar: 1 - equalError.rate },
  ]
  return {
    width: 290,
    height: 200,
    layer: [
      {
        // By chance as many of either kind are accepted: a line, bent by the logarithm.
        data: { values: roc.map(([far]) => ({ far, tar: far })) },
        mark: { type: 'line', strokeDash: [3, 3], strokeWidth: 1, color: colour('muted') },
        encoding: { x, y },
      },
      {
        data: { values: curve },
        mark: { type: 'line', strokeWidth: 2, color: colour('first') },
        encoding: { x, y },
      },
      {
        data: { values: marks },
        mark: { type: 'point', filled: true, size: 44, color: colour('first'), opacity: 1 },
        encoding: { x, y },
      },
    ],
  }
}
