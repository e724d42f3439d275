/** Keeps other sites' pages out: a server on this machine is within reach of every page in a browser. */

import type { MiddlewareHandler } from 'hono'

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Refuses a foreign `Host` (a name that was rebound to 127.0.0.1) and a change asked for by another
 * origin's page. The port is left open, so that a forwarded one works.
 */
export function guard(): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? ''
    if (!LOOPBACK.has(host.replace(/:\d+$/, ''))) {
      return c.text(`This server answers to 127.0.0.1 and localhost, not to ${host}.\n`, 403)
    }
    const safe = c.req.method === 'GET' || c.req.method === 'HEAD'
    const origin = c.req.header('origin')
    const site = c.req.header('sec-fetch-site')
    const foreign =
      (origin !== undefined && origin !== `http://${host}`) ||
      (site !== undefined && site !== 'same-origin' && site !== 'none')
    if (!safe && foreign) {
      return c.text('Another site asked for this change, and only this one may.\n', 403)
    }
    await next()
  }
}
