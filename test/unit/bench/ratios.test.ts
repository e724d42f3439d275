/** The bench's comparison of two sides: medians and what they are worth. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, medianRatio, remainingError } from '../../bench/ratios.mjs'

describe('the median', () => {
  it('is the one in the middle, whatever the order', () => {
    expect(median([5, 1, 4])).toBe(4)
    expect(median([9, 1, 5, 3, 2])).toBe(3)
    expect(median([7])).toBe(7)
  })

  it('is the mean of the two in the middle of an even count', () => {
    expect(median([4, 1, 10, 2])).toBe(3)
  })

  it('compares numbers, not their digits', () => {
    expect(median([10, 9, 100])).toBe(10)
  })

  it('has as many values below as above', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values)
        const below = values.filter((value) => value < middle).length
        expect(below).toBe(values.filter((value) => value > middle).length)
      }),
    )
  })

  it('needs a value', () => {
    expect(() => median([])).toThrow('no values')
  })
})

describe('a ratio', () => {
  it('is of the same round, so that a slow round of both says nothing', () => {
    expect(medianRatio([2, 20, 4], [1, 10, 2])).toBe(2)
    // The ratio of the medians is 3.
    expect(medianRatio([3, 8, 1], [3, 1, 1])).toBe(1)
  })

  it('needs as many rounds of both', () => {
    expect(() => medianRatio([1, 2], [1])).toThrow("2 rounds can't be compared with 1")
  })
})

describe('the error of the remaining time', () => {
  it('is none where progress is even', () => {
    const marks = [0.05, 0.1, 0.5, 0.9].map((fraction) => ({ fraction, seconds: 20 * fraction }))
    expect(remainingError(marks, 20)?.worst).toBeCloseTo(0, 12)
  })

  it('is relative to the time that did remain, at the first tenth and at worst', () => {
    // At a tenth: 9 s foretold of 11 s. At a half: 4 s foretold of 8 s.
    const marks = [
      { fraction: 0.1, seconds: 1 },
      { fraction: 0.5, seconds: 4 },
    ]
    const error = remainingError(marks, 12)
    expect(error?.first).toBeCloseTo(2 / 11, 12)
    expect(error?.worst).toBeCloseTo(1 / 2, 12)
  })

  it('leaves out the start and the end', () => {
    const marks = [
      { fraction: 0.05, seconds: 9 },
      { fraction: 0.95, seconds: 1 },
    ]
    expect(remainingError(marks, 10)).toBeNull()
  })
})
