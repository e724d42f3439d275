/** What a project's runs come to over time: runs that belong on one line, and the life of its items. */

import { whyApart } from '../../../lib/core/comparable-runs.ts'
import { type ItemState, isEnded, isOpenItem } from '../../../lib/core/item.ts'
import type { ItemHistory, ProjectIndex } from '../../../lib/core/project-index.ts'
import { lifeOf } from '../../view/item-life.ts'
import { type PublishedRun, publishedRuns } from '../../view/project-view.ts'

export interface TrendRun extends PublishedRun {
  /** Runs of one segment can be compared with each other. */
  readonly segment: number
  /** Why it starts a segment, in a few words; null where it goes on. */
  readonly apart: string | null
}

/** Runs in their order; one that can't be compared with the run before it starts a segment. */
export function trendRuns(index: ProjectIndex): TrendRun[] {
  let segment = 0
  let before: PublishedRun | null = null
  return publishedRuns(index).map((run) => {
    const apart = before && whyApart(before.summary, run.summary)
    if (apart !== null) segment++
    before = run
    return { ...run, segment, apart }
  })
}

const RAISES: ReadonlySet<ItemState> = new Set(['new', 'regressed'])

export interface BurnDown {
  readonly run: string
  /** Open since an earlier run. */
  readonly carried: number
  /** New, or back after it was resolved. */
  readonly raised: number
  readonly resolved: number
}

/**
 * Items of each published run by how they stand in it. What the run can't judge or the manifest
 * knows is no open item, here as in the run's own count.
 */
export function burnDown(index: ProjectIndex): BurnDown[] {
  const byRun = new Map(
    publishedRuns(index).map(({ run }) => [run, { run, carried: 0, raised: 0, resolved: 0 }]),
  )
  for (const { states } of Object.values(index.items)) {
    for (const [at, entry] of states.entries()) {
      const counts = byRun.get(entry.run)
      if (!counts) continue
      const before = states[at - 1]
      const isRaised = RAISES.has(entry.state) || (before !== undefined && isEnded(before.state))
      if (entry.state === 'resolved') counts.resolved++
      else if (!isOpenItem(entry)) continue
      else if (isRaised) counts.raised++
      else counts.carried++
    }
  }
  return [...byRun.values()]
}

export interface Resolution {
  /** Items that are resolved now. */
  readonly resolved: number
  /** Medians from the run that raised it to the one that resolved it; null where none is. */
  readonly medianRuns: number | null
  readonly medianDays: number | null
  /** Items that came back after they were resolved, the most often first. */
  readonly returning: readonly { readonly item: ItemHistory; readonly times: number }[]
}

export function resolutionOf(index: ProjectIndex): Resolution {
  const place = new Map(index.runs.map((entry, at) => [entry.run, { at, entry }]))
  const spans = Object.values(index.items).flatMap((item) => {
    const { raised, resolved } = lifeOf(item)
    const [from, to] = [place.get(raised?.run ?? ''), place.get(resolved?.run ?? '')]
    if (!from || !to) return []
    const elapsedMs = Date.parse(to.entry.createdAt) - Date.parse(from.entry.createdAt)
    return [{ runs: to.at - from.at, days: elapsedMs / 86_400_000 }]
  })
  const returning = Object.values(index.items)
    .map((item) => ({
      item,
      times: item.states.filter(({ state }) => state === 'regressed').length,
    }))
    .filter(({ times }) => times > 0)
    .sort((a, b) => b.times - a.times || (a.item.id < b.item.id ? -1 : 1))
  return {
    resolved: spans.length,
    medianRuns: middle(spans.map(({ runs }) => runs)),
    medianDays: middle(spans.map(({ days }) => days)),
    returning,
  }
}

/** The median; of an even number the lower of the two in the middle, which did occur. */
function middle(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null
}
