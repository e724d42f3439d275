/** The API: where to upload to, and what became of it. The local server and the deployed function share it. */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context as LambdaContext } from 'aws-lambda'
import { Hono, type Context as HonoContext } from 'hono'
import { handle, type LambdaEvent } from 'hono/aws-lambda'
import { bearerAuth } from 'hono/bearer-auth'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Context, Progress } from '../lib/core/context.ts'
import { InputError, NearmissError, StoreError, UsageError } from '../lib/core/errors.ts'
import type { Store } from '../lib/core/store.ts'
import packageJson from '../package.json' with { type: 'json' }
import { deletionsOf } from './api-deletions.ts'
import { readsOf } from './api-reads.ts'
import { ticketsOf } from './api-tickets.ts'
import { type Presign, uploadTargets } from './api-uploads.ts'
import { cloudContext, type Environment, required } from './context.ts'
import { functionLog, logCall } from './function-log.ts'

export interface ApiParts {
  readonly context: Context
  readonly presign: Presign
  /** Where an evaluation under way stands, if this process knows; null where none is. */
  readonly status?: (project: string, run: string) => Progress | null
  /**
   * Everything but the health check then needs it as a bearer token. Left out, everybody is let in: that
   * is for a server that only its own machine can reach.
   */
  readonly token?: string
  /** As the evaluations of this deployment choose it. */
  readonly backend?: string
}

const MAX_BODY_BYTES = 64 * 1024

/**
 * Routes under `/api`. Errors are `{error: {code, message, hint}}`.
 *
 * @throws UsageError where a token is given that is none: empty, blank, or never filled in
 */
export function createApi(parts: ApiParts): Hono {
  const { context, presign, status, backend } = parts
  // A token that was meant to be there and isn't must not open what it was to close.
  const token = 'token' in parts ? required({ API_TOKEN: parts.token }, 'API_TOKEN') : null
  const app = new Hono().basePath('/api')
  app.use(async (c, next) => {
    await next()
    c.header('Cache-Control', 'no-store')
    c.header('X-Content-Type-Options', 'nosniff')
  })
  app.onError((error, c) => failure(c, context, error))
  app.notFound((c) => c.json(problem('no-such-address', `there is no ${c.req.path} here`), 404))

  app.get('/health', async (c) => {
    const stores = {
      // This function may list uploads and sign addresses for them, but not read one.
      uploads: await answers(() => listsAnything(context.uploads, 'uploads/health')),
      site: await answers(() => context.site.head('projects.json')),
    }
    const isWell = stores.uploads && stores.site
    const { version } = packageJson
    return c.json({ ok: isWell, version, backend: backend ?? 'auto', stores }, isWell ? 200 : 503)
  })
  if (token !== null) app.use(needsToken(token))
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) =>
        c.json(problem('body-too-large', `the body has more than ${MAX_BODY_BYTES} bytes`), 413),
    }),
  )
  app.route('/', uploadTargets(presign, context))
  app.route('/', ticketsOf(context))
  app.route('/', deletionsOf(context))
  app.route('/', readsOf(context, status))
  return app
}

let cloudApi: ReturnType<typeof handle> | undefined

/** The deployed function's entry; what it needs is put together at its first call. */
export async function handler(event: LambdaEvent, lambda?: LambdaContext): Promise<unknown> {
  logCall(lambda)
  cloudApi ??= handle(await createCloudApi(process.env))
  return cloudApi(event)
}

/** The deployed API, which answers nobody where a setting that it needs was not made. */
export async function createCloudApi(env: Environment): Promise<Hono> {
  try {
    const context = await cloudContext(env, new AbortController().signal)
    const { s3Presign } = await import('./s3-presign.ts')
    return createApi({ context, presign: s3Presign(env), token: required(env, 'API_TOKEN') })
  } catch (error) {
    // Without a token nobody is let in; the answer says so rather than a gateway's blank fault.
    const closed = new Hono()
    closed.all('*', (c) => failure(c, { log: functionLog }, error))
    return closed
  }
}

function needsToken(token: string) {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(token)
  const refused = problem('unauthorized', 'the bearer token is missing or is another one', {
    hint: 'Send `Authorization: Bearer TOKEN` with the token that the deployment made.',
  })
  return bearerAuth({
    // Digests have one length, so that comparing them tells nothing about the token.
    verifyToken: (given) => timingSafeEqual(digest(given), expected),
    noAuthenticationHeader: { message: refused },
    invalidAuthenticationHeader: { message: refused },
    invalidToken: { message: refused },
  })
}

async function listsAnything(store: Store, prefix: string): Promise<boolean> {
  for await (const _ of store.list(prefix)) return true
  return false
}

async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask()
    return true
  } catch (error) {
    if (error instanceof NearmissError) return false
    throw error
  }
}

function failure(c: HonoContext, context: Pick<Context, 'log'>, error: unknown): Response {
  if (error instanceof HTTPException) return error.getResponse()
  if (!(error instanceof NearmissError)) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    context.log.error('the API failed', { path: c.req.path, reason })
    return c.json(problem('internal', 'this is a fault of nearmiss; its log says more'), 500)
  }
  const status = statusOf(error)
  if (status >= 500)
    context.log.error('the API failed', { path: c.req.path, reason: error.message })
  return c.json(problem(error.code, error.message, { hint: error.hint }), status)
}

function statusOf(error: NearmissError): ContentfulStatusCode {
  if (error.code.startsWith('no-such-')) return 404
  if (error.code === 'missing-variable') return 503
  if (error instanceof UsageError || error instanceof InputError) return 400
  return error instanceof StoreError ? 503 : 500
}

function problem(code: string, message: string, { hint }: { hint?: string | undefined } = {}) {
  return { error: { code, message, hint: hint ?? null } }
}
