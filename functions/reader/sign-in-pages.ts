/** The pages of signing in and out: small, without a script that they need, in light and dark. */

import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import { ALL_TENANTS, type SignedReader } from './token.ts'

/** Below it everything of signing in answers; no project's name starts so. */
export const READER_PATH = '/_reader'

/** Carries the part of a link behind "#", which a browser doesn't send, past the form. */
const KEEP_HASH = `const to = document.querySelector('[name=to]'); if (to && !to.value.includes('#')) to.value += location.hash`

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#16191d, #e8e8e4); --paper: light-dark(#fdfdfb, #121417);
  --muted: light-dark(#5d646d, #9aa1aa); --accent: light-dark(#155fa8, #7fb6ef); --bad: light-dark(#b5400c, #f58e5c) }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif }
main { max-width: 25rem; margin: 14vh auto 4rem; padding: 0 20px; overflow-wrap: anywhere }
h1 { font-size: 25px; line-height: 1.2; letter-spacing: -.02em; margin: 0 0 12px }
p { margin: 0 0 16px } a { color: var(--accent) }
label { display: block; font-weight: 600; margin-bottom: 4px }
input { width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--muted); border-radius: 4px; padding: 9px 11px }
button, .button { display: inline-block; margin-top: 14px; font: inherit; font-weight: 600; color: var(--paper); background: var(--accent);
  border: 0; border-radius: 4px; padding: 9px 18px; text-decoration: none; cursor: pointer }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.brand { color: var(--muted); font-weight: 600; margin-bottom: 28px } .bad { color: var(--bad); font-weight: 600 } .small { color: var(--muted); font-size: 14px; margin-top: 20px }
`

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing but what stands in the page itself, and a form that goes back to where it came from. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(KEEP_HASH)}`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

type Html = ReturnType<typeof html>

function page(title: string, body: Html, script = ''): Html {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${title} · nearmiss</title><style>${raw(STYLE)}</style></head>
<body><main><p class="brand">nearmiss</p>${body}</main>${script === '' ? '' : raw(`<script>${script}</script>`)}</body></html>`
}

/** @param to where the reader goes afterwards, a path of this site */
export function passwordPage(to: string, problem?: string): Html {
  return page(
    'Sign in',
    html`<h1>Sign in to read the reports</h1>
${problem === undefined ? '' : html`<p class="bad" role="alert" id="problem">${problem}</p>`}
<form method="post" action="${READER_PATH}/sign-in"><input type="hidden" name="to" value="${to}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus
${problem === undefined ? '' : raw('aria-describedby="problem" aria-invalid="true"')}>
<button>Sign in</button></form>
<p class="small">Readers of a team share it. Whoever deployed nearmiss for you knows it.</p>`,
    KEEP_HASH,
  )
}

/** @param provider where the reader may still be signed in, and where that ends */
export function signedOutPage(provider: { issuer: string; url: string | null } | null): Html {
  const elsewhere =
    provider &&
    html`<p>At ${provider.issuer} you may still be signed in, and then the next
link to a report opens without asking. ${provider.url === null ? '' : html`<a href="${provider.url}">Sign out there too</a>.`}</p>`
  return page(
    'Signed out',
    html`<h1>You are signed out</h1><p>This browser no longer opens the reports.</p>${elsewhere ?? ''}
<a class="button" href="${READER_PATH}/sign-in?to=/">Sign in</a>`,
  )
}

/** Why somebody wasn't let in, in a sentence, and the way to try again. */
export function refusalPage(title: string, reason: string, to: string): Html {
  return page(
    title,
    html`<h1>${title}</h1><p>${reason}</p>
<a class="button" href="${READER_PATH}/sign-in?to=${encodeURIComponent(to)}">Try again</a>`,
  )
}

export function readerPage({ name, tenants, until }: SignedReader): Html {
  const links = tenants.map((tenant) =>
    tenant === '' || tenant === ALL_TENANTS
      ? html`<li><a href="/">${tenant === '' ? 'What belongs to no team' : 'All reports'}</a></li>`
      : html`<li><a href="/@${tenant}/">${tenant}</a></li>`,
  )
  return page(
    'Your reports',
    html`<h1>Your reports</h1><p>You are signed in as ${name}, and may read:</p><ul>${links}</ul>
<form method="post" action="${READER_PATH}/sign-out"><button>Sign out</button></form>
<p class="small">Your sign-in ends by itself at <time datetime="${until}">${until.slice(0, 16).replace('T', ' ')} UTC</time>.</p>`,
  )
}
