import type { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newKey } from '../../../../functions/reader/keys.ts'
import { openId } from '../../../../functions/reader/openid.ts'
import { parsePasswords } from '../../../../functions/reader/passwords.ts'
import { parseReaderRules } from '../../../../functions/reader/reader-rules.ts'
import { type SignInMethod, signIn } from '../../../../functions/reader/sign-in.ts'
import { readerOf, readerToken, signed } from '../../../../functions/reader/token.ts'
import { type OpenIdProvider, startOpenIdProvider } from '../../../openid-provider.ts'

const SITE = 'https://reports.test/'
const KEY = newKey(new Date('2026-01-01'))
const log = { info() {}, warn() {}, error() {} }

function app(method: SignInMethod, now = () => new Date()): Hono {
  return signIn({
    context: { clock: now, log },
    keys: async () => [KEY],
    method,
    siteUrl: SITE,
    hours: 12,
  })
}

/** A browser without a screen: it keeps cookies and follows redirects, over both sites. */
class Browser {
  readonly #app: Hono
  readonly cookies = new Map<string, string>()

  constructor(site: Hono) {
    this.#app = site
  }

  /** One request; the answer may be a redirect. */
  async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url)
    const mine = [...this.cookies].filter(([name]) => name.startsWith(`${origin} `))
    const headers = new Headers(init.headers)
    headers.set('cookie', mine.map(([name, value]) => `${name.split(' ')[1]}=${value}`).join('; '))
    const request = { ...init, headers, redirect: 'manual' } as const
    const response =
      origin === new URL(SITE).origin
        ? await this.#app.request(url, request)
        : await fetch(url, request)
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split('; ')
      const at = pair.indexOf('=')
      const name = `${origin} ${pair.slice(0, at)}`
      const isGone = attributes.some((one) => /^max-age=0$|^expires=thu, 01 jan 1970/i.test(one))
      if (isGone) this.cookies.delete(name)
      else this.cookies.set(name, pair.slice(at + 1))
    }
    return response
  }

  /** Follows redirects until there is a page, or one of the site that isn't below `/_reader`. */
  async follow(url: string, init?: RequestInit): Promise<{ url: string; response: Response }> {
    let response = await this.ask(url, init)
    let at = url
    for (let hop = 0; response.status >= 300 && response.status < 400 && hop < 20; hop++) {
      at = new URL(response.headers.get('location') ?? '', at).href
      if (at.startsWith(SITE) && !at.startsWith(`${SITE}_reader`)) break
      response = await this.ask(at)
    }
    return { url: at, response }
  }

  token(name = '__Host-nearmiss'): string {
    return this.cookies.get(`${new URL(SITE).origin} ${name}`) ?? ''
  }
}

const form = (values: Record<string, string>, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body: new URLSearchParams(values).toString(),
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'same-origin',
    ...headers,
  },
})

