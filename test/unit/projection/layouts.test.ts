import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import type { MapCoordinates, MapMethod } from '../../../lib/core/projection.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { measureSpace } from '../../../lib/metrics/structure/space.ts'
import { nearestNeighbors } from '../../../lib/neighbors/nearest-neighbors.ts'
import { neighborProbabilities, symmetric } from '../../../lib/projection/affinities.ts'
import { type Neighbors, tsneLayout } from '../../../lib/projection/layout-threads.ts'
import { alignedMaps, type MapOptions } from '../../../lib/projection/map.ts'
import { repel } from '../../../lib/projection/repulsion.ts'
import { buildTree, repulsionTree } from '../../../lib/projection/repulsion-tree.ts'
import { stratifiedSample } from '../../../lib/projection/sample.ts'
import { umapGraph } from '../../../lib/projection/umap-graph.ts'
import type { Backend } from '../../../lib/tensor/backend.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { backendProblem } from '../../backends.ts'
import { evaluateSample } from '../../evaluate-sample.ts'
import { missing } from '../../real-part.ts'

/** Made by test/oracles/maps.py with scikit-learn and umap-learn. */
const expected = JSON.parse(
  readFileSync(new URL('../../oracles/maps.json', import.meta.url), 'utf8'),
) as Record<
  string,
  {
    tsne: { trustworthiness: number; kl_divergence: number; affinities: number[][] }
    umap: { trustworthiness: number; edges: number[][] }
  }
>
const samples = Object.keys(expected)
const signal = new AbortController().signal

let backend: Backend
const evaluations = new Map<string, Evaluation>()
beforeAll(async () => {
  backend = await openBackend('wasm')
  for (const name of samples) {
    evaluations.set(name, await evaluateSample(`${name}.npz`, backend))
  }
})
afterAll(() => backend.close())

async function mapsOf(
  { dataset, neighborhood: { metric } }: Evaluation,
  methods: readonly MapMethod[],
  options: Partial<MapOptions> = {},
  by = backend,
) {
  const random = seededRandom
  return alignedMaps(dataset, metric, by, {
    signal,
    random,
    space: await measureSpace(dataset, { metric, backend: by, signal, random }),
    methods,
    findNeighbors: (input, k, progress) =>
      nearestNeighbors(input, { backend: by, metric, k, signal, progress }),
    progress: () => {},
    baseline: null,
    ...options,
  })
}

function neighborsOf({ dataset }: Evaluation, k: number): Promise<Neighbors> {
  const progress = () => {}
  return nearestNeighbors(dataset, { backend, metric: 'euclidean', k, signal, progress })
}

function affinitiesOf({ neighbors, distances, k }: Neighbors, rows: number) {
  const squares = distances.map((distance) => distance ** 2)
  const probabilities = new Float64Array(squares.length)
  neighborProbabilities(squares, k, 30, 0, rows, probabilities)
  return symmetric(neighbors, probabilities, rows, k)
}

describe.each(samples)('of %s', (name) => {
  const wanted = expected[name]!

  it('t-SNE is as trustworthy as scikit-learn’s, and fits the affinities as well', async () => {
    const evaluation = evaluations.get(name)!
    const { rows } = evaluation.dataset
    const found = await mapsOf(evaluation, ['tsne'])
    const [, figures] = found.projections
    expect(figures).toMatchObject({ method: 'tsne', rows, sampled: false })
    expect(figures!.trustworthiness).toBeGreaterThan(wanted.tsne.trustworthiness - 0.01)
    const { starts, columns, values } = affinitiesOf(await neighborsOf(evaluation, 90), rows)
    const { x, y } = found.maps[1]!
    const closeness = (i: number, j: number) =>
      1 / (1 + (x[i]! - x[j]!) ** 2 + (y[i]! - y[j]!) ** 2)
    let total = 0
    for (let i = 0; i < rows; i++) for (let j = 0; j < i; j++) total += 2 * closeness(i, j)
    let divergence = 0
    for (let i = 0; i < rows; i++) {
      for (let at = starts[i]!; at < starts[i + 1]!; at++) {
        const p = values[at]!
        if (p > 0) divergence += p * Math.log((p * total) / closeness(i, columns[at]!))
      }
    }
    expect(divergence).toBeLessThan(wanted.tsne.kl_divergence * 1.03)
  })

  it('UMAP is as trustworthy as umap-learn’s', async () => {
    const found = await mapsOf(evaluations.get(name)!, ['umap'])
    expect(found.projections[1]!.trustworthiness).toBeGreaterThan(
      wanted.umap.trustworthiness - 0.015,
    )
  })

  it('affinities are scikit-learn’s and the graph is umap-learn’s', async () => {
    const evaluation = evaluations.get(name)!
    const { rows } = evaluation.dataset
    const { starts, columns, values } = affinitiesOf(await neighborsOf(evaluation, 90), rows)
    for (const [i, j, value] of wanted.tsne.affinities) {
      const at = columns.indexOf(j!, starts[i!]!)
      expect(values[at]! / value!).toBeCloseTo(1, 3)
    }
    const near = await neighborsOf(evaluation, 14)
    const graph = umapGraph(near.neighbors, near.distances, rows, 14)
    const own = [...graph.from.keys()].filter((at) => graph.from[at] === 0)
    expect(own.length).toBe(wanted.umap.edges.length)
    for (const [, j, weight] of wanted.umap.edges) {
      const at = own.find((one) => graph.to[one] === j)!
      expect(graph.weights[at]).toBeCloseTo(weight!, 3)
    }
  })
})

