/**
 * Uploads of double precision and large whole numbers through the whole way: figures against distances in
 * double precision, or a word about float32.
 */

import { describe, expect, it, test } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { uploadsContext } from '../functions/memory-context.ts'

const CLASSES = 6
const DIMENSIONS = 8
const COUNT = 240

function blobs(): number[][] {
  const random = seededRandom(9)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const vector = (scale: number) => Array.from({ length: DIMENSIONS }, () => scale * normal())
  const middles = Array.from({ length: CLASSES }, () => vector(0.8))
  return Array.from({ length: COUNT }, (_, row) =>
    vector(1).map((value, d) => value + middles[row % CLASSES]![d]!),
  )
}

/** Share of rows whose nearest other row is of their class: all distances, in double precision. */
function accuracy(rows: readonly (readonly number[])[]): number {
  const right = rows.filter((one, at) => {
    let [nearest, least] = [-1, Number.POSITIVE_INFINITY]
    for (const [other, two] of rows.entries()) {
      const squared = two.reduce((sum, value, d) => sum + (value - one[d]!) ** 2, 0)
      if (other !== at && squared < least) [nearest, least] = [other, squared]
    }
    return nearest % CLASSES === at % CLASSES
  })
  return right.length / rows.length
}

/** As NumPy saves it, of float64 or int64. */
function npy(
  rows: readonly (readonly number[])[],
  descr: '<f8' | '>f8' | '<i8' | '<i4',
): Uint8Array {
  const shape = `(${rows.length}, ${rows[0]!.length})`
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`
  const padded = `${header.padEnd(117)}\n`
  const size = Number(descr.at(-1))
  const bytes = new Uint8Array(10 + padded.length + size * rows.flat().length)
  bytes.set([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length, 0, ...Buffer.from(padded)])
  const view = new DataView(bytes.buffer, 10 + padded.length)
  for (const [at, value] of rows.flat().entries()) {
    if (descr.endsWith('f8')) view.setFloat64(8 * at, value, descr.startsWith('<'))
    else if (descr === '<i8') view.setBigInt64(8 * at, BigInt(value), true)
    else view.setInt32(4 * at, value, true)
  }
  return bytes
}

const labels = `label\n${Array.from({ length: COUNT }, (_, row) => `c${row % CLASSES}`).join('\n')}\n`

async function evaluated(
  files: Record<string, Uint8Array | string>,
  settings = '',
  context = uploadsContext(),
  run = 'r1',
) {
  const manifest = { 'nearmiss.yaml': `maps: [pca]\n${settings}` }
  for (const [name, body] of Object.entries({ ...files, ...manifest })) {
    await context.uploads.put(`uploads/p/${run}/${name}`, body)
  }
  return evaluateUpload(context, { project: 'p', run, backend: 'wasm' })
}

async function reportOf(...args: Parameters<typeof evaluated>) {
  const outcome = await evaluated(...args)
  if (outcome.status !== 'published') throw new Error(JSON.stringify(outcome))
  return outcome.report
}

const csv = (rows: readonly (readonly number[])[]) =>
  [rows[0]!.map((_, d) => `dim_${d}`), ...rows].map((row) => row.join(',')).join('\n')
const moved = (by: (value: number, d: number) => number) =>
  blobs().map((row) => row.map((value, d) => by(value, d)))

describe('far from zero', () => {
  test.each([
    [
      'float64',
      npy(
        moved((value) => value + 1e8),
        '<f8',
      ),
      moved((value) => value + 1e8),
    ],
    [
      'big-endian float64',
      npy(
        moved((value) => value + 1e8),
        '>f8',
      ),
      moved((value) => value + 1e8),
    ],
    [
      'float64, one dimension',
      npy(
        moved((value, d) => value + (d === 3 ? 1e9 : 0)),
        '<f8',
      ),
      moved((value, d) => value + (d === 3 ? 1e9 : 0)),
    ],
    [
      'float64, magnitudes of all sizes',
      npy(
        moved((value, d) => value * 10 ** d + 10 ** (d + 9)),
        '<f8',
      ),
      moved((value, d) => value * 10 ** d + 10 ** (d + 9)),
    ],
    [
      'int64 past 2^24',
      npy(
        moved((value) => 2 ** 40 + Math.round(1000 * value)),
        '<i8',
      ),
      moved((value) => 2 ** 40 + Math.round(1000 * value)),
    ],
    [
      'int32 past 2^24',
      npy(
        moved((value) => 2 ** 30 + Math.round(10 * value)),
        '<i4',
      ),
      moved((value) => 2 ** 30 + Math.round(10 * value)),
    ],
  ])('%s has the figures of double precision', async (_, bytes, rows) => {
    const report = await reportOf({ 'embeddings.npy': bytes, 'labels.csv': labels })
    expect(report.metrics.nearest_neighbor_accuracy!.value).toBe(accuracy(rows))
    expect(report.input.warnings.filter(({ message }) => message.includes('float32'))).toEqual([])
  })

  it('a CSV has too', async () => {
    const rows = moved((value) => value + 1e8)
    const report = await reportOf({ 'embeddings.csv': csv(rows), 'labels.csv': labels })
    expect(report.metrics.nearest_neighbor_accuracy!.value).toBe(accuracy(rows))
  })

  it('queries and gallery are moved alike', async () => {
    const rows = moved((value) => value + 1e8)
    const [asked, found] = [rows.slice(0, 120), rows.slice(120)]
    const report = await reportOf({
      'embeddings.npy': npy(asked, '<f8'),
      'gallery.npy': npy(found, '<f8'),
      'labels.csv': labels,
    })
    const right = asked.filter((one, at) => {
      const squares = found.map((two) => two.reduce((sum, v, d) => sum + (v - one[d]!) ** 2, 0))
      return squares.indexOf(Math.min(...squares)) % CLASSES === at % CLASSES
    })
    expect(report.metrics.nearest_neighbor_accuracy!.value).toBe(right.length / 120)
  })

  it('is no drift from the same rows, and lengths are those of the upload', async () => {
    const context = uploadsContext()
    const rows = moved((value) => value + 1e8)
    const files = { 'embeddings.npy': npy(rows, '<f8'), 'labels.csv': labels }
    const first = await reportOf(files, '', context)
    const again = { ...files, 'labels.csv': `${labels}\n` }
    const second = await reportOf(again, '', context, 'r2')
    expect(second.drift!.space.relation).toBe('same')
    expect(second.drift!.classes.map(({ shift }) => shift)).toEqual(Array(CLASSES).fill(0))
    const lengths = rows.map((row) => Math.hypot(...row)).sort((a, b) => a - b)
    const median = (lengths[COUNT / 2 - 1]! + lengths[COUNT / 2]!) / 2
    expect(first.structure!.norms!.median).toBeCloseTo(median, 6)
  })

  it('is told where directions are lost by it', async () => {
    const rows = moved((value) => value + 1e8)
    const outcome = await evaluated(
      { 'embeddings.npy': npy(rows, '<f8'), 'labels.csv': labels },
      'metric: cosine',
    )
    expect(outcome.status).toBe('failed')
    expect(JSON.stringify(outcome)).toContain('float32')
  })
})

describe('what float32 does not hold', () => {
  const refusals: [string, Record<string, Uint8Array | string>, RegExp][] = [
    [
      'too large',
      {
        'embeddings.npy': npy(
          moved((value) => value * 1e39),
          '<f8',
        ),
      },
      /too large for float32/,
    ],
    [
      'too large, CSV',
      { 'embeddings.csv': csv(moved((value) => value * 1e39)) },
      /too large for float32/,
    ],
    [
      'too small',
      {
        'embeddings.npy': npy(
          moved((value) => value * 1e-50),
          '<f8',
        ),
      },
      /too small for float32/,
    ],
    [
      'integers past 2^53',
      {
        'embeddings.npy': npy(
          moved((value) => 2 ** 60 + Math.round(value * 4096)),
          '<i8',
        ),
      },
      /integers of 2\^53 or more.*float32/,
    ],
    [
      'integers past 2^53, CSV',
      { 'embeddings.csv': `dim_0\n${Array(COUNT).fill('9007199254740993').join('\n')}\n` },
      /of 2\^53 or more.*float32/,
    ],
  ]
  test.each(refusals)('%s is an error', async (_, files, message) => {
    const outcome = await evaluated({ ...files, 'labels.csv': labels })
    expect(outcome.status).toBe('failed')
    expect(JSON.stringify(outcome)).toMatch(message)
  })

  it('clusters whose rows differ past its digits are an error', async () => {
    // Two places 1e8 apart: no middle is near both.
    const rows = blobs().map((row, at) => row.map((value) => value + (at % 2 ? 1e9 : -1e9)))
    const outcome = await evaluated({ 'embeddings.npy': npy(rows, '<f8'), 'labels.csv': labels })
    expect(JSON.stringify(outcome)).toMatch(/rounding to float32/)
  })

  it('a few such rows are a warning that names them', async () => {
    const rows = blobs().map((row, at) =>
      row.map((value) => value * (at < 24 ? 1e-12 : 1) + (at < 24 ? 40 : 0)),
    )
    const report = await reportOf({ 'embeddings.npy': npy(rows, '<f8'), 'labels.csv': labels })
    const codes = report.input.warnings.map(({ code }) => code)
    expect(codes).toContain('rows-became-equal')
    expect(codes).toContain('neighbors-rounded')
    const told = report.input.warnings.find(({ code }) => code === 'neighbors-rounded')!
    expect(told.message).toContain('24 of 240 rows')
    expect(told.headline).toContain('float32')
  })
})
