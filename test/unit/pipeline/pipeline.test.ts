/** The whole way of an upload to a published report, in memory. */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Context, Progress } from '../../../lib/core/context.ts'
import type { Outcome } from '../../../lib/core/ending.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Report } from '../../../lib/core/report.ts'
import { STAGES } from '../../../lib/core/stage.ts'
import type { Store } from '../../../lib/core/store.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { entryOf, publishIndexes } from '../../../lib/site/entry.ts'
import { sampleFile } from '../../evaluate-sample.ts'

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

function world(signal = new AbortController().signal) {
  const said: Progress[] = []
  const silent = () => {}
  // Every file a minute after the one before, so that runs have an order.
  let minutes = 0
  const uploads = memoryStore('uploads', () => new Date(Date.UTC(2026, 0, 1, 0, minutes++)))
  const context: Context = {
    uploads,
    site: memoryStore('site'),
    vault: memoryStore('vault'),
    log: { info: silent, warn: silent, error: silent },
    clock: () => new Date('2026-06-01T12:00:00Z'),
    random: seededRandom,
    signal,
    progress: (progress) => said.push(progress),
    announcers: [],
  }
  return { context, said }
}

/** Laying maps out takes longest, and has tests of its own. */
const ONE_MAP = 'maps: [pca]\n'

async function upload(context: Context, run: string, files: Record<string, Uint8Array | string>) {
  for (const [name, body] of Object.entries({ 'nearmiss.yaml': ONE_MAP, ...files })) {
    await context.uploads.put(`uploads/p/${run}/${name}`, body)
  }
}

const evaluate = (context: Context, run: string): Promise<Outcome> =>
  evaluateUpload(context, { project: 'p', run, backend: 'wasm' })

async function keys(store: Store): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of store.list('')) found.push(key)
  return found
}

async function json<T>(store: Store, key: string): Promise<T> {
  return JSON.parse(text((await store.get(key))?.body)) as T
}

/** 40 rows in two clusters, one row on the wrong side. */
const table = Array.from({ length: 40 }, (_, i) => {
  const label = i % 2 ? 'b' : 'a'
  const side = i === 7 ? 'a' : label
  return { id: `row-${i}`, label, x: (side === 'a' ? 0 : 5) + Math.sin(i), y: Math.cos(3 * i) }
})
const csv = (columns: (row: (typeof table)[number]) => (string | number)[], header: string) =>
  [header, ...table.map((row) => columns(row).join(','))].join('\n')
const whole = csv(({ id, label, x, y }) => [id, label, x, y], 'id,label,embedding_0,embedding_1')
const vectors = csv(({ id, x, y }) => [id, x, y], 'id,embedding_0,embedding_1')
const labels = csv(({ id, label }) => [id, label], 'id,label')

/** Rows whose nearest other row has another label, straight from the definition. */
const wrong = table.filter((row) => {
  const apart = (other: typeof row) =>
    row === other ? Infinity : Math.hypot(row.x - other.x, row.y - other.y)
  return table.reduce((a, b) => (apart(b) < apart(a) ? b : a)).label !== row.label
})

