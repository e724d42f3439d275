/** The function that readers sign in at. It sees no report and no upload. */

import type { Context as LambdaContext } from 'aws-lambda'
import { handle, type LambdaEvent } from 'hono/aws-lambda'
import { UsageError } from '../lib/core/errors.ts'
import { type Environment, required, setting, siteUrlFrom } from './context.ts'
import { functionLog, logCall } from './function-log.ts'
import { parseKeys } from './reader/key-text.ts'
import { openId } from './reader/openid.ts'
import { parsePasswords } from './reader/passwords.ts'
import { parseReaderRules } from './reader/reader-rules.ts'
import { type SignInMethod, type SignInParts, signIn } from './reader/sign-in.ts'
import { type Secrets, secretsManager } from './secrets.ts'

let answer: ReturnType<typeof handle> | undefined

/** The deployed function's entry; what it needs is put together at its first call. */
export async function handler(event: LambdaEvent, lambda?: LambdaContext): Promise<unknown> {
  logCall(lambda)
  answer ??= handle(signIn(await signInParts(process.env, secretsManager())))
  return answer(event)
}

/** @throws UsageError where a setting is missing or wrong: nobody signs in then */
export async function signInParts(env: Environment, secrets: Secrets): Promise<SignInParts> {
  const { siteUrl } = siteUrlFrom(env)
  if (siteUrl === undefined) required(env, 'SITE_URL')
  const keysSecret = required(env, 'READER_KEYS_SECRET')
  return {
    context: { clock: () => new Date(), log: functionLog },
    siteUrl: siteUrl ?? '',
    hours: hoursOf(env),
    keys: async () => parseKeys(await filled(secrets, keysSecret)),
    method: await methodOf(env, secrets),
  }
}

async function methodOf(env: Environment, secrets: Secrets): Promise<SignInMethod> {
  const readers = required(env, 'READERS')
  if (readers === 'password') {
    const name = required(env, 'READER_PASSWORD_SECRET')
    return {
      kind: 'password',
      passwords: async () => parsePasswords(await filled(secrets, name)),
    }
  }
  if (readers === 'openid') {
    return {
      kind: 'openid',
      rules: parseReaderRules(required(env, 'OPENID_READERS')),
      provider: openId({
        issuer: required(env, 'OPENID_ISSUER'),
        clientId: required(env, 'OPENID_CLIENT_ID'),
        clientSecret: (await filled(secrets, required(env, 'OPENID_SECRET'))).trim(),
        groupsClaim: setting(env, 'OPENID_GROUPS_CLAIM') ?? 'groups',
      }),
    }
  }
  throw new UsageError('invalid-variable', `the environment variable READERS is ${readers}`, {
    hint: 'It is password or openid.',
  })
}

async function filled(secrets: Secrets, name: string): Promise<string> {
  const text = await secrets.text(name)
  if (text !== null && text.trim() !== '') return text
  throw new UsageError('empty-secret', `the secret ${name} has no value`, {
    hint: 'aws secretsmanager put-secret-value gives it one.',
  })
}

function hoursOf(env: Environment): number {
  const hours = Number(setting(env, 'SIGN_IN_HOURS') ?? 12)
  if (hours > 0 && hours <= 24 * 31) return hours
  throw new UsageError('invalid-variable', `SIGN_IN_HOURS is ${env.SIGN_IN_HOURS}`, {
    hint: 'It is a number of hours above 0, and 744 at most.',
  })
}
