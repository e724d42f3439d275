/** An item's ticket: a link to the one it has, or to the tracker's form with its fields filled in. */

import type { Plan, PlanItem, Planning } from '../../lib/core/planning.ts'
import { itemPath, ticketText } from '../../lib/planning/plan.ts'
import { newTicketUrl, trackerName } from '../../lib/planning/tracker.ts'
import { shortened } from '../format.ts'

/** What a link to a ticket says: `#12`, `ABC-7`. */
function ticketName(address: string): string {
  const { hostname, pathname } = new URL(address)
  const last = decodeURI(pathname).replace(/\/+$/, '').split('/').at(-1) ?? ''
  if (/^\d+$/.test(last)) return `#${last}`
  return last === '' ? hostname : shortened(last, 24)
}

/** The address of the form for an item's new ticket; null where there is no tracker. */
function newTicket(
  project: string,
  item: PlanItem,
  { tracker, siteUrl }: Pick<Planning, 'tracker' | 'siteUrl'>,
): string | null {
  return tracker && newTicketUrl(tracker, ticketText(project, item, siteUrl))
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
    return (
      <a class="ticket-link" href={item.ticket}>
        Ticket {ticketName(item.ticket)}
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
