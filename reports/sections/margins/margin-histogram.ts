/** How margins are distributed, for rows that are right and rows that are wrong. */

import type { TopLevelSpec } from 'vega-lite'
import type { MarginFigures } from '../../../lib/core/margins.ts'
import { colour } from '../../theme/vega.ts'
import { setting } from '../../words/format.ts'

/** Where a margin is called low; below 0 a class margin means that another class is nearer. */
function lines(figures: MarginFigures, lowThreshold: number): { at: number; text: string }[] {
  if (figures.id === 'class') return [{ at: 0, text: 'own class nearer →' }]
  const low = { at: lowThreshold, text: `low: ${setting(lowThreshold)}` }
  const own = figures.calibrated?.threshold
  return own === undefined ? [low] : [low, { at: own, text: `this run: ${setting(own)}` }]
}

export function marginHistogram(figures: MarginFigures, lowThreshold: number): TopLevelSpec {
  const bins = figures.right.map((right, place) => ({
    from: figures.edges[place]!,
    to: figures.edges[place + 1]!,
    right,
    all: right + figures.wrong[place]!,
  }))
  const domain = [figures.edges[0]!, figures.edges.at(-1)!] as const
  // A line outside of the bins would stretch the picture until nothing of them is seen.
  const rules = lines(figures, lowThreshold).filter(({ at }) => at >= domain[0] && at <= domain[1])
  const last = Math.max(domain[0], ...rules.map(({ at }) => at))
  const isLate = last > domain[0] + 0.6 * (domain[1] - domain[0])
  const x = {
    field: 'from',
    type: 'quantitative' as const,
    axis: { title: 'margin, in units of the distance', grid: false, tickCount: 5 },
    scale: { nice: false, domain: [...domain] },
  }
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    axis: { title: 'rows', tickCount: 4 },
  })
  return {
    width: 290,
    height: 170,
    layer: [
      {
        data: { values: bins.filter(({ right }) => right > 0) },
        mark: { type: 'bar', color: colour('plain'), binSpacing: 1 },
        encoding: { x, x2: { field: 'to' }, y: y('right'), y2: { datum: 0 } },
      },
      {
        data: { values: bins.filter(({ right, all }) => all > right) },
        mark: { type: 'bar', color: colour('bad'), binSpacing: 1 },
        encoding: { x, x2: { field: 'to' }, y: y('right'), y2: { field: 'all' } },
      },
      {
        data: { values: rules },
        mark: { type: 'rule', color: colour('ink'), strokeWidth: 1, strokeDash: [2, 2] },
        encoding: { x: { ...x, field: 'at' } },
      },
      // Beside the last line, one under the other: two lines are often close.
      ...rules.map(({ text }, row) => ({
        data: { values: [{ at: last, text }] },
        mark: {
          type: 'text' as const,
          align: isLate ? ('right' as const) : ('left' as const),
          dx: isLate ? -4 : 4,
          fill: colour('ink'),
        },
        encoding: {
          x: { ...x, field: 'at' },
          y: { value: row * 14 + 6 },
          text: { field: 'text' },
        },
      })),
    ],
  }
}
