/** Duplicates, leakage and the sizes of classes, against scipy and by hand. */

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { parseManifest } from '../../../../lib/config/manifest.ts'
import type { Evaluation } from '../../../../lib/core/evaluation.ts'
import type { Column } from '../../../../lib/core/table.ts'
import type { Backend } from '../../../../lib/tensor/backend.ts'
import { openBackend } from '../../../../lib/tensor/open-backend.ts'
import { evaluateSample } from '../../../evaluate-sample.ts'
import { evaluateRows } from '../tables.ts'

const oracle = JSON.parse(
  readFileSync(new URL('../../../oracles/quality.json', import.meta.url), 'utf8'),
)
const RUNS = ['iris', 'digits/pca-8', 'emoji/pixels-pca-32', 'emoji/mobilenet-metric-64']

let backend: Backend
beforeAll(async () => {
  backend = await openBackend('wasm')
})
afterAll(() => backend.close())

const evaluated = (name: string, settings: string): Promise<Evaluation> =>
  name === 'iris'
    ? evaluateRows(oracle['iris table'], backend, settings)
    : evaluateSample(`${name}.npz`, backend, parseManifest(settings, 'nearmiss.yaml'))

describe.each(RUNS)('%s', (name) => {
  it.each([
    ['euclidean', 0.13],
    ['euclidean', 0.3],
    ['cosine', 0.13],
  ])('has the near duplicates that scipy finds, %s distance, factor %d', async (metric, near) => {
    const settings = JSON.stringify({ metric, duplicates: { near }, k: 60 })
    const { quality, dataset, figures } = await evaluated(name, settings)
    const wanted = oracle[`${name} ${metric} ${near}`]
    const { groups, medianNearest, rows, conflicts, cutShortRows } = quality.nearDuplicates
    const rowOf = new Map(dataset.ids.map((id, row) => [id, row]))
    const found = groups.map((group) => group.rows.map((id) => rowOf.get(id)!))
    expect(found.sort((a, b) => a[0]! - b[0]!)).toEqual(wanted.groups)
    expect(medianNearest).toBeCloseTo(wanted.median, 6)
    expect(conflicts).toBe(wanted.conflicts)
    expect(cutShortRows).toBe(0)
    expect(rows).toBe(wanted.groups.flat().length)
    expect(figures.near_duplicate_share!.value).toBeCloseTo(rows / dataset.rows, 12)
  })

  it('has classes as uneven as scipy says', async () => {
    const { quality, figures } = await evaluated(name, '')
    const { ratio, evenness, rare, singletons } = oracle[name]
    expect(quality.imbalance.ratio).toBe(ratio)
    expect(quality.imbalance.evenness).toBeCloseTo(evenness, 10)
    expect(quality.imbalance.rare).toHaveLength(rare)
    expect(quality.imbalance.singletons).toBe(singletons)
    expect(figures.class_imbalance_ratio!.value).toBe(ratio)
  })
})

/** Couples 0.1 apart, ten from each other, and one row alone. */
const couples = {
  points: [[0], [0.1], [10], [10.1], [20], [20], [30], [35]],
  labels: ['a', 'a', 'a', 'b', 'b', 'b', 'a', 'b'],
}
const text = (name: string, values: readonly string[]): Column => ({ name, type: 'text', values })

