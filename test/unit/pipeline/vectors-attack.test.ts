/**
 * No vector is published: an attack on everything that runs publish, alone and together.
 * `ATTACK=long npx vitest run --project unit test/unit/pipeline/vectors-attack.test.ts` takes all samples and more
 * made runs.
 */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Report } from '../../../lib/core/report.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import {
  type AttackedRun,
  explainedByColumns,
  impliedGroups,
  likeVectors,
  publishedNumbers,
} from '../../attack/vectors.ts'
import { sampleFile } from '../../evaluate-sample.ts'
import { readTable } from '../../read-table.ts'
import { uploadsContext } from '../functions/memory-context.ts'

const LONG = process.env.ATTACK === 'long'

/** Rows of classes of 12, 12, 1, 2 and 4; each row has the same vector in every run. */
function made(dimensions: number, seed: number, sizes = [12, 12, 1, 2, 4]): AttackedRun {
  const rows = sizes.flatMap((size, label) =>
    Array.from({ length: size }, (_, at) => ({
      id: `row-${label}-${at}`,
      label: `class-${label}`,
    })),
  )
  const vectors = rows.map(({ id, label }) => {
    const random = seededRandom([...id].reduce((sum, one) => 31 * sum + one.charCodeAt(0), seed))
    const centre = seededRandom(seed + Number(label.slice(6)))
    return Float64Array.from({ length: dimensions }, () =>
      Math.fround(4 * centre() + random() - 1.7),
    )
  })
  return { ids: rows.map(({ id }) => id), labels: rows.map(({ label }) => label), vectors }
}

async function evaluate(
  context: Context,
  run: string,
  { ids, labels, vectors }: AttackedRun,
  manifest: string,
): Promise<Report> {
  const header = ['id', 'label', ...Array.from(vectors[0]!, (_, d) => `embedding_${d}`)]
  const lines = ids.map((id, row) => [id, labels[row], ...vectors[row]!].join(','))
  const text = [header.join(','), ...lines].join('\n')
  await context.uploads.put(`uploads/p/${run}/embeddings.csv`, text)
  await context.uploads.put(`uploads/p/${run}/nearmiss.yaml`, `model: { name: net }\n${manifest}`)
  const outcome = await evaluateUpload(context, { project: 'p', run, backend: 'wasm' })
  if (outcome.status !== 'published') throw new Error(JSON.stringify(outcome))
  return outcome.report
}

/** One row more, one less, and a small class that grows to five. */
const SIZES = [
  [12, 12, 1, 2, 4],
  [13, 12, 1, 2, 4],
  [13, 11, 1, 2, 5],
]

