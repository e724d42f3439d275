/** How wide a class is against how far its nearest class is. */

import type { TopLevelSpec } from 'vega-lite'
import type { ClassFigures } from '../../lib/core/report.ts'
import { shortened } from '../format.ts'
import { colour } from '../svg.ts'

export function classSpread(
  classes: readonly ClassFigures[],
  named: ReadonlySet<string>,
): TopLevelSpec {
  const values = classes.flatMap((figures) => {
    const { intraClassDistance: intra, interClassDistance: inter } = figures
    if (intra === null || inter === null) return []
    const close = (figures.separation ?? 2) < 1
    return [
      { intra, inter, close, name: named.has(figures.label) ? shortened(figures.label, 20) : '' },
    ]
  })
  const all = values.flatMap(({ intra, inter }) => [intra, inter])
  const least = Math.min(...all)
  const most = Math.max(...all)
  const room = (most - least) * 0.06 || 0.1
  const scale = { domain: [Math.max(0, least - room), most + room], nice: false, zero: false }
  const x = {
    field: 'intra',
    type: 'quantitative' as const,
    scale,
    axis: { title: 'distance within the class', tickCount: 5 },
  }
  const y = {
    field: 'inter',
    type: 'quantitative' as const,
    scale,
    axis: { title: 'distance to the nearest class', tickCount: 5 },
  }
  const color = {
    condition: { test: 'datum.close', value: colour('bad') },
    value: colour('first'),
  }
  return {
    width: 290,
    height: 230,
    layer: [
      {
        data: {
          values: [
            { intra: scale.domain[0], inter: scale.domain[0] },
            { intra: scale.domain[1], inter: scale.domain[1] },
          ],
        },
        mark: { type: 'line', strokeDash: [3, 3], strokeWidth: 1, color: colour('muted') },
        encoding: { x, y },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, size: 44, opacity: 0.85 },
        encoding: { x, y, color },
      },
      {
        data: { values: values.filter(({ name }) => name !== '') },
        mark: { type: 'text', align: 'left', dx: 7, fill: colour('ink'), limit: 120 },
        encoding: { x, y, text: { field: 'name' } },
      },
    ],
  }
}
