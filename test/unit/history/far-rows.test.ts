/** A row far from all others hides neither that classes stayed where they were nor that one moved. */

import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import type { Metric } from '../../../lib/core/manifest.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { centroidsOf, runSpace } from '../../../lib/history/centroids.ts'
import { measureDrift } from '../../../lib/history/drift.ts'
import { datasetOf } from '../../brute-neighborhood.ts'

const manifest = parseManifest(null, 'nearmiss.yaml')
const ROWS = 400

/** Eight classes; row 77, of class c5, is multiplied, and class c2 is moved. */
function drawn(seed: number, factor: number, moved = 0) {
  const random = seededRandom(seed)
  const labels = Array.from({ length: ROWS }, (_, row) => `c${row % 8}`)
  const vectors = labels.map((_, row) =>
    Array.from({ length: 8 }, (_, d) => {
      const value = random() + random() + (d === row % 8 ? 1 : 0)
      return value * (row === 77 ? factor : 1) + (row % 8 === 2 && d === 4 ? moved : 0)
    }),
  )
  return datasetOf({ vectors, labels })
}

function drift(metric: Metric, factors: readonly [now: number, then: number], moved = 0) {
  const [now, then] = [drawn(1, factors[0], moved), drawn(2, factors[1])]
  const settings = { ...manifest, metric }
  const space = runSpace('now', now, settings)
  return measureDrift(now, space, runSpace('then', then, settings), { note: 'No vectors.' })
}

describe.each<Metric>(['euclidean', 'cosine'])('%s', (metric) => {
  it.each([
    [1, 1],
    [1e4, 1],
    [1, 1e12],
    [1e20, 1e20],
    [1e38, 1e30],
  ] as const)('times %d now and %d then', (now, then) => {
    const same = drift(metric, [now, then])
    expect(same.space.relation).toBe('same')
    expect(same.overall!.drifted).toBe(false)
    expect(same.classes.filter(({ drifted }) => drifted)).toEqual([])
    expect(same.classes).toHaveLength(8)
    const isFar = metric === 'euclidean' && now > 1
    expect(same.note).toBe(
      isFar ? '1 row of this run lies so far from all others that no mean counts it.' : null,
    )
    const moved = drift(metric, [now, then], 0.7).classes.filter(({ drifted }) => drifted)
    expect(moved.map(({ label }) => label)).toEqual(['c2'])
  })
})

it('leaves out no row that isn’t far, and no class that lies apart from the others', () => {
  const { rows, dimensions, vectors, ...rest } = drawn(3, 1)
  // A class a million times as far as the others is a class, not a far row of one.
  const apart = vectors.map((value, at) =>
    Math.floor(at / dimensions) % 8 === 6 ? value + 1e6 : value,
  )
  const found = centroidsOf({ ...rest, rows, dimensions, vectors: apart }, 'euclidean')
  expect(found.slice(1).map((centroid) => centroid.rows)).toEqual(Array(8).fill(50))
  const usual = centroidsOf({ ...rest, rows, dimensions, vectors }, 'euclidean')
  expect(usual.map((centroid) => centroid.rows)).toEqual([400, ...Array(8).fill(50)])
})
