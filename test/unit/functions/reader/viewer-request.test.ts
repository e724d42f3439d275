import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { useKeyValues } from '../../../../functions/reader/cloudfront.ts'
import { functionCode } from '../../../../functions/reader/function-code.mjs'
import { newKey } from '../../../../functions/reader/keys.ts'
import { readerToken, signed } from '../../../../functions/reader/token.ts'
import type { ViewerAnswer, ViewerRequest } from '../../../../functions/reader/viewer-request.d.mts'
import { handler } from '../../../../functions/reader/viewer-request.mjs'
import { missing } from '../../../real-part.ts'

const NOW = new Date()
const KEY = { ...newKey(new Date(NOW.getTime() - 3_600_000)), kid: 'a' }
const OTHER_KEY = { ...newKey(NOW), kid: 'b' }
const VALUES: Record<string, string> = { 'key:a': KEY.key }

interface Ask {
  readonly uri: string
  readonly token?: string
  readonly method?: string
  readonly accept?: string
  readonly cookie?: string
  readonly query?: ViewerRequest['querystring']
}

function requestOf({ uri, token, method = 'GET', accept = 'text/html', cookie, query }: Ask) {
  const name = cookie ?? '__Host-nearmiss'
  return {
    method,
    uri,
    querystring: query ?? {},
    headers: { accept: { value: accept } },
    cookies: token === undefined ? {} : { [name]: { value: token } },
  }
}

type Outcome = ViewerRequest | ViewerAnswer

/** What becomes of a request, in a word and where it leads. */
function told(outcome: Outcome): string {
  if (!('statusCode' in outcome)) return `reads ${outcome.uri}`
  const location = outcome.headers.location?.value
  return location === undefined ? String(outcome.statusCode) : `${outcome.statusCode} ${location}`
}

const HOUR_S = 3600
const reads = (tenants: readonly string[]) =>
  readerToken([KEY], NOW, HOUR_S, { name: 'ada@example.com', tenants })

