/** Who of an organisation may read what: domains of addresses and groups, and the tenants that they give. */

import { UsageError } from '../../lib/core/errors.ts'
import { isName } from '../../lib/core/names.ts'
import { ALL_TENANTS } from './token.ts'

export interface ReaderRule {
  /** `domain`: of a verified address of e-mail. `group`: one that the provider's claim lists. */
  readonly kind: 'domain' | 'group'
  readonly name: string
  readonly tenants: readonly string[]
}

/** What an identity provider said of somebody. */
export interface Identity {
  readonly email: string | null
  /** Whether the provider vouches for the address. */
  readonly emailIsVerified: boolean
  readonly groups: readonly string[]
}

const EXAMPLE = 'such as "example.com, group:vision=vision+search"'

/**
 * Takes the setting apart: `WHO` or `WHO=TENANT+TENANT`, with commas between; `WHO` is a domain or
 * `group:NAME`. Without tenants all may be read.
 *
 * @throws UsageError where it names nobody, or holds what is none of these
 */
export function parseReaderRules(text: string): readonly ReaderRule[] {
  const rules = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseRule)
  if (rules.length > 0) return rules
  throw wrong('names nobody')
}

function parseRule(text: string): ReaderRule {
  const [who = '', tenantList, ...more] = text.split('=').map((part) => part.trim())
  if (more.length > 0) throw wrong(`holds ${JSON.stringify(text)}, with more than one "="`)
  const tenants = tenantList === undefined ? [ALL_TENANTS] : tenantList.split('+')
  for (const tenant of tenants) {
    if (tenant !== ALL_TENANTS && !isName(tenant)) {
      throw wrong(`gives ${JSON.stringify(tenant)}, which is no tenant's name`)
    }
  }
  const group = /^group:(.+)$/.exec(who)?.[1]
  if (group !== undefined) return { kind: 'group', name: group, tenants }
  const domain = who.replace(/^@/, '').toLowerCase()
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)) return { kind: 'domain', name: domain, tenants }
  throw wrong(`holds ${JSON.stringify(who)}, which is neither a domain nor group:NAME`)
}

function wrong(what: string): UsageError {
  return new UsageError('invalid-readers', `openIdReaders ${what}`, {
    hint: `It says who may read, ${EXAMPLE}.`,
  })
}

/** The tenants that an identity may read; empty where none. */
export function tenantsOf(rules: readonly ReaderRule[], identity: Identity): readonly string[] {
  const tenants = new Set(
    rules.filter((rule) => matches(rule, identity)).flatMap((rule) => rule.tenants),
  )
  return tenants.has(ALL_TENANTS) ? [ALL_TENANTS] : [...tenants].sort()
}

function matches({ kind, name }: ReaderRule, { email, emailIsVerified, groups }: Identity) {
  if (kind === 'group') return groups.includes(name)
  // Anybody may write any address into an account that nobody checks.
  if (email === null || !emailIsVerified) return false
  const at = email.lastIndexOf('@')
  return at > 0 && email.slice(at + 1).toLowerCase() === name
}
