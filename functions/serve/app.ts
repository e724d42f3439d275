/** The local web server: uploads in, pages out, and the API that a page asks how its upload is doing. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import type { Log } from '../../lib/core/log.ts'
import { mostSentBytes } from '../../lib/formats/format.ts'
import { createApi } from '../api.ts'
import { localPresign } from '../api-uploads.ts'
import { localContext } from '../context.ts'
import type { Registry } from '../metrics/exposition.ts'
import type { Evaluations } from './evaluations.ts'
import { guard } from './guard.ts'
import { metricsAnswer } from './metrics.ts'
import { pages, withUploadScript } from './pages.ts'
import { readings } from './readings.ts'
import { uploads } from './uploads.ts'

export interface LocalAppOptions {
  readonly bucket: string
  readonly backend: string
  readonly evaluations: Pick<Evaluations, 'progressOf' | 'activity'>
  readonly log: Log
  readonly signal: AbortSignal
  /** What `GET /metrics` tells. */
  readonly metrics: Registry
  /** `GET /api/changes`. */
  readonly changes?: Hono
  /** Makes a team's own page of a published run anew; null where there is none of that name. */
  readonly ownPage?: (project: string, run: string, name: string) => Promise<string | null>
}

export function localApp(options: LocalAppOptions): Hono {
  const { bucket, backend, evaluations, log, signal, metrics, changes, ownPage } = options
  const { progressOf, activity } = evaluations
  const context = localContext({ bucket, log, signal, progress: () => {} })
  const api = createApi({
    context,
    presign: localPresign,
    status: progressOf,
    backend,
  })
  const site = pages({ folder: join(bucket, 'site'), activity })
  const app = new Hono()
  app.use(guard())
  app.get('/metrics', (c) => metricsAnswer(c, metrics))
  for (const name of ['upload.js', 'reload.js']) {
    app.get(`/api/${name}`, async (c) => {
      const script = await readFile(new URL(`./client/${name}`, import.meta.url), 'utf8')
      return c.body(script, 200, { 'Content-Type': 'text/javascript; charset=utf-8' })
    })
  }
  if (changes) app.route('/api/changes', changes)
  app.route('/api/projects', readings(context))
  // Handed over whole: each of them answers for what it doesn't find.
  app.all('/api/*', (c) => api.fetch(c.req.raw))
  app.route('/', uploads({ bucket, mostBytes: mostSentBytes }))
  app.get('/:project/runs/:run/pages/:file{.+\\.html}', async (c, next) => {
    const { project, run, file } = c.req.param()
    const page = await ownPage?.(project, run, file.slice(0, -'.html'.length))
    return page ? c.html(withUploadScript(page)) : next()
  })
  app.all('*', (c) => site.fetch(c.req.raw))
  app.onError((error, c) => {
    log.error(`${c.req.method} ${c.req.path}: ${error.message}`)
    return c.text('This is a fault of nearmiss; its terminal says more.\n', 500)
  })
  return app
}
