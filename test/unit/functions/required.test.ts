/** A deployed function without a setting that it needs refuses to start, and names the setting. */

import { readFileSync } from 'node:fs'
import type { Context as LambdaContext, ScheduledEvent } from 'aws-lambda'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { createCloudApi } from '../../../functions/api.ts'
import { handler as merge } from '../../../functions/merge.ts'
import { handler as onUpload } from '../../../functions/on-upload.ts'
import { handler as plan } from '../../../functions/plan.ts'
import { handler as readerKeys } from '../../../functions/reader-keys.ts'
import { signInParts } from '../../../functions/reader-sign-in.ts'
import { handler as shard } from '../../../functions/shard.ts'

const lambda = { getRemainingTimeInMillis: () => 9_000 } as LambdaContext
const upload = { project: 'p', run: 'r', work: 'w' }
const functions: Readonly<Record<string, () => Promise<unknown>>> = {
  onUpload: () => onUpload({ Records: [] }, lambda),
  plan: () => plan(upload, lambda),
  shard: () => shard({ ...upload, shard: 0 }, lambda),
  merge: () => merge(upload, lambda),
  readerSignIn: () =>
    signInParts(process.env, { text: async () => 'a-reader-password', put: async () => {} }),
  readerKeys: () => readerKeys({ source: 'aws.events' } as ScheduledEvent),
}

/** What each function can't do without, in words of serverless.yml and of Lambda. */
const STORES = ['UPLOADS_BUCKET', 'SITE_BUCKET']
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  onUpload: [
    ...STORES,
    'STATE_MACHINE',
    'SHARD_SECONDS',
    'SHARD_MEMORY_SIZE',
    'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  ],
  plan: [...STORES, 'MERGE_MEMORY_SIZE', 'SHARD_SECONDS', 'SHARD_MEMORY_SIZE'],
  shard: STORES,
  merge: [...STORES, 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
  readerSignIn: ['SITE_URL', 'READERS', 'READER_KEYS_SECRET', 'READER_PASSWORD_SECRET'],
  readerKeys: ['READER_KEYS_SECRET'],
}

const whole: Readonly<Record<string, string>> = {
  UPLOADS_BUCKET: 'uploads',
  SITE_BUCKET: 'site',
  STATE_MACHINE: 'arn:aws:states:eu-central-1:123456789012:stateMachine:shards',
  SHARD_SECONDS: '240',
  SHARD_MEMORY_SIZE: '3008',
  MERGE_MEMORY_SIZE: '3008',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '3008',
  API_TOKEN: 'a-token',
  SITE_URL: 'https://reports.test/',
  READERS: 'password',
  READER_KEYS_SECRET: 'reader-keys',
  READER_PASSWORD_SECRET: 'reader-password',
  AWS_REGION: 'eu-central-1',
  // Nobody answers here: what got that far would fail by another error.
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
}

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe.each(Object.keys(functions))('%s', (name) => {
  const cases = NEEDED[name]!.flatMap((variable) =>
    ['', 'undefined', '{{resolve:secretsmanager:x}}'].map((value) => [variable, value] as const),
  )

  it.each(cases)('refuses to start where %s is %j', async (variable, value) => {
    for (const [key, given] of Object.entries(whole)) vi.stubEnv(key, given)
    vi.stubEnv(variable, value)
    await expect(functions[name]!()).rejects.toThrow(
      new RegExp(`environment variable ${variable} `),
    )
  })
})

it.each([...STORES, 'API_TOKEN'])(
  'the api answers nobody where %s is not set',
  async (variable) => {
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
    const api = await createCloudApi({ ...whole, [variable]: '' })
    for (const path of ['/api/health', '/api/projects']) {
      const answer = await api.request(path, { headers: { authorization: 'Bearer a-token' } })
      expect(answer.status).toBe(503)
      expect(await answer.text()).toContain(variable)
    }
  },
)

it('the functions that are deployed are those', () => {
  const text = readFileSync(new URL('../../../serverless.yml', import.meta.url), 'utf8')
  const tags = ['!Ref', '!Sub', '!GetAtt'].map((tag) => ({
    tag,
    resolve: (value: string) => value,
  }))
  const choice = { tag: '!If', collection: 'seq' as const }
  const deployed = parse(text, { customTags: [...tags, choice] }) as {
    functions: Record<string, unknown>
  }
  expect(Object.keys(deployed.functions).sort()).toEqual(['api', ...Object.keys(functions)].sort())
})
