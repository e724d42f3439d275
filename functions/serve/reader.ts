/** A published site as a server of one's own gives it to readers: what CloudFront does, with the same sign-in. */

import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { html } from 'hono/html'
import { NearmissError } from '../../lib/core/errors.ts'
import type { Log } from '../../lib/core/log.ts'
import type { Store, StoredObject } from '../../lib/core/store.ts'
import { headersOf } from '../../lib/publish/keys.ts'
import packageJson from '../../package.json' with { type: 'json' }
import type { Registry } from '../metrics/exposition.ts'
import { documentKey, gate } from '../reader/gate.ts'
import { readerCookie, type SignInParts, signIn } from '../reader/sign-in.ts'
import { READER_PATH } from '../reader/sign-in-pages.ts'
import { guard } from './guard.ts'
import { metricsAnswer, metricsFor, requestMetrics } from './metrics.ts'

export interface ReaderAppOptions {
  readonly site: Store
  readonly log: Log
  /** Null: everybody may read. */
  readonly signIn: SignInParts | null
  /** How readers reach it; null: on this machine alone. */
  readonly siteUrl: string | null
  readonly metrics: Registry
  /** Who has it reads `/metrics`; null: nobody from outside. */
  readonly metricsToken: string | null
}

const YEAR_S = 31_536_000

export function readerApp({
  site,
  log,
  signIn: parts,
  siteUrl,
  metrics,
  metricsToken,
}: ReaderAppOptions): Hono {
  const app = new Hono()
  app.onError((error, c) => {
    // A store that doesn't answer is no reader's fault, and may answer the next time.
    log.error(`${c.req.path} can't be read: ${error.message}`)
    const isStore = error instanceof NearmissError
    const words = isStore ? 'The reports can not be read now.' : 'This is a fault of nearmiss.'
    return c.html(page('Not now', words), isStore ? 503 : 500)
  })
  // Before everything: what asks whether the process is well has no address and signs in nowhere.
  app.get('/_health', async (c) => {
    const isWell = await site.head('projects.json').then(
      () => true,
      () => false,
    )
    c.header('Cache-Control', 'no-store')
    return c.json({ ok: isWell, version: packageJson.version }, isWell ? 200 : 503)
  })
  if (metricsToken !== null) app.get('/metrics', metricsFor(metricsToken, metrics))
  app.use(requestMetrics(metrics, () => performance.now()))
  app.use(siteUrl === null ? guard() : addressed(siteUrl))
  // Without an address for others only this machine gets past the guard.
  if (siteUrl === null) app.get('/metrics', (c) => metricsAnswer(c, metrics))
  app.use(async (c, next) => {
    await next()
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('X-Frame-Options', 'SAMEORIGIN')
    if (!c.res.headers.has('Referrer-Policy')) c.header('Referrer-Policy', 'same-origin')
    if (!c.res.headers.has('Content-Security-Policy')) {
      c.header('Content-Security-Policy', "frame-ancestors 'self'")
    }
    if (siteUrl?.startsWith('https:')) {
      c.header('Strict-Transport-Security', `max-age=${YEAR_S}`)
    }
  })
  if (parts !== null) {
    const readers = signIn(parts)
    app.all(READER_PATH, (c) => readers.fetch(c.req.raw))
    app.all(`${READER_PATH}/*`, (c) => readers.fetch(c.req.raw))
  }
  app.use(compress())
  app.use(gate(parts && { keys: parts.keys, cookie: readerCookie(parts.siteUrl) }))
  app.on(['GET', 'HEAD'], '*', async (c) => {
    const key = documentKey(c)
    const isHead = c.req.method === 'HEAD'
    const object = isHead ? await site.head(key) : await site.get(key)
    if (object === null) {
      return c.html(page('There is no page here', `${c.req.path} is not published.`), 404)
    }
    const { contentType, cacheControl } = headersOf(withoutTenant(key))
    const etag = `"${object.etag}"`
    const headers = {
      'Content-Type': contentType,
      // A cache that several people share must not give to one what another may read.
      'Cache-Control': parts === null ? cacheControl : `private, ${cacheControl}`,
      ETag: etag,
    }
    const known = c.req.header('if-none-match')?.split(/, */) ?? []
    if (known.some((one) => one.replace(/^W\//, '') === etag)) return c.body(null, 304, headers)
    const body = 'body' in object ? new Uint8Array((object as StoredObject).body) : null
    return body === null ? c.body(null, 200, headers) : c.body(body, 200, headers)
  })
  return app
}

/** A tenant's site lies below its name, and is as any other. */
function withoutTenant(key: string): string {
  return key.replace(/^@[^/]+\//, '')
}

/** Answers to the name that readers know alone: a page of another name would keep cookies of its own. */
function addressed(siteUrl: string) {
  const { host } = new URL(siteUrl)
  return async (c: Parameters<ReturnType<typeof guard>>[0], next: () => Promise<void>) => {
    const asked = c.req.header('x-forwarded-host') ?? c.req.header('host') ?? ''
    if (asked.toLowerCase() !== host) {
      return c.html(page('Another address', `These reports are at ${siteUrl}.`), 421)
    }
    await next()
  }
}

const STYLE =
  'body{font:1rem/1.5 system-ui;max-width:36rem;margin:20vh auto;padding:0 1rem;overflow-wrap:anywhere}'

function page(title: string, words: string) {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>${title}: nearmiss</title><style>${STYLE}</style></head>
<body><h1>${title}</h1><p>${words}</p><p><a href="/">All reports</a></p></body></html>`
}
