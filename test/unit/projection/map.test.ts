import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dataset } from '../../../lib/core/dataset.ts'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { measureSpace } from '../../../lib/metrics/structure/space.ts'
import { alignTo } from '../../../lib/projection/align.ts'
import { alignedMaps } from '../../../lib/projection/map.ts'
import { principalPlane } from '../../../lib/projection/pca.ts'
import { trustworthiness } from '../../../lib/projection/trustworthiness.ts'
import type { Backend } from '../../../lib/tensor/backend.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { backendProblem } from '../../backends.ts'
import { evaluateSample } from '../../evaluate-sample.ts'
import { missing } from '../../real-part.ts'

/** Made by test/oracles/projection.py with scikit-learn. */
const expected = JSON.parse(
  readFileSync(new URL('../../oracles/projection.json', import.meta.url), 'utf8'),
)

describe.each(['wasm', 'tfjs-node'] as const)('the map on %s', (name) => {
  const skip = missing(name, backendProblem(name))
  let backend: Backend
  beforeAll(async () => {
    if (!skip) backend = await openBackend(name)
  })
  afterAll(() => backend?.close())

  it.skipIf(skip).each(Object.keys(expected).filter((run) => run !== 'wide'))(
    'of %s is scikit-learn’s',
    async (run) => {
      const found = await mapOf(await evaluateSample(`${run}.npz`, backend))
      const wanted = expected[run]
      for (const axis of [0, 1]) {
        expect(found.projection.explained[axis]).toBeCloseTo(wanted.explained[axis], 5)
        for (const [row, point] of wanted.first_rows.entries()) {
          expect((axis === 0 ? found.x : found.y)[row]).toBeCloseTo(point[axis], 4)
        }
      }
      expect(found.projection.trustworthiness).toBeCloseTo(wanted.trustworthiness, 3)
      expect(found.projection.trustworthinessRows).toBe(899)
    },
  )

  it.skipIf(skip)('is found with fewer rows than dimensions', async () => {
    const rows = 30
    const dimensions = 80
    const vectors = Float32Array.from({ length: rows * dimensions }, (_, at) => {
      const [i, d] = [Math.floor(at / dimensions), at % dimensions]
      return Math.sin((i + 1) * (d + 1)) * ((d % 7) + 1)
    })
    const plane = principalPlane(
      await measureSpace({ vectors, rows, dimensions } as Dataset, {
        metric: 'euclidean',
        backend,
        signal: new AbortController().signal,
        random: seededRandom,
      }),
    )
    expect(plane.explained[0]).toBeCloseTo(expected.wide.explained[0], 4)
    expect(plane.explained[1]).toBeCloseTo(expected.wide.explained[1], 4)
  })

  it.skipIf(skip)('is trusted as far as scikit-learn trusts it, of few rows as well', async () => {
    const rows = [...Array(30).keys()]
    const values = Float32Array.from({ length: 150 }, (_, at) =>
      Math.sin(7 * (Math.floor(at / 5) + 1) * ((at % 5) + 1)),
    )
    const map = {
      x: Float32Array.from(rows, (row) => Math.cos(5 * (row + 1))),
      y: Float32Array.from(rows, (row) => Math.cos(3 * (row + 1) ** 2)),
    }
    const centred = { values, rows: 30, dimensions: 5 }
    const { signal } = new AbortController()
    const [found] = await trustworthiness(centred, rows, [map], backend, signal)
    // sklearn.manifold.trustworthiness(x, map, n_neighbors=10)
    expect(found).toBeCloseTo(0.5404597701149425, 9)
  })

  async function mapOf({ dataset, neighborhood: { metric } }: Evaluation) {
    const options = { signal: new AbortController().signal, random: seededRandom }
    return alignedMaps(dataset, metric, backend, {
      ...options,
      space: await measureSpace(dataset, { ...options, metric, backend }),
      methods: ['pca'],
      findNeighbors: () => Promise.reject(new Error('the principal plane needs no neighbours')),
      progress: () => {},
      baseline: null,
    })
  }
})

describe('alignment', () => {
  const coordinates = fc.array(
    fc.tuple(
      fc.double({ min: -9, max: 9, noNaN: true }),
      fc.double({ min: -9, max: 9, noNaN: true }),
    ),
    { minLength: 3, maxLength: 20 },
  )

  it('undoes any turn, mirror image and shift', () => {
    fc.assert(
      fc.property(
        coordinates,
        fc.double({ min: 0, max: 6, noNaN: true }),
        fc.boolean(),
        (points, angle, mirror) => {
          const mean = (axis: 0 | 1) =>
            points.reduce((sum, point) => sum + point[axis], 0) / points.length
          const target = {
            x: points.map(([x]) => x - mean(0)),
            y: points.map(([, y]) => y - mean(1)),
          }
          const moved = {
            x: points.map(([x, y]) => Math.cos(angle) * x - Math.sin(angle) * y + 3),
            y: points.map(
              ([x, y]) => (mirror ? -1 : 1) * (Math.sin(angle) * x + Math.cos(angle) * y) - 5,
            ),
          }
          const aligned = alignTo(
            moved,
            target,
            points.map((_, i) => [i, i] as const),
          )
          const spread = Math.max(...target.x.map(Math.abs), ...target.y.map(Math.abs))
          fc.pre(spread > 0.01)
          for (const i of points.keys()) {
            expect(aligned!.x[i]).toBeCloseTo(target.x[i]!, 3)
            expect(aligned!.y[i]).toBeCloseTo(target.y[i]!, 3)
          }
        },
      ),
    )
  })

  it('needs two rows in common', () => {
    expect(alignTo({ x: [1, 2], y: [0, 1] }, { x: [1], y: [0] }, [[0, 0]])).toBeNull()
  })
})
