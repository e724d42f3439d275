/** Figures of single classes, outliers, confused pairs and margins, against numpy, scipy and scikit-learn. */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../../lib/config/manifest.ts'
import type { ClassFigures } from '../../../../lib/core/class-figures.ts'
import type { Concentration } from '../../../../lib/core/confusion.ts'
import type { Metric } from '../../../../lib/core/manifest.ts'
import type { MarginFigures } from '../../../../lib/core/margins.ts'
import { seededRandom } from '../../../../lib/core/random.ts'
import { classFigures } from '../../../../lib/metrics/classes/class-figures.ts'
import { confusion } from '../../../../lib/metrics/confusion/confusion.ts'
import { marginFigures, rankedBy } from '../../../../lib/metrics/margins/distributions.ts'
import { margins } from '../../../../lib/metrics/margins/figures.ts'
import type { MetricInput } from '../../../../lib/metrics/metric.ts'
import { outliers } from '../../../../lib/metrics/quality/outliers.ts'
import { rowFigures } from '../../../../lib/metrics/row-figures.ts'
import { bruteNeighborhood, datasetOf, type Points } from '../../../brute-neighborhood.ts'

interface Expected {
  readonly table: string
  readonly labels: readonly string[]
  readonly metric: Metric
  readonly gallery: boolean
  readonly lowMargin: number
  readonly classes: Readonly<Record<string, Partial<ClassFigures>>>
  readonly outliers: readonly number[]
  readonly pairs: readonly (readonly [string, string, ...number[]])[]
  readonly concentration: Concentration
  readonly margins: Readonly<Record<string, Partial<MarginFigures>>>
}

