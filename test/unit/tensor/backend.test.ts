import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Backend, Matrix, Tile } from '../../../lib/tensor/backend.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { backendProblem } from '../../backends.ts'
import { missing } from '../../real-part.ts'

function randomMatrix(rows: number, dimensions: number, seed: number): Matrix {
  const random = seededRandom(seed)
  return {
    values: Float32Array.from({ length: rows * dimensions }, () => random() - 0.5),
    rows,
    dimensions,
  }
}

const valueAt = ({ values, rows, dimensions, byDimension }: Matrix, row: number, d: number) =>
  values[byDimension ? d * rows + row : row * dimensions + d]!

/** Double-precision products, straight from the definition. */
function expected(left: Matrix, right: Matrix, tile: Tile): number[] {
  const products: number[] = []
  for (let i = tile.leftStart; i < tile.leftEnd; i++) {
    for (let j = tile.rightStart; j < tile.rightEnd; j++) {
      let sum = 0
      for (let d = tile.from ?? 0; d < (tile.to ?? left.dimensions); d++) {
        sum += valueAt(left, i, d) * valueAt(right, j, d)
      }
      products.push(sum)
    }
  }
  return products
}

describe.each(['wasm', 'tfjs-node'] as const)('%s', (name) => {
  const skip = missing(name, backendProblem(name))
  let backend: Backend
  beforeAll(async () => {
    if (!skip) backend = await openBackend(name)
  })
  afterAll(() => backend?.close())

  it.skipIf(skip).each([
    ['row by row', false, false],
    ['dimension by dimension', true, true],
    ['either way', true, false],
    ['the other way', false, true],
  ])(
    'multiplies tiles of two matrices that lie %s, in order and to float32 precision',
    async (_how, leftByDimension, rightByDimension) => {
      const left = { ...randomMatrix(37, 19, 1), byDimension: leftByDimension }
      const right = { ...randomMatrix(23, 19, 2), byDimension: rightByDimension }
      const tiles: Tile[] = []
      for (const [leftStart, leftEnd] of [
        [0, 16],
        [16, 37],
      ] as const) {
        for (const [rightStart, rightEnd] of [
          [0, 1],
          [1, 20],
          [20, 23],
        ] as const) {
          tiles.push({ leftStart, leftEnd, rightStart, rightEnd })
          tiles.push({ leftStart, leftEnd, rightStart, rightEnd, from: 0, to: 7 })
          tiles.push({ leftStart, leftEnd, rightStart, rightEnd, from: 7, to: 19 })
        }
      }
      let index = 0
      for await (const values of backend.products(left, right, tiles)) {
        const wanted = expected(left, right, tiles[index]!)
        expect(values.length).toBe(wanted.length)
        for (const [at, value] of wanted.entries()) expect(values[at]).toBeCloseTo(value, 5)
        index++
      }
      expect(index).toBe(tiles.length)
    },
  )

  it.skipIf(skip)('can be left early and used again', async () => {
    const matrix = randomMatrix(40, 8, 3)
    const tiles = Array.from({ length: 10 }, (_, i) => ({
      leftStart: i * 4,
      leftEnd: i * 4 + 4,
      rightStart: 0,
      rightEnd: 40,
    }))
    for await (const values of backend.products(matrix, matrix, tiles)) {
      expect(values.length).toBe(160)
      break
    }
    let count = 0
    for await (const _ of backend.products(matrix, matrix, tiles)) count++
    expect(count).toBe(10)
  })

  it.skipIf(skip)('says what it is', () => {
    expect(backend.name).toBe(name)
    expect(backend.version).toMatch(/^4\./)
    expect(backend.threads).toBeGreaterThan(0)
  })
})

it('names the backend and the remedy where a build does not load', async () => {
  const problem = backendProblem('tfjs-node-gpu')
  if (problem === null)
    return expect((await openBackend('tfjs-node-gpu')).name).toBe('tfjs-node-gpu')
  await expect(openBackend('tfjs-node-gpu')).rejects.toMatchObject({
    code: 'backend-unavailable',
    exitCode: 64,
  })
})
