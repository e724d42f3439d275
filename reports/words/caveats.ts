/** What qualifies a run's headline, a short line each: it stands right under it, with the rest linked. */

import { TIES, tieCaveats } from '../../lib/core/caveats.ts'
import type { Report } from '../../lib/core/report.ts'
import type { PublishedWarning } from '../../lib/core/warning.ts'
import { allEqual, hasNoMatch } from './bare-case.ts'

export interface Caveat {
  readonly says: string
  /** Where on the page the details are. */
  readonly href: string
}

/** Most telling first; none where the headline itself says that no figure tells anything. */
export function caveats(report: Report): Caveat[] {
  if (allEqual(report) || hasNoMatch(report)) return []
  return warningsOf(report).flatMap(({ code, headline }, place) =>
    headline === undefined
      ? []
      : [{ says: headline, href: code === TIES ? '#confusion' : `#${warningId(place)}` }],
  )
}

/** Those of the report; older ones don't warn of ties, which they count. */
export function warningsOf({ input, confusion }: Report): readonly PublishedWarning[] {
  if (input.warnings.some(({ code }) => code === TIES)) return input.warnings
  return [...input.warnings, ...tieCaveats(confusion.labelChangingTies, input.evaluatedRows)]
}

/** A warning's place among the run's, as an anchor. */
export function warningId(place: number): string {
  return `warning-${place + 1}`
}
