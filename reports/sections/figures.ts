/**
 * The charts of a run's page as a notebook makes them: report.json in, a Vega-Lite spec out. The page is
 * drawn by this very module, `figures.js`, which is published beside it.
 */

import type * as arquero from 'arquero'
import type { TopLevelSpec } from 'vega-lite'
import type { MarginId } from '../../lib/core/margins.ts'
import type { Report } from '../../lib/core/report.ts'
import { classAccuracy } from './confusion/class-accuracy.ts'
import { concentrationCurve } from './confusion/concentration-curve.ts'
import { confusionHeatmap, heatmapClasses } from './confusion/confusion-heatmap.ts'
import { marginHistogram } from './margins/margin-histogram.ts'
import { coverageCurve } from './margins/risk-coverage.ts'
import { classSpread } from './spread/class-spread.ts'

export { themed } from '../theme/vega.ts'

export interface FigureInput {
  readonly aq: typeof arquero
  readonly report: Report
}

export function heatmap({ aq, report }: FigureInput): TopLevelSpec {
  const counts = aq
    .from(
      report.confusion.counts.map(([actual, predicted, count]) => ({ actual, predicted, count })),
    )
    .filter((d: { actual: string; predicted: string }) => d.actual !== d.predicted)
    .objects() as { actual: string; predicted: string; count: number }[]
  return confusionHeatmap({
    classes: heatmapClasses(report),
    counts: counts.map(({ actual, predicted, count }) => [actual, predicted, count]),
  })
}

export function concentration({ aq, report }: FigureInput): TopLevelSpec {
  const { pairsForHalf, pairsForFourFifths, errors } = report.confusion.concentration
  const counts = aq.from(report.confusion.pairs).array('count') as number[]
  const total = counts.reduce((sum, count) => sum + count, 0) || errors
  const held = (pairs: number) =>
    counts.slice(0, pairs).reduce((sum, count) => sum + count, 0) / total
  return concentrationCurve(counts, [
    { pairs: pairsForHalf, held: held(pairsForHalf), text: `${pairsForHalf}: half` },
    {
      pairs: pairsForFourFifths,
      held: held(pairsForFourFifths),
      text: `${pairsForFourFifths}: 80 %`,
    },
  ])
}

export function classes({ aq, report }: FigureInput): TopLevelSpec {
  const worst = aq
    .from(report.classes)
    // A class of one row can't be right.
    .filter((d: { hitAt10: number | null }) => d.hitAt10 !== null)
    .orderby('accuracy', aq.desc('rows'))
    .slice(0, 20)
    .objects() as Report['classes'][number][]
  return classAccuracy(worst, report.metrics.nearest_neighbor_accuracy?.value ?? null)
}

export function spread({ aq, report }: FigureInput): TopLevelSpec {
  const placed = aq
    .from(report.classes)
    .filter(
      (d: { intraClassDistance: number | null; interClassDistance: number | null }) =>
        d.intraClassDistance !== null && d.interClassDistance !== null,
    )
    .orderby('separation')
    .objects() as Report['classes'][number][]
  const wide = placed.filter(({ spreadScore }) => (spreadScore ?? 0) >= 3)
  const named = placed.length <= 12 ? placed : [...placed.slice(0, 4), ...wide.slice(0, 3)]
  return classSpread(placed, new Set(named.map(({ label }) => label)))
}

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
