import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CancelledError } from '../../../lib/core/errors.ts'
import type { Neighborhood } from '../../../lib/core/evaluation.ts'
import type { Metric } from '../../../lib/core/manifest.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { SelfJoinInput } from '../../../lib/neighbors/input.ts'
import { selfJoin } from '../../../lib/neighbors/self-join.ts'
import { joinStrip, mergeStrips, planStrips, STRIP_STEP } from '../../../lib/neighbors/strip.ts'
import type { Backend } from '../../../lib/tensor/backend.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { expectSameValues } from '../../same-values.ts'

const never = new AbortController().signal
let backend: Backend

beforeAll(async () => {
  backend = await openBackend('wasm')
})

afterAll(async () => {
  await backend.close()
})

interface Shape {
  readonly rows: number
  readonly dimensions: number
  readonly classes: number
  readonly seed: number
  /** Values are multiples of 1 / steps: few steps, many ties. */
  readonly steps: number
  readonly offset: number
}

function inputOf({ rows, dimensions, classes, seed, steps, offset }: Shape): SelfJoinInput {
  const random = seededRandom(seed)
  const labels = Int32Array.from({ length: rows }, () => Math.floor(random() * classes))
  for (let c = 0; c < classes; c++) labels[c] = c
  const vectors = Float32Array.from(
    { length: rows * dimensions },
    () => Math.round((random() - 0.5) * steps) / steps + offset,
  )
  // A row twice, and one of nothing but zeros.
  vectors.copyWithin((rows - 1) * dimensions, 0, dimensions)
  vectors.fill(0, dimensions, 2 * dimensions)
  return { vectors, rows, dimensions, labels, classes }
}

async function inStrips(
  input: SelfJoinInput,
  metric: Metric,
  k: number,
  cuts: readonly number[],
  { mostSums = 2 ** 26, blockRows = input.rows } = {},
): Promise<Neighborhood> {
  const { vectors, rows, dimensions } = input
  const plan = { ...planStrips(input, metric, k), blockRows }
  const read = async (start: number, end: number) => {
    const values = new Float32Array((end - start) * dimensions)
    for (let position = start; position < end; position++) {
      const row = plan.rowAt[position]!
      const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions)
      values.set(vector, (position - start) * dimensions)
    }
    return values
  }
  const edges = [
    ...new Set([0, ...cuts.map((cut) => (cut % rows) - ((cut % rows) % STRIP_STEP)), rows]),
  ].sort((a, b) => a - b)
  const strips = []
  for (const [at, end] of edges.slice(1).entries()) {
    const range = { start: edges[at]!, end }
    const options = { backend, signal: never, progress: () => {}, mostSums }
    strips.push(await joinStrip(plan, range, read, options))
  }
  return mergeStrips(plan, strips.reverse())
}

function expectSame(strips: Neighborhood, whole: Neighborhood): void {
  const { pairHistogram, ties, ...others } = whole
  for (const [name, wanted] of Object.entries(others)) {
    const found = strips[name as keyof typeof others]
    if (ArrayBuffer.isView(wanted)) expectSameValues(found as typeof wanted, wanted, name)
    else expect({ [name]: found }).toEqual({ [name]: wanted })
  }
  for (const [name, wanted] of Object.entries(ties)) {
    expectSameValues(strips.ties[name as keyof typeof ties], wanted, name)
  }
  for (const name of ['edges', 'same', 'other'] as const) {
    expectSameValues(strips.pairHistogram[name], pairHistogram[name], name)
  }
}

