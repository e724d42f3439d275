import { describe, expect, it } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import {
  checkMemory,
  listMemory,
  memoryEstimate,
  usableMemory,
} from '../../../lib/upload/memory-limit.ts'
import { memoryContext } from '../functions/memory-context.ts'

describe('what an evaluation takes', () => {
  it('grows with the vectors, and with rows by classes up to a limit', () => {
    // 10,000 × 512 × 10 = 51.2 MB, 10,000 × 100 × 8 = 8 MB, 10,000 × (2048 + 9000) = 110.48 MB.
    const size = { rows: 10_000, dimensions: 512, classes: 100, mapRows: 10_000 }
    expect(memoryEstimate(size)).toBe(700e6 + 51.2e6 + 8e6 + 110.48e6)
    expect(memoryEstimate({ ...size, mapRows: 0 })).toBe(memoryEstimate(size) - 90e6)
    const few = { rows: 20, dimensions: 2, classes: 2, mapRows: 20 }
    expect(memoryEstimate(few)).toBeLessThan(701e6)
    // 15,000 rows, each its own class, were seen to take 1.12 GB.
    const own = { rows: 15_000, dimensions: 64, classes: 15_000, mapRows: 0 }
    expect(memoryEstimate(own)).toBeGreaterThan(1.12e9)
    expect(memoryEstimate(own)).toBeLessThan(1.5 * 1.12e9)
    // 15,000 × 4,474 are more than 2²⁶, and 15,000 × 4,473 fewer.
    expect(memoryEstimate({ ...own, classes: 4474 })).toBe(memoryEstimate(own))
    expect(memoryEstimate({ ...own, classes: 4473 })).toBeLessThan(memoryEstimate(own))
  })
})

describe('what lists may take', () => {
  it('is what is left, up to a limit', () => {
    const size = { rows: 10_000, dimensions: 512, classes: 100, mapRows: 0 }
    const least = memoryEstimate(size)
    expect(listMemory(size, least + 5e6)).toBe(5e6)
    expect(listMemory(size, least - 1)).toBe(0)
    expect(listMemory(size, least + 64e9)).toBe(640 * 2 ** 20)
  })
})

describe('what may be used', () => {
  it("is four fifths of the function's memory, or of the machine's", () => {
    expect(usableMemory(10e9)).toBe(8e9)
    expect(usableMemory()).toBeGreaterThan(0)
  })
})

describe('an upload that does not fit', () => {
  const refusal = (rows: number, dimensions: number, classes: number, limitBytes: number) => {
    try {
      checkMemory({ rows, dimensions, classes, mapRows: 0 }, limitBytes, 'embeddings.npz')
    } catch (error) {
      if (error instanceof InputError) return error.issues[0]
      throw error
    }
    return null
  }

  it('is told with both numbers, and what to do', () => {
    expect(refusal(15_000, 64, 15_000, 1e9)).toEqual({
      code: 'too-large',
      message:
        '15,000 rows of 64 dimensions in 15,000 classes take about 1.28 GB of memory to evaluate, and 1.00 GB may be used here.',
      where: 'embeddings.npz',
      hint: expect.stringContaining('label column'),
    })
    expect(refusal(1_000_000, 1024, 10, 8e9)?.hint).toMatch(/^Evaluate a sample of the rows/)
  })

  it('is one byte too large, and no less', () => {
    const bytes = memoryEstimate({ rows: 1000, dimensions: 8, classes: 4, mapRows: 0 })
    expect(refusal(1000, 8, 4, bytes)).toBeNull()
    expect(refusal(1000, 8, 4, bytes - 1)?.code).toBe('too-large')
  })

  it('gets its error page, and is evaluated where there is more memory', async () => {
    const { context } = memoryContext()
    const rows = Array.from({ length: 20 }, (_, row) => `r${row},${row % 2 ? 'b' : 'a'},${row}`)
    const csv = ['id,label,embedding_0', ...rows].join('\n')
    await context.uploads.put('uploads/p/v1/embeddings.csv', csv)
    const request = { project: 'p', run: 'v1', backend: 'wasm' } as const
    const outcome = await evaluateUpload(context, { ...request, memoryLimitBytes: 500e6 })
    expect(outcome).toMatchObject({
      status: 'failed',
      issues: [{ code: 'too-large', where: 'embeddings.csv' }],
    })
    expect(await context.site.get('p/runs/v1/error.json')).not.toBeNull()
    const larger = await evaluateUpload(context, { ...request, memoryLimitBytes: 4e9 })
    expect(larger).toMatchObject({ status: 'published', run: 'v1' })
  })
})
