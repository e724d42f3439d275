/** What accuracy is left when the rows with the smallest margins are put aside. */

import type { TopLevelSpec } from 'vega-lite'
import type { MarginFigures } from '../../../lib/core/margins.ts'
import { colour, PERCENT, type Role } from '../../theme/vega.ts'

/** The colour of a margin's curve. */
export function coverageRole(figures: MarginFigures): Role {
  return figures.id === 'prediction' ? 'first' : 'second'
}

export function coverageCurve(
  figures: readonly MarginFigures[],
  accuracy: number | null,
): TopLevelSpec {
  const shown = figures.filter((entry) => entry.riskCoverage.length > 0)
  const lines = shown.flatMap((entry) =>
    entry.riskCoverage.map(([coverage, kept]) => ({ coverage, kept, margin: entry.title })),
  )
  const least = Math.min(accuracy ?? 1, ...lines.map(({ kept }) => kept))
  const x = {
    field: 'coverage',
    type: 'quantitative' as const,
    scale: { domain: [0, 1] },
    axis: {
      title: 'share of rows kept, largest margins first',
      labelExpr: PERCENT,
      grid: false,
      tickCount: 5,
    },
  }
  const y = {
    field: 'kept',
    type: 'quantitative' as const,
    scale: { domain: [Math.max(0, Math.floor(least * 20 - 0.5) / 20), 1], nice: false },
    axis: { title: 'accuracy among them', labelExpr: PERCENT, tickCount: 5 },
  }
  const color = {
    field: 'margin',
    type: 'nominal' as const,
    scale: {
      domain: shown.map((entry) => entry.title),
      range: shown.map((entry) => colour(coverageRole(entry))),
    },
    legend: null,
  }
  return {
    width: 290,
    height: 190,
    layer: [
      ...(accuracy === null
        ? []
        : [
            {
              data: {
                values: [
                  { coverage: 0, kept: accuracy },
                  { coverage: 1, kept: accuracy },
                ],
              },
              mark: {
                type: 'line' as const,
                strokeDash: [3, 3],
                strokeWidth: 1,
                color: colour('muted'),
              },
              encoding: { x, y },
            },
          ]),
      {
        data: { values: lines },
        mark: { type: 'line', strokeWidth: 2 },
        encoding: { x, y, color },
      },
    ],
  }
}
