/** Lets in the same readers as CloudFront does, on a server of one's own: it runs the very function. */

import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { useKeyValues } from './cloudfront.ts'
import { keyValueName, type ReaderKeys } from './keys.ts'
import type { ViewerAnswer, ViewerEvent, ViewerRequest, ViewerValue } from './viewer-request.d.mts'
import { handler, openHandler } from './viewer-request.mjs'

export interface GateParts {
  readonly keys: () => Promise<ReaderKeys>
  /** Of `readerCookie`. */
  readonly cookie: string
}

/** @param parts null: everybody may read */
export function gate(parts: GateParts | null): MiddlewareHandler {
  if (parts !== null) {
    useKeyValues({
      async get(name) {
        const key = (await parts.keys()).find(({ kid }) => keyValueName(kid) === name)
        if (key === undefined) throw new Error(`there is no ${name}`)
        return key.key
      },
    })
  }
  return async (c, next) => {
    const event = eventOf(c)
    const outcome =
      parts === null ? openHandler(event) : await handler(event, { cookie: parts.cookie })
    if (!('statusCode' in outcome)) {
      c.set('document', outcome.uri)
      return next()
    }
    return answerOf(outcome)
  }
}

/** Which object of the site a request that was let in is answered with, as a key. */
export function documentKey(c: HonoContext): string {
  return decodeURIComponent(String(c.get('document'))).replace(/^\/+/, '')
}

/** A request in CloudFront's form. */
export function eventOf(c: HonoContext): ViewerEvent {
  const url = new URL(c.req.url)
  const querystring: Record<string, ViewerValue> = {}
  // As they came: CloudFront decodes neither names nor values.
  for (const pair of url.search.slice(1).split('&').filter(Boolean)) {
    const [name = '', ...value] = pair.split('=')
    const former = querystring[name]
    const values = [...(former?.multiValue ?? []), { value: value.join('=') }]
    querystring[name] = { value: values[0]!.value, ...(former && { multiValue: values }) }
  }
  const headers: Record<string, ViewerValue> = {}
  c.req.raw.headers.forEach((value, name) => {
    if (name !== 'cookie') headers[name] = { value }
  })
  const cookies: Record<string, ViewerValue> = {}
  for (const pair of (c.req.header('cookie') ?? '').split(/; */).filter(Boolean)) {
    const at = pair.indexOf('=')
    if (at > 0) cookies[pair.slice(0, at)] ??= { value: pair.slice(at + 1) }
  }
  const request: ViewerRequest = {
    method: c.req.method,
    uri: url.pathname,
    querystring,
    headers,
    cookies,
  }
  return { request }
}

function answerOf({ statusCode, headers, body }: ViewerAnswer): Response {
  return new Response(body?.data ?? null, {
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])),
  })
}
