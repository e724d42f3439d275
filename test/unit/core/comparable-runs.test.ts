/** Which runs belong on one line. */

import { describe, expect, test } from 'vitest'
import { rowSketch, sharedRows, whyApart } from '../../../lib/core/comparable-runs.ts'

const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `row-${from + at}`)
const sketch = (ids: readonly string[], label = 'a') =>
  rowSketch(
    ids,
    ids.map(() => label),
  )

describe('the sketch of a run’s rows', () => {
  test('is the same in any order, and does not grow', () => {
    const ids = rows(0, 5000)
    expect(sketch([...ids].reverse())).toBe(sketch(ids))
    expect(sketch(ids)).toHaveLength(512)
    expect(sketch(rows(0, 3))).toHaveLength(24)
  })

  test('tells the share of common rows to a few points', () => {
    const all = sketch(rows(0, 4000))
    expect(sharedRows(all, all)).toBe(1)
    expect(sharedRows(all, sketch(rows(4000, 8000)))).toBe(0)
    // 3,000 of 5,000 rows are in both.
    expect(Math.abs(sharedRows(all, sketch(rows(1000, 5000))) - 0.6)).toBeLessThan(0.2)
  })

  test('is exact for few rows', () => {
    expect(sharedRows(sketch(rows(0, 20)), sketch(rows(10, 30)))).toBeCloseTo(1 / 3, 12)
  })
})

describe('two runs', () => {
  const run = (ids: readonly string[], label = 'a') => ({
    metric: 'euclidean' as const,
    sketch: sketch(ids, label),
  })

  test('of the same rows are on one line, and of mostly the same', () => {
    expect(whyApart(run(rows(0, 900)), run(rows(0, 900)))).toBeNull()
    expect(whyApart(run(rows(0, 900)), run(rows(0, 800)))).toBeNull()
  })

  test('of another distance, of other rows or of the same rows under other labels are not', () => {
    const first = run(rows(0, 900))
    expect(whyApart(first, { ...first, metric: 'cosine' })).toBe('another distance')
    expect(whyApart(first, run(rows(900, 1800)))).toBe('other rows or labels')
    expect(whyApart(first, run(rows(0, 900), 'b'))).toBe('other rows or labels')
  })
})
