/** Whether two runs of a project measure the same thing on the same data, told by their summaries. */

import { sha256 } from './canonical.ts'
import type { RunSummary } from './project-index.ts'

/** Hashes that are kept of a run: the share of common rows is then told to about 6 points. */
const KEPT = 64
const DIGITS = 8
/** At least so many of the rows of either run must be in both, with the same label. */
const FEWEST_SHARED = 0.5

/**
 * A sketch of which rows a run has, and under which labels: the 64 smallest hashes of id and label
 * (bottom-k; Cohen & Kaplan, 2007). It doesn't grow with the rows.
 */
export function rowSketch(ids: readonly string[], labels: readonly string[]): string {
  const hashes = ids.map((id, row) => sha256(`${id}\0${labels[row] ?? ''}`).slice(0, DIGITS))
  return [...new Set(hashes)].sort().slice(0, KEPT).join('')
}

/** Estimated share of the rows of either run that are in both. */
export function sharedRows(a: string, b: string): number {
  const [one, other] = [hashesOf(a), hashesOf(b)]
  const union = [...new Set([...one, ...other])].sort().slice(0, KEPT)
  const [inOne, inOther] = [new Set(one), new Set(other)]
  const shared = union.filter((hash) => inOne.has(hash) && inOther.has(hash)).length
  return union.length === 0 ? 1 : shared / union.length
}

function hashesOf(sketch: string): string[] {
  return Array.from({ length: sketch.length / DIGITS }, (_, at) =>
    sketch.slice(at * DIGITS, (at + 1) * DIGITS),
  )
}

/** What tells whether two runs can be compared. */
export type ComparableRun = Pick<RunSummary, 'metric' | 'sketch'>

/** Why figures of the two runs can't be put on one line, in a few words; null where they can. */
export function whyApart(a: ComparableRun, b: ComparableRun): string | null {
  if (a.metric !== b.metric) return 'another distance'
  return sharedRows(a.sketch, b.sketch) < FEWEST_SHARED ? 'other rows or labels' : null
}
