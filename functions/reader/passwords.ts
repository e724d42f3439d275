/** Sign-in with a password that readers share: one for everything, or one for each tenant. */

import { createHash, timingSafeEqual } from 'node:crypto'
import { UsageError } from '../../lib/core/errors.ts'
import { isName } from '../../lib/core/names.ts'
import { ALL_TENANTS } from './token.ts'

/** Passwords by the tenant that they let in; `*`: to all. */
export type Passwords = Readonly<Record<string, string>>

/** So many guesses a day as the API's lid allows find no password of this length. */
const SHORTEST = 12

/**
 * The secret's text: a password, or a JSON object `{"TENANT": "password", "*": "password"}`.
 * @throws UsageError where one is short, or names no tenant
 */
export function parsePasswords(text: string): Passwords {
  const passwords = text.trimStart().startsWith('{')
    ? objectOf(text)
    : { [ALL_TENANTS]: text.trim() }
  const entries = Object.entries(passwords)
  if (entries.length === 0) throw wrong('holds none')
  for (const [tenant, password] of entries) {
    if (tenant !== ALL_TENANTS && !isName(tenant)) {
      throw wrong(`names ${JSON.stringify(tenant)}, which is no tenant's name`)
    }
    if (typeof password !== 'string' || password.length < SHORTEST) {
      throw wrong(`has a password for ${tenant} of fewer than ${SHORTEST} characters`)
    }
  }
  return passwords
}

function objectOf(text: string): Record<string, string> {
  try {
    return JSON.parse(text)
  } catch {
    throw wrong('starts with "{" and is no JSON')
  }
}

function wrong(what: string): UsageError {
  return new UsageError('invalid-passwords', `the secret with the readers' password ${what}`, {
    hint: 'It is a password, or {"TENANT": "password"} with "*" for all tenants.',
  })
}

/** The tenants that a password lets in; empty where it is none of them. */
export function tenantsOfPassword(passwords: Passwords, given: string): readonly string[] {
  const digest = (text: string) => createHash('sha256').update(text.normalize()).digest()
  const givenDigest = digest(given.trim())
  const tenants = Object.entries(passwords)
    // Every one is compared: how long it takes tells nothing of which came near.
    .map(([tenant, password]) => ({
      tenant,
      isIt: timingSafeEqual(digest(password), givenDigest),
    }))
    .filter(({ isIt }) => isIt)
    .map(({ tenant }) => tenant)
  return tenants.includes(ALL_TENANTS) ? [ALL_TENANTS] : tenants.sort()
}
