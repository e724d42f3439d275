/** Fixed and broken rows of many parts of a run at once, each tested, and corrected for their number. */

import type { ChangeVerdict, PairedChange } from '../core/changes.ts'
import { benjaminiHochberg } from '../stats/false-discovery.ts'
import { FEWEST_TELLING_ROWS, mcnemarExact, SIGNIFICANCE } from '../stats/mcnemar.ts'

export interface PairedCount {
  rows: number
  fixed: number
  broken: number
  /** Rows that turned since a class came or went; unset without any. */
  absentNeighbors?: number
}

/**
 * Each part with its exact McNemar p. Parts where fewer than six rows changed can't reach
 * significance whichever way those turned, so they aren't counted among the tests that are corrected
 * for (Tarone, 1990): how many rows changed says nothing about their direction.
 */
export function testParts<T extends PairedCount>(parts: readonly T[]): (T & PairedChange)[] {
  const tested = parts.filter(canTell)
  const adjusted = benjaminiHochberg(tested.map(({ fixed, broken }) => mcnemarExact(fixed, broken)))
  const adjustedOf = new Map(tested.map((part, at) => [part, adjusted[at]!]))
  return parts.map((part) => {
    const adjustedP = adjustedOf.get(part) ?? null
    const p = mcnemarExact(part.fixed, part.broken)
    return { ...part, p, adjustedP, verdict: verdictOf(part, adjustedP) }
  })
}

export function canTell({ fixed, broken }: PairedCount): boolean {
  return fixed + broken >= FEWEST_TELLING_ROWS
}

function verdictOf({ fixed, broken }: PairedCount, p: number | null): ChangeVerdict {
  if (p === null || p >= SIGNIFICANCE) return 'no evidence of a change'
  return fixed > broken ? 'better' : 'worse'
}

/** Counts a row that is in both runs. */
export function countRow(count: PairedCount, wasRight: boolean, isRight: boolean): void {
  count.rows++
  if (!wasRight && isRight) count.fixed++
  if (wasRight && !isRight) count.broken++
}
