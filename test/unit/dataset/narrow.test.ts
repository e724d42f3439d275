/** Double precision to float32: what is taken away first, what is told, and what is refused. */

import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isZeroRow } from '../../../lib/core/dataset.ts'
import { sharedFloat32 } from '../../../lib/core/shared-memory.ts'
import { narrow } from '../../../lib/dataset/narrow.ts'

function narrowed(
  rows: readonly (readonly number[])[],
  metric: 'euclidean' | 'cosine' = 'euclidean',
  Values: typeof Float64Array | typeof Float32Array = Float64Array,
) {
  const dimensions = rows[0]!.length
  const kept = Int32Array.from(rows.keys())
  const vectors = { values: Values.from(rows.flat()), rows: rows.length, dimensions }
  return narrow(vectors, kept, metric, 'a.npz')
}

function accepted(...args: Parameters<typeof narrowed>) {
  const result = narrowed(...args)
  if ('issues' in result) throw new Error(JSON.stringify(result.issues))
  return result
}

function refused(...args: Parameters<typeof narrowed>) {
  const result = narrowed(...args)
  if (!('issues' in result)) throw new Error('it was accepted')
  return result.issues[0]!
}

const grid = (offset: number, step = 1) =>
  Array.from({ length: 9 }, (_, at) => [
    offset + step * (at % 3),
    offset + step * Math.floor(at / 3),
  ])

describe('with Euclidean distance', () => {
  test.each([1e8, 2 ** 40, -1e15])('what lies %d from zero keeps its distances', (offset) => {
    const { vectors, narrowing } = accepted(grid(offset, 8))
    // The middle is the fifth of nine, of rows and of columns.
    expect([...narrowing!.origin!]).toEqual([offset + 8, offset + 8])
    expect([...vectors]).toEqual(grid(-8, 8).flat())
    expect([...narrowing!.moved]).toEqual(Array(9).fill(0))
  })

  it('one far dimension is enough, and the others stay', () => {
    const rows = grid(0).map(([x, y]) => [x! - 1, 1e9 + y!])
    const { vectors, narrowing } = accepted(rows)
    expect([...narrowing!.origin!]).toEqual([0, 1e9 + 1])
    expect([...vectors]).toEqual(grid(-1).flat())
  })

  it('a few rows that lie far off decide nothing', () => {
    const rows = [...grid(1e8), [1e30, 1e30], [-1e30, 5]]
    expect([...accepted(rows).narrowing!.origin!].every((middle) => middle > 9e7)).toBe(true)
    const { vectors } = accepted(rows)
    expect([...vectors.subarray(0, 18)].every((value) => Math.abs(value) <= 2)).toBe(true)
  })

  it('rows near zero stay where they are', () => {
    const rows = grid(1, 1 / 3)
    const { vectors, narrowing } = accepted(rows)
    expect(narrowing!.origin).toBeNull()
    expect([...vectors]).toEqual(rows.flat().map(Math.fround))
  })

  it('64 times its deviation from zero is near, and more is far', () => {
    // Middle m, and deviations of 0 (three), 1 (six) from it: 1.
    expect(accepted(grid(63, 1)).narrowing).toBeUndefined()
    expect([...accepted(grid(64, 1)).narrowing!.origin!]).toEqual([65, 65])
  })

  it('a constant dimension is taken away only where its rounding would matter', () => {
    const rows = (constant: number) => grid(0).map((row) => [...row, constant])
    expect(accepted(rows(0.7)).narrowing!.origin).toBeNull()
    expect([...accepted(rows(1e9 + 0.7)).narrowing!.origin!]).toEqual([0, 0, 1e9 + 0.7])
  })

  it('the order of the rows decides nothing', () => {
    const order = fc.shuffledSubarray([...Array(9).keys()], { minLength: 9 })
    const rows = grid(1e8, 0.1)
    const wanted = accepted(rows)
    fc.assert(
      fc.property(order, (places) => {
        const { vectors, narrowing } = accepted(places.map((place) => rows[place]!))
        expect(narrowing!.origin).toEqual(wanted.narrowing!.origin)
        for (const [at, place] of places.entries()) {
          expect(vectors.subarray(2 * at, 2 * at + 2)).toEqual(
            wanted.vectors.subarray(2 * place, 2 * place + 2),
          )
        }
      }),
      { numRuns: 20 },
    )
  })

  it('of a row of zeros it is still known that it was one', () => {
    const rows = [...grid(1e8), [0, 0]]
    const { vectors, narrowing } = accepted(rows)
    const isZero = rows.map((_, row) =>
      isZeroRow({ vectors, dimensions: 2, narrowing: narrowing! }, row),
    )
    expect(isZero).toEqual([...Array(9).fill(false), true])
  })
})

