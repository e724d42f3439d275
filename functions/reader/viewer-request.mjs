/**
 * The CloudFront function before each request for the site: who may read it, and which document an
 * address means. CloudFront's runtime knows little of the language: no destructuring, no spread, no
 * optional chaining, no `for…of`. `function-code.mjs` makes of this file what it runs, and
 * `nearmiss serve --site` runs this file itself, so that both let in the same readers.
 */

import crypto from 'crypto'
import cf from './cloudfront.ts'

/** Where one signs in; the sign-in function answers below it. */
const SIGN_IN = '/_reader/'
/** Clocks of who signs tokens and of who checks them are no further apart. */
const CLOCKS_APART_S = 60
/** A path whose last part ends so is a file; any other is a folder, whose document is `index.html`. */
const FILE =
  /\.(?:avif|css|csv|gif|html|ico|jpeg|jpg|js|json|md|parquet|png|svg|txt|webp|woff2|xml)$/i

/**
 * @param {import('./viewer-request.d.mts').ViewerEvent} event
 * @param {import('./viewer-request.d.mts').ReaderOptions} [options] what differs from CloudFront's
 */
export async function handler(event, options) {
  const request = event.request
  const cookie = options && options.cookie ? options.cookie : '__Host-nearmiss'
  const path = pathOf(request.uri)
  if (path === null) return refusal(400, 'Bad Request', 'This is no address of a report.')
  if (isInternal(path)) return refusal(404, 'Not Found', 'There is no page here.')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refusal(405, 'Method Not Allowed', 'Reports are read only.')
  }
  const token = request.cookies[cookie] ? request.cookies[cookie].value : ''
  const claims = await claimsOf(token)
  if (claims === null) return signIn(request)
  const tenant = path[0].charAt(0) === '@' ? path[0].slice(1) : ''
  if (!mayRead(claims, tenant)) {
    // Who may read some tenants alone is led to these.
    if (path.length === 1 && path[0] === '') return redirect(SIGN_IN, request)
    return refusal(
      403,
      'Forbidden',
      'Your sign-in does not include these reports. <a href="' +
        SIGN_IN +
        '">What it includes</a>.',
    )
  }
  return documentOf(request)
}

/**
 * For a site that everybody may read.
 * @param {import('./viewer-request.d.mts').ViewerEvent} event
 */
export function openHandler(event) {
  const path = pathOf(event.request.uri)
  if (path === null) return refusal(400, 'Bad Request', 'This is no address of a report.')
  if (isInternal(path)) return refusal(404, 'Not Found', 'There is no page here.')
  return documentOf(event.request)
}

/**
 * The parts of a path, decoded; null where it isn't one, or one that leads elsewhere once a store takes
 * it apart: every check is made of the very name that the store will read.
 * @param {string} uri
 */
function pathOf(uri) {
  let decoded
  try {
    decoded = decodeURIComponent(uri)
  } catch (error) {
    return null
  }
  if (decoded.charAt(0) !== '/' || /[\\\u0000-\u001f]/.test(decoded)) return null
  const parts = decoded.slice(1).split('/')
  for (let i = 0; i < parts.length; i++) {
    const isLast = i === parts.length - 1
    if (parts[i] === '.' || parts[i] === '..' || (parts[i] === '' && !isLast)) return null
  }
  return parts
}

/**
 * Whether a path leads to what a site keeps for those who publish, such as claims.
 * @param {string[]} path
 */
function isInternal(path) {
  const name = path[0].charAt(0) === '@' && path.length > 1 ? path[1] : path[0]
  return name.charAt(0) === '_' || name.charAt(0) === '.'
}

/** @param {import('./viewer-request.d.mts').ViewerRequest} request */
function documentOf(request) {
  const uri = request.uri
  if (uri.charAt(uri.length - 1) === '/') {
    request.uri = uri + 'index.html'
    return request
  }
  return FILE.test(uri) ? request : redirect(uri + '/', request)
}

/**
 * What a reader's token says; null unless a key of this site signed it and it holds now.
 * @param {string} token a JSON Web Token (RFC 7519), signed with HMAC-SHA256
 */
