/** Slices against scipy's Fisher test and Benjamini-Hochberg, and the choice of which of them to name. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../../../lib/config/manifest.ts'
import { seededRandom } from '../../../../lib/core/random.ts'
import type { Column } from '../../../../lib/core/table.ts'
import type { MetricInput } from '../../../../lib/metrics/metric.ts'
import { groupingOf } from '../../../../lib/metrics/slices/columns.ts'
import { named } from '../../../../lib/metrics/slices/preference.ts'
import { slices } from '../../../../lib/metrics/slices/slices.ts'
import { fisherExact } from '../../../../lib/stats/fisher.ts'
import type { Backend } from '../../../../lib/tensor/backend.ts'
import { openBackend } from '../../../../lib/tensor/open-backend.ts'
import { readTable } from '../../../read-table.ts'
import { findFindings, recallFinding } from '../../findings/asked.ts'
import { evaluateRows } from '../tables.ts'

interface Expected {
  readonly fisher: readonly (readonly [number, number, number, number, number])[]
  readonly slices: Readonly<Record<string, readonly [number, number, number, number]>>
  readonly columns: { readonly site: readonly string[]; readonly smooth: readonly number[] }
}

const EXPECTED: Expected = JSON.parse(
  readFileSync(new URL('../../../oracles/slices.json', import.meta.url), 'utf8'),
)

let backend: Backend
beforeAll(async () => {
  backend = await openBackend('wasm')
})
afterAll(() => backend.close())

it.each(EXPECTED.fisher)(
  'Fisher’s test of %i of %i against %i of %i is scipy’s',
  (a, n, b, m, p) => {
    const found = fisherExact(a, n, b, m)
    expect(Math.abs(found - p)).toBeLessThan(1e-9 * Math.max(p, 1e-3))
    expect(Math.abs(found - fisherExact(b, m, a, n))).toBeLessThan(1e-9)
    expect(Math.abs(found - fisherExact(n - a, n, m - b, m))).toBeLessThan(1e-9)
  },
)

const text = (name: string, values: readonly string[]): Column => ({ name, type: 'text', values })
const number = (name: string, values: readonly number[]): Column => ({
  name,
  type: 'number',
  values: Float64Array.from(values),
})

it('with a gallery its split column is no slice: every query has the same entry', async () => {
  const rows = [...Array(120).keys()]
  const { slices, figures } = await evaluateRows(
    {
      points: rows.map((row) => [row % 2, Math.sin(row)]),
      labels: rows.map((row) => `c${row % 2}`),
      columns: [
        text(
          'split',
          rows.map((row) => (row < 60 ? 'query' : 'gallery')),
        ),
        text(
          'camera',
          rows.map((row) => (row % 3 === 0 ? 'left' : 'right')),
        ),
      ],
    },
    backend,
  )
  expect(slices.columns.map(({ name }) => name)).toEqual(['camera'])
  expect(slices.skipped).toEqual([
    { name: 'split', reason: 'the same in every row that is evaluated' },
  ])
  // No row has an identical one; rows of the gallery were never asked.
  expect(figures.intrinsic_dimension!.value).not.toBeNull()
  expect(figures.intrinsic_dimension!.note).toBeNull()
})

it('breast-cancer by site and by quarters of a measurement is what scipy finds', async () => {
  const path = fileURLToPath(new URL('../../../oracles/breast-cancer.npz', import.meta.url))
  const manifest = parseManifest('', 'nearmiss.yaml')
  const table = await readTable(
    { name: 'breast-cancer.npz', bytes: new Uint8Array(readFileSync(path)) },
    { part: 'vectors', columns: manifest.columns },
  )
  const { values, rows, dimensions } = table.vectors!
  const labels = table.columns.find(({ name }) => name.startsWith('label'))!
  const { slices, sliceOf } = await evaluateRows(
    {
      points: Array.from({ length: rows }, (_, row) =>
        values.subarray(row * dimensions, (row + 1) * dimensions),
      ),
      labels: Array.from(labels.values, String),
      columns: [text('site', EXPECTED.columns.site), number('smooth', EXPECTED.columns.smooth)],
    },
    backend,
  )
  expect(slices.tested).toBe(Object.keys(EXPECTED.slices).length)
  for (const [id, [count, errors, p, adjusted]] of Object.entries(EXPECTED.slices)) {
    const found = sliceOf(id)!.slice
    expect(found, id).toMatchObject({ rows: count, errors })
    expect(Math.abs(found.p - p)).toBeLessThan(1e-9)
    expect(Math.abs(found.adjustedP - adjusted)).toBeLessThan(1e-9)
    const side = errors / count > sliceOf(id)!.slice.restRate ? 'worse' : 'better'
    expect(found.difference, id).toBe(adjusted < 0.05 ? side : null)
  }
})

/**
 * Two classes in groups of four rows, far from one another; a row that `wrong` chooses lies among the
 * other class of its group, so that it and one row there are errors.
 */
