/** Readers' tokens: who reads, which tenants, and until when. */

import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { type ReaderKeys, signingKey } from './keys.ts'

/** All tenants, and what belongs to none. */
export const ALL_TENANTS = '*'

export interface Reader {
  /** An address of e-mail, or what the provider calls the reader; `reader` of those with a shared password. */
  readonly name: string
  /** Tenants whose reports may be read; empty text: what belongs to none. */
  readonly tenants: readonly string[]
}

export interface SignedReader extends Reader {
  /** ISO 8601, UTC. */
  readonly until: string
}

/** What a token is for: CloudFront takes one of the first kind only. */
export type Audience = 'nearmiss-reader' | 'nearmiss-sign-in'

/** Signs claims as a JSON Web Token that holds for `lifetimeS`. */
export async function signed(
  keys: ReaderKeys,
  now: Date,
  audience: Audience,
  lifetimeS: number,
  claims: JWTPayload,
): Promise<string> {
  const { kid, key } = signingKey(keys, now)
  const nowS = Math.floor(now.getTime() / 1000)
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid })
    .setAudience(audience)
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + lifetimeS)
    .sign(Buffer.from(key))
}

/** The claims of a token; null where it isn't one of ours, is for something else, or no longer holds. */
export async function verified(
  keys: ReaderKeys,
  now: Date,
  audience: Audience,
  token: string,
): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const known = keys.find((key) => key.kid === kid)
        if (known === undefined) throw new errors.JWKSNoMatchingKey()
        return Buffer.from(known.key)
      },
      { algorithms: ['HS256'], audience, currentDate: now, requiredClaims: ['exp', 'iat'] },
    )
    return payload
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

export function readerToken(
  keys: ReaderKeys,
  now: Date,
  lifetimeS: number,
  { name, tenants }: Reader,
): Promise<string> {
  return signed(keys, now, 'nearmiss-reader', lifetimeS, { sub: name, tenants: [...tenants] })
}

export async function readerOf(
  keys: ReaderKeys,
  now: Date,
  token: string,
): Promise<SignedReader | null> {
  const claims = await verified(keys, now, 'nearmiss-reader', token)
  if (claims === null || !Array.isArray(claims.tenants)) return null
  return {
    name: claims.sub ?? '',
    tenants: claims.tenants.map(String),
    until: new Date((claims.exp ?? 0) * 1000).toISOString(),
  }
}
