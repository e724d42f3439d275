/** Linking an item to its ticket: into the site's list, and onto the pages that show it. */

import type { Context } from '../core/context.ts'
import type { TicketLinks } from '../core/planning.ts'
import { updateTickets } from '../publish/tickets-object.ts'
import { writeProjectPages } from './pages.ts'

/**
 * Links an item to a ticket and writes its page and the sprint page anew. Applied twice it does no
 * more than once.
 *
 * @param url null takes the link away
 */
export async function linkTicket(
  context: Context,
  project: string,
  itemId: string,
  url: string | null,
): Promise<TicketLinks> {
  const ticket = url === null ? null : { url, linkedAt: context.clock().toISOString() }
  const links = await updateTickets(context.site, project, itemId, ticket, context)
  await writeProjectPages(context, project, [itemId], null)
  return links
}
