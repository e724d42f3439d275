/** Drift of classes and runs: numpy's and scipy's values, and what must hold for any data. */

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { RunSpace } from '../../../lib/core/drift.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { centroidsOf, runSpace } from '../../../lib/history/centroids.ts'
import { driftWarnings, measureDrift } from '../../../lib/history/drift.ts'
import { sampleVectors } from '../../../lib/history/vector-sample.ts'
import { decodeCentroids, encodeCentroids } from '../../../lib/publish/centroids-parquet.ts'
import { readSample } from '../findings/brute-force.ts'

const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/between-runs.json', import.meta.url), 'utf8'),
)

interface Rows {
  readonly labels: readonly string[]
  readonly vectors: readonly ArrayLike<number>[]
}

function datasetOf({ labels, vectors }: Rows) {
  const classes = [...new Set(labels)].sort()
  return {
    rows: labels.length,
    dimensions: vectors[0]!.length,
    vectors: Float32Array.from(vectors.flatMap((vector) => Array.from(vector))),
    labels: Int32Array.from(labels, (label) => classes.indexOf(label)),
    classes,
  }
}

const NOBODY = { name: null, version: null, preprocessing: null }
const MODEL = { name: 'net', version: '3', preprocessing: null }

function driftBetween(
  before: Rows,
  now: Rows,
  {
    model = MODEL,
    modelBefore,
    metric = 'euclidean',
  }: Partial<Pick<RunSpace, 'model' | 'metric'>> & { modelBefore?: RunSpace['model'] } = {},
) {
  const [then, here] = [datasetOf(before), datasetOf(now)]
  return measureDrift(
    here,
    runSpace('now', here, { metric, model }),
    runSpace('then', then, { metric, model: modelBefore ?? model }),
    { note: 'The vectors of then are not at hand.' },
  )
}

/** Classes of normal rows around their own centres; the same seed gives the same centres. */
function clusters(seed: number, sizes: readonly number[], dimensions = 6): Rows {
  const centre = seededRandom(99)
  const random = seededRandom(seed)
  const normal = (from: () => number) =>
    Math.sqrt(-2 * Math.log(1 - from())) * Math.cos(2 * Math.PI * from())
  const labels: string[] = []
  const vectors: number[][] = []
  for (const [at, size] of sizes.entries()) {
    const middle = Array.from({ length: dimensions }, () => 6 * normal(centre))
    for (let row = 0; row < size; row++) {
      labels.push(`class ${at}`)
      vectors.push(middle.map((value) => value + normal(random)))
    }
  }
  return { labels, vectors }
}

const SIZES = [40, 60, 30, 50, 45, 20, 35]

/** Mirrors and turns all axes: each plane of two by an angle of its own. */
function turned({ labels, vectors }: Rows): Rows {
  return {
    labels,
    vectors: vectors.map((vector) => {
      const out = Array.from(vector)
      for (let d = 0; d + 1 < out.length; d++) {
        const [cos, sin] = [Math.cos(d + 1), Math.sin(d + 1)]
        const [a, b] = [out[d]!, out[d + 1]!]
        out[d] = cos * a - sin * b
        out[d + 1] = -(sin * a + cos * b)
      }
      return out
    }),
  }
}

test('half of the digits against the other half, one class moved and one widened, as numpy and scipy', async () => {
  const { labels, vectors } = await readSample(`digits/${oracle.drift.sample}`)
  const half = (parity: number): { labels: string[]; vectors: number[][] } => ({
    labels: labels.filter((_, row) => row % 2 === parity),
    vectors: vectors.filter((_, row) => row % 2 === parity).map((vector) => Array.from(vector)),
  })
  const now = half(1)
  const fives = [...now.labels.keys()].filter((row) => now.labels[row] === '5')
  const mean = now.vectors[0]!.map(
    (_, d) => fives.reduce((sum, row) => sum + now.vectors[row]![d]!, 0) / fives.length,
  )
  for (const [row, vector] of now.vectors.entries()) {
    if (now.labels[row] === '3') vector[0]! += oracle.drift.move
    if (now.labels[row] !== '5') continue
    now.vectors[row] = vector.map((value, d) => mean[d]! + oracle.drift.widen * (value - mean[d]!))
  }
  const { classes, space } = driftBetween(half(0), now)
  expect(space.relation).toBe('same')
  for (const expected of oracle.drift.classes) {
    const told = classes.find(({ label }) => label === expected.label)!
    expect(told.shift).toBeCloseTo(expected.shift, 5)
    expect(told.spreadRatio).toBeCloseTo(expected.spreadRatio, 5)
    expect(told.ks).toBeCloseTo(expected.ks, 9)
    expect(told.ksP).toBeCloseTo(expected.ksP, 9)
  }
  // The halves of class 0 differ by scipy's test as well, at p = 0.001.
  expect(
    classes
      .filter(({ drifted }) => drifted)
      .map(({ label }) => label)
      .sort(),
  ).toEqual(['0', '3', '5'])
})

