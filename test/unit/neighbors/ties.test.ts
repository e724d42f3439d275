/** What the order of rows at equal distances decides, against every order of the rows. */

import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import type { SelfJoinInput } from '../../../lib/neighbors/input.ts'
import { selfJoin } from '../../../lib/neighbors/self-join.ts'
import type { Backend } from '../../../lib/tensor/backend.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { tieRanges, valuesOf } from '../../tie-orders.ts'

let backend: Backend
beforeAll(async () => {
  backend = await openBackend('wasm')
})
afterAll(() => backend.close())

const join = (input: SelfJoinInput, k: number) =>
  selfJoin(input, {
    backend,
    metric: 'euclidean',
    k,
    signal: new AbortController().signal,
    progress: () => {},
    threads: 0,
  })

/** Whole numbers on a line: many distances are equal, and all are exact. */
function lineOf(places: readonly number[], labels: readonly number[]): SelfJoinInput {
  const classes = Math.max(...labels) + 1
  return {
    vectors: Float32Array.from(places),
    rows: places.length,
    dimensions: 1,
    labels: Int32Array.from(labels),
    classes,
  }
}

function* orders(rows: number): Generator<number[]> {
  if (rows === 0) return yield []
  for (const rest of orders(rows - 1)) {
    for (let at = 0; at < rows; at++) yield [...rest.slice(0, at), rows - 1, ...rest.slice(at)]
  }
}

it('is the least and the most over all orders of the rows', async () => {
  const all = [...orders(6)]
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 }),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 }),
      fc.integer({ min: 1, max: 5 }),
      async (places, drawn, k) => {
        const labels = [0, ...drawn.slice(1)]
        const { ties } = await join(lineOf(places, labels), k)
        for (const row of places.keys()) {
          const ends = new Map<string, [number, number]>()
          for (const order of all) {
            const sorted = order
              .filter((other) => other !== row)
              .sort(
                (a, b) =>
                  Math.abs(places[a]! - places[row]!) - Math.abs(places[b]! - places[row]!) ||
                  order[a]! - order[b]!,
              )
            const values = valuesOf(
              sorted.map((other) => labels[other]!),
              labels[row]!,
              k,
            )
            for (const [name, value] of Object.entries(values)) {
              const [low, high] = ends.get(name) ?? [value, value]
              ends.set(name, [Math.min(low, value), Math.max(high, value)])
            }
          }
          for (const [name, wanted] of ends) {
            const kept = ties[name as keyof typeof ties]
            expect([name, kept[2 * row], kept[2 * row + 1]]).toEqual([name, ...wanted])
          }
        }
      },
    ),
    { numRuns: 25 },
  )
})

it('counts what is as near as the last neighbour that is kept, and isn’t kept', async () => {
  // A row at 0 and 40 at ±1, of which 3 are of its class: none, or three of the ten are matches.
  const labels = [0, 0, 0, 0, ...Array.from({ length: 37 }, (_, at) => 1 + (at % 2))]
  const places = [0, ...Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 1 : -1))]
  const { ties } = await join(lineOf(places, labels), 10)
  expect([...ties.matches.subarray(0, 2)]).toEqual([0, 3])
  expect([...ties.firstMateRank.subarray(0, 2)]).toEqual([1, 38])
  expect([...ties.vote.subarray(0, 2)]).toEqual([0, 1])
  expect([...ties.matesWithinR.subarray(0, 2)]).toEqual([0, 3])
  expect([...ties.averagePrecisionAtR.subarray(0, 2)]).toEqual([0, 1])
})

it('is the same in whatever order the rows come, on threads and without', async () => {
  const random = seededRandom(5)
  const rows = 700
  const places = Array.from({ length: rows * 2 }, () => Math.floor(random() * 5))
  const labels = Array.from({ length: rows }, () => Math.floor(random() * 3))
  const input = (order: readonly number[]): SelfJoinInput => ({
    vectors: Float32Array.from(order.flatMap((row) => places.slice(2 * row, 2 * row + 2))),
    rows,
    dimensions: 2,
    labels: Int32Array.from(order, (row) => labels[row]!),
    classes: 3,
  })
  const order = [...labels.keys()]
  const turned = order.toReversed()
  const { ties } = await join(input(order), 10)
  const again = await selfJoin(input(turned), {
    backend,
    metric: 'euclidean',
    k: 10,
    signal: new AbortController().signal,
    progress: () => {},
    threads: 2,
  })
  for (const [name, kept] of Object.entries(ties)) {
    const other = again.ties[name as keyof typeof ties]
    const told = (values: typeof kept, row: number) => [values[2 * row], values[2 * row + 1]]
    expect(turned.map((_, row) => told(other, row))).toEqual(turned.map((row) => told(kept, row)))
  }
})

it('counts whole blocks of equal rows, of which few are looked at', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.nat(),
        classes: fc.integer({ min: 1, max: 4 }),
        k: fc.integer({ min: 1, max: 12 }),
        metric: fc.constantFrom('euclidean', 'cosine'),
        grouped: fc.boolean(),
        split: fc.boolean(),
      }),
      async ({ seed, classes, k, metric, grouped, split }) => {
        const random = seededRandom(seed)
        const rows = 90
        // Zero vectors, copies of three directions and lengths, and labels in long runs.
        const kinds = [[0, 0], [1, 0], [0, 1], [2, 0]] as const // biome-ignore format: a list
        const drawn = Array.from({ length: rows }, () => Math.floor(random() ** 2 * 4))
        const label = (row: number) => Math.floor((row * classes) / rows)
        const input: SelfJoinInput = {
          vectors: Float32Array.from(drawn.flatMap((kind) => [...kinds[kind]!])),
          rows,
          dimensions: 2,
          labels: Int32Array.from({ length: rows }, (_, row) => label(row)),
          classes,
          ...(grouped
            ? { groups: Int32Array.from({ length: rows }, () => Math.floor(random() * 9) - 1) }
            : {}),
          ...(split
            ? { queries: Uint8Array.from({ length: rows }, (_, row) => row % 3 && 1) }
            : {}),
        }
        const { ties, k: kept } = await selfJoin(input, {
          backend,
          metric,
          k,
          signal: new AbortController().signal,
          progress: () => {},
          threads: 0,
        })
        const distance = (a: number, b: number) => {
          const [one, other] = [kinds[drawn[a]!]!, kinds[drawn[b]!]!]
          if (metric === 'euclidean') return Math.hypot(one[0] - other[0], one[1] - other[1])
          const isZero = Math.hypot(...one) * Math.hypot(...other) === 0
          return isZero || one[0] * other[0] + one[1] * other[1] === 0 ? 1 : 0
        }
        const { groups, queries } = input
        for (let row = 0; row < rows; row++) {
          if (queries?.[row] === 0) continue
          const others = [...input.labels.keys()]
            .filter((other) => other !== row && !queries?.[other])
            .filter((other) => !groups || groups[row]! < 0 || groups[row] !== groups[other])
            .map((other) => ({ label: label(other), distance: distance(row, other) }))
          for (const [name, range] of Object.entries(tieRanges(others, label(row), kept))) {
            const found = ties[name as keyof typeof ties]
            expect([name, found[2 * row], found[2 * row + 1]]).toEqual([name, ...range])
          }
        }
      },
    ),
    { numRuns: 20 },
  )
})
