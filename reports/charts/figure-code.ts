/** Charts drawn by the module that is published with them, and its text as the page shows it. */

import * as aq from 'arquero'
import type { TopLevelSpec } from 'vega-lite'
import type { Report } from '../../lib/core/report.ts'
import { reportFile } from '../files/report-file.ts'
import type * as Figures from '../sections/figures.ts'

export type FigureName = Exclude<keyof typeof Figures, 'themed'>

/** The text of `figures.js`, as it is published. */
export const FIGURES_MODULE = reportFile('figures.js')

const figures = (await import(
  /* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(FIGURES_MODULE).toString('base64')}`
)) as typeof Figures

/** A chart of the report and the code that it was made by: properties of a `Figure`. */
export function drawnBy(
  report: Report,
  name: FigureName,
  ...rest: readonly string[]
): { readonly spec: TopLevelSpec; readonly source: string } {
  const draw = figures[name] as (input: Figures.FigureInput, ...rest: unknown[]) => TopLevelSpec
  const more = rest.map((value) => `, '${value}'`).join('')
  return {
    spec: draw({ aq, report }, ...rest),
    source: `// In figures.js, with what it calls:\n${draw.toString()}\n\nconst spec = figures.themed(figures.${name}({ aq, report }${more}))`,
  }
}