describe('the vectors of rows', { timeout: 300_000 }, () => {
  it.each(['euclidean', 'cosine'])(
    'don’t follow from all that three runs publish, with the %s distance',
    async (metric) => {
      const context = uploadsContext()
      const runs = SIZES.map((sizes) => made(16, 1, sizes))
      const manifest = `metric: ${metric}\nmaps: [pca]\n`
      for (const [at, run] of runs.entries()) {
        const { drift } = await evaluate(context, `v${at}`, run, manifest)
        if (at > 0) expect(drift!.classes.length).toBeGreaterThan(0)
      }
      const numbers = await publishedNumbers(context.site)
      expect(numbers.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(5_000)
      expect(impliedGroups(numbers, runs)).toEqual([])
      for (const run of runs) expect(likeVectors(numbers, run)).toEqual([])
    },
  )

  it('followed from the means that earlier versions published, by the same attack', async () => {
    const context = uploadsContext()
    const runs = SIZES.map((sizes) => made(16, 1, sizes))
    for (const [at, run] of runs.entries()) {
      await evaluate(context, `v${at}`, run, 'maps: [pca]\n')
    }
    for await (const { key } of context.vault.list('p/')) {
      const { body } = (await context.vault.get(key))!
      await context.site.put(key.replace(/[0-9a-f]{16}\./, ''), body)
    }
    const leaks = impliedGroups(await publishedNumbers(context.site), runs)
    // The row that came and the one that went. With the class of one row the rest of a run is too many.
    expect(leaks.map(({ rows }) => rows.join())).toEqual(
      expect.arrayContaining(['row-0-12', 'row-1-11']),
    )
    for (const { error } of leaks) expect(error).toBeLessThan(1e-4)

    // And within one run, where a single row is left out.
    const alone = uploadsContext()
    const run = made(16, 2, [12, 12, 1])
    await evaluate(alone, 'v0', run, 'maps: [pca]\n')
    for await (const { key } of alone.vault.list('p/')) {
      await alone.site.put('p/runs/v0/centroids.parquet', (await alone.vault.get(key))!.body)
    }
    const numbers = await publishedNumbers(alone.site)
    expect(impliedGroups(numbers, [run])).toMatchObject([{ rows: ['row-2-0'] }])
    // A vector that is written out anywhere is found, though shifted, scaled and rounded.
    const written = [...run.vectors[3]!].map((value) => Number((5 - 2 * value).toFixed(3)))
    expect(likeVectors([...numbers, written.slice(4, 12)], run)).toMatchObject([
      { rows: [run.ids[3]] },
    ])
  })

  it.each([1, 2, 3])('are no two columns of a run of %i dimensions', async (dimensions) => {
    const context = uploadsContext()
    const run = made(dimensions, 3, [20, 20, 1, 2])
    await evaluate(context, 'v0', run, '')
    const numbers = await publishedNumbers(context.site)
    expect(explainedByColumns(numbers, run)).toBeLessThan(0.99)
    // The principal plane, which is published of more dimensions, is the vectors.
    const plane = Array.from({ length: Math.min(2, dimensions) }, (_, d) =>
      run.vectors.map((vector) => vector[d]! + 0.5 * vector[(d + 1) % dimensions]!),
    )
    if (dimensions < 3) {
      expect(explainedByColumns([...numbers, ...plane], run)).toBeGreaterThan(0.999999)
    }
    const far = run.vectors.map((vector, row) =>
      vector.map((value) => value + 90 * Number(row === 7)),
    )
    const { structure } = await evaluate(
      uploadsContext(),
      'v0',
      { ...run, vectors: far },
      'maps: [pca]\n',
    )
    expect(structure.norms).toEqual({ median: null, outliers: [], outlierCount: 1 })
  })

  const samples = LONG
    ? [
        'digits/pca-8',
        'digits/nca-16-small',
        'digits/nca-32',
        'emoji/pixels-pca-32',
        'emoji/mobilenet-metric-64',
        'emoji/mobilenet-128',
      ]
    : ['digits/nca-16-small']
  it.each(samples)('are in nothing that the sample %s publishes', async (sample) => {
    const [project, name] = sample.split('/') as [string, string]
    const context = uploadsContext()
    const bytes = new Uint8Array(readFileSync(sampleFile(`${sample}.npz`)))
    const uploaded = {
      'embeddings.npz': bytes,
      'metadata.csv': readFileSync(sampleFile(`${project}/metadata.csv`)),
    }
    for (const [file, body] of Object.entries(uploaded)) {
      await context.uploads.put(`uploads/${project}/${name}/${file}`, new Uint8Array(body))
    }
    await context.uploads.put(`uploads/${project}/${name}/nearmiss.yaml`, 'maps: [pca]\n')
    const outcome = await evaluateUpload(context, { project, run: name, backend: 'wasm' })
    expect(outcome.status).toBe('published')
    const run = await attacked(bytes, 150)
    const numbers = await publishedNumbers(context.site)
    expect(likeVectors(numbers, run)).toEqual([])
    expect(impliedGroups(numbers, [run])).toEqual([])
  })

  if (LONG) {
    it.each(Array.from({ length: 4 }, (_, seed) => seed))(
      'don’t follow from six runs that differ by rows: %i',
      async (seed) => {
        const context = uploadsContext()
        const random = seededRandom(seed)
        const runs = Array.from({ length: 6 }, () =>
          made(
            24,
            seed,
            Array.from({ length: 6 }, () => 1 + Math.floor(12 * random() ** 2)),
          ),
        )
        for (const [at, run] of runs.entries()) {
          await evaluate(
            context,
            `v${at}`,
            run,
            `metric: ${seed % 2 ? 'cosine' : 'euclidean'}\nmaps: [pca]\n`,
          )
        }
        const numbers = await publishedNumbers(context.site)
        expect(impliedGroups(numbers, runs)).toEqual([])
        for (const run of runs) expect(likeVectors(numbers, run)).toEqual([])
      },
    )
  }
})

/** So many rows of a sample's file at most, evenly over it. */
async function attacked(bytes: Uint8Array, most: number): Promise<AttackedRun> {
  const columns = {
    embeddings: 'embeddings',
    id: 'id',
    label: 'label',
    split: 'split',
    group: 'group',
    image: 'image',
    time: 'time',
  }
  const table = await readTable({ name: 'embeddings.npz', bytes }, { part: 'vectors', columns })
  const { values, rows, dimensions } = table.vectors!
  const labels = table.columns.find(({ name }) => name.startsWith('label'))
  const step = Math.ceil(rows / most)
  const chosen = Array.from({ length: Math.ceil(rows / step) }, (_, at) => at * step)
  return {
    ids: chosen.map((row) => `${row}`),
    labels: chosen.map((row) => String(labels?.values[row] ?? 'all')),
    vectors: chosen.map((row) =>
      Float64Array.from(values.subarray(row * dimensions, (row + 1) * dimensions)),
    ),
  }
}
