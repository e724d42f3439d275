/** The API's way to delete a run or a project, with all that derives from it. */

import { Hono } from 'hono'
import type { Context } from '../lib/core/context.ts'

/**
 * `DELETE /projects/PROJECT` and `/projects/PROJECT/runs/RUN`; `?uploads=true` deletes the uploads too,
 * `?dry_run=true` tells what would go. Asked again after it was stopped, it ends what it began.
 */
export function deletionsOf(context: Context): Hono {
  const app = new Hono()
  app.delete('/projects/:project', async (c) =>
    c.json(await deleted(c.req.param('project'), null, c.req.query())),
  )
  app.delete('/projects/:project/runs/:run', async (c) =>
    c.json(await deleted(c.req.param('project'), c.req.param('run'), c.req.query())),
  )
  return app

  async function deleted(project: string, run: string | null, query: Record<string, string>) {
    // Pages are rendered here, as for tickets: the other answers don't wait for what that loads.
    const { deletePublished } = await import('../lib/site/deletion.ts')
    return deletePublished(context, {
      project,
      run,
      withUploads: query.uploads === 'true',
      dryRun: query.dry_run === 'true',
    })
  }
}