async function claimsOf(token) {
  const parts = token.split('.')
  if (parts.length !== 3) return null
  const head = jsonOf(parts[0])
  const claims = jsonOf(parts[1])
  if (head === null || claims === null || head.alg !== 'HS256') return null
  if (typeof head.kid !== 'string' || !/^[\w-]{1,64}$/.test(head.kid)) return null
  let key
  try {
    key = await cf.kvs().get('key:' + head.kid)
  } catch (error) {
    // There is no such key, or no longer.
    return null
  }
  if (typeof key !== 'string' || key.length < 32) return null
  const signature = crypto
    .createHmac('sha256', key)
    .update(parts[0] + '.' + parts[1])
    .digest('base64url')
  if (!equals(signature, parts[2])) return null
  const nowS = Date.now() / 1000
  // Other tokens are signed with the same key, on the way through a sign-in.
  if (claims.aud !== 'nearmiss-reader') return null
  if (typeof claims.exp !== 'number' || claims.exp <= nowS) return null
  if (typeof claims.iat !== 'number' || claims.iat > nowS + CLOCKS_APART_S) return null
  return claims
}

/**
 * @param {string} part
 * @returns {any} an object, or null
 */
function jsonOf(part) {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' ? value : null
  } catch (error) {
    return null
  }
}

/**
 * Takes as long wherever two texts differ, so that its time tells nothing of a signature.
 * @param {string} a
 * @param {string} b
 */
function equals(a, b) {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}

/**
 * @param {any} claims
 * @param {string} tenant empty: what belongs to no tenant
 */
function mayRead(claims, tenant) {
  if (!Array.isArray(claims.tenants)) return false
  return claims.tenants.indexOf('*') >= 0 || claims.tenants.indexOf(tenant) >= 0
}

/** @param {import('./viewer-request.d.mts').ViewerRequest} request */
function signIn(request) {
  const accept = request.headers.accept ? request.headers.accept.value : ''
  // A picture or a script that asks for data would take a page for it.
  if (accept.indexOf('text/html') < 0) {
    return refusal(
      401,
      'Unauthorized',
      'Sign in first: <a href="' + SIGN_IN + 'sign-in">sign in</a>.',
    )
  }
  const to = request.uri + queryOf(request)
  return redirect(SIGN_IN + 'sign-in?to=' + encodeURIComponent(to), null)
}

/** @param {import('./viewer-request.d.mts').ViewerRequest} request */
function queryOf(request) {
  const pairs = []
  const names = Object.keys(request.querystring)
  for (let i = 0; i < names.length; i++) {
    const value = request.querystring[names[i]]
    const values = value.multiValue ? value.multiValue : [value]
    for (let j = 0; j < values.length; j++) pairs.push(names[i] + '=' + values[j].value)
  }
  return pairs.length > 0 ? '?' + pairs.join('&') : ''
}

/**
 * @param {string} location
 * @param {import('./viewer-request.d.mts').ViewerRequest | null} request whose query goes along
 */
function redirect(location, request) {
  const query = request === null ? '' : queryOf(request)
  return {
    statusCode: 302,
    statusDescription: 'Found',
    headers: {
      location: { value: location + query },
      'cache-control': { value: 'no-store' },
    },
  }
}

/**
 * @param {number} statusCode
 * @param {string} statusDescription
 * @param {string} html
 */
function refusal(statusCode, statusDescription, html) {
  return {
    statusCode: statusCode,
    statusDescription: statusDescription,
    headers: {
      'content-type': { value: 'text/html; charset=utf-8' },
      'cache-control': { value: 'no-store' },
      'content-security-policy': { value: "default-src 'none'; style-src 'unsafe-inline'" },
      'x-content-type-options': { value: 'nosniff' },
    },
    body: {
      encoding: 'text',
      data:
        '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">' +
        '<meta name="color-scheme" content="light dark"><title>' +
        statusDescription +
        '</title><body style="font:1rem/1.5 system-ui;max-width:36rem;margin:20vh auto;padding:0 1rem"><p>' +
        html,
    },
  }
}
