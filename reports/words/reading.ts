/** What a figure means for a run, as far as something was found to be done about it. */

import { type Item, openItems } from '../../lib/core/item.ts'
import type { Report } from '../../lib/core/report.ts'

/** The kind of item that asks for work where a figure is bad; the others are told by no item. */
const ITEM_KINDS: Readonly<Record<string, string>> = {
  anti_hub_share_k10: 'hubs',
  hub_share_k10: 'hubs',
  robin_hood_k10: 'hubs',
  hubness_skewness_k10: 'hubs',
  collapsed_dimensions: 'collapsed-dimensions',
}

/** How a reading begins that tells of a problem. */
export const PROBLEM = /^A problem(?=[:,])/

/** The open item that a bad figure has led to; null where nothing asks for work. */
export function itemOf(report: Report, id: string): Item | null {
  if (!PROBLEM.test(report.metrics[id]?.reading ?? '')) return null
  return openItems(report).find(({ kind }) => kind === ITEM_KINDS[id]) ?? null
}

/** What a figure means: a problem is only what the list of things to do knows of. */
export function readingOf(report: Report, id: string): string | undefined {
  const reading = report.metrics[id]?.reading
  return itemOf(report, id) === null ? reading?.replace(PROBLEM, 'Worth watching') : reading
}
