/** An item's life over the runs: when it was raised, whether it came back, and which run resolved it. */

import { isJudged } from '../../lib/core/item.ts'
import type { ItemHistory, ProjectIndex } from '../../lib/core/project-index.ts'
import { day } from '../words/format.ts'

export type LifeEntry = ItemHistory['states'][number]

export interface ItemLife {
  readonly raised: LifeEntry | null
  readonly last: LifeEntry | null
  /** The run that resolved it, where it is resolved now. */
  readonly resolved: LifeEntry | null
  /** The run in which it went out of scope, where it is so now. */
  readonly outOfScope: LifeEntry | null
  /** The run in which it came back, and the one that had resolved it, where it is open again now. */
  readonly back: {
    readonly in: LifeEntry
    readonly after: LifeEntry
    /** Whether any run since had evidence that it is back, or it may be noise. */
    readonly isSure: boolean
  } | null
  /** Runs from the one that raised it (or brought it back) to the last one, both counted. */
  readonly runs: number
}

/**
 * What an item's states tell, oldest first; a run that can't tell changes nothing. What is new once more
 * is another case of the same: its life starts there.
 */
export function lifeOf(item: Pick<ItemHistory, 'states'>): ItemLife {
  const states = item.states.slice(
    Math.max(
      0,
      item.states.findLastIndex(({ state }) => state === 'new'),
    ),
  )
  const last = states.at(-1) ?? null
  const raised = states[0] ?? null
  const told = states.filter(({ state }) => isJudged(state))
  const outOfScope = last?.state === 'out-of-scope' ? last : null
  const isResolved = told.at(-1)?.state === 'resolved'
  const before = told.findLastIndex(({ state }) => state === 'resolved')
  if (isResolved) {
    // Where it stays resolved over several runs, the first of them is the one that did it.
    let first = before
    while (told[first - 1]?.state === 'resolved') first -= 1
    const runs = states.length - states.indexOf(told[first]!)
    return { raised, last, resolved: told[first]!, outOfScope: null, back: null, runs }
  }
  const after = told[before]
  const again = told[before + 1]
  const isSure = told.slice(before + 1).some(({ state }) => state === 'regressed')
  const back = after && again ? { in: again, after, isSure } : null
  return {
    raised,
    last,
    resolved: null,
    outOfScope,
    back,
    runs: states.length - (back ? states.indexOf(back.in) : 0),
  }
}

/** ` (20 Nov 2026)`, where the index knows the run. */
export function dated({ runs }: ProjectIndex, run: string): string {
  const entry = runs.find((known) => known.run === run)
  return entry ? ` (${day(entry.createdAt)})` : ''
}