async function withErrors(
  rows: number,
  wrong: (row: number) => boolean,
  columns: readonly Column[],
  settings = '',
) {
  const labels = Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 'a' : 'b'))
  const points = labels.map((label, row) => [10 * Math.floor(row / 4), label === 'a' ? 0 : 5, 0])
  for (let row = 0; row < rows; row++) {
    if (wrong(row)) points[row] = [points[row]![0]!, labels[row] === 'a' ? 5.001 : 0.001, 1]
  }
  const evaluation = await evaluateRows({ points, labels, columns }, backend, settings)
  return { evaluation, report: evaluation.slices }
}

const CAMERA = Array.from({ length: 800 }, (_, row) =>
  Math.floor(row / 4) % 2 === 0 ? 'left' : 'right',
)
const WEATHER = Array.from({ length: 800 }, (_, row) =>
  Math.floor(row / 8) % 4 === 0 ? 'rain' : 'dry',
)
const columns = [text('camera', CAMERA), text('weather', WEATHER)]
const namedOf = (report: Awaited<ReturnType<typeof withErrors>>['report']) =>
  report.list
    .filter(({ difference, explainedBy }) => difference === 'worse' && explainedBy === null)
    .map(({ id }) => id)

describe('which slice is named', () => {
  it('the parent, where the gap is all of it', async () => {
    const { report } = await withErrors(
      800,
      (row) => CAMERA[row] === 'left' && row % 4 === 0,
      columns,
    )
    expect(namedOf(report)).toEqual(['camera=left'])
    const child = report.list.find(({ id }) => id === 'camera=left&weather=dry')!
    expect(child).toMatchObject({ difference: 'worse', explainedBy: 'camera=left' })
  })

  it('the child, where the rest of its parents is like everything else', async () => {
    const { report } = await withErrors(
      800,
      (row) => CAMERA[row] === 'left' && WEATHER[row] === 'rain' && row % 4 === 0,
      columns,
    )
    expect(namedOf(report)).toEqual(['camera=left&weather=rain'])
    const parent = report.list.find(({ id }) => id === 'camera=left')!
    expect(parent).toMatchObject({ difference: 'worse', explainedBy: 'camera=left&weather=rain' })
  })

  it('none, where errors fall anywhere', async () => {
    const random = seededRandom(9)
    const chosen = new Set(Array.from({ length: 60 }, () => 4 * Math.floor(random() * 200)))
    const { report } = await withErrors(800, (row) => chosen.has(row), columns)
    expect(report.different).toBe(0)
  })
})

