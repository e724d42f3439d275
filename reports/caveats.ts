/** What qualifies a run's headline, a short line each: it stands right under it, with the rest linked. */

import type { Report } from '../lib/core/report.ts'
import { allEqual, hasNoMatch } from './bare-parts.ts'
import { counted } from './format.ts'

export interface Caveat {
  readonly says: string
  /** Where on the page the details are. */
  readonly href: string
}

/** Rows whose order decides are worth a line from this share on. */
const MANY_TIES = 0.01

/** Most telling first; none where the headline itself says that no figure tells anything. */
export function caveats(report: Report): Caveat[] {
  if (allEqual(report) || hasNoMatch(report)) return []
  const warned = report.input.warnings.flatMap(({ headline }, place) =>
    headline === undefined ? [] : [{ says: headline, href: `#${warningId(place)}` }],
  )
  const { labelChangingTies: ties } = report.confusion
  if (ties < Math.max(1, MANY_TIES * report.input.evaluatedRows)) return warned
  const says = `${counted(ties, 'row has', 'rows have')} equally near neighbours of different labels: another order would change the accuracy`
  return [...warned, { says, href: '#confusion' }]
}

/** A warning's place among the run's, as an anchor. */
export function warningId(place: number): string {
  return `warning-${place + 1}`
}
