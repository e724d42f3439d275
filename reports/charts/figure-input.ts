/** What a chart of figures.js is made of. */

import type * as arquero from 'arquero'
import type { Report } from '../../lib/core/report.ts'

export interface FigureInput {
  readonly aq: typeof arquero
  readonly report: Report
}
