/** What whole runs raise that have one thing wrong with them, or nothing that can be told. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Backend } from '../../../lib/tensor/backend.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { evaluateRows, type Rows } from '../metrics/tables.ts'
import { findFindings, recallFinding } from './asked.ts'

const manifest = parseManifest(null, 'nearmiss.yaml')
let backend: Backend
beforeAll(async () => {
  backend = await openBackend('wasm')
})
afterAll(() => backend.close())

const found = async (rows: Rows, settings = '') => {
  const evaluation = await evaluateRows(rows, backend, settings)
  return { evaluation, findings: findFindings(evaluation, manifest) }
}

/** Normal numbers, near enough. */
const drawn = (random: () => number) =>
  Array.from({ length: 12 }, random).reduce((sum, part) => sum + part, -6)

/** Rows around a centre for each class, far apart. */
function classes(count: number, size: number, seed: number, spread = 1): Rows {
  const random = seededRandom(seed)
  const labels = Array.from({ length: count * size }, (_, row) => `class ${row % count}`)
  const points = labels.map((_, row) =>
    Array.from(
      { length: count },
      (_, axis) => (axis === row % count ? 20 : 0) + spread * drawn(random),
    ),
  )
  return { points, labels }
}

describe('labels that have nothing to do with the vectors', () => {
  const random = seededRandom(6)
  const points = Array.from({ length: 500 }, () => Array.from({ length: 16 }, () => drawn(random)))
  const labels = points.map(() => `class ${Math.floor(10 * random())}`)

  test('are one finding, and where the errors lie is none', async () => {
    const { findings } = await found({ points, labels })
    expect(findings.map(({ id }) => id)).toEqual(['at-chance:space'])
    const [finding] = findings
    expect(finding!.finding).toMatch(/random neighbours would reach 1\d\.\d %\.$/)
    expect(finding!.owner).toBe('ML team')
  })

  test('can be asked for in a run where they do', async () => {
    const { evaluation, findings } = await found(classes(5, 30, 7))
    expect(findings).toEqual([])
    const recalled = recallFinding(evaluation, manifest, 'at-chance:space')!
    expect(recalled.measure.value).toBe(0)
    expect(recalled.finding).toContain('can be told')
  })
})

describe('queries whose class the gallery lacks', () => {
  const rows = classes(4, 40, 2)
  const split = {
    name: 'split',
    type: 'text' as const,
    // Of class 3 there are queries alone.
    values: rows.labels.map((label, row) =>
      label === 'class 3' || row % 8 < 4 ? 'query' : 'gallery',
    ),
  }

  test('are one finding of their own, and no error of a pair, hub or class', async () => {
    const { findings } = await found({ ...rows, columns: [split] })
    expect(findings.map(({ id }) => id)).toEqual(['unmatched:rows'])
    const [finding] = findings
    expect(finding!.finding).toMatch(/^40 of \d+ queries have no row of their class in the gallery/)
    expect(finding!.evidence).toHaveLength(40)
    expect(finding!.certainty.level).toBe('certain')
  })
})

describe('a place where many classes meet', () => {
  test('is one finding, which takes in the pairs', async () => {
    const rows = classes(8, 60, 3)
    const random = seededRandom(8)
    // Nine rows of each class in one small ball.
    const points = rows.points.map((point, row) =>
      row < 72 ? Array.from(point, () => 5 + 0.5 * drawn(random)) : point,
    )
    const { findings } = await found({ points, labels: rows.labels })
    const [first] = findings
    expect(first!.kind).toBe('low-margin')
    expect(first!.measure.value).toBeGreaterThan(50)
    expect(first!.certainty.says).toMatch(/of all its errors lie here/)
    expect(findings.filter(({ kind }) => kind === 'confusion')).toEqual([])
  })
})

describe('labels that were swapped at random', () => {
  test('explain the hubs and the width that they cause', async () => {
    const { points, labels } = classes(6, 40, 5)
    const wrong = labels.map((label, row) => (row % 23 === 7 ? `class ${(row + 1) % 6}` : label))
    const { findings } = await found({ points, labels: wrong })
    expect(findings.map(({ kind }) => kind)).not.toContain('spread')
    expect(findings.map(({ kind }) => kind)).not.toContain('hubs')
    expect(findings.some(({ owner }) => owner === 'Data Ops')).toBe(true)
  })
})

describe('bursts of rows that are wrong together', () => {
  /** Bursts of six rows of five classes; two of class 0 lie among class 1, and 4 of 10 in the dark. */
  const random = seededRandom(21)
  const BURST = 6
  const bursts = Array.from({ length: 60 }, (_, burst) => burst)
  const labels = bursts.flatMap((burst) => Array<string>(BURST).fill(`class ${burst % 5}`))
  const group = bursts.flatMap((burst) => Array<string>(BURST).fill(`burst ${burst}`))
  const light = bursts.flatMap((burst) => Array<string>(BURST).fill(burst < 15 ? 'dark' : 'day'))
  const points = labels.map((_, row) => {
    const burst = Math.floor(row / BURST)
    const place = burst === 0 || burst === 5 ? 1 : burst % 5
    return Array.from({ length: 5 }, (_, axis) => (axis === place ? 20 : 0) + drawn(random))
  })
  const columns = [
    { name: 'group', type: 'text' as const, values: group },
    { name: 'light', type: 'text' as const, values: light },
  ]

  test('are no evidence of a pair or a slice, unless rows are taken one by one', async () => {
    const rows = { points, labels, columns }
    const alone = await found(rows, 'intervals: { cluster: row }')
    const pairOf = (run: typeof alone) =>
      run.findings.find(({ id }) => id === 'confusion:class 0|class 1')
    expect(pairOf(alone)!.certainty.level).toBe('certain')
    const dark = (run: typeof alone) =>
      run.evaluation.slices.list.find(({ id }) => id === 'light=dark')!
    expect(dark(alone)).toMatchObject({ difference: 'worse' })
    const together = await found(rows)
    expect(together.findings.map(({ kind }) => kind)).not.toContain('slice-gap')
    expect(dark(together)).toMatchObject({ difference: null, errors: dark(alone).errors })
    expect(dark(together).interval[1]).toBeGreaterThan(dark(alone).interval[1])
    expect(pairOf(together)!.certainty).toMatchObject({
      level: 'likely',
      says: expect.stringContaining('share a neighbour or a group count once'),
    })
  })
})
