/** What a sprint is planned from: each open item with its owner, effort and ticket, and how items overlap. */

import type { FindingKind } from './finding-kind.ts'
import type { Item, ItemState, Severity } from './item.ts'
import type { Tracker } from './manifest.ts'

/** What the manifest adds to a run's items, and which error rows they share. Part of `report.json`. */
export interface Planning {
  readonly tracker: Tracker | null
  /** Where the site is published, with a slash at its end; null where nobody said. */
  readonly siteUrl: string | null
  /** By item id. */
  readonly notes: Readonly<Record<string, string>>
  /** By item id: a number in the team's own unit, or words. */
  readonly effort: Readonly<Record<string, number | string>>
  /** Addresses by item id. */
  readonly tickets: Readonly<Record<string, string>>
  readonly overlaps: readonly Overlap[]
}

/** How many error rows are evidence of exactly these items, told by their places in the list of items. */
export type Overlap = readonly [rows: number, items: readonly number[]]

/** `<project>/tickets.json`: tickets that were linked through the API, by item id. */
export interface TicketLinks {
  readonly schema: 'nearmiss.tickets/1'
  readonly project: string
  readonly tickets: Readonly<Record<string, { readonly url: string; readonly linkedAt: string }>>
}

/**
 * Where an item stands in the planning. `attention`: open, and nobody has said what becomes of it;
 * `ticket`: open, and somebody works on it; `known`: accepted or muted, for as long as that holds.
 */
export type Standing =
  | 'attention'
  | 'ticket'
  | 'known'
  | 'not-evaluated'
  | 'out-of-scope'
  | 'resolved'

export interface PlanItem {
  readonly id: string
  /** The last part of its page's address. */
  readonly slug: string
  readonly kind: FindingKind
  readonly title: string
  readonly owner: string
  readonly severity: Severity
  readonly state: ItemState
  readonly standing: Standing
  /** Expected gain in percentage points of nearest-neighbour accuracy. */
  readonly gain: number
  /** The accuracy that it makes doubtful, where that is more. */
  readonly stake: number
  readonly classes: readonly string[]
  readonly effort: number | string | null
  readonly finding: string
  readonly action: string
  readonly doneWhen: string
  readonly note: string | null
  readonly ticket: string | null
  readonly known: Item['known']
}

/** `<project>/sprint/sprint.json`: the items of the project's latest run, for the page and for programs. */
export interface Plan {
  readonly schema: 'nearmiss.sprint/1'
  readonly project: string
  readonly run: string
  /** When the run's upload was complete, ISO 8601. */
  readonly createdAt: string
  readonly items: readonly PlanItem[]
  /** Over the places of `items`. */
  readonly overlaps: readonly Overlap[]
}
