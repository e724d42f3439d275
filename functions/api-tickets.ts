/** The API's way to say that an item has a ticket, or no longer has one. */

import { Hono } from 'hono'
import { z } from 'zod'
import type { Context } from '../lib/core/context.ts'
import { UsageError } from '../lib/core/errors.ts'
import { itemSlug } from '../lib/core/names.ts'
import { readIndex } from '../lib/publish/index-object.ts'

const ticket = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .max(2_000)
    .refine(isDecodable, 'has an escape that is no UTF-8: write %C3%A9 for é, and %25 for %')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^[^\u0000-\u0020\u007f-\u009f]*$/, 'holds a space or a control character'),
})

/** Whether the address can be shown as text. */
function isDecodable(address: string): boolean {
  try {
    decodeURI(address)
    return true
  } catch {
    return false
  }
}

/** `PUT` and `DELETE /projects/PROJECT/items/ID/ticket`; ID is the id or its page's slug. */
export function ticketsOf(context: Context): Hono {
  const app = new Hono()
  const path = '/projects/:project/items/:id{.+}/ticket'

  app.put(path, async (c) => {
    const { project, id } = await itemOf(c.req.param('project'), c.req.param('id'))
    const body = ticket.safeParse(await c.req.json().catch(() => undefined))
    if (!body.success) {
      throw new UsageError('invalid-request', body.error.issues[0]?.message ?? 'no body', {
        hint: 'The body is JSON: {"url": "https://…"}, the address of the ticket.',
      })
    }
    return c.json(await link(project, id, body.data.url))
  })

  app.delete(path, async (c) => {
    const { project, id } = await itemOf(c.req.param('project'), c.req.param('id'))
    return c.json(await link(project, id, null))
  })

  return app

  async function link(project: string, id: string, url: string | null) {
    // Pages are rendered here, and only here: the other answers don't wait for what that loads.
    const { linkTicket } = await import('../lib/site/tickets.ts')
    await linkTicket(context, project, id, url)
    return { id, ticket: url, page: `${project}/items/${itemSlug(id)}/` }
  }

  async function itemOf(project: string, name: string) {
    const index = await readIndex(context.site, project)
    const ids = Object.keys(index?.items ?? {})
    const id = ids.find((known) => known === name || itemSlug(known) === name)
    if (index !== null && id !== undefined) return { project, id }
    throw new UsageError('no-such-item', `project ${project} has no item ${name}`, {
      hint: 'Names are case-sensitive; GET /api/projects/PROJECT/items lists what there is.',
    })
  }
}
