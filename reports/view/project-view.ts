/** A project's index as its pages read it: newest run first, items by how they stand. */

import { type ItemState, isEnded, isJudged, isOpenItem } from '../../lib/core/item.ts'
import type { ItemHistory, ProjectIndex, RunEntry } from '../../lib/core/project-index.ts'

/** Runs and items are shown up to here; index.json holds all. */
export const SHOWN_RUNS = 50
export const SHOWN_ITEMS = 100

export interface PublishedRun extends RunEntry {
  readonly summary: NonNullable<RunEntry['summary']>
}

/** Published runs, oldest first. */
export function publishedRuns(index: ProjectIndex): PublishedRun[] {
  return index.runs.filter((entry): entry is PublishedRun => entry.summary !== null)
}

export type LastState = ItemHistory['states'][number]

/** Where an item stands now. */
export function lastState(item: ItemHistory): LastState | null {
  return item.states.at(-1) ?? null
}

const NEED: Readonly<Record<ItemState, number>> = {
  regressed: 0,
  worsened: 1,
  new: 2,
  persisting: 3,
  improved: 4,
  'not-evaluated': 5,
  resolved: 6,
  'out-of-scope': 7,
}

/** Open items first, by how bad they stand, then by what they are worth. */
export function itemsByNeed(index: ProjectIndex): ItemHistory[] {
  const key = (item: ItemHistory) => {
    const state = lastState(item)
    if (state === null) return 7
    if (item.coveredBy) return 5
    if (isEnded(state.state)) return 6
    return isJudged(state.state) ? 0 : 5
  }
  const need = (item: ItemHistory) => NEED[lastState(item)?.state ?? 'resolved']
  return Object.values(index.items).sort(
    (a, b) =>
      key(a) - key(b) ||
      (lastState(b)?.gain ?? 0) - (lastState(a)?.gain ?? 0) ||
      need(a) - need(b) ||
      (a.id < b.id ? -1 : 1),
  )
}

export function isOpen(item: ItemHistory): boolean {
  const state = lastState(item)
  return state !== null && !item.coveredBy && isOpenItem(state)
}

/** Letters of a verdict: names of classes may be of any length, and what it says stands at its ends. */
export const VERDICT_LETTERS = 200
