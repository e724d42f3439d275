/** What a run's report says for planning: the manifest's words on its items, and the rows they share. */

import { type Item, isOpenItem } from '../core/item.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Planning } from '../core/planning.ts'
import { overlapsOf } from './gain.ts'

export interface PlanningInputs {
  readonly manifest: Pick<Manifest, 'tracker' | 'notes' | 'effort' | 'tickets' | 'siteUrl'>
  readonly items: readonly Item[]
  /** All row indices that show an item; null where the run can't tell. */
  readonly evidenceOf: (id: string) => readonly number[] | null
  /** Whether a row's nearest neighbour has another label. */
  readonly isError: (row: number) => boolean
  /** What the deployment or the caller says of the site's address: it comes before the manifest. */
  readonly siteUrl: string | undefined
}

export function planningOf(inputs: PlanningInputs): Planning {
  const { manifest, items, evidenceOf, isError, siteUrl } = inputs
  const ids = new Set(items.map(({ id }) => id))
  const ofItems = <T>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).filter(([id]) => ids.has(id)))
  const isPlanned = (item: Item) => isOpenItem({ ...item, known: null })
  return {
    tracker: manifest.tracker,
    siteUrl: siteUrl ?? manifest.siteUrl,
    notes: ofItems(manifest.notes),
    effort: Object.fromEntries(
      items.flatMap(({ id, kind }) => {
        const key = [id, kind].find((name) => Object.hasOwn(manifest.effort, name))
        return key === undefined ? [] : [[id, manifest.effort[key]!] as const]
      }),
    ),
    tickets: ofItems(manifest.tickets),
    // What is known comes back one day without a new run, so its rows are counted too.
    overlaps: overlapsOf(
      items.map((item) => (isPlanned(item) ? evidenceOf(item.id) : null)),
      isError,
    ),
  }
}
