/** A deleted run is nowhere in the site, its neighbours stand, and a deletion that was stopped can be ended. */

import { parquetReadObjects } from 'hyparquet'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import { StoreError } from '../../../lib/core/errors.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import type { Report } from '../../../lib/core/report.ts'
import type { Store } from '../../../lib/core/store.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { deletePublished } from '../../../lib/site/deletion.ts'
import { linkTicket } from '../../../lib/site/tickets.ts'
import { memoryContext } from '../functions/memory-context.ts'

/** In an id, a class, a metadata value, the model and the run's name: nothing but the first run has it. */
const TOKEN = 'Zqx7'
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

interface Made {
  readonly token?: boolean
  /** Rows of a that lie among those of b. */
  readonly wrong: number
}

function csv({ token = false, wrong }: Made): string {
  const rows = Array.from({ length: 160 }, (_, row) => {
    const label = row % 2 ? 'b' : 'a'
    const at = label === 'a' && row / 2 < wrong ? 'b' : label
    const id = token && row === 0 ? `${TOKEN}-id` : `r${row}`
    return [
      id,
      label,
      token && row < 30 ? `${TOKEN}-site` : `site-${row % 3}`,
      `p/${token ? 't' : ''}${row % 4}.png`,
      (at === 'b' ? 4 : 0) + Math.sin(row),
      Math.cos(row),
    ].join(',')
  })
  // A class of its own, each row of which lies beside one of a.
  const own = Array.from({ length: 40 }, (_, row) =>
    [
      `t${row}`,
      row % 2 ? `${TOKEN}-class` : 'a',
      'site-0',
      '',
      9 + Math.floor(row / 2) + (row % 2) / 100,
      0,
    ].join(','),
  )
  return ['id,label,camera,image,embedding_0,embedding_1', ...rows, ...(token ? own : [])].join(
    '\n',
  )
}

const RUNS: readonly (readonly [run: string, made: Made])[] = [
  [`first-${TOKEN}`, { token: true, wrong: 12 }],
  ['second', { wrong: 9 }],
  ['third', { wrong: 0 }],
]

async function evaluated(): Promise<Context> {
  const { context } = memoryContext()
  let minutes = 0
  const uploads = memoryStore('uploads', () => new Date(Date.UTC(2026, 0, 1, 0, minutes++)))
  const made = { ...context, uploads }
  for (const [run, content] of RUNS) {
    const model = content.token ? `net-${TOKEN}` : 'net'
    for (let at = 0; at < 4; at++) {
      const name = `${content.token ? 't' : ''}${at}.png`
      const body = Uint8Array.from([...PNG, at, content.token && at > 1 ? 1 : 0])
      await uploads.put(`uploads/p/${run}/p/${name}`, body)
    }
    await uploads.put(`uploads/p/${run}/nearmiss.yaml`, `maps: [pca]\nmodel: { name: ${model} }\n`)
    await uploads.put(`uploads/p/${run}/embeddings.csv`, csv(content))
    const outcome = await evaluateUpload(made, { project: 'p', run, backend: 'wasm' })
    expect(outcome).toMatchObject({ status: 'published', run })
  }
  return made
}

let template: Context
beforeAll(async () => {
  template = await evaluated()
}, 60_000)

/** A project of its own, whose runs were evaluated once for all tests. */
const project = async () => copyOf(template)

async function keys(store: Store): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of store.list('')) found.push(key)
  return found
}

/** Keys under which the token is, in the key or in what lies there. */
async function mentions(store: Store, token = TOKEN): Promise<string[]> {
  const found: string[] = []
  for (const key of await keys(store)) {
    const { body } = (await store.get(key))!
    const texts = [key, Buffer.from(body).toString('latin1'), Buffer.from(body).toString('utf8')]
    if (key.endsWith('.parquet')) {
      texts.push(
        JSON.stringify(await parquetReadObjects({ file: new Uint8Array(body).buffer }), (_, v) =>
          typeof v === 'bigint' ? String(v) : v,
        ),
      )
    }
    // Names and slugs of items are in lower case.
    if (texts.some((text) => text.toLowerCase().includes(token.toLowerCase()))) found.push(key)
  }
  return found
}

