/** `GET /metrics` of the servers: what Prometheus reads. */

import { timingSafeEqual } from 'node:crypto'
import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { sha256 } from '../../lib/core/canonical.ts'
import type { Registry } from '../metrics/exposition.ts'

export function metricsAnswer(c: HonoContext, metrics: Registry): Response {
  const { contentType, text } = metrics.read(c.req.header('accept') ?? '')
  return c.body(text, 200, { 'Content-Type': contentType, 'Cache-Control': 'no-store' })
}

/**
 * Metrics of a server that others reach: for who has the token, at whatever name it is asked by. Everybody
 * else finds what `/metrics` is without it.
 */
export function metricsFor(token: string, metrics: Registry): MiddlewareHandler {
  const digest = (text: string) => Buffer.from(sha256(text))
  const expected = digest(`Bearer ${token}`)
  return async (c, next) => {
    const given = c.req.header('authorization') ?? ''
    return timingSafeEqual(digest(given), expected) ? metricsAnswer(c, metrics) : next()
  }
}

/** Counts what a server answers, and how long that takes. */
export function requestMetrics(metrics: Registry, now: () => number): MiddlewareHandler {
  const requests = metrics.counter(
    'nearmiss_requests_total',
    'Requests by the status of the answer.',
  )
  const seconds = metrics.histogram(
    'nearmiss_request_seconds',
    'Seconds from a request to the start of its answer.',
    [0.005, 0.025, 0.1, 0.5, 2.5, 10],
  )
  return async (c, next) => {
    const startMs = now()
    await next()
    requests({ code: String(c.res.status) })
    seconds((now() - startMs) / 1000)
  }
}