describe('an upload', () => {
  it('is not fetched where a file is larger than is read', async () => {
    const { context } = world()
    const files = { 'embeddings.csv': whole, 'nearmiss.yaml': '#'.repeat(4_000_001) }
    await upload(context, 'v1', files)
    const fetched: string[] = []
    const uploads: Store = {
      ...context.uploads,
      get(key) {
        fetched.push(key)
        return context.uploads.get(key)
      },
    }
    const outcome = await evaluate({ ...context, uploads }, 'v1')
    if (outcome.status !== 'failed') throw new Error(outcome.status)
    expect(outcome.issues).toMatchObject([{ code: 'file-too-large', where: 'nearmiss.yaml' }])
    expect(outcome.issues[0]!.message).toContain('4000001 bytes; at most 4000000')
    expect(fetched.filter((key) => key.startsWith('uploads/p/v1/'))).toEqual([])
  })

  it('names the files that play no part, other than markers', async () => {
    const { context } = world()
    const files = { 'old-v0.npz': 'x', 'nearmiss.YAML': 'k: 12', _READY: '', '.DS_Store': 'x' }
    await upload(context, 'v1', { 'embeddings.csv': whole, 'notes/readme.txt': 'x', ...files })
    const outcome = await evaluate(context, 'v1')
    if (outcome.status !== 'published') throw new Error(JSON.stringify(outcome))
    const told = outcome.report.input.warnings.filter(({ code }) => code === 'files-unused')
    expect(told.map(({ message }) => message)).toEqual([
      '3 files of the upload play no part: nearmiss.YAML, notes/readme.txt and old-v0.npz',
    ])
  })

  it('becomes a complete run, with run.json as its sign', async () => {
    const { context, said } = world()
    await upload(context, 'v1', { 'embeddings.csv': whole, 'nearmiss.yaml': '' })
    const outcome = await evaluate(context, 'v1')
    expect(outcome).toMatchObject({ status: 'published', run: 'v1', alreadyPublished: false })
    expect(await keys(context.site)).toEqual(
      expect.arrayContaining([
        'index.html',
        'p/index.html',
        'p/index.json',
        'p/latest/index.html',
        'p/runs/v1/index.html',
        'p/runs/v1/report.json',
        'p/runs/v1/rows.parquet',
        'p/runs/v1/run.json',
        'projects.json',
      ]),
    )
    const report = await json<Report>(context.site, 'p/runs/v1/report.json')
    expect(report.metrics.nearest_neighbor_accuracy?.value).toBe(1 - wrong.length / 40)
    expect(report.confusion.pairs).toMatchObject([{ a: 'a', b: 'b', count: wrong.length }])
    // Of two dimensions the principal components would be the vectors, turned: no such map.
    expect(report.projections.map(({ method }) => method)).toEqual(['tsne', 'umap'])
    // Each stage that can be told is there, in the order in which the list has them.
    expect([...new Set(said.map(({ stage }) => stage))]).toEqual(STAGES)
  })

  it('is compared with each run that its manifest names, and measured for drift against the first', async () => {
    const { context } = world()
    const manifest = `${ONE_MAP}baseline: [previous, best, v1, v9]\nmodel: { name: net, version: 1 }\n`
    for (const run of ['v1', 'v2', 'v3']) {
      await upload(context, run, { 'embeddings.csv': whole, 'nearmiss.yaml': manifest })
      await evaluate(context, run)
    }
    const report = await json<Report>(context.site, 'p/runs/v3/report.json')
    expect(report.comparisons.map(({ setting, baseline }) => [setting, baseline])).toEqual([
      ['previous', 'v2'],
      ['best', 'v2'],
      ['v1', 'v1'],
      ['v9', null],
    ])
    expect(report.comparisons[3]!.note).toContain('is not in this project')
    expect(report.comparison).toMatchObject({ baseline: 'v2', matchedRows: 40 })
    expect(report.drift).toMatchObject({ baseline: 'v2', space: { relation: 'same' }, note: null })
    expect(report.drift!.classes).toHaveLength(2)
    for (const drift of report.drift!.classes) expect(drift).toMatchObject({ shift: 0, ks: 0 })
    expect(report.changes!.overlap!.mean).toBe(1)
  })

  it('keeps no centroids where the manifest holds them back, and the next run says so', async () => {
    const { context } = world()
    const manifest = `${ONE_MAP}model: { name: net }\nprivacy: { centroids: none }\n`
    for (const run of ['v1', 'v2']) {
      await upload(context, run, { 'embeddings.csv': whole, 'nearmiss.yaml': manifest })
      await evaluate(context, run)
    }
    expect(await keys(context.vault)).toEqual([])
    const report = await json<Report>(context.site, 'p/runs/v2/report.json')
    expect(report.drift).toMatchObject({ classes: [], overall: null })
    expect(report.drift!.note).toBe("v1 kept no centroids, so drift can't be measured.")
  })

  it('moves centroids that an earlier version published out of the site, and measures drift by them', async () => {
    const { context } = world()
    const manifest = `${ONE_MAP}model: { name: net }\n`
    await upload(context, 'v1', { 'embeddings.csv': whole, 'nearmiss.yaml': manifest })
    await evaluate(context, 'v1')
    const [kept] = await keys(context.vault)
    expect(kept).toMatch(/^p\/runs\/v1\/[0-9a-f]{16}\.centroids\.parquet$/)
    const { body } = (await context.vault.get(kept!))!
    await context.vault.delete(kept!)
    await context.site.put('p/runs/v1/centroids.parquet', body)
    await upload(context, 'v2', { 'embeddings.csv': whole, 'nearmiss.yaml': manifest })
    await evaluate(context, 'v2')
    expect((await keys(context.site)).filter((key) => key.includes('centroids'))).toEqual([])
    expect((await context.vault.get(kept!))!.body).toEqual(body)
    const report = await json<Report>(context.site, 'p/runs/v2/report.json')
    expect(report.drift!.classes).toHaveLength(2)
  })

  it('waits for vectors, and for labels, whatever comes first', async () => {
    const { context } = world()
    await upload(context, 'v1', { 'labels.csv': labels })
    expect(await evaluate(context, 'v1')).toMatchObject({ status: 'waiting' })
    await upload(context, 'v1', { 'embeddings.csv': vectors })
    expect(await evaluate(context, 'v1')).toMatchObject({ status: 'published' })
    await upload(context, 'v2', { 'embeddings.csv': vectors })
    expect(await evaluate(context, 'v2')).toMatchObject({ status: 'waiting', missing: 'labels' })
    expect((await keys(context.site)).filter((key) => key.includes('v2'))).toEqual([])
    await upload(context, 'v2', { 'labels.csv': labels })
    expect(await evaluate(context, 'v2')).toMatchObject({ status: 'published', run: 'v2' })
  })

  it('is one run, however often it comes', async () => {
    const { context } = world()
    await upload(context, 'v1', { 'embeddings.csv': whole })
    await evaluate(context, 'v1')
    const before = await context.site.get('p/runs/v1/report.json')
    await upload(context, 'v1', { 'embeddings.csv': whole })
    expect(await evaluate(context, 'v1')).toMatchObject({
      status: 'published',
      alreadyPublished: true,
    })
    expect(await context.site.get('p/runs/v1/report.json')).toEqual(before)
    const index = await json<ProjectIndex>(context.site, 'p/index.json')
    expect(index.runs.map(({ run }) => run)).toEqual(['v1'])
  })

  it('of other content under a published name becomes a run of its own', async () => {
    const { context } = world()
    await upload(context, 'v1', { 'embeddings.csv': whole })
    await evaluate(context, 'v1')
    await upload(context, 'v1', { 'embeddings.csv': whole.replace('row-3', 'row-three') })
    const outcome = await evaluate(context, 'v1')
    expect(outcome).toMatchObject({ status: 'published', alreadyPublished: false })
    expect(outcome.status === 'published' && outcome.run).toMatch(/^v1-[0-9a-f]{8}$/)
    const index = await json<ProjectIndex>(context.site, 'p/index.json')
    expect(index.runs.length).toBe(2)
  })

  it('that is broken publishes its error page and nothing else; the corrected one takes its place', async () => {
    const { context } = world()
    await upload(context, 'v1', { 'embeddings.csv': whole.replace(/,[^,\n]+$/, ',oops') })
    const outcome = await evaluate(context, 'v1')
    expect(outcome).toMatchObject({ status: 'failed', run: 'v1' })
    const own = async () => (await keys(context.site)).filter((key) => key.startsWith('p/runs/'))
    expect(await own()).toEqual([
      'p/runs/v1/error.json',
      'p/runs/v1/index.html',
      'p/runs/v1/preview.png',
      'p/runs/v1/run.json',
    ])
    const page = text((await context.site.get('p/runs/v1/index.html'))?.body)
    expect(page).toContain('embeddings.csv')
    expect(page).toContain('oops')
    expect(await json(context.site, 'p/runs/v1/run.json')).toMatchObject({ status: 'failed' })

    await upload(context, 'v1', { 'embeddings.csv': whole })
    expect(await evaluate(context, 'v1')).toMatchObject({ status: 'published', run: 'v1' })
    expect(await own()).toEqual([
      'p/runs/v1/confusion.js',
      'p/runs/v1/evidence/1.html',
      'p/runs/v1/figures.js',
      'p/runs/v1/index.html',
      'p/runs/v1/map.js',
      'p/runs/v1/preview.png',
      'p/runs/v1/report.json',
      'p/runs/v1/rows.parquet',
      'p/runs/v1/run.json',
    ])
    const index = await json<ProjectIndex>(context.site, 'p/index.json')
    expect(index.runs).toMatchObject([{ run: 'v1', status: 'published' }])
  })

  it('never publishes an id where the manifest hides them', async () => {
    const { context } = world()
    await upload(context, 'v1', {
      'embeddings.csv': whole,
      'nearmiss.yaml': `${ONE_MAP}privacy: { ids: hashed }`,
    })
    await evaluate(context, 'v1')
    for (const key of await keys(context.site)) {
      expect(text((await context.site.get(key))?.body), key).not.toContain('row-7')
    }
  })

  it('is compared with the run before, whose ids may be the numbers of its rows', async () => {
    const numbered = whole.replaceAll('row-', '')
    const bare = csv(({ label, x, y }) => [label, x, y], 'label,embedding_0,embedding_1')
    for (const body of [numbered, bare]) {
      const { context } = world()
      await upload(context, 'v1', { 'embeddings.csv': body })
      await evaluate(context, 'v1')
      await upload(context, 'v2', { 'embeddings.csv': `${body}\n` })
      const outcome = await evaluate(context, 'v2')
      expect(outcome.status === 'published' && outcome.report.comparison?.matchedRows).toBe(40)
    }
  })

  it('stops when it is told to, with nothing published', async () => {
    const controller = new AbortController()
    const { context } = world(controller.signal)
    await upload(context, 'v1', { 'embeddings.csv': whole })
    controller.abort()
    await expect(evaluate(context, 'v1')).rejects.toMatchObject({ code: 'cancelled' })
    expect(await keys(context.site)).toEqual([])
  })
})

const namesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => `run-${String(i).padStart(2, '0')}`)

async function expectRuns({ site }: Context, runs: readonly string[]) {
  const index = await json<ProjectIndex>(site, 'p/index.json')
  expect(index.runs.map(({ run }) => run)).toEqual(runs)
  const page = text((await site.get('p/index.html'))?.body)
  for (const run of runs) expect(page).toContain(`runs/${run}/`)
}

it('uploads at once are as many runs in the index and on the page', {
  timeout: 60_000,
}, async () => {
  const { context } = world()
  // Node warns from the eleventh listener on one signal.
  const runs = namesOf(12)
  for (const [i, run] of runs.entries()) {
    await upload(context, run, { 'embeddings.csv': whole.replace('row-0,', `row-0-${i},`) })
  }
  const warned: string[] = []
  const warn = ({ name }: Error) => warned.push(name)
  process.on('warning', warn)
  await Promise.all(runs.map((run) => evaluate(context, run)))
  process.off('warning', warn)
  expect(warned).not.toContain('MaxListenersExceededWarning')
  await expectRuns(context, runs)
})

it('twenty runs that end at once are twenty in the index and on the page', async () => {
  const { context } = world()
  await upload(context, 'run-00', { 'embeddings.csv': whole })
  const outcome = await evaluate(context, 'run-00')
  if (outcome.status !== 'published') throw new Error(JSON.stringify(outcome))
  const runs = namesOf(20)
  await Promise.all(
    runs.map((run) => {
      // As an evaluation has it: a signal of its own.
      const own = { ...context, signal: AbortSignal.any([context.signal]) }
      return publishIndexes(own, 'p', entryOf({ ...outcome.report, run }), [])
    }),
  )
  await expectRuns(context, runs)
})