describe('a shared password', () => {
  const passwords = parsePasswords('{"*": "all-of-the-reports", "acme": "only-those-of-acme"}')
  const method: SignInMethod = { kind: 'password', passwords: async () => passwords }

  test('lets in, for twelve hours, and leads to where the reader wanted to go', async () => {
    const browser = new Browser(app(method, () => new Date('2026-11-30T08:00:00Z')))
    const page = await browser.ask(`${SITE}_reader/sign-in?to=/digits/?a=1`)
    expect(await page.text()).toContain('value="/digits/?a=1"')
    const response = await browser.ask(
      `${SITE}_reader/sign-in`,
      form({ password: 'all-of-the-reports', to: '/digits/?a=1#plan' }),
    )
    expect([response.status, response.headers.get('location')]).toEqual([303, '/digits/?a=1#plan'])
    expect(response.headers.getSetCookie()[0]).toMatch(
      /^__Host-nearmiss=[^;]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(await readerOf([KEY], new Date('2026-11-30T19:59:59Z'), browser.token())).toEqual({
      name: 'reader',
      tenants: ['*'],
      until: '2026-11-30T20:00:00.000Z',
    })
    expect(await readerOf([KEY], new Date('2026-11-30T20:00:01Z'), browser.token())).toBeNull()
  })

  test('of a tenant lets in to that alone', async () => {
    const browser = new Browser(app(method))
    await browser.ask(`${SITE}_reader/sign-in`, form({ password: 'only-those-of-acme', to: '/' }))
    expect((await readerOf([KEY], new Date(), browser.token()))?.tenants).toEqual(['acme'])
    expect(await (await browser.ask(`${SITE}_reader/`)).text()).toContain('href="/@acme/"')
  })

  test.each([
    ['another one', { password: 'all-of-the-report' }, {}, 401],
    ['none', {}, {}, 401],
    [
      'from another site',
      { password: 'all-of-the-reports' },
      { 'sec-fetch-site': 'cross-site' },
      403,
    ],
    [
      'from another origin, of an old browser',
      { password: 'all-of-the-reports' },
      { 'sec-fetch-site': '', origin: 'https://evil.test' },
      403,
    ],
  ])('%s is refused', async (_, values, headers, status) => {
    const browser = new Browser(app(method))
    const response = await browser.ask(`${SITE}_reader/sign-in`, form(values, headers))
    expect(response.status).toBe(status)
    expect(browser.token()).toBe('')
  })

  test.each([
    'https://evil.test/',
    '//evil.test/',
    '/\\evil.test/',
    '///evil.test',
    'javascript:alert(1)',
    '/_reader/sign-out',
    'data:text/html,x',
    ' //evil.test',
    '/\t/evil.test/',
  ])('leads to no other place: %j', async (to) => {
    const response = await new Browser(app(method)).ask(
      `${SITE}_reader/sign-in`,
      form({ password: 'all-of-the-reports', to }),
    )
    const location = new URL(response.headers.get('location') ?? '', SITE)
    expect(location.origin).toBe('https://reports.test')
    expect(location.pathname).not.toMatch(/^\/\/|^\/_reader/)
  })

  test('what is typed comes back as text', async () => {
    const response = await new Browser(app(method)).ask(
      `${SITE}_reader/sign-in?to=${encodeURIComponent('/"><script>alert(1)</script>')}`,
    )
    expect(await response.text()).not.toContain('<script>alert')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test('signing out takes the token away', async () => {
    const browser = new Browser(app(method))
    await browser.ask(`${SITE}_reader/sign-in`, form({ password: 'all-of-the-reports', to: '/' }))
    expect(browser.token()).not.toBe('')
    const { url, response } = await browser.follow(`${SITE}_reader/sign-out`, form({}))
    expect([url, response.status, browser.token()]).toEqual([`${SITE}_reader/signed-out`, 200, ''])
  })

  test.each([
    ['short', 'eleven-char', /fewer than 12 characters/],
    ['no JSON', '{"acme": ', /no JSON/],
    ['no tenant', '{"../x": "long-enough-password"}', /no tenant's name/],
    ['none', '{}', /holds none/],
  ])('a secret that is %s is refused', (_, text, reason) => {
    expect(() => parsePasswords(text)).toThrow(reason)
  })
  test('a password of twelve characters is taken', () => {
    expect(parsePasswords(' twelve-chars\n')).toEqual({ '*': 'twelve-chars' })
  })
})

describe('an OpenID Connect provider', () => {
  let provider: OpenIdProvider
  const rules = parseReaderRules('example.com, group:vision=acme+search, group:audit=acme')

  beforeAll(async () => {
    provider = await startOpenIdProvider(
      {
        ada: { email: 'ada@example.com', email_verified: true },
        eve: { email: 'eve@example.com', email_verified: false },
        sub: { email: 'sub@mail.example.com', email_verified: true },
        tail: { email: 'tail@example.com@evil.test', email_verified: true },
        vera: { email: 'vera@other.test', email_verified: true, groups: ['vision'] },
        abe: { groups: ['audit', 'vision'], name: 'Abe' },
      },
      [`${SITE}_reader/callback`],
    )
  })
  afterAll(() => provider.stop())

  const method = (changes: Partial<OpenIdProvider> = {}): SignInMethod => ({
    kind: 'openid',
    rules,
    provider: openId({ ...provider, ...changes, groupsClaim: 'groups' }),
  })

  /** As far as the provider's answer, which is returned and not followed. */
  async function atProvider(browser: Browser, login: string, to = '/digits/'): Promise<string> {
    let { url, response } = await browser.follow(`${SITE}_reader/sign-in?to=${to}`)
    for (let step = 0; step < 4; step++) {
      const page = await response.text()
      const action = /action="([^"]+)"/.exec(page)?.[1]
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
      if (action === undefined || prompt === undefined) throw new Error(`${url}: ${page}`)
      url = new URL(action, url).href
      let answer = await browser.ask(url, form({ prompt, login, password: 'any' }))
      while (answer.status >= 300 && answer.status < 400) {
        url = new URL(answer.headers.get('location') ?? '', url).href
        if (url.startsWith(SITE)) return url
        answer = await browser.ask(url)
      }
      response = answer
    }
    throw new Error('the provider sends nobody back')
  }

  async function signInAs(login: string, to?: string) {
    const browser = new Browser(app(method()))
    const { url, response } = await browser.follow(await atProvider(browser, login, to))
    return { browser, url, response, reader: await readerOf([KEY], new Date(), browser.token()) }
  }

  test('lets in an address of the domain, and leads to where the reader wanted to go', async () => {
    const { url, reader } = await signInAs('ada', '/digits/runs/1/')
    expect(url).toBe(`${SITE}digits/runs/1/`)
    expect(reader).toMatchObject({ name: 'ada@example.com', tenants: ['*'] })
  })

  test.each([
    ['vera', ['acme', 'search']],
    ['abe', ['acme', 'search']],
  ])('gives the tenants of the groups: %s', async (login, tenants) => {
    expect((await signInAs(login)).reader?.tenants).toEqual(tenants)
  })

  test.each(['eve', 'sub', 'tail'])('%s is no reader', async (login) => {
    const { response, reader } = await signInAs(login)
    expect([response.status, reader]).toEqual([403, null])
    expect(await response.text()).toContain('Not among the readers')
  })

  test('an answer is good once, and in the browser that asked', async () => {
    const browser = new Browser(app(method()))
    const callback = await atProvider(browser, 'ada')
    const stranger = new Browser(app(method()))
    expect((await stranger.ask(callback)).status).toBe(403)
    const kept = browser.token('__Host-nearmiss-attempt')
    expect((await browser.follow(callback)).url).toBe(`${SITE}digits/`)

    expect((await browser.ask(callback)).status).toBe(403)
    // Even with what the browser kept the first time.
    const replay = new Browser(app(method()))
    replay.cookies.set('https://reports.test __Host-nearmiss-attempt', kept)
    expect((await replay.ask(callback)).status).toBe(403)
    expect(replay.token()).toBe('')
  })

  test.each([
    ['another state', (url: URL) => url.searchParams.set('state', 'x')],
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['another code', (url: URL) => url.searchParams.set('code', 'x')],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.test')],
    [
      'a refusal',
      (url: URL) => {
        url.searchParams.delete('code')
        url.searchParams.set('error', 'access_denied')
      },
    ],
  ])('%s lets nobody in', async (_, change) => {
    const browser = new Browser(app(method()))
    const callback = new URL(await atProvider(browser, 'ada'))
    change(callback)
    const response = await browser.ask(callback.href)
    expect([response.status, browser.token()]).toEqual([403, ''])
    expect(await response.text()).toContain('Not signed in')
  })

  test('the token of a reader is none of an attempt, nor the other way round', async () => {
    const token = await readerToken([KEY], new Date(), 600, { name: 'x', tenants: ['*'] })
    const browser = new Browser(app(method()))
    const callback = await atProvider(browser, 'ada')
    browser.cookies.set('https://reports.test __Host-nearmiss-attempt', token)
    expect((await browser.ask(callback)).status).toBe(403)
    const attempt = await signed([KEY], new Date(), 'nearmiss-sign-in', 600, { tenants: ['*'] })
    expect(await readerOf([KEY], new Date(), attempt)).toBeNull()
  })

  test('another issuer than the one that was set is refused, as is a client it does not know', async () => {
    const elsewhere = provider.issuer.replace('127.0.0.1', 'localhost')
    const wrongIssuer = new Browser(app(method({ issuer: elsewhere })))
    expect((await wrongIssuer.ask(`${SITE}_reader/sign-in?to=/`)).status).toBe(503)

    const wrongSecret = new Browser(app(method({ clientSecret: 'another' })))
    const callback = await atProvider(wrongSecret, 'ada')
    expect((await wrongSecret.ask(callback)).status).toBe(403)
    expect(wrongSecret.token()).toBe('')
  })

  test('a provider that does not answer is told, and asked again at the next sign-in', async () => {
    const gone = new Browser(app(method({ issuer: 'http://127.0.0.1:9' })))
    const response = await gone.ask(`${SITE}_reader/sign-in?to=/`)
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('does not answer')
  })
})

test.each([
  ['', /names nobody/],
  [' , ', /names nobody/],
  ['example', /neither a domain nor group:NAME/],
  ['group:', /neither a domain/],
  ['example.com=a=b', /more than one "="/],
  ['example.com=../x', /no tenant's name/],
])('readers that are said wrongly, %j, are refused', (text, reason) => {
  expect(() => parseReaderRules(text)).toThrow(reason)
})
