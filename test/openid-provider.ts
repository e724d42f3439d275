/** A real OpenID Connect provider on this machine, with the accounts that a test gives it. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'

export interface Account {
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
  readonly groups?: readonly string[]
}

export interface OpenIdProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  stop(): Promise<void>
}

/**
 * @param accounts by what one logs in as; any password is taken
 * @param callbacks to which it sends browsers back
 * @param inIdToken whether the ID token holds the claims, rather than the provider's user information
 */
export async function startOpenIdProvider(
  accounts: Readonly<Record<string, Account>>,
  callbacks: readonly string[],
  inIdToken = false,
): Promise<OpenIdProvider> {
  const client = { clientId: 'nearmiss', clientSecret: 'a-secret-of-this-test-alone-0123456789' }
  let answer: ReturnType<Provider['callback']> | undefined
  const server = createServer((request, response) => void answer?.(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const configuration: Configuration = {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [...callbacks],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    conformIdTokenClaims: !inIdToken,
    cookies: { keys: ['a-key-of-this-test'] },
    findAccount: (_, id) => {
      const account = Object.hasOwn(accounts, id) ? accounts[id] : undefined
      return account && { accountId: id, claims: async () => ({ sub: id, ...account }) }
    },
    features: { devInteractions: { enabled: true } },
  }
  const warn = console.warn
  const info = console.info
  // It warns of being used as in development, which this is.
  console.warn = console.info = () => {}
  try {
    answer = new Provider(issuer, configuration).callback()
  } finally {
    console.warn = warn
    console.info = info
  }
  return { issuer, ...client, stop: () => closed(server) }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
