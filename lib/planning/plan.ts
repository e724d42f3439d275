/** The plan of a run: its items with their standing today, and how their rows overlap. */

import type { Item } from '../core/item.ts'
import type { Plan, PlanItem, Planning, TicketLinks } from '../core/planning.ts'
import type { Report } from '../core/report.ts'
import { standingOf } from './standing.ts'
import type { Ticket } from './tracker.ts'

/** What a report that was published before there was any planning comes to. */
export const NO_PLANNING: Planning = {
  tracker: null,
  siteUrl: null,
  notes: {},
  effort: {},
  tickets: {},
  overlaps: [],
}

/**
 * A ticket that was linked through the API comes before the manifest's: it was linked later.
 *
 * @param today `YYYY-MM-DD`
 */
export function planOf(report: Report, links: TicketLinks | null, today: string): Plan {
  const { planning } = report
  return {
    schema: 'nearmiss.sprint/1',
    project: report.project,
    run: report.run,
    createdAt: report.createdAt,
    items: report.items.map((item) => planItem(item, planning, links, today)),
    overlaps: planning.overlaps,
  }
}

export function planItem(
  item: Item,
  planning: Planning,
  links: TicketLinks | null,
  today: string,
): PlanItem {
  const { id, kind, title, owner, severity, state, gain, finding, action, doneWhen, known } = item
  const { stake, classes } = item
  const ticket = ticketOf(id, planning, links)
  return {
    id,
    slug: slugOf(item),
    kind,
    title,
    owner,
    severity,
    state,
    standing: standingOf({ state, known, ticket }, today),
    gain,
    stake,
    classes,
    effort: own(planning.effort, id),
    finding,
    action,
    doneWhen,
    note: own(planning.notes, id),
    ticket,
    known,
  }
}

function ticketOf(
  id: string,
  planning: Pick<Planning, 'tickets'>,
  links: TicketLinks | null,
): string | null {
  // The list may have been edited by hand, or written by something older.
  const linked: unknown = own(links?.tickets ?? {}, id)?.url
  return typeof linked === 'string' ? linked : own(planning.tickets, id)
}

/** The permalink's last part. */
function slugOf({ permalink }: Pick<Item, 'permalink'>): string {
  return permalink.replace(/\/$/, '').replace(/^.*\//, '')
}

/** An id may be named like something that every object has. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | null {
  return Object.hasOwn(record, key) ? record[key]! : null
}

/** Where an item's page is in the site: `<project>/items/<slug>/`. */
export function itemPath(project: string, slug: string): string {
  return `${project}/items/${slug}/`
}

/** What a new ticket for an item says. */
export function ticketText(project: string, item: PlanItem, siteUrl: string | null): Ticket {
  return {
    title: item.title,
    parts: [
      ['Seen', item.finding],
      ['Do', item.action],
      ['Done when', item.doneWhen],
      ['Owner', item.owner],
      ...(item.note === null ? [] : [['Note', item.note] as const]),
    ],
    back: `${siteUrl ?? ''}${itemPath(project, item.slug)}`,
  }
}