describe('the finding', () => {
  const settings =
    'owners: { "slice:camera": Optics, "slice:camera=left": Left team, slice-gap: ML }'
  it('goes to the owner of the slice, and can be asked for again', async () => {
    const { evaluation } = await withErrors(
      800,
      (row) => CAMERA[row] === 'left' && row % 4 === 0,
      columns,
      settings,
    )
    const manifest = parseManifest(settings, 'nearmiss.yaml')
    const found = findFindings(evaluation, manifest).find(({ kind }) => kind === 'slice-gap')!
    expect(found).toMatchObject({
      id: 'slice-gap:camera=left',
      owner: 'Left team',
      measure: { value: 50, unit: 'points above the rest' },
    })
    expect(found.evidence).toHaveLength(200)
    expect(found.finding).toContain('50.0 % of the 400 rows with camera left are errors')
    expect(recallFinding(evaluation, manifest, 'slice-gap:camera=right')).toMatchObject({
      owner: 'Optics',
      measure: { value: -50 },
    })
    expect(recallFinding(evaluation, manifest, 'slice-gap:camera=up')).toBeNull()
    expect(recallFinding(evaluation, manifest, 'slice-gap:gone=left')).toBeNull()
  })
})

describe('pairs of classes in a slice', () => {
  // In the slice 8 of 40 rows of a and b are errors, outside 20 of 100: no more than there. Of c and d
  // 4 of 20 are, outside none.
  const parts = [
    { camera: 'left', pair: 'ab', rows: 40, errors: 8 },
    { camera: 'right', pair: 'ab', rows: 100, errors: 20 },
    { camera: 'left', pair: 'cd', rows: 20, errors: 4 },
    { camera: 'right', pair: 'cd', rows: 100, errors: 0 },
  ]
  const rows = parts.flatMap(({ camera, pair, rows, errors }) =>
    Array.from({ length: rows }, (_, at) => {
      const label = 'abcd'.indexOf(pair[at % 2]!)
      const other = 'abcd'.indexOf(pair[1 - (at % 2)]!)
      return { camera, label, predicted: at < errors ? other : label }
    }),
  )
  const input = {
    dataset: {
      rows: rows.length,
      labels: Int32Array.from(rows, ({ label }) => label),
      classes: [...'abcd'],
      metadata: [
        text(
          'camera',
          rows.map(({ camera }) => camera),
        ),
      ],
    },
    rows: {
      evaluated: new Uint8Array(rows.length).fill(1),
      correct: Uint8Array.from(rows, ({ label, predicted }) => Number(label === predicted)),
      predicted: Int32Array.from(rows, ({ predicted }) => predicted),
    },
    neighborhood: {
      ties: {
        firstMateRank: Int32Array.from({ length: 2 * rows.length }, (_, at) => {
          const { label, predicted } = rows[at >> 1]!
          return label === predicted ? 1 : 2
        }),
      },
    },
    manifest: parseManifest('', 'nearmiss.yaml'),
    random: seededRandom,
    clustersWithin: null,
  } as unknown as MetricInput

  it('are told by their errors beyond what their rate outside would give', () => {
    expect(slices(input).find('camera=left')!.slice.confused).toEqual([
      { a: 'c', b: 'd', count: 4 },
      { a: 'a', b: 'b', count: 8 },
    ])
    // Only a and b are errors on the right, fewer than on the left where c and d are counted too.
    expect(slices(input).find('camera=right')!.slice.confused).toEqual([
      { a: 'a', b: 'b', count: 20 },
    ])
  })
})

it('a gap gains what neither the rest nor its classes explain', async () => {
  const { evaluation } = await withErrors(
    800,
    (row) => CAMERA[row] === 'left' && row % 4 === 0,
    columns,
  )
  const { slice, rows } = evaluation.sliceOf('camera=left')!
  const gainOf = (change: Partial<typeof slice>) => {
    const changed = { ...evaluation, sliceOf: () => ({ slice: { ...slice, ...change }, rows }) }
    return recallFinding(changed, parseManifest('', 'nearmiss.yaml'), 'slice-gap:camera=left')!
  }
  // 200 errors of 400 rows; of 800 in all, 1 % is 8.
  expect(gainOf({ restRate: 0.3, expectedErrors: 150 }).gain).toBeCloseTo(50 / 8, 12)
  expect(gainOf({ restRate: 0.4, expectedErrors: 150 }).gain).toBeCloseTo(40 / 8, 12)
  expect(gainOf({ restRate: 0.4, expectedErrors: 150 }).cost).toContain('5.00 points')
  expect(gainOf({ restRate: 0.1, expectedErrors: 210 }).gain).toBe(0)
})

