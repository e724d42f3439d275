/** Two sets of points told apart: scikit-learn's scores, and what must hold for any data. */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Configuration } from '../../../lib/stats/procrustes.ts'
import { separationOf } from '../../../lib/stats/separation.ts'
import { readSample } from '../findings/brute-force.ts'

const { separation } = JSON.parse(
  readFileSync(new URL('../../oracles/between-runs.json', import.meta.url), 'utf8'),
)

const foldsOf = (rows: number) => Int32Array.from({ length: rows }, (_, row) => row % 5)

function normalPoints(seed: number, rows: number, dimensions: number): Configuration {
  const random = seededRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return { values: Float64Array.from({ length: rows * dimensions }, normal), dimensions }
}

describe('rows of two runs', () => {
  it.each<{ name: string; auc: number }>(separation.cases)(
    'are told apart as scikit-learn’s kernel ridge does ($name: $auc)',
    async ({ name, auc }) => {
      const { rows } = separation
      const { vectors } = await readSample(`digits/${separation.sample}`)
      const half = (parity: number) =>
        vectors
          .filter((_, row) => row % 2 === parity)
          .slice(0, rows)
          .map((row) => Array.from(row))
      const [before, now] = [half(0), half(1)]
      const mean = now[0]!.map((_, d) => now.reduce((sum, row) => sum + row[d]!, 0) / rows)
      const changed = now.map((row) =>
        row.map((value, d) => {
          if (name === 'moved') return d === 0 ? value + 0.4 : value
          if (name === 'widened') return mean[d]! + 1.1 * (value - mean[d]!)
          return name === 'far away' ? value + 100 : value
        }),
      )
      const points = (rows: number[][]) => ({ values: rows.flat(), dimensions: rows[0]!.length })
      const found = separationOf([points(changed), points(before)], [foldsOf(rows), foldsOf(rows)])
      expect(found!.value).toBeCloseTo(auc, 6)
    },
  )

  it('that are the same are not told apart at all', () => {
    const points = normalPoints(1, 100, 6)
    const found = separationOf([points, points], [foldsOf(100), foldsOf(100)])!
    expect(found.value).toBeCloseTo(0.5, 12)
  })

  it('of one distribution are told apart as seldom as the interval says', () => {
    let apart = 0
    for (let seed = 1; seed <= 40; seed++) {
      const sets = [normalPoints(seed, 80, 20), normalPoints(900 + seed, 80, 20)] as const
      const { interval } = separationOf(sets, [foldsOf(80), foldsOf(80)])!
      if (interval![0] > 0.5) apart++
    }
    expect(apart).toBeLessThanOrEqual(5)
  })

  it('that are one and the same point can’t be told apart', () => {
    const points = { values: new Float64Array(60), dimensions: 2 }
    expect(separationOf([points, points], [foldsOf(30), foldsOf(30)])).toBeNull()
  })
})
