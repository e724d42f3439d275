/** The published site as a local web server gives it: with the scripts that upload and reload added to its pages. */

import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { html } from 'hono/html'
import { leadsOut } from '../../lib/publish/inside.ts'

const SCRIPT =
  '<script type="module" src="/api/upload.js"></script><script type="module" src="/api/reload.js"></script>'

export interface PagesOptions {
  /** Folder of the site; it may not be there yet. */
  readonly folder: string
  /** What is being done, a sentence each: shown while there is no page yet. */
  readonly activity: () => readonly string[]
}

export function pages({ folder, activity }: PagesOptions): Hono {
  const app = new Hono()
  app.use(etag())
  app.use(async (c, next) => {
    await next()
    c.header('Cache-Control', 'no-cache')
    c.header('X-Content-Type-Options', 'nosniff')
    if (!c.res.headers.get('content-type')?.startsWith('text/html')) return
    if (c.req.method === 'HEAD' || c.res.status !== 200) return
    const headers = new Headers(c.res.headers)
    headers.delete('Content-Length')
    // The bytes of the answer aren't those of the file: a part of one is no part of the other.
    headers.delete('Last-Modified')
    const page = withUploadScript(await c.res.text())
    // What is set over an answer takes its headers over: without this, the length of the file.
    c.res = undefined
    c.res = new Response(page, { status: 200, headers })
  })
  app.use(async (c, next) => {
    const { path } = c.req
    // Names with a leading dot are a store's own files.
    if (path.split('/').some((part) => part.startsWith('.'))) return c.notFound()
    // An address that starts with two would be another host's, once it is sent back.
    if (path.startsWith('//')) return c.notFound()
    if (await isElsewhere(folder, path)) return c.notFound()
    const isFolder = !path.endsWith('/') && !path.includes('%') && isDirectory(join(folder, path))
    if (isFolder) return c.redirect(`${path}/`)
    await next()
  })
  app.use(async (c, next) => {
    if (existsSync(folder)) return serveStatic({ root: folder })(c, next)
    await next()
  })
  app.get('/', (c) => c.html(waitingPage(activity())))
  app.notFound((c) => c.html(missingPage(c.req.path), 404))
  return app
}

/** The page with the server's own scripts, and a policy that lets them work; nothing else changes. */
export function withUploadScript(page: string): string {
  const allowed = page.replace(
    /(<meta\s+http-equiv="Content-Security-Policy"\s+content=")([^"]*)"/i,
    (_match, start: string, policy: string) => `${start}${withSelf(policy)}"`,
  )
  return allowed.includes('</head>')
    ? allowed.replace('</head>', `${SCRIPT}</head>`)
    : `${allowed}${SCRIPT}`
}

/** Adds this server to what the policy's scripts and requests may come from and go to. */
function withSelf(policy: string): string {
  const directives = new Map(
    policy
      .replaceAll('&#39;', "'")
      .split(';')
      .map((directive) => directive.trim().split(/\s+/))
      .filter(([name]) => name)
      .map(([name, ...sources]) => [name!.toLowerCase(), sources]),
  )
  for (const name of ['script-src', 'connect-src']) {
    const sources = (directives.get(name) ?? []).filter((source) => source !== "'none'")
    directives.set(name, sources.includes("'self'") ? sources : ["'self'", ...sources])
  }
  return [...directives].map(([name, sources]) => [name, ...sources].join(' ')).join('; ')
}

/** Whether a link leads from the page's place out of the site: nothing is served through one. */
async function isElsewhere(folder: string, path: string): Promise<boolean> {
  const place = join(folder, path)
  return (await leadsOut(folder, place)) || (await leadsOut(folder, join(place, 'index.html')))
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Nothing is there, or nothing can be: a name with a null byte, one that is too long.
    return false
  }
}

const STYLE =
  'body { font: 1rem/1.5 system-ui; max-width: 40rem; margin: 4rem auto; padding: 0 1rem } dialog { box-sizing: border-box; max-width: min(40rem, 100vw - 2rem); overflow-wrap: anywhere } dialog label { display: block; margin: 0.5rem 0 }'

function waitingPage(activity: readonly string[]) {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
${activity.length === 0 ? '' : html`<meta http-equiv="refresh" content="2">`}<title>nearmiss</title><style>${STYLE}</style></head>
<body><h1>The first report is on its way</h1>
${
  activity.length === 0
    ? html`<p>Nothing is uploaded yet. Drop a file of embeddings on this page.</p>`
    : html`<ul>${activity.map((line) => html`<li>${line}</li>`)}</ul>`
}
</body></html>`
}

function missingPage(path: string) {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Not found: nearmiss</title><style>${STYLE}</style></head>
<body><h1>There is no page here</h1>
<p>${path} is not published. A report appears once its evaluation is done.</p>
<p><a href="/">All projects</a></p>
</body></html>`
}
