/** `<project>/tickets.json`: which items have a ticket, as the API was told. */

import type { Context } from '../core/context.ts'
import { StoreRefusedError } from '../core/errors.ts'
import type { TicketLinks } from '../core/planning.ts'
import type { Store } from '../core/store.ts'
import {
  otherProject,
  readJson,
  type UpdateContext,
  type UpdatedObject,
  updateJson,
} from './json-object.ts'
import { ticketsKey } from './keys.ts'
import { TICKET_LINKS } from './shapes.ts'

/** Null where no ticket was ever linked. */
export async function readTickets(store: Store, project: string): Promise<TicketLinks | null> {
  return (await readJson<TicketLinks>(store, ticketsObject(project)))?.value ?? null
}

/** For pages: a list that can't be read is told of, and they are made without its links. */
export async function readableTickets(
  { site, log }: Pick<Context, 'site' | 'log'>,
  project: string,
): Promise<TicketLinks | null> {
  try {
    return await readTickets(site, project)
  } catch (error) {
    if (!(error instanceof StoreRefusedError) || error.code !== 'unreadable-object') throw error
    log.warn(`pages are made without links to tickets: ${error.message}. ${error.hint}`, {
      project,
    })
    return null
  }
}

/**
 * Links an item to a ticket, or no longer to any, under compare-and-swap.
 *
 * @param ticket null takes the link away
 * @throws StoreRefusedError `unreadable-object`, StoreError `contested`, as the index does.
 */
export function updateTickets(
  store: Store,
  project: string,
  itemId: string,
  ticket: { readonly url: string; readonly linkedAt: string } | null,
  context: UpdateContext,
): Promise<TicketLinks> {
  const change = (links: TicketLinks): TicketLinks => {
    const { [itemId]: _before, ...others } = links.tickets
    return { ...links, tickets: ticket === null ? others : { ...others, [itemId]: ticket } }
  }
  return updateJson(store, ticketsObject(project), change, context)
}

function ticketsObject(project: string): UpdatedObject<TicketLinks> {
  return {
    key: ticketsKey(project),
    title: 'list of tickets',
    schema: 'nearmiss.tickets/1',
    shape: TICKET_LINKS,
    mismatch: (links) => otherProject(links, project),
    remedy: 'Restore an earlier version of it, or move it away and link the tickets again.',
    empty: () => ({ schema: 'nearmiss.tickets/1', project, tickets: {} }),
  }
}
