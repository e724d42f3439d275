/** Charts drawn by the module that is published with them, and its text as the page shows it. */

import * as aq from 'arquero'
import type { TopLevelSpec } from 'vega-lite'
import type { Report } from '../../lib/core/report.ts'
import { reportFile } from '../files/report-file.ts'
import type { FigureInput } from './figure-input.ts'

/** The text of `figures.js`, as it is published: the build makes it of the sections' `figures.ts`. */
export const FIGURES_MODULE = reportFile('figures.js')

type Draw = (input: FigureInput, ...rest: unknown[]) => TopLevelSpec

const published = (await import(
  /* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(FIGURES_MODULE).toString('base64')}`
)) as Readonly<Record<string, Draw>>

/**
 * A chart of the report and the code that it was made by: properties of a `Figure`. `Figures` is what the
 * section gives to the module, so that a name which isn't there is none.
 */
export function drawnBy<Figures>(
  report: Report,
  name: keyof Figures & string,
  ...rest: readonly string[]
): { readonly spec: TopLevelSpec; readonly source: string } {
  const draw = published[name]
  if (draw === undefined) throw new Error(`figures.js has no ${name}: build again`)
  const more = rest.map((value) => `, '${value}'`).join('')
  return {
    spec: draw({ aq, report }, ...rest),
    source: `// In figures.js, with what it calls:\n${draw.toString()}\n\nconst spec = figures.themed(figures.${name}({ aq, report }${more}))`,
  }
}