async function json<T>(store: Store, key: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode((await store.get(key))!.body)) as T
}

const FIRST = RUNS[0]![0]
const deleteFirst = (context: Context) => deletePublished(context, { project: 'p', run: FIRST })

describe('deleting a run', () => {
  it('leaves no byte of the site or the vault that mentions it', async () => {
    const context = await project()
    const index = await json<ProjectIndex>(context.site, 'p/index.json')
    const own = Object.values(index.items).find(({ id }) => id.includes(TOKEN))!
    expect(own).toBeDefined()
    await linkTicket(context, 'p', own.id, 'https://tickets.example.com/1')
    const before = await mentions(context.site)
    for (const key of [
      'p/index.json',
      'p/feed.xml',
      'p/tickets.json',
      'p/runs/second/report.json',
    ]) {
      expect(before).toContain(key)
    }
    const pictures = (await keys(context.site)).filter((key) => key.startsWith('p/assets/'))
    expect(pictures).toHaveLength(6)
    const deletion = await deleteFirst(context)
    expect(await mentions(context.site)).toEqual([])
    expect(await mentions(context.vault)).toEqual([])
    expect(deletion.items).toContain(own.id)
    expect(deletion.rewritten).toContain('second')
    expect(deletion.vault).toHaveLength(1)
    expect(deletion.uploads.length).toBeGreaterThan(0)
    // Two of its pictures other runs have too.
    expect((await keys(context.site)).filter((key) => key.startsWith('p/assets/'))).toHaveLength(4)
    expect((await keys(context.uploads)).some((key) => key.includes(FIRST))).toBe(true)
  })

  it('leaves later runs readable, and without a comparison that they had with it', async () => {
    const context = await project()
    const third = (await context.site.get('p/runs/third/report.json'))!.body
    await deleteFirst(context)
    const second = await json<Report>(context.site, 'p/runs/second/report.json')
    expect(second).toMatchObject({ comparison: null, changes: null, drift: null })
    expect(second.comparisonNote).toBe('The run that it was compared with was deleted.')
    expect(second.metrics.nearest_neighbor_accuracy!.value).toBeGreaterThan(0.5)
    const index = await json<ProjectIndex>(context.site, 'p/index.json')
    expect(index.runs.map(({ run }) => run)).toEqual(['second', 'third'])
    expect(index.runs[0]!.summary).toMatchObject({ baseline: null, fixed: null })
    const now = await json<Report>(context.site, 'p/runs/third/report.json')
    expect(now.comparison).toEqual(
      (JSON.parse(new TextDecoder().decode(third)) as Report).comparison,
    )
    for (const { id } of [...second.items, ...now.items]) expect(index.items).toHaveProperty([id])
    // A run that follows is compared with those that are left.
    await context.uploads.put('uploads/p/fourth/embeddings.csv', csv({ wrong: 3 }))
    const fourth = await evaluateUpload(context, { project: 'p', run: 'fourth', backend: 'wasm' })
    expect(fourth).toMatchObject({ report: { comparison: { baseline: 'third' } } })
  })

  it('can be ended after it was stopped, wherever that was', async () => {
    const made = await project()
    const whole = copyOf(made)
    await deleteFirst(whole)
    const expected = await bytesOf(whole.site)
    const writes = await countWrites(copyOf(made))
    expect(writes).toBeGreaterThan(30)
    for (let at = 0; at < writes; at += 6) {
      const context = copyOf(made)
      await expect(deleteFirst(stoppedAfter(context, at))).rejects.toThrow('stopped')
      await deleteFirst(context)
      expect(await mentions(context.site), `after ${at} writes`).toEqual([])
      expect(await bytesOf(context.site), `after ${at} writes`).toEqual(expected)
      expect(await mentions(context.vault)).toEqual([])
    }
  })

  it('can be ended where nothing is left of the run but what later ones say of it', async () => {
    const context = await project()
    await expect(deleteFirst(stoppedAfter(context, 3))).rejects.toThrow('stopped')
    // As a repair does, of a site whose vault it wasn't told.
    for (const store of [context.site, context.vault]) {
      for (const key of await keys(store)) if (key.includes(FIRST)) await store.delete(key)
    }
    expect(await mentions(context.site)).not.toEqual([])
    await deleteFirst(context)
    expect(await mentions(context.site)).toEqual([])
  })

  it('tells what would go, and changes nothing', async () => {
    const context = await project()
    const before = await bytesOf(context.site)
    const planned = await deletePublished(context, { project: 'p', run: FIRST, dryRun: true })
    expect(await bytesOf(context.site)).toEqual(before)
    expect(planned).toEqual(await deleteFirst(context))
    await expect(deleteFirst(context)).rejects.toMatchObject({ code: 'no-such-run' })
  })

  it('takes the upload with it where that is asked for', async () => {
    const context = await project()
    await deletePublished(context, { project: 'p', run: 'third', withUploads: true })
    const left = await keys(context.uploads)
    expect(left.filter((key) => key.startsWith('uploads/p/third/'))).toEqual([])
    expect(left.some((key) => key.startsWith('uploads/p/second/'))).toBe(true)
    const projects = await json<{ projects: { latest: { run: string } }[] }>(
      context.site,
      'projects.json',
    )
    expect(projects.projects[0]!.latest.run).toBe('second')
    const latest = new TextDecoder().decode((await context.site.get('p/latest/index.html'))!.body)
    expect(latest).toContain('runs/second/')
  })
})

