import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { symmetricEigen } from '../../../lib/stats/symmetric-eigen.ts'

describe('the eigenvalues of a symmetric matrix', () => {
  const entry = fc.integer({ min: -9999, max: 9999 }).map((value) => value / 1000)
  it('make each vector longer by their own factor, at right angles to the others', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 9 })
          .chain((size) =>
            fc.tuple(
              fc.constant(size),
              fc.array(entry, { minLength: size * size, maxLength: size * size }),
              fc.boolean(),
            ),
          ),
        ([size, entries, rankOne]) => {
          const at = (i: number, j: number) =>
            rankOne ? entries[i]! * entries[j]! : entries[Math.max(i, j) * size + Math.min(i, j)]!
          const matrix = Float64Array.from({ length: size * size }, (_, k) =>
            at(Math.floor(k / size), k % size),
          )
          const { values, vectors } = symmetricEigen(matrix, size, size)
          const scale = Math.max(1, ...matrix.map(Math.abs))
          let trace = 0
          for (let i = 0; i < size; i++) trace += at(i, i)
          expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 8)
          for (const [k, vector] of vectors.entries()) {
            if (k > 0) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!)
            for (let i = 0; i < size; i++) {
              let image = 0
              for (let j = 0; j < size; j++) image += at(i, j) * vector[j]!
              expect(Math.abs(image - values[k]! * vector[i]!)).toBeLessThan(1e-9 * scale * size)
            }
            for (const [m, other] of vectors.entries()) {
              const product = other.reduce((sum, value, i) => sum + value * vector[i]!, 0)
              expect(Math.abs(product - Number(m === k))).toBeLessThan(1e-9)
            }
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})
