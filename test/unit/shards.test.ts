import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../lib/core/errors.ts'
import { joinSeconds, planShards, stripSeconds } from '../../lib/shards.ts'

const MB = 2 ** 20
const limits = { memoryBytes: 3008 * MB, seconds: 240 }

describe('the time that a join takes', () => {
  const size = { rows: 50_000, dimensions: 256, classes: 10 }

  it('grows with pairs and dimensions, and shrinks with memory, which brings processors', () => {
    const one = stripSeconds(1000, size, 1769 * MB)
    expect(stripSeconds(2000, size, 1769 * MB)).toBeCloseTo(2 * one, 9)
    expect(stripSeconds(1000, size, 2 * 1769 * MB)).toBeCloseTo(one / 2, 9)
    expect(stripSeconds(1000, { ...size, dimensions: 1024 }, 1769 * MB)).toBeGreaterThan(2 * one)
    // 5·10⁷ pairs of 256 dimensions, 124 ns each on one core.
    expect(one).toBeCloseTo(5e7 * 124e-9, 9)
  })

  it('is less than half where one function looks at each pair once', () => {
    const whole = joinSeconds(size, 1769 * MB)
    expect(whole).toBeLessThan(stripSeconds(50_000, size, 1769 * MB) / 2)
    expect(joinSeconds({ ...size, rows: 100_000 }, 1769 * MB)).toBeCloseTo(4 * whole, 9)
  })
})

describe('the shards of a join', () => {
  it('hold every position once, in order, within memory and about the time that one should take', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1024 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1024, max: 10_240 }),
        fc.integer({ min: 30, max: 600 }),
        (rows, dimensions, classes, megabytes, seconds) => {
          const given = { memoryBytes: megabytes * MB, seconds }
          const size = { rows, dimensions, classes }
          const shards = planShards(size, given, 'a.npy')
          expect(shards[0]!.start).toBe(0)
          expect(shards.at(-1)!.end).toBe(rows)
          for (const [at, { start, end }] of shards.entries()) {
            expect(end).toBeGreaterThan(start)
            expect(start).toBe(at === 0 ? 0 : shards[at - 1]!.end)
            // One row more or less than the others.
            expect(Math.abs(end - start - rows / shards.length)).toBeLessThan(1)
            const taken = stripSeconds(end - start, size, given.memoryBytes)
            const oneRow = stripSeconds(1, size, given.memoryBytes)
            expect(taken).toBeLessThanOrEqual(800 + oneRow)
            if (shards.length < 10_000) expect(taken).toBeLessThanOrEqual(seconds + oneRow)
            expect((end - start) * (4096 + dimensions * 12 + classes * 16)).toBeLessThan(
              given.memoryBytes,
            )
          }
        },
      ),
    )
  })

  it('are as many as the time asks for', () => {
    // 10¹² pairs of 256 dimensions: 124 ns each on a core, of which a function has 1.7; 240 s a shard.
    const shards = planShards({ rows: 1e6, dimensions: 256, classes: 100 }, limits, 'a.npy')
    expect(shards).toHaveLength(Math.ceil((1e12 * 124e-9 * 1769) / 3008 / 240))
  })

  it('are refused where a function has no memory for a row, or there would be too many', () => {
    const plan = (megabytes: number, rows: number, classes: number) => () =>
      planShards(
        { rows, dimensions: 64, classes },
        { memoryBytes: megabytes * MB, seconds: 60 },
        'a',
      )
    expect(plan(512, 1000, 10)).toThrow(InputError)
    expect(plan(1024, 2e6, 2e6)).toThrow(
      /2,000,000 rows of 64 dimensions .* more than 10,000 shards/,
    )
  })
})