describe('near duplicates', () => {
  it('are joined under the threshold of the manifest, conflicts first', async () => {
    // Nearest distances: 0.1 × 4, 0 × 2, 5 × 2; their median is 0.1.
    const near = await evaluateRows(couples, backend, 'duplicates: { near: 1 }')
    expect(near.quality.nearDuplicates.medianNearest).toBeCloseTo(0.1, 6)
    const settings = 'duplicates: { near: 0.99 }'
    const { quality } = await evaluateRows(couples, backend, settings)
    expect(quality.nearDuplicates.groups).toEqual([
      { rows: ['4', '5'], labels: ['b', 'b'], conflict: false, exact: true, widest: 0 },
    ])
  })

  it('of one chain are one group, with the longest distance that is under the threshold', async () => {
    const chain = {
      points: [[0], [1], [2], [3], [100], [140], [190], [250]],
      labels: [...'aaabaaab'],
    }
    // The median nearest distance is (1 + 40) / 2.
    const { quality } = await evaluateRows(chain, backend)
    expect(quality.nearDuplicates.threshold).toBeCloseTo(0.13 * 20.5, 9)
    expect(quality.nearDuplicates.groups).toEqual([
      {
        rows: ['0', '1', '2', '3'],
        labels: [...'aaab'],
        conflict: true,
        exact: false,
        widest: 2,
      },
    ])
  })

  it('are closer than the threshold, not as far', async () => {
    const rows = { points: [[0], [1], [10], [11], [20], [22]], labels: [...'aabbab'] }
    const { quality } = await evaluateRows(rows, backend, 'duplicates: { near: 1 }')
    expect(quality.nearDuplicates).toMatchObject({ threshold: 1, rows: 0, groups: [] })
  })

  it('that meet late keep the longest distance of both', async () => {
    // 1, 2 and 3 are joined, 2.5 at the widest, before 3 joins them to 4, which 0 joined first.
    const near = [7.3, 0, 2.5, 4, 5.5]
    const points = [...near, 100, 140, 190, 250, 320].map((x) => [x])
    const { quality } = await evaluateRows({ points, labels: [...'aaaaabbbbb'] }, backend)
    // The median nearest distance is (2.5 + 40) / 2: 2 and 4, 3 apart, are too far.
    expect(quality.nearDuplicates.threshold).toBeCloseTo(0.13 * 21.25, 9)
    expect(quality.nearDuplicates.groups).toMatchObject([
      { rows: ['0', '1', '2', '3', '4'], widest: 2.5 },
    ])
  })

  it('tell of rows all of whose kept neighbours are that close', async () => {
    // 12 rows within 0.11 and 14 far apart: with k = 10 the 12 keep none that is farther.
    const points = [
      ...Array.from({ length: 12 }, (_, row) => [row / 100]),
      ...Array.from({ length: 14 }, (_, row) => [100 * (row + 1)]),
    ]
    const labels = points.map((_, row) => (row % 2 === 0 ? 'a' : 'b'))
    const { quality, figures } = await evaluateRows({ points, labels }, backend, 'k: 10')
    expect(quality.nearDuplicates.groups.map(({ rows }) => rows.length)).toEqual([12])
    expect(quality.nearDuplicates.cutShortRows).toBe(12)
    expect(figures.near_duplicate_share!.note).toContain('of 12 rows')
    const wider = await evaluateRows({ points, labels }, backend, 'k: 12')
    expect(wider.quality.nearDuplicates.cutShortRows).toBe(0)
  })
})

describe('duplicates across a split', () => {
  it('are counted for each two parts, rows without a part left out', async () => {
    const split = text('split', ['test', 'train', '', 'train', 'train', 'train', 'test', 'val'])
    const rows = { points: couples.points.map(([x]) => [Math.floor(x!)]), labels: couples.labels }
    const { quality, figures } = await evaluateRows({ ...rows, columns: [split] }, backend)
    expect(quality.leakage).toEqual({
      column: 'split',
      parts: [
        { name: 'test', rows: 2 },
        { name: 'train', rows: 4 },
        { name: 'val', rows: 1 },
      ],
      groups: [{ rows: ['0', '1'], labels: ['a', 'a'], parts: ['test', 'train'], exact: true }],
      rows: 2,
      between: [{ a: 'test', b: 'train', aRows: 1, bRows: 1 }],
    })
    expect(figures.leaked_share!.value).toBe(0.25)
  })

  it('are counted on either side, the two parts that share most first', async () => {
    // Two rows of test and one of train; one of test and three of val; one of train and two of val.
    const split = [...'tta', ...'tvvv', ...'avv', ...'ta']
    const points = [0, 0, 0, 50, 50, 50, 50, 90, 90, 90, 200, 300].map((x) => [x])
    const columns = [text('split', split)]
    const { quality } = await evaluateRows(
      { points, labels: split.map(() => 'x'), columns },
      backend,
    )
    expect(quality.leakage!.rows).toBe(10)
    expect(quality.leakage!.between).toEqual([
      { a: 't', b: 'v', aRows: 1, bRows: 3 },
      { a: 'a', b: 't', aRows: 1, bRows: 2 },
      { a: 'a', b: 'v', aRows: 1, bRows: 2 },
    ])
  })

  it('are counted anew for each group', async () => {
    const columns = [text('split', [...'ttv', ...'tvvv', ...'tv'])]
    const points = [0, 0, 0, 50, 50, 50, 50, 200, 300].map((x) => [x])
    const { quality } = await evaluateRows({ points, labels: Array(9).fill('x'), columns }, backend)
    expect(quality.leakage!.between).toEqual([{ a: 't', b: 'v', aRows: 3, bRows: 4 }])
  })

  it('can’t be told without the column, or where all rows are in one part', async () => {
    const without = await evaluateRows(couples, backend)
    expect(without.quality.leakage).toBeNull()
    expect(without.figures.leaked_share).toMatchObject({ value: null })
    expect(without.figures.leaked_share!.note).toContain('no column')
    const one = text(
      'split',
      couples.labels.map(() => 'train'),
    )
    expect((await evaluateRows({ ...couples, columns: [one] }, backend)).quality.leakage).toBeNull()
  })

  it('are looked for in the column that the manifest names', async () => {
    const fold = text('fold', ['1', '2', '1', '2', '1', '2', '1', '2'])
    const settings = 'columns: { split: fold }'
    const { quality } = await evaluateRows({ ...couples, columns: [fold] }, backend, settings)
    expect(quality.leakage).toMatchObject({ column: 'fold', rows: 2 })
  })
})

