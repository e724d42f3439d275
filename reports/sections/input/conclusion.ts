/** What was not evaluated, and what was warned of. */

import type { Report } from '../../../lib/core/report.ts'
import { warningsOf } from '../../words/caveats.ts'
import { count, counted } from '../../words/format.ts'

export function inputConclusion(report: Report): string {
  const aside = report.input.setAside.reduce((sum, entry) => sum + entry.count, 0)
  const warnings = warningsOf(report).length
  const first =
    aside === 0
      ? `All ${counted(report.input.rows, 'row')} were evaluated`
      : `${count(aside)} of ${counted(report.input.rows, 'row')} ${aside === 1 ? 'was' : 'were'} set aside`
  return warnings === 0
    ? `${first}.`
    : `${first}; there ${warnings === 1 ? 'is' : 'are'} ${counted(warnings, 'warning')}.`
}
