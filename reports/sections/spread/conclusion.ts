/** Which classes are wide, or closer to another than to themselves. */

import { isNearerToAnother } from '../../../lib/core/class-figures.ts'
import { openItems } from '../../../lib/core/item.ts'
import type { Report } from '../../../lib/core/report.ts'
import { count, named } from '../../words/format.ts'

export function spreadConclusion(report: Report): string {
  const wide = openItems(report).flatMap(({ kind, classes }) => (kind === 'spread' ? classes : []))
  const close = report.classes.filter(isNearerToAnother)
  const first =
    wide.length === 0
      ? 'No class is spread much wider than the others'
      : wide.length === 1
        ? `${named(wide[0]!)} is spread much wider than the other classes`
        : `${count(wide.length)} classes are spread much wider than the others`
  if (report.input.classes < 2) return 'One class: its spread has nothing to be compared with.'
  const [placed, ...others] = report.classes.filter(({ rows }) => rows > 1)
  if (!placed || others.length === 0) {
    return `Only ${placed ? named(placed.label) : 'no class'} has rows enough to be spread.`
  }
  if (close.length === 0) return `${first}, and none is closer to another class than to itself.`
  const verb = close.length === 1 ? 'is' : 'are'
  return `${first}; ${count(close.length)} of ${count(report.input.classes)} ${verb} closer to another class than to ${close.length === 1 ? 'itself' : 'themselves'}.`
}