describe('rare classes', () => {
  it('have fewer than a tenth of an equal part, smallest first, with their errors', async () => {
    // 61 rows in 3 classes: a tenth of an equal part is 2.03 rows.
    const points = [...Array.from({ length: 58 }, (_, row) => [row]), [1000], [2000], [2001]]
    const labels = [...Array<string>(58).fill('many'), 'one', 'two', 'two']
    const { quality, figures } = await evaluateRows({ points, labels }, backend)
    expect(quality.imbalance).toMatchObject({
      largest: { label: 'many', rows: 58 },
      smallest: { label: 'one', rows: 1 },
      ratio: 58,
      rare: [
        { label: 'one', rows: 1, errors: 1 },
        { label: 'two', rows: 2, errors: 0 },
      ],
      singletons: 1,
      rareRows: 3,
      rareErrors: 1,
      otherRows: 58,
      otherErrors: 0,
    })
    expect(quality.imbalance.rareBelow).toBeCloseTo(61 / 30, 12)
    expect(figures.rare_class_share!.value).toBeCloseTo(2 / 3, 12)
  })
})

it('a class of exactly a tenth of an equal part is not rare', async () => {
  const points = [...Array.from({ length: 57 }, (_, row) => [row]), [1000], [2000], [2001]]
  const labels = [...Array<string>(57).fill('many'), 'one', 'two', 'two']
  const { quality, figures } = await evaluateRows({ points, labels }, backend)
  expect(quality.imbalance.rareBelow).toBe(2)
  expect(quality.imbalance.rare.map(({ label }) => label)).toEqual(['one'])
  expect(figures.rare_class_share!.value).toBeCloseTo(1 / 3, 12)
})

it('with a gallery, a class is rare by all of its rows, and its errors are of its queries', async () => {
  // 88 rows in 4 classes: rare is a class of fewer than 2.2. Of those of `two` one is a query.
  const gallery = [
    ...Array.from({ length: 40 }, (_, row) => ['x', row] as const),
    ['two', 999] as const,
  ]
  const queries = [
    ...Array.from({ length: 40 }, (_, row) => ['x', row + 0.4] as const),
    ['two', 5.3] as const,
    ...Array.from({ length: 3 }, (_, row) => ['y', row + 0.3] as const),
    ...Array.from({ length: 3 }, (_, row) => ['z', row + 0.2] as const),
  ]
  const all = [...gallery, ...queries]
  const split = all.map((_, row) => (row < gallery.length ? 'gallery' : 'query'))
  const { quality } = await evaluateRows(
    {
      points: all.map(([, x]) => [x]),
      labels: all.map(([label]) => label),
      columns: [text('split', split)],
    },
    backend,
  )
  expect(quality.imbalance.rareBelow).toBeCloseTo(2.2, 12)
  expect(quality.imbalance).toMatchObject({
    rare: [{ label: 'two', rows: 2, errors: 1 }],
    rareRows: 1,
    rareErrors: 1,
    otherRows: 46,
    otherErrors: 6,
  })
})

it('the share of contradicted labels is of all rows, judged or not', async () => {
  // Two lines of twelve, a row of b on the line of a, and a class of one.
  const line = Array.from({ length: 12 }, (_, row) => row)
  const points = [...line, ...line.map((x) => x + 100), 4.5, 500].map((x) => [x])
  const labels = [...line.map(() => 'a'), ...line.map(() => 'b'), 'b', 'c']
  const { quality, figures } = await evaluateRows({ points, labels }, backend)
  expect(quality.labelIssues).toMatchObject({ rows: [{ id: '24' }], unjudgedRows: 1 })
  expect(figures.label_issue_share!.value).toBeCloseTo(1 / 26, 12)
})

