/** A project's history as one object, to which each run is added. */

import type { Item } from '../core/item.ts'
import type { ItemHistory, ProjectIndex, RunEntry } from '../core/project-index.ts'
import { compareRunOrder } from './baseline.ts'

export function emptyIndex(project: string): ProjectIndex {
  return { schema: 'nearmiss.index/1', project, runs: [], items: {} }
}

/**
 * The index with a run in it: runs in the order of their creation, and for each of the run's items
 * one state more. Adding the same run again replaces what it had added, so that a retry changes
 * nothing. Title and owner of an item are those of its newest run. An item that another one covers gets
 * no state, but the name of that one.
 */
export function appendRun(
  index: ProjectIndex,
  run: RunEntry,
  items: readonly Item[],
): ProjectIndex {
  const runs = [...index.runs.filter((entry) => entry.run !== run.run), run].sort(compareRunOrder)
  const place = new Map(runs.map((entry, at) => [entry.run, at]))
  const histories: Record<string, ItemHistory> = {}
  for (const [id, history] of Object.entries(index.items)) {
    const states = history.states.filter((entry) => entry.run !== run.run)
    const { coveredBy, ...own } = history
    if (states.length === 0) continue
    const isKept = coveredBy !== undefined && coveredBy.run !== run.run
    histories[id] = { ...own, states, ...(isKept ? { coveredBy } : {}) }
  }
  for (const item of items) {
    const { id, kind, title, owner, state, gain } = item
    const added = {
      run: run.run,
      state,
      measure: item.measure.value,
      gain,
      ...(item.known ? { known: true as const } : {}),
    }
    const states = [...(histories[id]?.states ?? []), added].sort(
      (a, b) => (place.get(a.run) ?? -1) - (place.get(b.run) ?? -1),
    )
    const newest = states.at(-1)!.run === run.run
    histories[id] = newest ? { id, kind, title, owner, states } : { ...histories[id]!, states }
  }
  for (const { id, covers } of items) {
    for (const covered of covers) {
      const history = histories[covered]
      if (!history) continue
      const since = history.coveredBy?.run ?? history.states.at(-1)!.run
      if ((place.get(since) ?? -1) > place.get(run.run)!) continue
      histories[covered] = { ...history, coveredBy: { run: run.run, id } }
    }
  }
  return { ...index, runs, items: histories }
}
