/** Which items still need attention on a given day. */

import type { PlanItem, Standing } from '../core/planning.ts'

/** Of an item, what its standing depends on. */
export type Standable = Pick<PlanItem, 'state' | 'known' | 'ticket'>

/** `YYYY-MM-DD` of a time, in UTC, as the days of a manifest are. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

/**
 * How an item stands on a day. Whoever accepted or muted it named the last day on which that holds:
 * from the next one on it asks for attention again, whether or not there was a run in between.
 *
 * @param today `YYYY-MM-DD`
 */
export function standingOf({ state, known, ticket }: Standable, today: string): Standing {
  if (state === 'resolved' || state === 'out-of-scope') return state
  if (known !== null && (known.until === null || today <= known.until)) return 'known'
  if (state === 'not-evaluated') return 'not-evaluated'
  return ticket === null ? 'attention' : 'ticket'
}