describe('the repulsion', () => {
  const points = fc.array(
    fc.tuple(
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.double({ min: -50, max: 50, noNaN: true }),
    ),
    { minLength: 1, maxLength: 300 },
  )

  /** What all pairs do to each place of the tree: potential, force along x, and forces as lengths. */
  function ofAllPairs(x: Float64Array, y: Float64Array, order: Int32Array) {
    return [...order].map((i) => {
      let sum = 0
      let alongX = 0
      let size = 0
      for (let j = 0; j < x.length; j++) {
        if (j === i) continue
        const dx = x[i]! - x[j]!
        const dy = y[i]! - y[j]!
        const f = 1 / (1 + dx * dx + dy * dy)
        sum += f
        alongX -= 2 * f * f * dx
        size += 2 * f * f * Math.hypot(dx, dy)
      }
      return { sum, alongX, size }
    })
  }

  function ofTree(x: Float64Array, y: Float64Array) {
    const tree = repulsionTree(x.length)
    buildTree(tree, x, y)
    for (let part = 0; part < tree.counts[1]!; part++) repel(tree, part)
    return tree
  }

  it('of a tree is that of all pairs, whatever lies where', () => {
    fc.assert(
      fc.property(points, fc.constantFrom(1e-6, 1, 40), fc.boolean(), (list, scale, twice) => {
        const all = (twice ? [...list, ...list, [1e6, 0] as const] : list) as [number, number][]
        const x = Float64Array.from(all, ([value]) => value * scale)
        const y = Float64Array.from(all, ([, value]) => value * scale)
        const { order, potential, gradientX } = ofTree(x, y)
        expect([...order].sort((a, b) => a - b)).toEqual([...all.keys()])
        for (const [place, { sum, alongX, size }] of ofAllPairs(x, y, order).entries()) {
          expect(Math.abs(potential[place]! - sum)).toBeLessThanOrEqual(0.03 * sum + 1e-12)
          // At the edge of two boxes that just count as far apart a series to the second order has
          // 2(1 + 3·0.6 + 6·0.6²) of a force of 2 / (1 − 0.6)³: two thirds may be missing.
          expect(Math.abs(gradientX[place]! - alongX)).toBeLessThanOrEqual(0.7 * size + 1e-12)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is nearly exact where points are spread as on a map', () => {
    const random = seededRandom(3)
    const spread = () => Float64Array.from({ length: 2000 }, () => 60 * random())
    const [x, y] = [spread(), spread()]
    const { order, potential, gradientX } = ofTree(x, y)
    let force = 0
    let off = 0
    for (const [place, { sum, alongX }] of ofAllPairs(x, y, order).entries()) {
      expect(Math.abs(potential[place]! / sum - 1)).toBeLessThan(0.01)
      force += alongX ** 2
      off += (gradientX[place]! - alongX) ** 2
    }
    expect(Math.sqrt(off / force)).toBeLessThan(0.015)
  })
})

describe('points on one spot', () => {
  it('push as one, however many they are', () => {
    // 500 places next to each other, which no box can part, and a few points elsewhere.
    const next = 1e-6 + 2 ** -72
    const x = Float64Array.from({ length: 520 }, (_, at) => (at < 500 ? [1e-6, next][at % 2]! : at))
    const y = new Float64Array(520)
    const tree = repulsionTree(520)
    buildTree(tree, x, y)
    const { links, source, counts } = tree
    const spots = Array.from({ length: counts[0]! }, (_, node) => node).filter(
      (node) => links[node * 3 + 2] === 0 && links[node * 3 + 1]! - links[node * 3]! > 16,
    )
    expect(spots.map((node) => source[node * 7 + 3])).toEqual([0])
    for (let part = 0; part < counts[1]!; part++) repel(tree, part)
    for (const [place, potential] of tree.potential.entries()) {
      const i = tree.order[place]!
      let sum = -1
      for (let j = 0; j < 520; j++) sum += 1 / (1 + (x[i]! - x[j]!) ** 2)
      expect(potential / sum).toBeCloseTo(1, 3)
    }
  })
})

describe('rows without structure', () => {
  const random = seededRandom(4)
  const [rows, dimensions] = [1000, 64]
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const vectors = Float32Array.from({ length: rows * dimensions }, normal)

  it('are spread over the map, on any number of threads', async () => {
    const near = await nearestNeighbors(
      { vectors, rows, dimensions },
      { backend, metric: 'cosine', k: 90, signal, progress: () => {} },
    )
    const start = {
      x: Float64Array.from({ length: rows }, () => 1e-4 * normal()),
      y: Float64Array.from({ length: rows }, () => 1e-4 * normal()),
    }
    const layoutWith = (threads: number) =>
      tsneLayout(near, near.distances, start, 30, { signal, progress: () => {}, threads })
    const one = await layoutWith(1)
    // scikit-learn’s t-SNE of such rows is some tens wide.
    expect(Math.max(...one.x) - Math.min(...one.x)).toBeGreaterThan(10)
    expect(await layoutWith(2)).toEqual(one)
  })
})

describe('the same rows', () => {
  const tfjs = missing('tfjs-node', backendProblem('tfjs-node'))

  it('give the same picture on any number of threads', async () => {
    const evaluation = evaluations.get('digits/nca-16-small')!
    const near = await neighborsOf(evaluation, 90)
    const squares = near.distances.map((distance) => distance ** 2)
    const random = seededRandom(1)
    const values = () => Float64Array.from({ length: evaluation.dataset.rows }, () => random())
    const start = { x: values(), y: values() }
    const layoutWith = (threads: number) =>
      tsneLayout(near, squares, start, 30, { signal, progress: () => {}, threads })
    const one = await layoutWith(1)
    expect(await layoutWith(2)).toEqual(one)
    expect(await layoutWith(1)).toEqual(one)
  })

  it.skipIf(tfjs)('give the same layouts on both backends', async () => {
    const evaluation = evaluations.get('digits/nca-32')!
    const other = await openBackend('tfjs-node')
    try {
      const first = await mapsOf(evaluation, ['tsne', 'umap'])
      const second = await mapsOf(evaluation, ['tsne', 'umap'], {}, other)
      expect(second.maps.slice(1)).toEqual(first.maps.slice(1))
    } finally {
      await other.close()
    }
  })
})

describe('a run with a baseline', () => {
  it('keeps its rows where the baseline’s map has them', async () => {
    const evaluation = evaluations.get('digits/nca-32')!
    const before = await mapsOf(evaluation, ['tsne', 'umap'])
    const rowOf = Int32Array.from({ length: evaluation.dataset.rows }, (_, row) =>
      row % 10 === 0 ? -1 : row,
    )
    const turned = (map: MapCoordinates) => ({
      ...map,
      x: map.y.map((value) => -value),
      y: map.x.slice(),
    })
    const maps = before.maps.map(turned)
    const after = await mapsOf(evaluation, ['tsne', 'umap'], {
      baseline: { run: 'earlier', maps, rowOf },
    })
    for (const [at, map] of after.maps.entries()) {
      expect(after.projections[at]!.alignedTo).toBe('earlier')
      expect(correlation(map.x, maps[at]!.x)).toBeGreaterThan(0.9)
      expect(correlation(map.y, maps[at]!.y)).toBeGreaterThan(0.9)
    }
  })
})

describe('odd rows', () => {
  /** In a plane of four dimensions, unless they are to be two. */
  const of = async (
    plane: Float32Array,
    rows: number,
    methods: readonly MapMethod[] | null,
    dimensions = 4,
  ) => {
    const vectors = new Float32Array(rows * dimensions)
    for (const [at, value] of plane.entries()) vectors[(at >> 1) * dimensions + (at % 2)] = value
    const dataset = { vectors, rows, dimensions, labels: new Int32Array(rows) }
    const random = seededRandom
    const metric = 'euclidean'
    const asked: number[] = []
    const maps = await alignedMaps(dataset as never, metric, backend, {
      signal,
      random,
      space: await measureSpace(dataset as never, { metric, backend, signal, random }),
      methods,
      findNeighbors: (input, k, progress) => {
        asked.push(input.rows)
        return nearestNeighbors(input, { backend, metric: 'euclidean', k, signal, progress })
      },
      progress: () => {},
      baseline: null,
    })
    return { ...maps, asked }
  }

  it('are all laid out: equal ones, one far away, and just enough', async () => {
    const equal = new Float32Array(80).fill(3)
    const far = Float32Array.from({ length: 80 }, (_, at) => (at === 0 ? 1e20 : Math.sin(at)))
    for (const vectors of [equal, far, far.subarray(0, 20)]) {
      const { maps } = await of(vectors, vectors.length / 2, ['tsne', 'umap'])
      expect(maps.map(({ method }) => method)).toEqual(['pca', 'tsne', 'umap'])
      for (const { x, y } of maps) expect([...x, ...y].every(Number.isFinite)).toBe(true)
    }
  })

  it('that are equal are laid out once, on one spot', async () => {
    // 30 places, each of them 20 times and in turn.
    const vectors = Float32Array.from({ length: 1200 }, (_, at) =>
      Math.sin(1 + (at % 2) + 2 * ((at >> 1) % 30)),
    )
    const { maps, asked, projections } = await of(vectors, 600, ['tsne', 'umap'])
    expect(asked).toEqual([30])
    for (const { x, y } of maps.slice(1)) {
      expect(new Set(Array.from(x, (value, row) => `${value} ${y[row]}`)).size).toBe(30)
      expect([...x].every((value, row) => value === x[row % 30])).toBe(true)
    }
    // A third of the 30 rows that are laid out, less one.
    expect(projections[1]!.parameters.perplexity).toBeCloseTo(29 / 3, 12)
    expect(projections[1]!.rows).toBe(600)
  })

  it('are left to the principal plane where they are too few', async () => {
    const { projections } = await of(Float32Array.of(0, 1, 2, 3, 4, 5), 3, null)
    expect(projections.map(({ method }) => method)).toEqual(['pca'])
  })

  it.each([1, 2, 3, 4])(
    'of %i dimensions show their principal plane only where that is not the vectors',
    async (dimensions) => {
      const plane = Float32Array.from({ length: 40 }, (_, at) => Math.sin(at))
      const { maps, x, y, projections } = await of(plane, 20, ['tsne'], dimensions)
      const shown = dimensions > 3 ? ['pca', 'tsne'] : ['tsne']
      expect(maps.map(({ method }) => method)).toEqual(shown)
      expect(projections.map(({ method }) => method)).toEqual(shown)
      expect([...x, ...y].every(Number.isNaN)).toBe(dimensions <= 3)
    },
  )

  it('stop being laid out when the evaluation is cancelled', async () => {
    const near = await neighborsOf(evaluations.get('digits/nca-32')!, 90)
    const controller = new AbortController()
    const start = { x: near.distances.slice(0, 899), y: near.distances.slice(899, 1798) }
    const progress = () => controller.abort()
    const options = { signal: controller.signal, progress }
    await expect(tsneLayout(near, near.distances, start, 30, options)).rejects.toThrow(/stopped/)
  })
})

describe('a sample', () => {
  it('has every class in its share, in row order, and repeats', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(6), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 7, max: 400 }),
        (list, most) => {
          const names = [...new Set(list)]
          const labels = Int32Array.from(list, (label) => names.indexOf(label))
          const drawn = stratifiedSample(labels, most, seededRandom(42))
          expect(drawn.length).toBe(Math.min(most, list.length))
          expect([...new Set(drawn)].sort((a, b) => a - b)).toEqual([...drawn])
          expect(stratifiedSample(labels, most, seededRandom(42))).toEqual(drawn)
          for (const label of names.keys()) {
            const size = labels.filter((one) => one === label).length
            const share = (size * drawn.length) / list.length
            const count = drawn.filter((row) => labels[row] === label).length
            expect(count).toBeGreaterThanOrEqual(Math.min(size, Math.max(1, Math.floor(share) - 6)))
            expect(count).toBeLessThanOrEqual(Math.max(1, Math.ceil(share)))
          }
        },
      ),
    )
  })
})

function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array) =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  let ab = 0
  let aa = 0
  let bb = 0
  for (let at = 0; at < a.length; at++) {
    ab += (a[at]! - ma) * (b[at]! - mb)
    aa += (a[at]! - ma) ** 2
    bb += (b[at]! - mb) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}
