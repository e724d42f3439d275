/**
 * Signing in and out, as routes under `/_reader`: a shared password or an OpenID Connect provider. What
 * it gives is a token in a cookie, which `viewer-request.mjs` checks at every request for the site.
 */

import { Hono, type Context as HonoContext } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import type { Context } from '../../lib/core/context.ts'
import type { ReaderKeys } from './keys.ts'
import { isRefusal, type OpenId, type OpenIdAttempt } from './openid.ts'
import { type Passwords, tenantsOfPassword } from './passwords.ts'
import { type ReaderRule, tenantsOf } from './reader-rules.ts'
import {
  PAGE_POLICY,
  passwordPage,
  READER_PATH,
  readerPage,
  refusalPage,
  signedOutPage,
} from './sign-in-pages.ts'
import { readerOf, readerToken, signed, verified } from './token.ts'

export type SignInMethod =
  | { readonly kind: 'password'; readonly passwords: () => Promise<Passwords> }
  | { readonly kind: 'openid'; readonly provider: OpenId; readonly rules: readonly ReaderRule[] }

export interface SignInParts {
  readonly context: Pick<Context, 'clock' | 'log'>
  readonly keys: () => Promise<ReaderKeys>
  readonly method: SignInMethod
  /** The reader's address, as browsers know it, such as `https://reports.example.com/`. */
  readonly siteUrl: string
  /** For how long a sign-in holds. */
  readonly hours: number
}

const ATTEMPT_S = 10 * 60
const MOST_FORM_BYTES = 8 * 1024

/** The cookie that holds a reader's token; without TLS a browser takes none with a prefix. */
export function readerCookie(siteUrl: string): string {
  return siteUrl.startsWith('https:') ? '__Host-nearmiss' : 'nearmiss'
}