describe('the samples tell their stories', { timeout: 60_000 }, () => {
  const file = (name: string) => new Uint8Array(readFileSync(sampleFile(name)))

  async function runs(sample: string, names: readonly string[]): Promise<Report[]> {
    const { context } = world()
    const reports: Report[] = []
    for (const name of names) {
      await upload(context, name, {
        'embeddings.npz': file(`${sample}/${name}.npz`),
        'metadata.csv': file(`${sample}/metadata.csv`),
        'sprite.png': file(`${sample}/sprite.png`),
        'nearmiss.yaml': `${text(file(`${sample}/nearmiss.yaml`))}\n${ONE_MAP}`,
      })
      const outcome = await evaluate(context, name)
      if (outcome.status !== 'published') throw new Error(JSON.stringify(outcome))
      reports.push(outcome.report)
    }
    return reports
  }
  const stateOf = (report: Report, id: string) => report.items.find((item) => item.id === id)?.state

  it('digits: 3/9 is solved, 1/8 persists, the second step is a change and the third is none', async () => {
    const expected = JSON.parse(text(file('digits/expected.json')))
    const reports = await runs('digits', ['pca-8', 'nca-16-small', 'nca-32'])
    expect(reports.map((report) => stateOf(report, 'confusion:3|9'))).toEqual([
      'new',
      'resolved',
      undefined,
    ])
    expect(reports.map((report) => stateOf(report, 'confusion:1|8'))).toEqual([
      'new',
      'persisting',
      'persisting',
    ])
    const [, second, third] = reports.map(({ comparison }) => comparison)
    const steps = expected.changes ?? expected
    for (const [comparison, name] of [
      [second, 'pca-8 to nca-16-small'],
      [third, 'nca-16-small to nca-32'],
    ] as const) {
      expect(comparison?.fixed.length).toBe(steps[name].fixed)
      expect(comparison?.broken.length).toBe(steps[name].broken)
      expect(comparison?.p).toBeCloseTo(steps[name].mcnemar_exact_p, 8)
    }
    expect([second?.verdict, third?.verdict]).toEqual(['better', 'no evidence of a change'])
    const map = reports.map(({ metrics }) => metrics.map_at_r?.value ?? 0)
    expect(map[2]).toBeLessThan(map[1]!)
    const figures = reports[2]!.margins.figures
    expect(figures.find(({ id }) => id === 'prediction')?.predictsErrors).toBe(true)
    expect(reports[0]!.margins.figures.find(({ id }) => id === 'neighbor')?.predictsErrors).toBe(
      false,
    )
  })

  it('emoji: the headline stands still while rows change; equal pictures and the wrong flag are named', async () => {
    const expected = JSON.parse(text(file('emoji/expected.json')))
    const reports = await runs('emoji', ['pixels-pca-32', 'mobilenet-128', 'mobilenet-metric-64'])
    for (const [at, change] of expected.changes.entries()) {
      const comparison = reports[at + 1]!.comparison!
      expect(comparison.fixed).toEqual(change.fixed_ids)
      expect(comparison.broken).toEqual(change.broken_ids)
      expect(comparison.p).toBeCloseTo(change.mcnemar_exact_p, 8)
    }
    expect(reports.map(({ comparison }) => comparison?.verdict)).toEqual([
      undefined,
      'no evidence of a change',
      'better',
    ])
    for (const report of reports) {
      expect(report.duplicates.groups.length).toBe(11)
      expect(report.duplicates.rows).toBe(25)
      // The confused pair that the equal pictures explain takes them in, for the same owner to settle.
      const pair = report.items.find(({ id }) => id === 'confusion:family|person-symbol')
      expect(pair?.owner).toBe('Data Ops')
      expect(pair?.covers).toContain('label-conflict:family|person-symbol')
      const flags = report.items.find(({ evidence }) => evidence.includes('flag-sark'))
      expect(flags?.evidence).toContain('flag-sa')
    }
    // Ids that look like numbers stay text.
    const ids = reports[0]!.duplicates.groups.flatMap(({ rows }) => rows)
    expect(ids.every((id) => typeof id === 'string')).toBe(true)
  })
})

describe('an earlier run that can’t be read', () => {
  it.each([
    ['report.json', 'no JSON'],
    ['report.json', '{"schema": "nearmiss.report/1", "project": "p", "run": "one"}'],
    ['rows.parquet', 'no parquet'],
  ])('is told of, and stops no later one: %s', async (file, body) => {
    const { context } = world()
    await upload(context, 'one', { 'embeddings.csv': whole })
    await evaluate(context, 'one')
    await context.site.put(`p/runs/one/${file}`, body)
    await upload(context, 'two', { 'embeddings.csv': `${whole}\nrow-40,a,0,0` })
    const outcome = await evaluate(context, 'two')
    expect(outcome.status).toBe('published')
    const { comparison, input } = await json<Report>(context.site, 'p/runs/two/report.json')
    expect(comparison).toBeNull()
    expect(input.warnings).toContainEqual(
      expect.objectContaining({
        code: 'baseline-unreadable',
        message: expect.stringContaining("The run one can't be read."),
      }),
    )
  })
})
