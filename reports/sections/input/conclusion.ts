/** What was not evaluated, and what was warned of. */

import type { Report } from '../../../lib/core/report.ts'
import { warningsOf } from '../../words/caveats.ts'
import { count, counted } from '../../words/format.ts'

export function inputConclusion(report: Report): string {
  const aside = report.input.setAside.reduce((sum, entry) => sum + entry.count, 0)
  const told = warningsOf(report)
  const notes = told.filter(({ severity }) => severity === 'note').length
  const warnings = told.length - notes
  const first =
    aside === 0
      ? `All ${counted(report.input.rows, 'row')} were evaluated`
      : `${count(aside)} of ${counted(report.input.rows, 'row')} ${aside === 1 ? 'was' : 'were'} set aside`
  const parts = [
    ...(warnings === 0 ? [] : [counted(warnings, 'warning')]),
    ...(notes === 0 ? [] : [counted(notes, 'note')]),
  ]
  const are = (warnings || notes) === 1 ? 'is' : 'are'
  return parts.length === 0 ? `${first}.` : `${first}; there ${are} ${parts.join(' and ')}.`
}
