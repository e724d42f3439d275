/** The local web server: uploads in, pages out, and the API that a page asks how its upload is doing. */

import { join } from 'node:path'
import { Hono } from 'hono'
import type { Evaluations } from './evaluations.ts'
import { guard } from './guard.ts'
import { pages } from './pages.ts'
import { uploads } from './uploads.ts'

export interface LocalAppOptions {
  readonly bucket: string
  readonly evaluations: Evaluations
}

/** Larger files than that aren't sent through a web server, they are copied. */
const MAX_UPLOAD_BYTES = 4 * 2 ** 30

export function localApp({ bucket, evaluations }: LocalAppOptions): Hono {
  const app = new Hono()
  app.use(guard())
  app.route('/', uploads({ bucket, maxByteLength: MAX_UPLOAD_BYTES }))
  app.mount('/', pages({ folder: join(bucket, 'site'), activity: evaluations.activity }).fetch)
  return app
}
