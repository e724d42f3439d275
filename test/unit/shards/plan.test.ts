import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { STRIP_STEP } from '../../../lib/neighbors/strip.ts'
import { joinSeconds, planShards, stripSeconds } from '../../../lib/shards/plan.ts'

const MB = 2 ** 20
const limits = { memoryBytes: 3008 * MB, seconds: 240 }

describe('the time that a join takes', () => {
  const size = { rows: 50_000, dimensions: 256, classes: 10 }

  it('grows with pairs and dimensions, and shrinks with memory, which brings processors', () => {
    const one = stripSeconds(1000, size, 1769 * MB)
    expect(stripSeconds(2000, size, 1769 * MB)).toBeCloseTo(2 * one, 9)
    expect(stripSeconds(1000, size, 2 * 1769 * MB)).toBeCloseTo(one / 2, 9)
    expect(stripSeconds(1000, { ...size, dimensions: 1024 }, 1769 * MB)).toBeGreaterThan(1.5 * one)
    // 5·10⁷ pairs of 256 dimensions on one core: 25 ns, and 28·10⁹ multiplications a second.
    expect(one).toBeCloseTo(5e7 * (25e-9 + 256 / 28e9), 9)
  })

  it('is half where one function looks at each pair once', () => {
    const whole = joinSeconds(size, 1769 * MB)
    expect(whole).toBeCloseTo(stripSeconds(50_000, size, 1769 * MB) / 2, 9)
    expect(joinSeconds({ ...size, rows: 100_000 }, 1769 * MB)).toBeCloseTo(4 * whole, 9)
  })
})

describe('the shards of a join', () => {
  it('hold every position once, in order, within memory and about the time that one should take', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1024 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1024, max: 10_240 }),
        fc.integer({ min: 30, max: 600 }),
        (rows, dimensions, classes, megabytes, seconds) => {
          const given = { memoryBytes: megabytes * MB, seconds }
          const size = { rows, dimensions, classes }
          // What every shard holds of all rows, and what it has for its own.
          const own = 0.8 * given.memoryBytes - 400e6 - rows * (dimensions * 10 + 400)
          const taken = (count: number) => count * 4096 + Math.min(count * classes, 2 ** 26) * 8
          // Rows enough for a shard, and for no more than 10,000 shards.
          fc.pre(own > taken(STRIP_STEP) && own > taken(rows / 9000 + STRIP_STEP))
          const shards = planShards(size, given, 'a.npy')
          expect(shards[0]!.start).toBe(0)
          expect(shards.at(-1)!.end).toBe(rows)
          const time = (count: number) => stripSeconds(count, size, given.memoryBytes)
          for (const [at, { start, end }] of shards.entries()) {
            expect(end).toBeGreaterThan(start)
            expect(start).toBe(at === 0 ? 0 : shards[at - 1]!.end)
            expect(start % STRIP_STEP).toBe(0)
            // A step more or less than the others.
            const length = Math.ceil(rows / STRIP_STEP / shards.length) * STRIP_STEP
            expect(end - start).toBeLessThanOrEqual(length)
            expect(taken(end - start - STRIP_STEP)).toBeLessThanOrEqual(own)
            expect(time(end - start - STRIP_STEP)).toBeLessThanOrEqual(seconds)
          }
        },
      ),
    )
  })

  it('are as many as the time asks for', () => {
    // 9·10¹⁰ pairs of 256 dimensions on 1.7 cores, 240 s a shard.
    const shards = planShards({ rows: 3e5, dimensions: 256, classes: 100 }, limits, 'a.npy')
    const seconds = (9e10 * (25e-9 + 256 / 28e9) * 1769) / 3008
    expect(shards).toHaveLength(Math.ceil(seconds / 240))
  })

  it('are refused where a function cannot hold all rows, with both numbers', () => {
    const plan = (megabytes: number, rows: number, classes: number, dimensions: number) => () =>
      planShards({ rows, dimensions, classes }, { memoryBytes: megabytes * MB, seconds: 60 }, 'a')
    expect(plan(400, 1000, 10, 64)).toThrow(InputError)
    expect(plan(10_240, 10e6, 100, 256)).toThrow(
      /10,000,000 rows of 256 dimensions in 100 classes take about 30\.00 GB in every shard.*8\.59 GB/,
    )
    // 0.3 MB are left for the rows of a shard, 4.2 kB each.
    expect(plan(1717, 1e6, 10, 64)).toThrow(/more than 10,000 shards/)
  })
})
