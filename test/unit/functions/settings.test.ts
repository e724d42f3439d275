/** Each function of the cloud without one of the variables that it needs: it starts nothing, and names the variable. */

import type { Context as LambdaContext } from 'aws-lambda'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCloudApi } from '../../../functions/api.ts'
import { handler as merge } from '../../../functions/merge.ts'
import { handler as onUpload } from '../../../functions/on-upload.ts'
import { handler as plan } from '../../../functions/plan.ts'
import { handler as shard } from '../../../functions/shard.ts'
import { UsageError } from '../../../lib/core/errors.ts'

const BUCKETS = { UPLOADS_BUCKET: 'uploads', SITE_BUCKET: 'site' }
const SHARDS = { SHARD_SECONDS: '300', SHARD_MEMORY_SIZE: '3008', MERGE_MEMORY_SIZE: '3008' }
const OWN_MEMORY = { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '3008' }
const lambda = { getRemainingTimeInMillis: () => 60_000 } as LambdaContext
const upload = { project: 'p', run: 'r', work: 'p-r-0' }

const FUNCTIONS = {
  plan: { needs: { ...BUCKETS, ...SHARDS }, call: () => plan(upload, lambda) },
  shard: { needs: BUCKETS, call: () => shard({ work: 'p-r-0', shard: 0 }, lambda) },
  merge: { needs: { ...BUCKETS, ...OWN_MEMORY }, call: () => merge(upload, lambda) },
  'on-upload': {
    needs: {
      ...BUCKETS,
      ...OWN_MEMORY,
      SHARD_SECONDS: '300',
      SHARD_MEMORY_SIZE: '3008',
      STATE_MACHINE: 'arn:aws:states:eu-central-1:123456789012:stateMachine:shards',
    },
    call: () => onUpload({ Records: [] }, lambda),
  },
}
const cases = Object.entries(FUNCTIONS).flatMap(([name, { needs, call }]) =>
  Object.keys(needs).map((variable) => ({ name, variable, needs, call })),
)

beforeEach(() => {
  for (const { needs } of Object.values(FUNCTIONS)) {
    for (const name of Object.keys(needs)) vi.stubEnv(name, undefined)
  }
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('BACKEND', 'wasm')
  // Where a function asks for anything all the same, nobody answers.
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1')
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

it.each(cases)('$name refuses to start without $variable', async ({ variable, needs, call }) => {
  const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
  for (const [name, value] of Object.entries(needs)) {
    vi.stubEnv(name, name === variable ? ' ' : value)
  }
  const started = call()
  await expect(started).rejects.toThrow(UsageError)
  await expect(started).rejects.toThrow(`the environment variable ${variable} is not set`)
  expect(written).not.toHaveBeenCalled()
})

describe('the API', () => {
  it.each(['UPLOADS_BUCKET', 'SITE_BUCKET', 'API_TOKEN'])(
    'answers nobody without %s, and names it',
    async (variable) => {
      vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
      const env = { ...BUCKETS, API_TOKEN: 'token', AWS_REGION: 'eu-central-1' }
      const api = await createCloudApi({ ...env, [variable]: undefined })
      for (const path of ['/api/health', '/api/projects', '/api/uploads']) {
        const headers = { authorization: 'Bearer token' }
        const answer = await api.request(path, { headers })
        expect(answer.status).toBe(503)
        expect(await answer.text()).toContain(`${variable} is not set`)
      }
    },
  )
})
