/** What the project's history says of each item before a run. */

import type { FindingKind } from '../core/finding-kind.ts'
import type { Item, ItemState } from '../core/item.ts'
import type { ProjectIndex } from '../core/project-index.ts'
import { compareRunOrder } from './baseline.ts'

export interface PastItem {
  readonly id: string
  readonly kind: FindingKind
  readonly title: string
  readonly owner: string
  readonly state: ItemState
  /** As last measured. */
  readonly measure: number
  readonly gain: number
  /** The run in which the evidence last changed its state, to which, and what was measured there. */
  readonly settled: { readonly run: string; readonly state: ItemState; readonly measure: number }
  /** How many runs in a row, up to the last, could not tell anything of it while it was open. */
  readonly unjudgedRuns: number
}

const SETTLES: ReadonlySet<ItemState> = new Set([
  'new',
  'improved',
  'worsened',
  'resolved',
  'regressed',
])

/**
 * Every item that was raised before a run, as the runs before it left it. Runs that were created
 * later don't count, in whatever order they were published, nor does an earlier attempt at the
 * same run. Items of a baseline that isn't in the index (a report's file) are taken from it.
 */
export function readLedger(
  index: ProjectIndex | null,
  baseline: { readonly run: string; readonly items: readonly Item[] } | null,
  run: string,
  createdAt: string,
): ReadonlyMap<string, PastItem> {
  const earlier = new Set(
    (index?.runs ?? [])
      .filter((entry) => entry.run !== run && compareRunOrder(entry, { run, createdAt }) < 0)
      .map((entry) => entry.run),
  )
  const ledger = new Map<string, PastItem>()
  for (const item of baseline && !earlier.has(baseline.run) ? baseline.items : []) {
    const { id, kind, title, owner, state, gain } = item
    const measure = item.measure.value
    ledger.set(id, {
      id,
      kind,
      title,
      owner,
      state,
      measure,
      gain,
      settled: { run: baseline!.run, state, measure },
      unjudgedRuns: state === 'not-evaluated' ? 1 : 0,
    })
  }
  for (const { id, kind, title, owner, states } of Object.values(index?.items ?? {})) {
    const past = states.filter((entry) => earlier.has(entry.run))
    const last = past.at(-1)
    if (!last) continue
    const { state, measure, gain } = last
    const settled = past.findLast((entry) => SETTLES.has(entry.state)) ?? last
    const lastTelling = past.findLastIndex((entry) => entry.state !== 'not-evaluated')
    const unjudgedRuns = past.length - 1 - lastTelling
    ledger.set(id, { id, kind, title, owner, state, measure, gain, settled, unjudgedRuns })
  }
  return ledger
}

/** Where nothing since a run that resolved the item is evidence against that. */
export function isResolvedStill(past: PastItem | null | undefined): past is PastItem {
  return past?.settled.state === 'resolved'
}