test('with one dimension the test of the centroids is Student’s', () => {
  const { a, b, p } = oracle.oneDimension
  const rows = (values: number[]): Rows => ({
    labels: values.map(() => 'x'),
    vectors: values.map((value) => [value]),
  })
  const { classes } = driftBetween(rows(b), rows(a))
  expect(classes[0]!.shiftP).toBeCloseTo(p, 5)
})

test('a run does not drift from itself', () => {
  const rows = clusters(1, SIZES)
  const { classes, overall } = driftBetween(rows, rows)
  for (const drift of [...classes, overall!]) {
    expect(drift).toMatchObject({
      shift: 0,
      ks: 0,
      shiftP: 1,
      ksP: 1,
      spreadRatio: 1,
      drifted: false,
    })
  }
})

test('fresh rows of the same classes drift as seldom as chance has it', () => {
  let tests = 0
  let under = 0
  let runs = 0
  for (let seed = 1; seed <= 40; seed++) {
    const { classes } = driftBetween(clusters(seed, SIZES, 12), clusters(1000 + seed, SIZES, 12))
    for (const { shiftP } of classes) {
      tests++
      if (shiftP! < 0.05) under++
    }
    if (classes.some(({ drifted }) => drifted)) runs++
  }
  expect(tests).toBe(280)
  expect(under / tests).toBeGreaterThan(0.01)
  expect(under / tests).toBeLessThan(0.1)
  expect(runs / 40).toBeLessThan(0.15)
})

describe('two spaces', () => {
  const before = clusters(1, SIZES)
  const now = clusters(2, SIZES)

  test('of models that are named apart are never compared by coordinates', () => {
    const { space, classes, note } = driftBetween(before, before, {
      modelBefore: { ...MODEL, version: '2' },
    })
    expect(space).toMatchObject({ relation: 'other', fit: null })
    expect(space.reason).toBe('The manifest names another model version: 3 here, 2 in then.')
    expect(classes).toEqual([])
    expect(note).toContain('Only neighbours are compared.')
  })

  test('that nobody names are told by where the shared classes lie', () => {
    expect(driftBetween(before, now, { model: NOBODY }).space).toMatchObject({ relation: 'same' })
    const stranger = { ...now, labels: [...now.labels].reverse() }
    expect(driftBetween(before, stranger, { model: NOBODY }).space.relation).toBe('other')
  })

  test.each([
    { model: NOBODY, most: 0.1 },
    { model: MODEL, most: 0.5 },
  ])('of $model.name are one while their points moved by less than $most', ({ model, most }) => {
    const random = seededRandom(7)
    const offsets = SIZES.map(() => Array.from(before.vectors[0]!, () => random() - 0.5))
    const movedBy = (length: number) => {
      const vectors = before.vectors.map((vector, row) => {
        const offset = offsets[Number(before.labels[row]!.slice('class '.length))]!
        return Array.from(vector, (value, d) => value + length * offset[d]!)
      })
      return driftBetween(before, { ...before, vectors }, { model }).space
    }
    let [near, far] = [0, 100]
    for (let step = 0; step < 30; step++) {
      const middle = (near + far) / 2
      if (movedBy(middle).fit!.moved < most) near = middle
      else far = middle
    }
    expect(movedBy(0.99 * near).relation).toBe('same')
    expect(movedBy(1.01 * near).relation).toBe('other')
  })

  test('that are turned into each other have the same distances, and no common axes', () => {
    const { space, classes } = driftBetween(before, turned(before), { model: NOBODY })
    expect(space.relation).toBe('turned')
    expect(space.fit!.disparity).toBeLessThan(1e-6)
    expect(space.fit!.moved).toBeGreaterThan(0.5)
    for (const { shift, ks, spreadRatio } of classes) {
      expect(shift).toBeNull()
      expect(ks).toBeLessThan(0.2)
      expect(spreadRatio).toBeCloseTo(1, 5)
    }
  })

  test('stay comparable where both runs are turned alike, with the same figures', () => {
    const plain = driftBetween(before, now)
    const both = driftBetween(turned(before), turned(now))
    expect(both.space.relation).toBe('same')
    for (const [at, { label, shift, spreadRatio }] of plain.classes.entries()) {
      expect(both.classes[at]!.label).toBe(label)
      expect(both.classes[at]!.shift).toBeCloseTo(shift!, 4)
      expect(both.classes[at]!.spreadRatio).toBeCloseTo(spreadRatio, 4)
    }
  })

  test('of one name that lie apart are not believed to be one', () => {
    const { space } = driftBetween(before, turned(now))
    expect(space.relation).not.toBe('same')
    expect(space.fit!.moved).toBeGreaterThan(0.5)
  })

  test('of other widths, or with too little to tell by, are not compared', () => {
    const narrow = clusters(1, SIZES, 5)
    expect(driftBetween(narrow, now).space).toMatchObject({
      relation: 'other',
      reason: 'This run has 6 dimensions, then has 5.',
    })
    const [few, fewer] = [clusters(1, [40, 40]), clusters(2, [40, 40])]
    expect(driftBetween(few, fewer, { model: NOBODY }).space.relation).toBe('unknown')
    expect(driftBetween(few, fewer).space.relation).toBe('same')
  })
})

