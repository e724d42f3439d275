/** The section's charts as a notebook makes them, for figures.js: report.json in, a Vega-Lite spec out. */

import type { TopLevelSpec } from 'vega-lite'
import type { Report } from '../../../lib/core/report.ts'
import type { FigureInput } from '../../charts/figure-input.ts'
import { classSpread } from './class-spread.ts'

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