const oracle = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../oracles/${name}.json`, import.meta.url), 'utf8'))
const tables: Readonly<Record<string, Points>> = oracle('tables')
const expected: Readonly<Record<string, Expected>> = oracle('classes')

/** Numbers to within rounding, all else as it is. */
function expectNear(found: unknown, wanted: unknown, what: string): void {
  if (typeof wanted === 'number') {
    expect(typeof found, what).toBe('number')
    const within = 1e-9 * Math.max(1, Math.abs(wanted))
    expect(Math.abs((found as number) - wanted), what).toBeLessThanOrEqual(within)
  } else if (Array.isArray(wanted)) {
    expect(found, what).toHaveLength(wanted.length)
    for (const [at, value] of wanted.entries()) {
      expectNear((found as unknown[])[at], value, `${what}, ${at}`)
    }
  } else if (typeof wanted === 'object' && wanted !== null) {
    for (const [name, value] of Object.entries(wanted)) {
      expectNear((found as Record<string, unknown>)?.[name], value, `${what}: ${name}`)
    }
  } else expect(found, what).toEqual(wanted)
}

describe.each(Object.entries(expected))('%s', (_name, wanted) => {
  const dataset = datasetOf({
    ...tables[wanted.table]!,
    labels: wanted.labels,
    ...(wanted.gallery && { queries: wanted.labels.map((_, row) => row % 3 === 0) }),
  })
  const neighborhood = bruteNeighborhood(dataset, wanted.metric)
  // These families read no more of it.
  const input = {
    dataset,
    neighborhood,
    rows: rowFigures(dataset, neighborhood),
    manifest: {
      ...parseManifest('', 'nearmiss.yaml'),
      margin: { low: wanted.lowMargin, chosen: true },
    },
    clusters: null,
    clustersWithin: null,
    random: seededRandom,
  } as Partial<MetricInput> as MetricInput

  it('has the outliers and the classes', () => {
    const { flags, list } = outliers(input)
    expect([...flags.keys()].filter((row) => flags[row])).toEqual(wanted.outliers)
    expect(list).toHaveLength(wanted.outliers.length)
    const classes = classFigures(input, flags)
    expect(classes.map(({ label }) => label)).toEqual(Object.keys(wanted.classes).sort())
    for (const figures of classes) {
      const { label, galleryRows } = figures
      expectNear(figures, wanted.classes[label], label)
      expect(galleryRows === undefined).toBe(!wanted.gallery)
    }
  })

  it('has the confused pairs, and their concentration', () => {
    const { pairs, concentration } = confusion(input)
    const told = pairs.map(({ a, b, count, aAsB, bAsA, rate, gain }) => {
      return [a, b, count, aAsB, bAsA, rate, gain]
    })
    expectNear(told, wanted.pairs, 'pairs')
    expectNear(concentration, wanted.concentration, 'concentration')
  })

  it('has the margins, and what they tell of errors', () => {
    for (const figures of marginFigures(input)) {
      if (figures.id === 'class') continue
      expectNear(figures, wanted.margins[figures.id], figures.id)
    }
  })
})

const inputOf = (points: Points): MetricInput => {
  const dataset = datasetOf(points)
  const neighborhood = bruteNeighborhood(dataset, 'euclidean')
  const rows = rowFigures(dataset, neighborhood)
  return {
    dataset,
    neighborhood,
    rows,
    clustersWithin: null,
  } as Partial<MetricInput> as MetricInput
}

it('of two pairs with as many errors one holds half', () => {
  const { concentration } = confusion(
    inputOf({ labels: [...'aabbccdd'], vectors: [[0], [10], [1], [11], [50], [60], [51], [61]] }),
  )
  expect(concentration).toMatchObject({
    errors: 8,
    pairs: 2,
    pairsForHalf: 1,
    pairsForFourFifths: 2,
  })
})

it('a row far from its class is an outlier from five rows on', () => {
  const farOf = (vectors: readonly number[]) => {
    const labels = [...vectors.map(() => 'a'), 'b', 'b']
    const points = [...vectors, 500, 501].map((x) => [x])
    return outliers(inputOf({ labels, vectors: points })).list.map(({ id }) => id)
  }
  expect(farOf([0, 1, 2, 100])).toEqual([])
  expect(farOf([0, 1, 2, 3, 100])).toEqual(['row 4'])
})

describe('a margin', () => {
  /** Rows with these margins, of which the first ones are errors. */
  const rowsOf = (errors: readonly number[], right: readonly number[]) => {
    const values = Float64Array.of(...errors, ...right)
    const correct = Uint8Array.of(...errors.map(() => 0), ...right.map(() => 1))
    const without = values.map(() => Number.NaN)
    const rows = {
      neighborMargin: values,
      predictionMargin: without,
      classMargin: without,
      correct,
    }
    const neighborhood = { metric: 'euclidean', k: 1, distances: values.map(() => 1) }
    return {
      rows,
      neighborhood,
      clusters: null,
      manifest: { ...parseManifest('', 'nearmiss.yaml'), margin: { low: 3, chosen: true } },
    } as unknown as MetricInput
  }
  const neighbor = (errors: readonly number[], right: readonly number[]) =>
    marginFigures(rowsOf(errors, right)).find(({ id }) => id === 'neighbor')!

  it('predicts errors from an AUC of 0.6 on, with five errors and five right rows', () => {
    // Of the 25 couples of an error and a right row 15, and 14, have the error lower.
    const right = [1, 2, 3, 4, 5]
    expect(neighbor([0, 0, 0, 6, 6], right)).toMatchObject({ errorAuc: 0.6, predictsErrors: true })
    const worse = neighbor([0, 0, 1.5, 6, 6], right)
    expect(worse).toMatchObject({ predictsErrors: false, calibrated: null })
    expect(worse.errorAuc).toBeCloseTo(0.56, 12)
    expect(neighbor([0, 0, 0, 0], right).predictsErrors).toBeNull()
    expect(neighbor([0, 0, 0, 0, 0], right.slice(1)).predictsErrors).toBeNull()
  })

  it('at the low threshold is not under it', () => {
    const share = margins.find(({ id }) => id === 'neighbor_margin_low_share')!
    expect(share.compute(rowsOf([1, 2], [3, 4, 5])).value).toBe(2 / 5)
  })

  it('that predicts errors best is what rows are ranked by', () => {
    const figures = marginFigures(rowsOf([0, 0, 0, 0, 0], [1, 2, 3, 4, 5]))
    const of = (id: string, errorAuc: number, predictsErrors: boolean | null) => {
      return { ...figures[1]!, id: id as 'class', errorAuc, predictsErrors }
    }
    expect(rankedBy(figures)).toBe('neighbor')
    expect(rankedBy([of('prediction', 0.7, true), of('neighbor', 0.8, true)])).toBe('neighbor')
    expect(rankedBy([of('prediction', 0.8, true), of('neighbor', 0.7, true)])).toBe('prediction')
    expect(rankedBy([of('prediction', 0.59, false), of('neighbor', 0.9, null)])).toBeNull()
  })
})
