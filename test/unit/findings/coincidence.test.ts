/** Rows that are near each other by chance, and copies. */

import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { coincidenceOf } from '../../../lib/findings/coincidence.ts'
import { labelConflict } from '../../../lib/findings/label-conflict.ts'
import { leakage } from '../../../lib/findings/leakage.ts'
import { raise } from './asked.ts'
import { evaluate, figure, manifest } from './brute-force.ts'
import { normals } from './made.ts'

/** 500 normal rows around 10 centres, each class so many times as wide; `copies` of them nearly equal the next row. */
function rowsOf(
  seed: number,
  dimensions: number,
  { widths = 1, copies = 0, away = 1e-4 } = {},
): Evaluation {
  const normal = normals(seededRandom(seed))
  const point = () => Array.from({ length: dimensions }, normal)
  const centres = Array.from({ length: 10 }, () => point())
  const vectors = Array.from({ length: 500 }, (_, row) => {
    const width = widths ** (row % 10) / 2
    return point().map((value, d) => centres[row % 10]![d]! + width * value)
  })
  for (let at = 0; at < copies; at++) {
    vectors[2 * at] = vectors[2 * at + 1]!.map((value) => value + away * normal())
  }
  const run = evaluate({
    ids: vectors.map((_, row) => `r${row}`),
    labels: vectors.map((_, row) => `c${row % 10}`),
    vectors,
    metadata: [{ name: 'split', type: 'text', values: vectors.map((_, row) => `s${row % 2}`) }],
  })
  return { ...run, figures: { ...run.figures, intrinsic_dimension: figure(dimensions, 'neither') } }
}

const raised = (run: Evaluation) => [
  ...raise(labelConflict, run, manifest),
  ...raise(leakage, run, manifest),
]

describe.each([
  [2, 1],
  [2, 0.7],
  [3, 0.7],
  [8, 0.6],
])('in %i dimensions, each class %f times as wide as the one before,', (dimensions, widths) => {
  test('rows that chance brings together are no evidence', () => {
    let [found, pairs] = [0, 0]
    for (let seed = 1; seed <= 20; seed++) {
      const run = rowsOf(seed, dimensions, { widths })
      pairs += run.quality.nearDuplicates.groups.length
      if (raised(run).length > 0) found++
    }
    // There are such rows: in 2 dimensions a few in every run.
    expect(pairs).toBeGreaterThan(5)
    expect(found).toBeLessThanOrEqual(1)
  })
})

test('copies are evidence, with what chance makes likely beside them', () => {
  for (const dimensions of [3, 16]) {
    const run = rowsOf(1, dimensions, { copies: 12 })
    const [conflict] = raise(labelConflict, run, manifest)
    expect(conflict!.certainty.level).toBe('likely')
    expect(conflict!.certainty.says).toMatch(
      /^Some .* \d+ rows have a neighbour that near .* by chance/,
    )
    expect(conflict!.finding).toContain('identical or nearly identical vectors')
    expect(conflict!.finding).not.toContain('no model can tell them apart')
    expect(raise(leakage, run, manifest)).toHaveLength(1)
  }
})

test('equal vectors are evidence in any number of dimensions, and beside coincidences stand alone', () => {
  const run = rowsOf(2, 2, { copies: 1, away: 0 })
  expect(coincidenceOf(run).isBeyond).toBe(false)
  expect(run.quality.nearDuplicates.groups.some(({ exact }) => !exact)).toBe(true)
  const conflicts = raise(labelConflict, run, manifest)
  expect(conflicts.map(({ id }) => id)).toEqual(['label-conflict:c0|c1'])
  expect(conflicts[0]!.finding).toContain('r0 (c0) = r1 (c1)')
  expect(conflicts[0]!.finding).toContain('no model can tell them apart')
  const [leak] = raise(leakage, run, manifest)
  expect(leak!.measure.value).toBe(2)
  expect(leak!.finding).toBe(
    '2 rows in 1 group have the same vector as a row of another part of split: r0 (s0) = r1 (s1).',
  )
})

test('what is expected is what even spacing makes of each row’s neighbours', () => {
  // Rows 1 apart on a line, and one couple 0.1 apart: at the median of 1 the threshold is 0.13.
  const at = Array.from({ length: 41 }, (_, row) => row).concat(40.1)
  const run = evaluate({
    ids: at.map((_, row) => `r${row}`),
    labels: at.map((_, row) => (row % 2 === 0 ? 'a' : 'b')),
    vectors: at.map((x) => [x]),
  })
  const { neighborhood } = run
  let expected = 0
  for (const row of at.keys()) {
    const farthest = neighborhood.distances[row * 10 + 9]!
    expected += 1 - (1 - 0.13 / farthest) ** 9
  }
  expect(coincidenceOf(run).says).toContain(
    `2 rows have a neighbour that near without being equal, where rows as dense as these have about ${expected.toFixed(1)} by chance`,
  )
  expect(coincidenceOf(run).isBeyond).toBe(false)
})