function ofLengthOne(vector: ArrayLike<number>): number[] {
  const length = Math.hypot(...Array.from(vector))
  return Array.from(vector, (value) => value / length)
}

describe('a space that moved as a whole', () => {
  const before = clusters(1, SIZES)
  type Change = (vector: ArrayLike<number>, row: number) => number[]
  const changed = ({ labels, vectors }: Rows, change: Change): Rows => ({
    labels,
    vectors: vectors.map(change),
  })
  const times =
    (factor: number, shift = 0): Change =>
    (vector) =>
      Array.from(vector, (value, d) => factor * value + (d === 2 ? shift : 0))
  const reversed: Change = (vector) => Array.from(vector).reverse()

  /** With the vectors of both runs at hand, every row in both. */
  function measured(now: Rows, then = before, metric: RunSpace['metric'] = 'euclidean') {
    const [here, there] = [datasetOf(now), datasetOf(then)]
    const rowOf = Int32Array.from(here.labels.keys())
    const model = NOBODY
    return measureDrift(
      here,
      runSpace('now', here, { metric, model }),
      runSpace('then', there, { metric, model }),
      { sample: sampleVectors(here, there, rowOf, metric, seededRandom) },
    )
  }
  const spread = (rows: Rows) => {
    const n = rows.vectors.length
    const middle = Array.from(rows.vectors[0]!, (_, d) =>
      rows.vectors.reduce((sum, vector) => sum + vector[d]! / n, 0),
    )
    const squares = rows.vectors.map((vector) =>
      Array.from(vector).reduce((sum, value, d) => sum + (value - middle[d]!) ** 2, 0),
    )
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / n)
  }

  test.each([
    { case: '10 times as large', change: times(10), relation: 'moved', scale: 10, turn: 0 },
    { case: 'half as large', change: times(0.5), relation: 'moved', scale: 0.5, turn: 0 },
    { case: 'a little larger', change: times(1.05), relation: 'same', scale: 1.05, turn: 0 },
    { case: 'elsewhere', change: times(1, 40), relation: 'moved', scale: 1, shift: 40, turn: 0 },
    { case: 'both', change: times(3, 40), relation: 'moved', scale: 3, shift: 40, turn: 0 },
    { case: 'mirrored', change: times(-1), relation: 'turned', scale: 1, turn: 180 },
    { case: 'of exchanged axes', change: reversed, relation: 'turned', scale: 1 },
    {
      case: 'of exchanged axes, larger and elsewhere',
      change: (vector: ArrayLike<number>, row: number) => times(7, 9)(reversed(vector, row), row),
      relation: 'turned',
      scale: 7,
    },
  ])('$case: has drifted in no class, and it is said what it did', (made) => {
    const now = changed(before, made.change)
    for (const { space, classes, overall } of [
      driftBetween(before, now, { model: NOBODY }),
      measured(now),
    ]) {
      expect(space.relation).toBe(made.relation)
      expect(space.common!.scale).toBeCloseTo(made.scale, 5)
      if (made.turn !== undefined) expect(space.common!.turnDegrees).toBeCloseTo(made.turn, 3)
      if (made.relation === 'turned') expect(space.common!.shift).toBeNull()
      const times = `distances are ${made.scale.toPrecision(3)} times those of then`
      expect(space.reason.includes(times)).toBe(made.scale !== 1)
      expect(classes.length).toBe(SIZES.length)
      for (const { drifted, spreadRatio, shift, ks } of [...classes, overall!]) {
        expect(drifted).toBe(false)
        expect(spreadRatio).toBeCloseTo(1, 4)
        expect(ks).toBeLessThan(0.1)
        if (made.relation !== 'turned') expect(shift).toBeCloseTo(0, 4)
      }
    }
    if (made.shift !== undefined) {
      expect(measured(now).space.common!.shift).toBeCloseTo(made.shift / spread(now), 1)
    }
  })

  test('is left out where one class moved by itself as well', () => {
    const moves: Change = (vector, row) =>
      times(10)(vector, row).map((value, d) =>
        before.labels[row] === 'class 3' && d === 1 ? value + 15 : value,
      )
    const now = changed(before, moves)
    for (const { classes, space } of [driftBetween(before, now), measured(now)]) {
      expect(space.relation).toBe('moved')
      expect(classes.filter(({ drifted }) => drifted).map(({ label }) => label)).toEqual([
        'class 3',
      ])
      // 15 in units of a scale of 10, over the root of six variances of about 1.
      expect(classes[0]!.shift).toBeGreaterThan(0.45)
      expect(classes[0]!.shift).toBeLessThan(0.8)
    }
  })

  test('is none where rows are drawn anew, each moves by itself, or a dimension alone is scaled', () => {
    expect(driftBetween(before, clusters(2, SIZES)).space.common).toBeNull()
    const random = seededRandom(3)
    const noise = changed(before, (vector) => Array.from(vector, (value) => value + random() - 0.5))
    expect(measured(noise).space).toMatchObject({ relation: 'same', common: null })
    const uneven = changed(before, (vector) =>
      Array.from(vector, (value, d) => value * (1 + 3 * d)),
    )
    expect(measured(uneven).space).toMatchObject({ relation: 'other', common: null })
  })

  test('is told apart from vectors that were brought to length 1, each by itself', () => {
    const long = changed(before, (vector, row) => times(1 + (row % 7))(vector, row))
    const unit = changed(long, ofLengthOne)
    const { space, classes } = measured(unit, long)
    expect(space).toMatchObject({ relation: 'other', common: null })
    expect(space.reason).toContain('each vector was brought to length 1 since')
    expect(classes).toEqual([])
    expect(measured(long, unit).space.reason).toContain('vectors are no longer of length 1')
    const directions = measured(unit, long, 'cosine')
    expect(directions.space).toMatchObject({ relation: 'same', common: null })
    expect(directions.classes.some(({ drifted }) => drifted)).toBe(false)
  })

  test.each([
    [0.002, 'moved'],
    [0.01, 'other'],
    [0.05, 'other'],
  ])('is no scale where lengths of 1 had differed by %d to either side', (by, relation) => {
    const unit = changed(before, ofLengthOne)
    const long = changed(unit, (vector, row) => times(2 * (1 + (row % 2 ? by : -by)))(vector, row))
    const { space, classes } = measured(unit, long)
    expect(space.relation).toBe(relation)
    if (relation === 'other') {
      expect(space.reason).toContain('each vector was brought to length 1 since')
      expect(classes).toEqual([])
    }
  })

  test('is said of few classes only where they agree to the last digits', () => {
    const two = clusters(1, [40, 40])
    expect(driftBetween(two, changed(two, times(10))).space).toMatchObject({
      relation: 'moved',
      common: { scale: expect.closeTo(10, 4) },
    })
    expect(driftBetween(two, changed(clusters(2, [40, 40]), times(10))).space.common).toBeNull()
  })

  test('keeps equal distances of a class equal', () => {
    // Half of the rows of each class lie on one spot, so they share a distance to the centroid.
    const spots = changed(before, (vector, row) =>
      Array.from(
        row % 2 === 0 ? before.vectors[before.labels.indexOf(before.labels[row]!)]! : vector,
      ),
    )
    for (const factor of [0.1, 1 / 3, 7, 1e6]) {
      const { classes } = measured(changed(spots, times(factor)), spots)
      for (const { ks } of classes) expect(ks).toBeLessThan(0.1)
    }
  })

  test('has its scale told among the warnings', () => {
    expect(driftWarnings(measured(changed(before, times(10))))).toMatchObject([
      { code: 'baseline-scale', headline: expect.stringContaining('10.0 times those of then') },
    ])
    expect(driftWarnings(measured(changed(before, times(1, 40))))).toEqual([])
    expect(driftWarnings(measured(before))).toEqual([])
  })
})

