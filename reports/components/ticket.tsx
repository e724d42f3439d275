/** An item's ticket: a link to the one it has, or to the tracker's form with its fields filled in. */

import type { Plan, PlanItem, Planning } from '../../lib/core/planning.ts'
import { itemPath, ticketText } from '../../lib/planning/plan.ts'
import { newTicketUrl, trackerName } from '../../lib/planning/tracker.ts'
import { shortened } from '../words/format.ts'

/** What a link to a ticket says: `#12`, `ABC-7`. */
function ticketName({ hostname, pathname }: URL): string {
  const last = decoded(pathname.replace(/\/+$/, '').split('/').at(-1) ?? '')
  if (/^\d+$/.test(last)) return `#${last}`
  return last === '' ? hostname : shortened(last, 24)
}

/** The part of an address as a person reads it; as it stands where its escapes are no text. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Null for what no browser should follow: an address may come from a file that somebody edited. */
function webAddress(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^https?:$/.test(url.protocol) ? url : null
}

/** The address of the form for an item's new ticket; null where there is no tracker. */
function newTicket(
  project: string,
  item: PlanItem,
  { tracker, siteUrl }: Pick<Planning, 'tracker' | 'siteUrl'>,
): string | null {
  if (tracker === null || webAddress(tracker.url) === null) return null
  return newTicketUrl(tracker, ticketText(project, item, siteUrl))
}

/** Whether an item is proposed: one that is done, left alone, or worked on isn't. */
function isProposed({ standing }: Pick<PlanItem, 'standing'>): boolean {
  return standing === 'attention' || standing === 'not-evaluated'
}

export function TicketLink(props: {
  plan: Pick<Plan, 'project'>
  item: PlanItem
  planning: Pick<Planning, 'tracker' | 'siteUrl'>
}) {
  const { plan, item, planning } = props
  if (item.ticket !== null) {
    const url = webAddress(item.ticket)
    if (url === null) return <span class="ticket-link">Ticket {shortened(item.ticket, 48)}</span>
    return (
      <a class="ticket-link" href={item.ticket}>
        Ticket {ticketName(url)}
      </a>
    )
  }
  const address = isProposed(item) ? newTicket(plan.project, item, planning) : null
  if (address === null || planning.tracker === null) return null
  return (
    <a
      class="ticket-link new-ticket"
      href={address}
      target="_blank"
      rel="noopener"
      // Where nobody said at publishing what the site's address is, the page knows once it is open.
      data-back={planning.siteUrl === null ? itemPath(plan.project, item.slug) : undefined}
    >
      New ticket<span class="unseen"> for {item.title}</span> in{' '}
      {trackerName(planning.tracker.kind)}
    </a>
  )
}