it('a project is deleted with all of its runs', async () => {
  const context = await project()
  const deletion = await deletePublished(context, { project: 'p', run: null, withUploads: true })
  expect(deletion.deleted.length).toBeGreaterThan(40)
  expect(await keys(context.site)).toEqual(['index.html', 'projects.json'])
  expect((await keys(context.vault)).filter((key) => key.startsWith('p/'))).toEqual([])
  expect(await keys(context.uploads)).toEqual([])
  await expect(deletePublished(context, { project: 'p', run: null })).rejects.toMatchObject({
    code: 'no-such-project',
  })
})

function copyOf(context: Context): Context {
  return {
    ...context,
    uploads: clone(context.uploads),
    site: clone(context.site),
    vault: clone(context.vault),
  }
}

/** What is written to it doesn't reach the other one. */
function clone(store: Store): Store {
  const copy = memoryStore(store.name)
  const filled = (async () => {
    for await (const { key } of store.list('')) await copy.put(key, (await store.get(key))!.body)
  })()
  return {
    ...copy,
    get: (key) => filled.then(() => copy.get(key)),
    head: (key) => filled.then(() => copy.head(key)),
    put: (...call) => filled.then(() => copy.put(...call)),
    delete: (key) => filled.then(() => copy.delete(key)),
    async *list(prefix) {
      await filled
      yield* copy.list(prefix)
    },
  }
}

async function bytesOf(store: Store): Promise<Record<string, string>> {
  const all: Record<string, string> = {}
  for await (const { key, etag } of store.list('')) all[key] = etag
  return all
}

async function countWrites(context: Context): Promise<number> {
  let writes = 0
  await deleteFirst(interceptWrites(context, () => writes++))
  return writes
}

function stoppedAfter(context: Context, count: number): Context {
  let writes = 0
  return interceptWrites(context, () => {
    if (writes++ >= count) throw new StoreError('stopped', 'stopped')
  })
}

function interceptWrites(context: Context, before: () => void): Context {
  const intercept = (store: Store): Store => ({
    ...store,
    put: async (...call) => {
      before()
      return store.put(...call)
    },
    delete: async (key) => {
      before()
      return store.delete(key)
    },
  })
  return { ...context, site: intercept(context.site), vault: intercept(context.vault) }
}