describe('strips', () => {
  it.each(['euclidean', 'cosine'] as const)('find what one join finds, %s', async (metric) => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          rows: fc.integer({ min: 4, max: 90 }),
          dimensions: fc.integer({ min: 1, max: 9 }),
          classes: fc.integer({ min: 1, max: 4 }),
          seed: fc.nat(),
          steps: fc.constantFrom(2, 5, 1e6),
          offset: fc.constantFrom(0, 1000),
        }),
        fc.array(fc.nat(), { maxLength: 3 }),
        fc.integer({ min: 1, max: 12 }),
        async (shape, cuts, k) => {
          const input = inputOf(shape)
          const options = { backend, metric, k, signal: never, progress: () => {}, threads: 1 }
          expectSame(await inStrips(input, metric, k, cuts), await selfJoin(input, options))
        },
      ),
      { numRuns: 12 },
    )
  })

  it.each(['euclidean', 'cosine'] as const)(
    'find the same with few sums at a time, and add up classes from blocks of them, %s',
    async (metric) => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            rows: fc.integer({ min: 30, max: 150 }),
            dimensions: fc.integer({ min: 1, max: 9 }),
            classes: fc.integer({ min: 1, max: 25 }),
            seed: fc.nat(),
            steps: fc.constantFrom(5, 1e6),
            offset: fc.constantFrom(0, 1000),
          }),
          fc.array(fc.nat(), { maxLength: 3 }),
          fc.integer({ min: 1, max: 1500 }),
          fc.boolean(),
          async (shape, cuts, mostSums, inBlocks) => {
            const input = inputOf(shape)
            const options = { backend, metric, k: 5, signal: never, progress: () => {}, threads: 1 }
            const parts = { ...options, tileRows: 8, mostSums }
            const whole = await selfJoin(input, options)
            expectSame(await selfJoin(input, parts), whole)
            const few = { mostSums, blockRows: inBlocks ? 8 : input.rows }
            const uncut = await inStrips(input, metric, 5, [], { ...few, mostSums: 2 ** 26 })
            expectSame(await inStrips(input, metric, 5, cuts, few), uncut)
            if (!inBlocks) expectSame(uncut, whole)
            const { withinClasses, nearestOfClasses } = uncut.classDistances
            const wanted = whole.classDistances
            for (const [c, value] of wanted.withinClasses.entries()) {
              if (Number.isNaN(value)) expect(withinClasses[c]).toBeNaN()
              else expect(Math.abs(withinClasses[c]! / value - 1 || 0)).toBeLessThan(1e-13)
            }
            for (const [c, value] of wanted.nearestOfClasses.distances.entries()) {
              const found = nearestOfClasses.distances[c]!
              expect(found === value || Math.abs(found / value - 1) < 1e-13).toBe(true)
            }
          },
        ),
        { numRuns: 12 },
      )
    },
  )

  it('find it in more blocks and tiles than one', async () => {
    const shape = { rows: 4500, dimensions: 8, classes: 400, seed: 3, steps: 40, offset: 7 }
    const input = inputOf(shape)
    const options = { backend, metric: 'euclidean' as const, k: 10, signal: never }
    const whole = await selfJoin(input, { ...options, progress: () => {} })
    expectSame(await inStrips(input, 'euclidean', 10, [8, 904, 4400]), whole)
  })

  it.each(['euclidean', 'cosine'] as const)('find it in tight classes, %s', async (metric) => {
    const input = inputOf({ rows: 90, dimensions: 9, classes: 3, seed: 2, steps: 1e6, offset: 0 })
    const { vectors, labels, dimensions } = input
    // One class tight, one not, and one at the edge of it.
    for (let at = 0; at < vectors.length; at++) {
      const label = labels[Math.floor(at / dimensions)]!
      vectors[at] = [1e-4, 0.005, 1][label]! * vectors[at]! + Math.sin((at % dimensions) + label)
    }
    vectors.fill(0, dimensions, 2 * dimensions)
    const options = { backend, metric, k: 10, signal: never, progress: () => {} }
    expectSame(await inStrips(input, metric, 10, [24, 56]), await selfJoin(input, options))
  })

  it('stop when they are told to, between tiles', async () => {
    const input = inputOf({ rows: 4500, dimensions: 4, classes: 400, seed: 1, steps: 9, offset: 0 })
    const plan = planStrips(input, 'euclidean', 10)
    const stop = new AbortController()
    const seen: number[] = []
    const read = async (start: number, end: number) =>
      input.vectors.slice(start * input.dimensions, end * input.dimensions)
    const joining = joinStrip(plan, { start: 0, end: 50 }, read, {
      backend,
      signal: stop.signal,
      progress: (fraction) => {
        seen.push(fraction)
        stop.abort()
      },
    })
    await expect(joining).rejects.toThrow(CancelledError)
    expect(seen).toHaveLength(1)
    expect(seen[0]).toBeLessThan(1)
  })
})
