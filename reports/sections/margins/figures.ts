/** The section's charts as a notebook makes them, for figures.js: report.json in, a Vega-Lite spec out. */

import type { TopLevelSpec } from 'vega-lite'
import type { MarginId } from '../../../lib/core/margins.ts'
import type { FigureInput } from '../../charts/figure-input.ts'
import { marginHistogram } from './margin-histogram.ts'
import { coverageCurve } from './risk-coverage.ts'

export function margins({ report }: FigureInput, id: MarginId): TopLevelSpec {
  const figures = report.margins.figures.find((entry) => entry.id === id)
  if (!figures) throw new RangeError(`the report has no ${id} margin`)
  return marginHistogram(figures, report.margins.lowThreshold)
}

export function riskCoverage({ report }: FigureInput): TopLevelSpec {
  const shown = report.margins.figures.filter(
    (entry) => entry.riskCoverage.length > 1 && entry.errorAuc !== null,
  )
  return coverageCurve(shown, report.metrics.nearest_neighbor_accuracy?.value ?? null)
}