it('a slice that is only the harder class is told, and is nobody’s item', async () => {
  const kind = Array.from({ length: 800 }, (_, row) => (row % 2 === 0 ? 'even' : 'odd'))
  const { evaluation, report } = await withErrors(800, (row) => row % 8 === 0, [text('kind', kind)])
  const slice = report.list.find(({ id }) => id === 'kind=even')!
  expect(slice.errors).toBeCloseTo(slice.expectedErrors, 6)
  const found = findFindings(evaluation, parseManifest('', 'nearmiss.yaml'))
  expect(found.filter((item) => item.kind === 'slice-gap')).toEqual([])
})

describe('columns', () => {
  it('a value of its own in every row, one value and too many make no slice', () => {
    const rows = [...Array(100).keys()]
    expect(
      groupingOf(
        text(
          'file',
          rows.map((row) => `f${row}`),
        ),
      ),
    ).toEqual({ reason: 'more than 50 values' })
    expect(
      groupingOf(
        text(
          'site',
          rows.map(() => 'a'),
        ),
      ),
    ).toEqual({ reason: 'the same in every row' })
  })

  it('numbers and times of many values are cut into quarters; rows without are one more group', () => {
    const numbers = groupingOf(
      number(
        'size',
        [...Array(100).keys()].map((at) => (at < 4 ? Number.NaN : at)),
      ),
    )
    if ('reason' in numbers) throw new Error(numbers.reason)
    expect(numbers.groups.map(({ value }) => value)).toEqual([
      'quarter 1',
      'quarter 2',
      'quarter 3',
      'quarter 4',
      null,
    ])
    const counts = numbers.groups.map(
      (_, group) => numbers.codes.filter((code) => code === group).length,
    )
    expect(counts).toEqual([24, 24, 24, 24, 4])
    const times = groupingOf(
      text(
        'day',
        [...Array(60).keys()].map((at) => new Date(at * 864e5).toISOString()),
      ),
    )
    expect(times).toMatchObject({ by: 'quarters' })
    expect('groups' in times && times.groups[0]!.text).toBe('up to 1970-01-15')
  })

  it('200 of them stay affordable, and what was left out is told', async () => {
    const random = seededRandom(4)
    const many = Array.from({ length: 200 }, (_, at) =>
      text(
        `column ${at}`,
        CAMERA.map(() => `v${Math.floor(random() * (2 + (at % 40)))}`),
      ),
    )
    const own = text(
      'own',
      CAMERA.map((_, row) => `row ${row}`),
    )
    const { report } = await withErrors(800, (row) => row % 12 === 0, [...many, own])
    expect(report.pairs).toEqual({ tested: 190, possible: 19900 })
    expect(report.note).toContain('190 of 19,900 pairs')
    expect(report.skipped).toEqual([{ name: 'own', reason: 'more than 50 values' }])
    expect(report.list.length).toBeLessThanOrEqual(60)
  })

  it('slices of the very same rows are one, under the shorter name', async () => {
    const again = text(
      'lens',
      CAMERA.map((value) => `${value} lens`),
    )
    const { report } = await withErrors(800, (row) => CAMERA[row] === 'left' && row % 4 === 0, [
      ...columns,
      again,
    ])
    expect(namedOf(report)).toEqual(['camera=left'])
  })
})