/** A token of whatever head and claims, signed as a forger could. */
function forged(head: object, claims: object, key: string, algorithm = 'sha256'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part(head)}.${part(claims)}`
  return `${text}.${createHmac(algorithm, key).update(text).digest('base64url')}`
}

const nowS = Math.floor(NOW.getTime() / 1000)
const CLAIMS = {
  aud: 'nearmiss-reader',
  sub: 'x',
  tenants: ['*'],
  iat: nowS,
  exp: nowS + HOUR_S,
}
const HEAD = { alg: 'HS256', kid: 'a' }

const all = await reads(['*'])
const acme = await reads(['acme'])
const SIGN_IN = '302 /_reader/sign-in?to='
const TO_DIGITS = `${SIGN_IN}%2Fdigits%2F`

const CASES: readonly [string, Ask, string][] = [
  ['the root', { uri: '/', token: all }, 'reads /index.html'],
  [
    'a folder at any depth',
    { uri: '/digits/runs/1/', token: all },
    'reads /digits/runs/1/index.html',
  ],
  ['a file', { uri: '/digits/index.json', token: all }, 'reads /digits/index.json'],
  ['a folder without a slash', { uri: '/digits/runs/v1.2', token: all }, '302 /digits/runs/v1.2/'],
  [
    'a folder without a slash, with a query',
    { uri: '/digits', token: all, query: { page: { value: '2' } } },
    '302 /digits/?page=2',
  ],
  [
    'an encoded name',
    { uri: '/digits/items/a%20b/', token: all },
    'reads /digits/items/a%20b/index.html',
  ],
  ['no sign-in', { uri: '/digits/' }, TO_DIGITS],
  [
    'no sign-in, with a query',
    { uri: '/digits/', query: { a: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] } } },
    `${TO_DIGITS}%3Fa%3D1%26a%3D2`,
  ],
  ['no sign-in, a picture', { uri: '/digits/badge.svg', accept: 'image/*' }, '401'],
  ['another cookie', { uri: '/digits/', token: all, cookie: 'nearmiss' }, TO_DIGITS],
  ['a changing method', { uri: '/digits/', token: all, method: 'POST' }, '405'],
  [
    'one tenant, own reports',
    { uri: '/@acme/digits/', token: acme },
    'reads /@acme/digits/index.html',
  ],
  ['one tenant, own root', { uri: '/@acme/', token: acme }, 'reads /@acme/index.html'],
  ['one tenant, the neighbour', { uri: '/@other/digits/', token: acme }, '403'],
  ['one tenant, the neighbour encoded', { uri: '/%40other/digits/', token: acme }, '403'],
  ['one tenant, the neighbour through its own', { uri: '/@acme/../@other/', token: acme }, '400'],
  ['one tenant, dots encoded', { uri: '/@acme/%2e%2e/@other/', token: acme }, '400'],
  ['one tenant, a slash encoded', { uri: '/@acme%2F..%2F@other/', token: acme }, '400'],
  ['one tenant, a backslash', { uri: '/@acme%5C..%5C@other/', token: acme }, '400'],
  ['one tenant, two slashes', { uri: '//@other/', token: acme }, '400'],
  ['one tenant, a name that starts alike', { uri: '/@acme2/', token: acme }, '403'],
  ['one tenant, another case', { uri: '/@Acme/', token: acme }, '403'],
  ['one tenant, no tenant', { uri: '/digits/', token: acme }, '403'],
  ['one tenant, the root', { uri: '/', token: acme }, '302 /_reader/'],
  ['no tenant', { uri: '/digits/', token: await reads(['']) }, 'reads /digits/index.html'],
  ['no tenant, a tenant', { uri: '/@acme/', token: await reads(['']) }, '403'],
  ['nothing at all', { uri: '/digits/', token: await reads([]) }, '403'],
  ['claims', { uri: '/_claims/digits/1.json', token: all }, '404'],
  ['claims of a tenant', { uri: '/@acme/_claims/digits/1.json', token: acme }, '404'],
  ['claims, encoded', { uri: '/%5fclaims/digits/1.json', token: all }, '404'],
  ['a name with a dot at its start', { uri: '/.vault/', token: all }, '404'],
  ['half a percent sign', { uri: '/%E0%A4%A/', token: all }, '400'],
  ['a zero byte', { uri: '/digits%00/', token: all }, '400'],
  [
    'a forged one like a good one',
    { uri: '/digits/', token: forged(HEAD, CLAIMS, KEY.key) },
    'reads /digits/index.html',
  ],
  ['another key', { uri: '/digits/', token: forged(HEAD, CLAIMS, OTHER_KEY.key) }, TO_DIGITS],
  [
    'a key that is gone',
    {
      uri: '/digits/',
      token: await readerToken([OTHER_KEY], NOW, HOUR_S, { name: 'x', tenants: ['*'] }),
    },
    TO_DIGITS,
  ],
  [
    'no algorithm',
    { uri: '/digits/', token: forged({ alg: 'none', kid: 'a' }, CLAIMS, KEY.key) },
    TO_DIGITS,
  ],
  ['no signature', { uri: '/digits/', token: all.slice(0, all.lastIndexOf('.') + 1) }, TO_DIGITS],
  [
    'another algorithm',
    { uri: '/digits/', token: forged({ alg: 'HS512', kid: 'a' }, CLAIMS, KEY.key, 'sha512') },
    TO_DIGITS,
  ],
  [
    'no key named',
    { uri: '/digits/', token: forged({ alg: 'HS256' }, CLAIMS, KEY.key) },
    TO_DIGITS,
  ],
  [
    'a key of the prototype',
    {
      uri: '/digits/',
      token: forged({ alg: 'HS256', kid: '__proto__' }, CLAIMS, '[object Object]'),
    },
    TO_DIGITS,
  ],
  [
    'run out',
    { uri: '/digits/', token: forged(HEAD, { ...CLAIMS, exp: nowS - 1 }, KEY.key) },
    TO_DIGITS,
  ],
  [
    'no end',
    { uri: '/digits/', token: forged(HEAD, { ...CLAIMS, exp: undefined }, KEY.key) },
    TO_DIGITS,
  ],
  [
    'an end as text',
    { uri: '/digits/', token: forged(HEAD, { ...CLAIMS, exp: '9999999999' }, KEY.key) },
    TO_DIGITS,
  ],
  [
    'from the future',
    { uri: '/digits/', token: forged(HEAD, { ...CLAIMS, iat: nowS + 600 }, KEY.key) },
    TO_DIGITS,
  ],
  [
    'a clock a little apart',
    { uri: '/digits/', token: forged(HEAD, { ...CLAIMS, iat: nowS + 30 }, KEY.key) },
    'reads /digits/index.html',
  ],
  [
    'a token of a sign-in under way',
    {
      uri: '/digits/',
      token: await signed([KEY], NOW, 'nearmiss-sign-in', HOUR_S, { tenants: ['*'] }),
    },
    TO_DIGITS,
  ],
  [
    'tenants as text',
    { uri: '/@acme/', token: forged(HEAD, { ...CLAIMS, tenants: 'acme' }, KEY.key) },
    '403',
  ],
  [
    'claims that are null',
    { uri: '/digits/', token: forged(HEAD, null as never, KEY.key) },
    TO_DIGITS,
  ],
  ['a megabyte', { uri: '/digits/', token: `${'a'.repeat(1_000_000)}.b.c` }, TO_DIGITS],
]

describe('who may read, on Node', () => {
  useKeyValues({
    async get(name) {
      if (!Object.hasOwn(VALUES, name)) throw new Error('KeyNotFound')
      return VALUES[name]!
    },
  })
  test.each(CASES)('%s', async (_, ask, expected) => {
    expect(told(await handler({ request: requestOf(ask) }))).toBe(expected)
  })

  test('whatever is changed in a token, it is none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(all.length - 1),
        fc.constantFrom(...'ABCxyz019-_.'),
        async (at, other) => {
          const changed = all.slice(0, at) + other + all.slice(at + 1)
          // The last character of a base64url text holds bits that count for nothing.
          fc.pre(changed !== all)
          const outcome = told(
            await handler({ request: requestOf({ uri: '/digits/', token: changed }) }),
          )
          expect(outcome).toBe(TO_DIGITS)
        },
      ),
    )
  })
})

describe('everybody may read', () => {
  test('an open site has documents, and no sign-in', async () => {
    const code = await functionCode('open')
    const [document, folder, climb] = run(code, [
      requestOf({ uri: '/digits/' }),
      requestOf({ uri: '/digits' }),
      requestOf({ uri: '/a/../b/' }),
    ])
    expect([document, folder, climb].map((one) => told(one!))).toEqual([
      'reads /digits/index.html',
      '302 /digits/',
      '400',
    ])
  })
})

/** What the code answers in njs, whose language is about that of CloudFront's functions. */
function run(code: string, requests: readonly ViewerRequest[]): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'nearmiss-njs-'))
  try {
    const store = `const cf = { kvs: () => ({ get: (name) => {
      const values = ${JSON.stringify(VALUES)}
      const isKnown = Object.keys(values).includes(name)
      return isKnown ? Promise.resolve(values[name]) : Promise.reject(new Error('KeyNotFound'))
    } }) }`
    const script = [
      code.replace("import cf from 'cloudfront'", store),
      `async function all(requests) {
        for (let i = 0; i < requests.length; i++) {
          const outcome = await handler({ request: requests[i] })
          console.log(JSON.stringify(outcome))
        }
      }
      all(${JSON.stringify(requests)})`,
    ].join('\n')
    writeFileSync(join(folder, 'handler.js'), script)
    const output = execFileSync('njs', [join(folder, 'handler.js')], { encoding: 'utf8' })
    return output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function njsProblem(): string | null {
  try {
    execFileSync('njs', ['-v'])
    return null
  } catch {
    return 'njs is not installed; Debian has it in a package of this name'
  }
}

describe.skipIf(missing('njs', njsProblem()))('who may read, in njs', () => {
  test('answers as on Node', async () => {
    const outcomes = run(
      await functionCode('sign-in'),
      CASES.map(([, ask]) => requestOf(ask)),
    )
    expect(outcomes.map((outcome, at) => [CASES[at]![0], told(outcome)])).toEqual(
      CASES.map(([name, , expected]) => [name, expected]),
    )
  })
})