describe('data with nothing to tell', () => {
  const points = Array.from({ length: 30 }, (_, row) => [row, row % 7])

  it('of one class has no label issue, no conflict and no evenness', async () => {
    const { quality, figures } = await evaluateRows(
      { points, labels: points.map(() => 'a') },
      backend,
    )
    expect(quality.labelIssues).toEqual({ rows: [], unjudgedRows: 30 })
    expect(figures.label_issue_share!.value).toBeNull()
    expect(quality.imbalance).toMatchObject({ ratio: 1, evenness: null, rare: [] })
    expect(figures.class_evenness!.note).toBe('it takes two classes')
  })

  it('of a class for each row can’t be judged', async () => {
    const labels = points.map((_, row) => `c${row}`)
    const { quality } = await evaluateRows({ points, labels }, backend)
    expect(quality.labelIssues).toEqual({ rows: [], unjudgedRows: 30 })
    expect(quality.imbalance).toMatchObject({ ratio: 1, singletons: 30, rare: [] })
    expect(quality.imbalance.evenness).toBeCloseTo(1, 12)
  })

  it('of identical rows is one group, and contradicts no label', async () => {
    const same = points.map(() => [3, 4])
    const labels = same.map((_, row) => (row < 20 ? 'a' : 'b'))
    const { quality, figures } = await evaluateRows({ points: same, labels }, backend)
    expect(quality.nearDuplicates).toMatchObject({ threshold: 0, rows: 30, conflicts: 1 })
    expect(quality.nearDuplicates.groups).toHaveLength(1)
    expect(quality.labelIssues.rows).toEqual([])
    expect(figures.exact_duplicate_share!.value).toBe(1)
    expect(figures.duplicate_conflict_share!.value).toBe(1)
  })

  it('of 1,000 classes of two rows has labels that nobody can judge', async () => {
    const labels = Array.from({ length: 2000 }, (_, row) => `c${row >> 1}`)
    const many = labels.map((_, row) => [row >> 1, (row & 1) / 10])
    const { quality } = await evaluateRows({ points: many, labels }, backend)
    expect(quality.labelIssues).toEqual({ rows: [], unjudgedRows: 2000 })
    expect(quality.imbalance).toMatchObject({ classes: 1000, ratio: 1, rare: [] })
  })
})

/**
 * Eight queries q and ten rows of the gallery g on a line, five of a and five of b. Query 3 carries b
 * among rows of a; query 4 equals a row of the gallery; two rows of the gallery are equal.
 */
test('with a gallery, shares of data quality are of the queries, and nothing is asked about the gallery', async () => {
  const gallery = [0, 1, 2, 3, 3, 100, 101, 102, 103, 104]
  const queries = [0.4, 1.4, 2.4, 1.6, 3, 100.4, 101.4, 102.4]
  const columns: Column[] = [
    {
      name: 'split',
      type: 'text',
      values: [...gallery.map(() => 'gallery'), ...queries.map(() => 'query')],
    },
  ]
  const labels = [
    ...gallery.map((x) => (x < 50 ? 'a' : 'b')),
    ...queries.map((x, at) => (at === 3 || x > 50 ? 'b' : 'a')),
  ]
  const points = [...gallery, ...queries].map((x) => [x, 0])
  const { figures, quality, evaluatedRows } = await evaluateRows(
    { points, labels, columns },
    backend,
  )
  expect(evaluatedRows).toBe(8)
  // Query 4, but not the two rows of the gallery that it equals.
  expect(figures.exact_duplicate_share!.value).toBe(1 / 8)
  expect(figures.near_duplicate_share!.value).toBe(1 / 8)
  expect(quality.nearDuplicates.groups.map(({ rows }) => rows)).toEqual([['3', '4', '14']])
  expect(figures.duplicate_conflict_share!.value).toBe(0)
  // Five rows of a class in the gallery are too few to judge a label by.
  expect(quality.labelIssues.unjudgedRows).toBe(8)
  expect(figures.label_issue_share!.value).toBeNull()
  // 9 rows each, so no class is rare; query 3 is the one error, of the 8 rows that are asked about.
  expect(quality.imbalance).toMatchObject({
    largest: { rows: 9 },
    smallest: { rows: 9 },
    rareRows: 0,
    otherRows: 8,
    otherErrors: 1,
  })
})
