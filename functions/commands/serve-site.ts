/** `nearmiss serve --site SITE`: a published site for readers, with their sign-in, as a process of its own. */

import { createHash, randomBytes } from 'node:crypto'
import { UsageError } from '../../lib/core/errors.ts'
import { type Environment, setting, siteUrlFrom } from '../context.ts'
import { processMetrics } from '../metrics/evaluation-metrics.ts'
import { createRegistry } from '../metrics/exposition.ts'
import { keysText } from '../reader/key-text.ts'
import type { ReaderKeys } from '../reader/keys.ts'
import { signInParts } from '../reader-sign-in.ts'
import { listen } from '../serve/listen.ts'
import { readerApp } from '../serve/reader.ts'
import { type Arguments, choice } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { READERS } from './definitions.ts'
import { portOf } from './port.ts'
import { openSite } from './site.ts'

const LOOPBACK = ['127.0.0.1', 'localhost', '::1']
/** As long as a key that is made: 32 bytes in hexadecimal digits. */
const SHORTEST_KEY = 32

export async function serveSite(args: Arguments, context: CommandContext): Promise<number> {
  const { terminal, signal } = context
  const env = process.env
  const { siteUrl = null } = siteUrlFrom({ SITE_URL: args.values['site-url'] ?? env.SITE_URL })
  const host = args.values.host ?? '127.0.0.1'
  const isHere = LOOPBACK.includes(host)
  const readers = choice(args, 'readers', READERS) ?? setting(env, 'READERS')
  if (readers === null && !isHere) {
    throw new UsageError(
      'wrong-usage',
      `nobody says who may read, and ${host} is not this machine`,
      {
        hint: '--readers password, openid or open says it; docs/deployment.md has what each needs.',
      },
    )
  }
  const isOpen = readers === null || readers === 'open'
  if (siteUrl === null && !(isHere && isOpen)) {
    throw new UsageError('wrong-usage', 'the address that readers know is not said', {
      hint: '--site-url https://reports.example.com/: cookies and links are made for it.',
    })
  }
  if (siteUrl !== null && new URL(siteUrl).pathname !== '/') {
    throw new UsageError(
      'wrong-usage',
      `${siteUrl} is a path of a site, and readers need a whole one`,
      {
        hint: 'Give the reports a name of their own, such as https://reports.example.com/.',
      },
    )
  }
  const site = await openSite(args.values.site, env)
  const metrics = createRegistry()
  processMetrics(metrics, new Date())
  const app = readerApp({
    metrics,
    metricsToken: metricsTokenOf(env),
    site,
    log: terminal.log,
    siteUrl,
    signIn: isOpen
      ? null
      : {
          ...(await signInFrom({ ...env, READERS: readers, SITE_URL: siteUrl ?? '' })),
          context: { clock: () => new Date(), log: terminal.log },
        },
  })
  const { port, close } = await listen(app, portOf(args.values.port), { host, ports: 1 })
  await context.print(`${site.name} is read at ${siteUrl ?? `http://127.0.0.1:${port}/`}\n`)
  terminal.say(
    `  listens at ${host}:${port}; ${isOpen ? 'everybody may read' : `readers sign in (${readers})`}; Ctrl-C ends it`,
  )
  if (!isOpen && setting(env, 'READER_KEY') === null) {
    terminal.say('  READER_KEY is not set: readers sign in again when this process starts anew')
  }
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  terminal.say('stopping')
  await close()
  return 0
}

/** Fewer characters could be tried out. */
const SHORTEST_TOKEN = 16

function metricsTokenOf(env: Environment): string | null {
  const token = setting(env, 'METRICS_TOKEN')
  if (token === null || token.length >= SHORTEST_TOKEN) return token
  throw new UsageError(
    'short-metrics-token',
    `METRICS_TOKEN has ${token.length} characters, and fewer than ${SHORTEST_TOKEN} can be tried out`,
    { hint: 'Take 64 random digits, for example of openssl rand -hex 32.' },
  )
}

/** The environment's own values, where the deployed function has names of secrets. */
function signInFrom(env: Environment) {
  const keys = keysText(keysFrom(setting(env, 'READER_KEY')))
  const named = {
    ...env,
    READER_KEYS_SECRET: 'READER_KEY',
    READER_PASSWORD_SECRET: 'READER_PASSWORD',
    OPENID_SECRET: 'OPENID_CLIENT_SECRET',
  }
  return signInParts(named, {
    text: async (name) => (name === 'READER_KEY' ? keys : setting(env, name)),
    put: async () => {},
  })
}

/**
 * READER_KEY holds the key to sign with, and after it, with commas between, those that tokens were signed
 * with before. The names of keys follow from them, so that several processes sign alike.
 */
function keysFrom(text: string | null): ReaderKeys {
  const keys = text === null ? [randomBytes(32).toString('hex')] : text.split(/\s*,\s*/)
  const short = keys.find((key) => key.length < SHORTEST_KEY)
  if (short !== undefined) {
    throw new UsageError(
      'short-reader-key',
      `READER_KEY holds a key of ${short.length} characters, and fewer than ${SHORTEST_KEY} can be tried out`,
      { hint: 'Take 64 random digits, for example of openssl rand -hex 32.' },
    )
  }
  return keys.toReversed().map((key, at) => ({
    kid: createHash('sha256').update(key).digest('hex').slice(0, 16),
    key,
    madeAt: new Date(at).toISOString(),
  }))
}
