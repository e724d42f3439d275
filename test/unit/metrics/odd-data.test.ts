/** Figures on data that a careless implementation gets wrong, against direct arithmetic. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { assembleDataset } from '../../../lib/dataset/assemble.ts'
import { evaluate } from '../../../lib/metrics/evaluate.ts'
import { measureSpace } from '../../../lib/metrics/structure/space.ts'
import { selfJoin } from '../../../lib/neighbors/self-join.ts'
import type { Backend } from '../../../lib/tensor/backend.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { UNTRIED } from '../../untried.ts'

let backend: Backend
beforeAll(async () => {
  backend = await openBackend('wasm')
})
afterAll(() => backend.close())

async function figuresOf(
  points: readonly (readonly number[])[],
  labels: readonly string[],
  listBytes?: number,
) {
  const manifest = parseManifest(null, 'nearmiss.yaml')
  const dimensions = points[0]!.length
  const vectors = { values: Float32Array.from(points.flat()), rows: points.length, dimensions }
  const table = {
    source: 'test',
    vectors,
    columns: [{ name: 'label', type: 'text' as const, values: labels }],
    rows: points.length,
    warnings: [],
  }
  const assembly = assembleDataset({ vectors: table, labels: null, metadata: null }, manifest)
  if ('issues' in assembly) throw new Error(JSON.stringify(assembly.issues))
  const { dataset } = assembly
  const neighborhood = await selfJoin(
    { ...dataset, classes: dataset.classes.length },
    {
      backend,
      metric: 'euclidean',
      k: 10,
      signal: new AbortController().signal,
      progress: () => {},
      ...(listBytes === undefined ? {} : { listBytes }),
    },
  )
  const space = await measureSpace(dataset, {
    metric: 'euclidean',
    backend,
    signal: new AbortController().signal,
    random: seededRandom,
  })
  return evaluate({
    dataset,
    neighborhood,
    manifest,
    space,
    tradeOff: UNTRIED,
    random: seededRandom,
  })
}

const apart = (a: readonly number[], b: readonly number[]) =>
  Math.hypot(...a.map((value, d) => value - b[d]!))

describe('one row very far from all others', () => {
  it('changes no figure of the others beyond its own part', async () => {
    const random = seededRandom(11)
    const labels = Array.from({ length: 200 }, (_, i) => `class ${i % 4}`)
    const points = labels.map((_, i) => [i % 4, 0, 0, 0].map((centre) => centre + 0.4 * random()))
    points[17] = [1e6, 0, 0, 0]
    const { figures, classes } = await figuresOf(points, labels)
    const same: number[] = []
    const other: number[] = []
    for (const [i, a] of points.entries()) {
      for (const [j, b] of points.entries())
        if (j < i) (labels[i] === labels[j] ? same : other).push(apart(a, b))
    }
    let wins = 0
    for (const s of same) for (const o of other) wins += s < o ? 1 : s === o ? 0.5 : 0
    expect(figures.verification_auc!.value).toBeCloseTo(wins / (same.length * other.length), 4)
    const silhouettes = points.map((a, i) => {
      const mean = (label: string) => {
        const rows = points.filter((_, j) => j !== i && labels[j] === label)
        return rows.reduce((sum, b) => sum + apart(a, b), 0) / rows.length
      }
      const within = mean(labels[i]!)
      const between = Math.min(...[...new Set(labels)].filter((l) => l !== labels[i]).map(mean))
      return (between - within) / Math.max(within, between)
    })
    const silhouette = silhouettes.reduce((sum, value) => sum + value, 0) / silhouettes.length
    expect(figures.silhouette!.value).toBeCloseTo(silhouette, 4)
    const rows = points.filter((_, i) => labels[i] === 'class 0')
    const sums = rows.flatMap((a, i) => rows.slice(i + 1).map((b) => apart(a, b)))
    expect(classes[0]!.intraClassDistance).toBeCloseTo(
      sums.reduce((a, b) => a + b, 0) / sums.length,
      4,
    )
  })
})

it('a prediction margin is exact where all neighbours that are kept are of one class', async () => {
  // One b among sixty a; c is the nearest that isn't a, farther than the ranking goes.
  const points = Array.from({ length: 60 }, (_, i) => [0.001 * i, 0])
  const labels = points.map(() => 'a')
  points.push([0.0305, 0.01], [5, 0], [10, 0], [5.2, 0])
  labels.push('b', 'c', 'b', 'c')
  const { rows, figures } = await figuresOf(points, labels, 0)
  const nearest = Math.min(...points.slice(0, 60).map((a) => apart(a, points[60]!)))
  expect(rows.predictionMargin[60]).toBeCloseTo(apart(points[60]!, points[61]!) - nearest, 5)
  expect(figures.r_precision!.exactness).toBe('exact')
})

it('ties that change a label are counted however many rows are equal', async () => {
  const points = Array.from({ length: 60 }, () => [1, 2])
  const { confusion, duplicates } = await figuresOf(
    points,
    points.map((_, i) => (i < 40 ? 'a' : 'b')),
  )
  expect(confusion.labelChangingTies).toBe(60)
  expect(duplicates.groups).toMatchObject([{ conflict: true }])
})

it('a row far from a class of equal rows is its outlier', async () => {
  const points = Array.from({ length: 60 }, (_, i) => (i < 30 ? [0, 0] : [9, 9]))
  points.push([200, 0])
  const labels = points.map((_, i) => (i < 30 || i === 60 ? 'a' : 'b'))
  const { outliers } = await figuresOf(points, labels)
  expect(outliers.map(({ id }) => id)).toEqual(['60'])
})

it('a class larger than the list of neighbours has its MAP@R all the same', async () => {
  const random = seededRandom(3)
  const points = Array.from({ length: 90 }, () => [random(), random()])
  const { classes } = await figuresOf(
    points,
    points.map((_, i) => (i < 80 ? 'large' : 'small')),
    0,
  )
  expect(classes.map(({ label, mapAtR }) => [label, mapAtR === null])).toEqual([
    ['large', false],
    ['small', false],
  ])
})