it('with cosine distance nothing is taken away, and what rounding moved is measured', () => {
  const { vectors, narrowing } = accepted(
    [
      [1e8 + 1, 0],
      [0, 0.1],
      [3, 4],
      [0, 0],
    ],
    'cosine',
  )
  expect(narrowing!.origin).toBeNull()
  expect([...vectors]).toEqual([1e8, 0, 0, Math.fround(0.1), 3, 4, 0, 0])
  // float32 near 1e8 has steps of 8, and 0.1 is 1.5e-9 less than the float32 next to it.
  expect([...narrowing!.moved].map((by) => by.toPrecision(3))).toEqual([
    '1.00e-8',
    '1.49e-8',
    '0.00',
    '0.00',
  ])
})

it('float32 is taken as it is, wherever it lies', () => {
  const rows = grid(4096, 0.5)
  const { vectors, narrowing, warnings } = accepted(rows, 'euclidean', Float32Array)
  expect([...vectors]).toEqual(rows.flat())
  expect(narrowing).toBeUndefined()
  expect(warnings).toEqual([])
})

describe('what float32 cannot hold', () => {
  test.each(['euclidean', 'cosine'] as const)('too large is refused, %s', (metric) => {
    const { code, message, hint } = refused([...grid(0), [1e39, 0], [1, -2e39]], metric)
    expect(code).toBe('vectors-too-large')
    expect(message).toContain('2 of 11 rows have values that are too large for float32')
    expect(message).toContain('up to 2.00e+39')
    expect(message).toContain('rows 9 and 10, counted from 0')
    expect(hint).toContain('scale')
  })

  it('the largest float32 is not', () => {
    expect(accepted([...grid(0), [3.4028234663852886e38, 0]]).vectors[18]).toBe(
      3.4028234663852886e38,
    )
    expect(refused([...grid(0), [3.4028236e38, 0]]).code).toBe('vectors-too-large')
  })

  it('rows that are far off together are not too large for that', () => {
    const rows = grid(0).map((row) => row.map((value) => 1e39 + value * 1e25))
    expect('vectors' in narrowed(rows)).toBe(true)
    expect(refused(rows, 'cosine').code).toBe('vectors-too-large')
  })

  it('too small is told, and refused where it is most rows', () => {
    const tiny = (count: number) =>
      Array.from({ length: count }, (_, at) => [1e-50 * (at + 1), 1e-60])
    const { warnings, vectors } = accepted([...grid(0), ...tiny(2)])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]!.message).toContain('2 of 11 rows are too small for float32')
    expect(warnings[0]!.message).toContain('rows 9 and 10, counted from 0')
    expect([...vectors.subarray(18)]).toEqual([0, 0, 0, 0])
    const issue = refused(tiny(12))
    expect(issue.code).toBe('vectors-too-small')
    expect(issue.message).toContain('12 of 12 rows are too small for float32')
    // Half of them are not most.
    expect(accepted([...grid(0), ...tiny(9)]).warnings[0]!.message).toContain('9 of 18')
    expect(refused([...grid(0), ...tiny(10)]).code).toBe('vectors-too-small')
  })

  it('a row of zeros is no loss', () => {
    expect(accepted([...grid(0), [0, 0]]).warnings).toEqual([])
  })
})

test('rows in float32 on shared memory stay where they are, and the kept ones move together', () => {
  const values = sharedFloat32(8)
  values.set([1, 2, 3, 4, 5, 6, 7, 8])
  const result = narrow({ values, rows: 4, dimensions: 2 }, Int32Array.of(0, 2, 3), 'cosine', 'a')
  if ('issues' in result) throw new Error(JSON.stringify(result.issues))
  expect(result.vectors.buffer).toBe(values.buffer)
  expect([...result.vectors]).toEqual([1, 2, 5, 6, 7, 8])
})
