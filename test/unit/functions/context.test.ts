import { describe, expect, it, vi } from 'vitest'
import {
  backendOf,
  functionMemory,
  shardLimits,
  withinTimeLimit,
} from '../../../functions/context.ts'
import { CancelledError, throwIfCancelled, UsageError } from '../../../lib/core/errors.ts'

const env = { UPLOADS_BUCKET: 'uploads', SITE_BUCKET: 'site', AWS_REGION: 'eu-central-1' }
const lambda = (leftMs: number) => ({ getRemainingTimeInMillis: () => leftMs })

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
