/** A block of equal rows costs no more than other rows: counted, not timed. */

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Metric } from '../../../../lib/core/manifest.ts'
import { seededRandom } from '../../../../lib/core/random.ts'
import { copiesOf } from '../../../../lib/neighbors/plan/copies.ts'
import { orderRows } from '../../../../lib/neighbors/plan/row-order.ts'
import type { DeepList } from '../../../../lib/neighbors/rank/measured-lists.ts'
import type { RankWork } from '../../../../lib/neighbors/rank/rank-work.ts'
import { selfJoin } from '../../../../lib/neighbors/self-join.ts'
import type { Backend } from '../../../../lib/tensor/backend.ts'
import { openBackend } from '../../../../lib/tensor/open-backend.ts'

/** Distances in double precision, and entries of long lists. */
const work = { exact: 0, listed: 0 }

vi.mock('../../../../lib/neighbors/distance/row-distance.ts', async (original) => {
  const real = await original<typeof import('../../../../lib/neighbors/distance/row-distance.ts')>()
  return {
    ...real,
    rowDistance: (...args: Parameters<typeof real.rowDistance>) => {
      const distance = real.rowDistance(...args)
      return (a: number, b: number) => {
        work.exact++
        return distance(a, b)
      }
    },
  }
})
vi.mock('../../../../lib/neighbors/rank/label-ranks.ts', async (original) => {
  const real = await original<typeof import('../../../../lib/neighbors/rank/label-ranks.ts')>()
  return {
    ...real,
    labelRanks: (ranks: RankWork, lists: readonly DeepList[]) => {
      for (const { others } of lists) work.listed += others.length
      return real.labelRanks(ranks, lists)
    },
  }
})

const [ROWS, DIMENSIONS, CLASSES] = [1200, 16, 30]

/** Rows about their class's centre, in no order. */
function clean() {
  const random = seededRandom(9)
  const labels = Int32Array.from({ length: ROWS }, (_, row) => (row * 7) % CLASSES)
  const vectors = new Float32Array(ROWS * DIMENSIONS)
  for (let row = 0; row < ROWS; row++) {
    for (let d = 0; d < DIMENSIONS; d++) {
      vectors[row * DIMENSIONS + d] = Math.sin(labels[row]! * (d + 1)) + 2 * random() - 1
    }
  }
  return { vectors, rows: ROWS, dimensions: DIMENSIONS, labels, classes: CLASSES }
}

type Input = ReturnType<typeof clean>

/** Some rows become copies: of the row that `of` says, −1 for none; null: the zero vector. */
function copied(input: Input, of: (row: number) => number | null): Input {
  const vectors = input.vectors.slice()
  for (let row = 0; row < ROWS; row++) {
    const from = of(row)
    if (from === -1) continue
    const start = row * DIMENSIONS
    if (from === null) vectors.fill(row % 2 === 0 ? 0 : -0, start, start + DIMENSIONS)
    else vectors.copyWithin(start, from * DIMENSIONS, (from + 1) * DIMENSIONS)
  }
  return { ...input, vectors }
}

const third = (row: number) => row % 10 < 3
const KINDS: Record<string, (input: Input) => Partial<Input> & Input> = {
  'a third of zero vectors': (input) => copied(input, (row) => (third(row) ? null : -1)),
  'a third of one vector': (input) => copied(input, (row) => (third(row) ? 5 : -1)),
  'a third of one vector, which is a class of its own': (input) => ({
    ...copied(input, (row) => (third(row) ? 5 : -1)),
    labels: input.labels.map((label, row) => (third(row) ? CLASSES : label)),
    classes: CLASSES + 1,
  }),
  'every row ten times': (input) => copied(input, (row) => Math.floor(row / 10) * 10),
  'every row a hundred times': (input) => copied(input, (row) => row % 12),
  'one vector alone': (input) => copied(input, () => 0),
}

describe('a block of equal rows', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await openBackend('wasm')
  })
  afterAll(() => backend.close())
  beforeEach(reset)

  function reset() {
    work.exact = 0
    work.listed = 0
  }

  async function workOf(input: Input, metric: Metric, relations: object) {
    reset()
    await selfJoin(
      { ...input, ...relations },
      {
        backend,
        metric,
        k: 10,
        threads: 0,
        signal: new AbortController().signal,
        progress: () => {},
      },
    )
    return { ...work }
  }

  /** Most kinds have the same rows without copies, which are joined once. */
  const joined = new Map<string, Awaited<ReturnType<typeof workOf>>>()
  async function usualWork(input: Input, metric: Metric, relations: object) {
    const key = [metric, input.classes, ...Object.keys(relations)].join(' ')
    const usual = joined.get(key) ?? (await workOf(input, metric, relations))
    joined.set(key, usual)
    return usual
  }

  const groups = Int32Array.from({ length: ROWS }, (_, row) => (row % 4 === 0 ? -1 : row % 400))
  const queries = Uint8Array.from({ length: ROWS }, (_, row) => Number(row % 4 === 0))
  const cases = Object.keys(KINDS).flatMap((kind) =>
    (['euclidean', 'cosine'] as const).flatMap((metric) =>
      [{}, { groups }, { queries }].map((relations) => ({ kind, metric, relations })),
    ),
  )
  it.each(cases)(
    'costs no more: $kind, $metric, $relations',
    async ({ kind, metric, relations }) => {
      const input = KINDS[kind]!(clean())
      const { labels, classes } = input
      const usual = await usualWork({ ...clean(), labels, classes }, metric, relations)
      const blocked = await workOf(input, metric, relations)
      // Of 1,199 others.
      const asking = 'queries' in relations ? ROWS / 4 : ROWS
      expect(blocked.exact).toBeLessThan(usual.exact + 100 * asking)
      expect(blocked.listed).toBeLessThan(usual.listed + 150 * asking)
    },
  )
})

describe('copies', () => {
  it('are counted by class, of rows that may be neighbours', () => {
    // Rows 0 to 5 are equal, of classes 0 0 1 1 1 0, and row 6 is another; row 1 asks and isn't searched.
    const labels = Int32Array.of(0, 0, 1, 1, 1, 0, 1)
    const order = orderRows(labels, 2)
    const queries = new Uint8Array(7)
    queries[order.rowAt.indexOf(1)] = 1
    const groups = order.rowAt.map((row) => (row < 3 ? 0 : -1))
    const copies = copiesOf(Int32Array.of(0, 0, 0, 0, 0, 0, 6), order, { groups, queries })!
    const byRow = (values: Int32Array) =>
      Array.from(labels, (_, row) => values[order.rowAt.indexOf(row)])
    expect(byRow(copies.before)).toEqual([0, 1, 1, 2, 3, 4, 0])
    expect(byRow(copies.beforeInClass)).toEqual([0, 1, 0, 1, 2, 1, 0])
    // Before row 4 lie 0, 2 and 3: of another class than the one that asks, which isn't 1, at least two.
    expect(byRow(copies.beforeInOthers)).toEqual([0, 1, 0, 1, 2, 1, 0])
    expect(byRow(copies.hidden)).toEqual([3, 3, 3, 1, 1, 1, 1])
  })

  it('are none where no rows are equal', () => {
    const order = orderRows(Int32Array.of(0, 0), 1)
    expect(copiesOf(Int32Array.of(0, 1), order, { groups: null, queries: null })).toBeNull()
  })
})