export function signIn(parts: SignInParts): Hono {
  const { context, keys, method, hours } = parts
  const { origin, protocol } = new URL(parts.siteUrl)
  const name = readerCookie(parts.siteUrl)
  const cookie: CookieOptions = {
    path: '/',
    httpOnly: true,
    secure: protocol === 'https:',
    // A link from a ticket opens signed in; another site's form or picture doesn't.
    sameSite: 'Lax',
  }
  const attemptName = `${name}-attempt`
  const callback = `${origin}${READER_PATH}/callback`
  const app = new Hono({ strict: false }).basePath(READER_PATH)

  app.use(async (c, next) => {
    await next()
    c.header('Cache-Control', 'no-store')
    c.header('Content-Security-Policy', PAGE_POLICY)
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Referrer-Policy', 'no-referrer')
  })

  app.get('/', async (c) => {
    const reader = await readerOf(await keys(), context.clock(), getCookie(c, name) ?? '')
    return reader === null ? c.redirect(`${READER_PATH}/sign-in?to=/`) : c.html(readerPage(reader))
  })

  app.get('/sign-in', async (c) => {
    const to = pathOf(c.req.query('to'))
    if (method.kind === 'password') return c.html(passwordPage(to))
    const { url, attempt } = await method.provider.start(callback)
    const kept = { ...attempt, to }
    setCookie(
      c,
      attemptName,
      await signed(await keys(), context.clock(), 'nearmiss-sign-in', ATTEMPT_S, kept),
      { ...cookie, maxAge: ATTEMPT_S },
    )
    return c.redirect(url)
  })

  app.post('/sign-in', async (c) => {
    if (method.kind !== 'password') return c.notFound()
    if (!isOwnForm(c)) return foreignForm(c)
    const form = await formOf(c)
    const to = pathOf(form.get('to') ?? undefined)
    const tenants = tenantsOfPassword(await method.passwords(), form.get('password') ?? '')
    if (tenants.length === 0) {
      context.log.warn('a sign-in was refused', { reason: 'another password' })
      return c.html(passwordPage(to, 'That is another password.'), 401)
    }
    return letIn(c, { name: 'reader', tenants }, to)
  })

  app.get('/callback', async (c) => {
    if (method.kind !== 'openid') return c.notFound()
    const claims = await verified(
      await keys(),
      context.clock(),
      'nearmiss-sign-in',
      getCookie(c, attemptName) ?? '',
    )
    // What was kept serves for one return only.
    deleteCookie(c, attemptName, cookie)
    if (claims === null) {
      const reason = `A sign-in takes at most ${ATTEMPT_S / 60} minutes and ends in the browser in which it began. This one has no beginning here.`
      return refused(c, 'Start again', reason, '/', reason)
    }
    const { to, ...attempt } = claims as unknown as OpenIdAttempt & { to: string }
    const { provider, rules } = method
    try {
      // The provider sent the browser to the address that readers know, whatever a proxy made of it.
      const reader = await provider.finish(new URL(new URL(c.req.url).search, callback), attempt)
      const tenants = tenantsOf(rules, reader)
      if (tenants.length > 0) return await letIn(c, { name: reader.name, tenants }, pathOf(to))
      return refused(
        c,
        'Not among the readers',
        `You are signed in at ${provider.issuer} as ${reader.name}, and neither that address nor your groups are among this site's readers. Ask whoever runs it, or sign in as somebody else.`,
        pathOf(to),
        'not among the readers',
      )
    } catch (error) {
      if (!(error instanceof Error) || !isRefusal(error)) throw error
      return refused(
        c,
        'Not signed in',
        `The answer of ${provider.issuer} doesn't sign you in: ${error.message}.`,
        pathOf(to),
        error.message,
      )
    }
  })

  app.post('/sign-out', (c) => {
    if (!isOwnForm(c)) return foreignForm(c)
    deleteCookie(c, name, cookie)
    return c.redirect(`${READER_PATH}/signed-out`, 303)
  })
  app.get('/signed-out', async (c) => {
    if (method.kind === 'password') return c.html(signedOutPage(null))
    const { issuer } = method.provider
    return c.html(signedOutPage({ issuer, url: await method.provider.signOutUrl() }))
  })

  app.notFound((c) =>
    c.html(refusalPage('No such page', `There is no ${c.req.path} here.`, '/'), 404),
  )
  app.onError((error, c) => {
    const isUnreachable = isRefusal(error)
    context.log.error('a sign-in failed', {
      reason: isUnreachable ? error.message : (error.stack ?? error.message),
    })
    const reason = isUnreachable
      ? 'The identity provider does not answer.'
      : 'This is a fault of nearmiss or of its settings; its log says more.'
    return c.html(refusalPage('Signing in does not work now', reason, '/'), 503)
  })
  return app

  async function letIn(
    c: HonoContext,
    reader: { name: string; tenants: readonly string[] },
    to: string,
  ) {
    const lifetimeS = Math.round(hours * 3600)
    const token = await readerToken(await keys(), context.clock(), lifetimeS, reader)
    setCookie(c, name, token, { ...cookie, maxAge: lifetimeS })
    context.log.info('a reader signed in', { reader: reader.name, tenants: reader.tenants })
    return c.redirect(to, 303)
  }

  function refused(c: HonoContext, title: string, reason: string, to: string, why: string) {
    context.log.warn('a sign-in was refused', { reason: why })
    return c.html(refusalPage(title, reason, to), 403)
  }

  /** Whether this site's own page sent the form; a browser says so in a header that pages can't set. */
  function isOwnForm(c: HonoContext): boolean {
    const site = c.req.header('sec-fetch-site')
    if (site !== undefined) return site === 'same-origin' || site === 'none'
    return c.req.header('origin') === origin
  }

  function foreignForm(c: HonoContext) {
    const reason = `Another site sent this form. Signing in and out starts at ${origin}.`
    return refused(c, 'Not from here', reason, '/', 'a form of another site')
  }

  /** Where a reader wanted to go: a path of this site, whatever the link says. */
  function pathOf(to: string | undefined): string {
    const url = URL.canParse(to ?? '/', origin) ? new URL(to ?? '/', origin) : null
    if (url === null || url.origin !== origin || url.pathname.startsWith(READER_PATH)) return '/'
    // A path that starts with two slashes would be another site's address.
    return `/${url.pathname.replace(/^\/+/, '')}${url.search}${url.hash}`
  }
}

async function formOf(c: HonoContext): Promise<URLSearchParams> {
  const text = await c.req.text()
  return new URLSearchParams(text.slice(0, MOST_FORM_BYTES))
}
