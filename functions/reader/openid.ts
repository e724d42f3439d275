/** Sign-in at an organisation's OpenID Connect provider: authorization code with PKCE, state and nonce. */

import * as client from 'openid-client'
import type { Identity } from './reader-rules.ts'

export interface OpenIdSettings {
  /** As the provider publishes it, such as `https://login.example.com`. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** The claim that lists groups. */
  readonly groupsClaim: string
}

/** What a browser keeps between leaving for the provider and coming back. */
export interface OpenIdAttempt {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface OpenIdReader extends Identity {
  readonly name: string
}

export interface OpenId {
  readonly issuer: string
  /** Where the browser goes, and what it keeps meanwhile. */
  start(callback: string): Promise<{ url: string; attempt: OpenIdAttempt }>
  /**
   * Who came back. Throws what `isRefusal` knows where the provider, or its answer, isn't to be trusted.
   * @param url that the provider sent the browser to
   */
  finish(url: URL, attempt: OpenIdAttempt): Promise<OpenIdReader>
  /** Where one signs out at the provider itself; null where it has no such place, or doesn't answer. */
  signOutUrl(): Promise<string | null>
}

const PATIENCE_S = 10

/** The provider's description is read at the first sign-in, and again where that failed. */
export function openId(settings: OpenIdSettings): OpenId {
  const { issuer, clientId, clientSecret, groupsClaim } = settings
  let configuration: Promise<client.Configuration> | null = null
  const configured = () => {
    configuration ??= discover().catch((error) => {
      configuration = null
      throw error
    })
    return configuration
  }
  // A provider on this machine may do without TLS, as browsers have it too.
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(issuer).hostname)
  const discover = () =>
    client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: PATIENCE_S,
      execute: isLoopback ? [client.allowInsecureRequests] : [],
    })

  return {
    issuer,
    async start(callback) {
      const config = await configured()
      const attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      }
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: 'openid email profile',
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
        state: attempt.state,
        nonce: attempt.nonce,
      })
      return { url: url.href, attempt }
    },
    async finish(url, { state, nonce, verifier }) {
      const config = await configured()
      const tokens = await client.authorizationCodeGrant(config, url, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
      const idToken = tokens.claims()
      if (idToken === undefined) throw new client.ClientError('the provider gave no ID token')
      const hasAll = idToken.email !== undefined && idToken[groupsClaim] !== undefined
      // Most providers put addresses and groups into one of the two only.
      const more =
        hasAll || config.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await client.fetchUserInfo(config, tokens.access_token, idToken.sub)
      const claims: Record<string, unknown> = { ...more, ...idToken }
      const email = typeof claims.email === 'string' ? claims.email : null
      return {
        name: email ?? (typeof claims.name === 'string' ? claims.name : idToken.sub),
        email,
        emailIsVerified: claims.email_verified === true,
        groups: groupsOf(claims[groupsClaim]),
      }
    },
    async signOutUrl() {
      const config = await configured().catch(() => null)
      if (config?.serverMetadata().end_session_endpoint === undefined) return null
      return client.buildEndSessionUrl(config).href
    },
  }
}

/** Whether a sign-in failed for what came back; false: a fault of ours. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof client.ClientError ||
    error instanceof client.AuthorizationResponseError ||
    error instanceof client.ResponseBodyError ||
    error instanceof client.WWWAuthenticateChallengeError ||
    // What fetch throws where nobody answers.
    (error instanceof TypeError && error.message === 'fetch failed')
  )
}

function groupsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}
