/** How much an item matters, from what fixing it would gain. */

import type { Severity } from '../core/item.ts'

/** Percentage points of nearest-neighbour accuracy from which an item is high or medium. */
const SEVERITY_POINTS = { high: 1, medium: 0.25 } as const

export function severityOf(gain: number): Severity {
  if (gain >= SEVERITY_POINTS.high) return 'high'
  return gain >= SEVERITY_POINTS.medium ? 'medium' : 'low'
}
