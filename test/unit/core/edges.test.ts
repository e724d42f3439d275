/** Texts of edges: as few digits as tell the groups apart. */

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { edgeText } from '../../../lib/core/edges.ts'

it.each([
  [
    [1.23456, 2.34567, 3.45678],
    ['1.23', '2.35', '3.46'],
  ],
  [
    [1_740_000_000, 1_740_000_225, 1_740_000_450],
    ['1740000000', '1740000225', '1740000450'],
  ],
  [
    [2004, 2011, 2016],
    ['2004', '2011', '2016'],
  ],
  // Each by its own distance to the next: that of small ones doesn't lengthen a large one.
  [
    [0.001234, 0.5, 123_456],
    ['0.00123', '0.5', '123000'],
  ],
  [
    [1.00001, 1.00012],
    ['1.00001', '1.00012'],
  ],
  [[-0.000123456], ['-0.000123']],
  [
    [5, 5, 5],
    ['5', '5', '5'],
  ],
])('%j are %j', (edges, texts) => {
  expect(edges.map(edgeText(edges))).toEqual(texts)
})

it('distinct numbers are never shown alike, and keep their order', () => {
  const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2 })
  fc.assert(
    fc.property(numbers, fc.integer({ min: -1e9, max: 1e9 }), (parts, offset) => {
      const edges = [...new Set(parts.map((part) => offset + part))].sort((a, b) => a - b)
      const shown = edges.map(edgeText(edges)).map(Number)
      for (const [at, value] of shown.slice(1).entries()) expect(value).toBeGreaterThan(shown[at]!)
    }),
  )
})
