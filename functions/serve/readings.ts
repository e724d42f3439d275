/** `GET /api/projects/<project>/runs/<run>/reading`: how an upload would be read, and what of that is doubtful. */

import { Hono } from 'hono'
import type { Context } from '../../lib/core/context.ts'
import { isName } from '../../lib/core/names.ts'
import { fetchUpload } from '../../lib/upload/fetch.ts'
import { doubtsOf, readingOf } from '../reading.ts'

/** Fields of a file that the panel shows. */
const MOST_FIELDS = 12

export function readings(context: Pick<Context, 'uploads' | 'vault'>): Hono {
  const app = new Hono()
  app.get('/:project/runs/:run/reading', async (c) => {
    const { project, run } = c.req.param()
    const upload = isName(project) && isName(run) ? await fetchUpload(context, project, run) : null
    if (upload === null) return c.json({ message: 'there is no such upload' }, 404)
    const reading = await readingOf(upload)
    return c.json({
      // What can't be evaluated has a page that says why.
      doubts: reading.error === null ? doubtsOf(reading) : [],
      files: reading.seen.map(({ source, format, rows, fields }) => ({
        source,
        format,
        rows,
        fields: fields.slice(0, MOST_FIELDS).map(({ name, type, shape, use }) => ({
          name,
          type,
          shape,
          use,
        })),
        more: Math.max(0, fields.length - MOST_FIELDS),
      })),
    })
  })
  return app
}
