import { describe, expect, it, vi } from 'vitest'
import { createApi, createCloudApi } from '../../../functions/api.ts'
import { localPresign } from '../../../functions/api-uploads.ts'
import {
  backendOf,
  endpointOf,
  functionMemory,
  idKeyFrom,
  required,
  shardLimits,
  siteUrlFrom,
  withinTimeLimit,
} from '../../../functions/context.ts'
import { CancelledError, throwIfCancelled, UsageError } from '../../../lib/core/errors.ts'
import { memoryContext } from './memory-context.ts'

const env = { UPLOADS_BUCKET: 'uploads', SITE_BUCKET: 'site', AWS_REGION: 'eu-central-1' }
const lambda = (leftMs: number) => ({ getRemainingTimeInMillis: () => leftMs })

describe('the key of hashed ids', () => {
  const key = '0123456789abcdef'

  it('is NEARMISS_ID_KEY, else ID_KEY, else left to the vault', () => {
    expect(idKeyFrom({ NEARMISS_ID_KEY: key, ID_KEY: `${key}0` })).toEqual({ idKey: key })
    expect(idKeyFrom({ ID_KEY: key })).toEqual({ idKey: key })
    expect(idKeyFrom({ ID_KEY: '' })).toEqual({})
  })

  it('is refused with fewer than 16 characters, and not quoted', () => {
    const short = key.slice(1)
    expect(() => idKeyFrom({ ID_KEY: short })).toThrow(UsageError)
    expect(() => idKeyFrom({ ID_KEY: short })).toThrow(/ID_KEY has 15 characters/)
    expect(() => idKeyFrom({ ID_KEY: short })).not.toThrow(new RegExp(short))
  })
})

describe("a function's time", () => {
  it('is spent before it starts where less than ten seconds are left', async () => {
    const work = withinTimeLimit(env, lambda(9_999), async ({ signal }) => throwIfCancelled(signal))
    await expect(work).rejects.toThrow(CancelledError)
  })

  it('stops what goes on ten seconds before its end, with a line in the log', async () => {
    const written: string[] = []
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written.push(String(text))
      return true
    })
    await withinTimeLimit(env, lambda(10_050), async ({ signal }) => {
      expect(signal.aborted).toBe(false)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    write.mockRestore()
    expect(written.map((line) => JSON.parse(line))).toEqual([
      { level: 'warn', message: expect.stringContaining('near'), usedMs: 50, keptMs: 10_000 },
    ])
  })

  it('says nothing of a function that ended earlier', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
    expect(await withinTimeLimit(env, lambda(10_020), async () => 'done')).toBe('done')
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(write).not.toHaveBeenCalled()
    write.mockRestore()
  })
})

describe('what the environment says', () => {
  it("is a function's memory in MiB, as bytes, and how long a shard should take", () => {
    expect(functionMemory({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '3008' })).toBe(3008 * 1024 * 1024)
    expect(shardLimits({ SHARD_MEMORY_SIZE: '1769', SHARD_SECONDS: '0.5' })).toEqual({
      memoryBytes: 1769 * 1024 * 1024,
      seconds: 0.5,
    })
  })

  it('is refused where it is missing or no number above 0', () => {
    for (const AWS_LAMBDA_FUNCTION_MEMORY_SIZE of ['', '0', '-1', 'much']) {
      expect(() => functionMemory({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE })).toThrow(UsageError)
    }
    expect(() => shardLimits({ SHARD_MEMORY_SIZE: '3008' })).toThrow('SHARD_SECONDS is not set')
    expect(() => backendOf({ BACKEND: 'abacus' })).toThrow('BACKEND is abacus')
    expect([backendOf({}), backendOf({ BACKEND: 'wasm' })]).toEqual(['auto', 'wasm'])
  })
})

describe('a setting that was never made', () => {
  const NONE = ['', ' ', '\t\n', 'undefined', 'null', ' undefined ']
  const UNFILLED = ['{{resolve:secretsmanager:x}}', '{{resolve:ssm:/x}}', '$' + '{self:custom.x}']

  it.each([undefined, ...NONE, ...UNFILLED])('is missing: %j', (value) => {
    expect(() => required({ API_TOKEN: value }, 'API_TOKEN')).toThrow(/API_TOKEN/)
  })

  it.each(NONE)('leaves a choice to its default: %j', (value) => {
    expect(backendOf({ BACKEND: value })).toBe('auto')
    expect(siteUrlFrom({ SITE_URL: value })).toEqual({})
    expect(endpointOf({ AWS_ENDPOINT_URL: value })).toEqual({})
    expect(idKeyFrom({ NEARMISS_ID_KEY: value, ID_KEY: value })).toEqual({})
  })

  it.each(UNFILLED)('is no choice and no secret: %j', (value) => {
    expect(() => backendOf({ BACKEND: value })).toThrow(/never filled in/)
    expect(() => siteUrlFrom({ SITE_URL: value })).toThrow(/never filled in/)
    expect(() => endpointOf({ AWS_ENDPOINT_URL: value })).toThrow(/never filled in/)
    // Everybody knows this text, so what was hashed with it would be hashed with no key.
    expect(() => idKeyFrom({ ID_KEY: value })).toThrow(/never filled in/)
  })

  it.each([...NONE, ...UNFILLED])('closes the deployed API: %j', async (value) => {
    const closed = await deployedApi({ ...env, API_TOKEN: value })
    expect(closed.statusCode).toBe(503)
    expect(closed.body).toMatch(/API_TOKEN/)
  })

  it('never opens the API where a token was meant to be', () => {
    const { context } = memoryContext()
    for (const token of NONE) {
      expect(() => createApi({ context, presign: localPresign, token })).toThrow(/not set/)
    }
  })
})

/** What the deployed function answers to a question of its projects. */
async function deployedApi(variables: Record<string, string>) {
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
  try {
    const api = await createCloudApi(variables)
    const headers = { authorization: `Bearer ${variables.API_TOKEN}` }
    const answer = await api.request('/api/projects', { headers })
    return { statusCode: answer.status, body: await answer.text() }
  } finally {
    write.mockRestore()
  }
}