describe('centroids that are kept', () => {
  test('leave out classes of fewer than five rows, so that none is a row’s vector', () => {
    const centroids = centroidsOf(datasetOf(clusters(1, [1, 4, 5, 40])), 'euclidean')
    expect(centroids.map(({ label, rows }) => [label, rows])).toEqual([
      [null, 50],
      ['class 2', 5],
      ['class 3', 40],
    ])
  })

  test('hold no more than 201 distances of a class, and come back as they were', async () => {
    const centroids = centroidsOf(datasetOf(clusters(1, [900, 40])), 'euclidean')
    expect(centroids.map(({ distances }) => distances.length)).toEqual([201, 201, 40])
    expect(await decodeCentroids(encodeCentroids(centroids), 'centroids.parquet')).toEqual(
      centroids,
    )
    await expect(decodeCentroids(new Uint8Array(5), 'centroids.parquet')).rejects.toThrow(
      "centroids.parquet can't be read",
    )
  })

  test('are those of the directions where the distance is the cosine', () => {
    const rows = clusters(3, [20, 20])
    const longer = {
      ...rows,
      vectors: rows.vectors.map((vector, row) => Array.from(vector, (value) => value * (1 + row))),
    }
    const { classes } = driftBetween(rows, longer, { metric: 'cosine' })
    for (const { shift } of classes) expect(shift).toBeCloseTo(0, 4)
  })

  test('without them drift is not measured, and the reader is told', () => {
    const data = datasetOf(clusters(1, SIZES))
    const now = runSpace('now', data, { metric: 'euclidean', model: MODEL })
    const { classes, note } = measureDrift(
      data,
      now,
      { ...now, run: 'then', centroids: null },
      { note: 'The vectors of then are not at hand.' },
    )
    expect(classes).toEqual([])
    expect(note).toBe("then kept no centroids, so drift can't be measured.")
  })
})

test('a class that moved as a whole has drifted from a quarter of its spread on', () => {
  const before = clusters(1, [400])
  const moved = (by: number) => {
    const vectors = before.vectors.map((vector) =>
      Array.from(vector, (value, d) => (d === 0 ? value + by : value)),
    )
    return driftBetween(before, { ...before, vectors }).classes[0]!
  }
  // Normal rows in six dimensions have a spread of about √6; no distance to the centroid changes.
  const [little, much] = [moved(0.2 * Math.sqrt(6)), moved(0.35 * Math.sqrt(6))]
  expect(little).toMatchObject({ drifted: false, ks: expect.closeTo(0, 2) })
  expect(much).toMatchObject({ drifted: true, ks: expect.closeTo(0, 2) })
  // Both are beyond chance: of two tests the surer one counts.
  for (const { adjustedP } of [little, much]) expect(adjustedP).toBeLessThan(1e-4)
})
