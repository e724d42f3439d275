/** Distances to classes where classes are many, against scikit-learn and numpy. */

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowFigures } from '../../../lib/metrics/row-figures.ts'
import { selfJoin } from '../../../lib/neighbors/self-join.ts'
import type { Backend } from '../../../lib/tensor/backend.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { datasetOf } from '../../brute-neighborhood.ts'

interface Expected {
  readonly vectors: readonly number[]
  readonly labels: readonly number[]
  readonly silhouettes: readonly number[]
  /** Null for a class of one. */
  readonly within: readonly (number | null)[]
  readonly nearestOfClasses: readonly number[]
  readonly nearestLarge: readonly (number | null)[]
}

const expected: Readonly<Record<string, Expected>> = JSON.parse(
  readFileSync(new URL('../../oracles/many-classes.json', import.meta.url), 'utf8'),
)

let backend: Backend

beforeAll(async () => {
  backend = await openBackend('wasm')
})

afterAll(async () => {
  await backend.close()
})

describe.each(Object.entries(expected))('%s', (_name, wanted) => {
  const { labels } = wanted
  const rows = labels.length
  const vectors = Array.from({ length: rows }, (_, row) =>
    wanted.vectors.slice(3 * row, 3 * row + 3),
  )
  const dataset = datasetOf({
    vectors,
    labels: labels.map((label) => String(label).padStart(4, '0')),
  })
  const classes = dataset.classes.length
  // Where pairs are few each is measured; else rows are quantised.
  const within = rows <= 2048 ? 1e-8 : 0.02

  it.each([2 ** 26, 64 * classes, 1])('are right with %d sums at a time', async (mostSums) => {
    const neighborhood = await selfJoin(
      { ...dataset, classes },
      {
        backend,
        metric: 'euclidean',
        k: 5,
        signal: new AbortController().signal,
        progress: () => {},
        threads: 1,
        tileRows: 64,
        mostSums,
      },
    )
    const { classDistances: found } = neighborhood
    const { silhouette, intraClassDistance } = rowFigures(dataset, neighborhood)
    for (let row = 0; row < rows; row++) {
      expect(Math.abs(silhouette[row]! - wanted.silhouettes[row]!)).toBeLessThan(within / 5)
      expect(Number.isNaN(intraClassDistance[row]!)).toBe(wanted.within[labels[row]!] === null)
      const large = wanted.nearestLarge[row] ?? Number.POSITIVE_INFINITY
      const foundLarge = found.nearestLarge.distances[row]!
      expect(foundLarge === large || Math.abs(foundLarge - large) < within).toBe(true)
    }
    for (let c = 0; c < classes; c++) {
      const wantedWithin = wanted.within[c]!
      if (wantedWithin === null) expect(found.withinClasses[c]).toBeNaN()
      else expect(Math.abs(found.withinClasses[c]! - wantedWithin)).toBeLessThan(within)
      const nearest = found.nearestOfClasses.distances[c]!
      expect(Math.abs(nearest - wanted.nearestOfClasses[c]!)).toBeLessThan(within)
      expect(found.nearestOfClasses.classes[c]).not.toBe(c)
    }
  })
})
