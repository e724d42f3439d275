/** The section's charts as a notebook makes them, for figures.js: report.json in, a Vega-Lite spec out. */

import type { TopLevelSpec } from 'vega-lite'
import type { Report } from '../../../lib/core/report.ts'
import type { FigureInput } from '../../charts/figure-input.ts'
import { classAccuracy } from './class-accuracy.ts'
import { concentrationCurve } from './concentration-curve.ts'
import { confusionHeatmap, heatmapClasses } from './confusion-heatmap.ts'

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
