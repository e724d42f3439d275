/** Data that some figures say nothing about: told of as findings about the model, they would mislead. */

import type { Report } from '../../lib/core/report.ts'

/** The first that holds decides; `no-match`: no row has another of its class that it could find. */
export type BareCase = 'all-equal' | 'no-match' | 'one-class' | 'no-errors'

export function bareCase(report: Report): BareCase | null {
  if (allEqual(report)) return 'all-equal'
  if (hasNoMatch(report)) return 'no-match'
  if (report.input.classes < 2) return 'one-class'
  return report.confusion.concentration.errors === 0 ? 'no-errors' : null
}

/** How sentences about data without a match begin. */
export const NO_MATCH = 'No row has another of its class to find'

export function allEqual({ metrics, input }: Report): boolean {
  return metrics.collapsed_dimensions?.value === input.dimensions
}

/** Whether no row has another of its class that it could find. */
export function hasNoMatch({ metrics, input }: Report): boolean {
  return input.classes > 1 && metrics.hit_at_1 !== undefined && metrics.hit_at_1.value === null
}