describe('a slice', () => {
  it('is told with the rate of the rows outside it, and what is confused in it', async () => {
    // 10 of the 20 rows of x are errors that were moved, and 10 more are nearest to one of those.
    const site = Array.from({ length: 80 }, (_, row) => (row < 40 ? 'x' : 'y'))
    const { report, evaluation } = await withErrors(80, (row) => row < 40 && row % 4 === 0, [
      text('site', site),
    ])
    const errors = [...evaluation.rows.correct.keys()].filter(
      (row) => !evaluation.rows.correct[row],
    )
    expect(errors).toHaveLength(20)
    expect(errors.every((row) => row < 40)).toBe(true)
    const [x, y] = ['site=x', 'site=y'].map((id) => report.list.find((one) => one.id === id)!)
    expect(x).toMatchObject({
      rows: 40,
      errors: 20,
      rate: 0.5,
      restRate: 0,
      confused: [{ a: 'a', b: 'b', count: 20 }],
    })
    expect(y).toMatchObject({ rows: 40, errors: 0, rate: 0, restRate: 0.5, confused: [] })
    // Two halves have one p: the one with more errors comes first.
    expect(report.list.map(({ id }) => id)).toEqual(['site=x', 'site=y'])
  })

  it('has 20 rows or more', async () => {
    const of = async (count: number) => {
      const site = Array.from({ length: 80 }, (_, row) => (row < count ? 'x' : 'y'))
      const { report } = await withErrors(80, () => false, [text('site', site)])
      return report.list.map(({ id }) => id).sort()
    }
    expect(await of(20)).toEqual(['site=x', 'site=y'])
    expect(await of(19)).toEqual(['site=y'])
  })

  it('is of the queries where there is a gallery', async () => {
    const split = Array.from({ length: 160 }, (_, row) => (row % 4 < 2 ? 'gallery' : 'query'))
    const site = split.map((_, row) => (row < 80 ? 'x' : 'y'))
    const { report } = await withErrors(160, () => false, [
      text('split', split),
      text('site', site),
    ])
    expect(report.list.filter(({ id }) => id.startsWith('site=')).map(({ rows }) => rows)).toEqual([
      40, 40,
    ])
  })
})

describe('of a slice and one within it', () => {
  const tested = (id: string, rows: number, errors: number, p: number, parents: string[] = []) => ({
    id,
    rows,
    errors,
    p,
    parents,
    places: [],
    adjustedP: p,
    difference: 'worse' as const,
  })
  const whole = { rows: 1000, errors: 150 }

  it('the inner one is named where the rest of the outer one is large enough to speak', () => {
    // 50 of 100 rows are errors. Of the 20 rows more none is, of 19 as well.
    const of = (rest: number) =>
      Object.fromEntries(
        named([tested('p', 100 + rest, 50, 1e-9), tested('c', 100, 50, 1e-9, ['p'])], whole),
      )
    expect(of(20)).toEqual({ p: 'c' })
    expect(of(19)).toEqual({})
  })

  it('both are named where the rest of the outer one is worse too', () => {
    // 80 of 100 rows, 30 of the other 100 and 40 of the 800 outside are errors.
    const both = [tested('p', 200, 110, 1e-9), tested('c', 100, 80, 1e-9, ['p'])]
    expect([...named(both, whole)]).toEqual([])
  })
})

describe('the edges of columns', () => {
  const rows = (count: number, distinct: number) =>
    Array.from({ length: count }, (_, row) => row % distinct)

  it('up to 12 numbers are values, and more are cut into quarters', () => {
    expect(groupingOf(number('n', rows(100, 12)))).toMatchObject({ by: 'value' })
    expect(groupingOf(number('n', rows(100, 13)))).toMatchObject({ by: 'quarters' })
  })

  it('up to 50 texts are values, and more are none, rows without one left aside', () => {
    const texts = (distinct: number) => [...rows(200, distinct).map((at) => `t${at}`), '']
    expect(groupingOf(text('t', texts(50)))).toMatchObject({ by: 'value' })
    expect(groupingOf(text('t', texts(51)))).toEqual({ reason: 'more than 50 values' })
  })
})
