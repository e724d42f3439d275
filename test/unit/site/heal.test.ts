import { beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import type { Report } from '../../../lib/core/report.ts'
import type { Store } from '../../../lib/core/store.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { healSite } from '../../../lib/site/heal.ts'
import { memoryContext } from '../functions/memory-context.ts'
import {
  mortal,
  recorded,
  type Snapshot,
  snapshot,
  storeOf,
  type Write,
} from '../pipeline/publication-stops.ts'

/** Rows around two centres, some of them on the wrong side, and others from one upload to the next. */
function csv(seed: number): string {
  const rows = Array.from({ length: 24 }, (_, row) => {
    const side = (row + seed) % 9 === 0 ? 1 - (row % 2) : row % 2
    return [`r${row}`, row % 2 ? 'b' : 'a', side * 4 + Math.sin(row * seed), Math.cos(row)].join(
      ',',
    )
  })
  return ['id,label,embedding_0,embedding_1', ...rows].join('\n')
}

const BROKEN = 'id,label,embedding_0\nr0,a,1'
const isClaim = (key: string) => key.startsWith('_claims/')

function contextOn(site: Store, uploads?: Store): Context {
  const { context } = memoryContext()
  return { ...context, site, ...(uploads ? { uploads } : {}) }
}

async function upload(context: Context, run: string, content: string) {
  await context.uploads.put(`uploads/p/${run}/embeddings.csv`, content)
  await context.uploads.put(`uploads/p/${run}/nearmiss.yaml`, 'maps: [pca]\n')
}

const evaluate = (context: Context, run: string) =>
  evaluateUpload(context, { project: 'p', run, backend: 'wasm' })

async function json<T>(store: Store, key: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode((await store.get(key))?.body)) as T
}

/** What a publication wrote, over what was there. */
interface Publication {
  readonly before: Snapshot
  readonly after: Snapshot
  readonly writes: readonly Write[]
  /** From how many writes on the run's files are all there: its claim says so. */
  readonly decided: number
  /** From how many on there is a claim. */
  readonly claimed: number
}

describe.each([
  ['of a report after another', csv(1), csv(2), null],
  ["of a project's first report", null, csv(2), null],
  ['of an upload that cannot be evaluated', csv(1), BROKEN, null],
  ['of a report over its failure', csv(1), csv(2), BROKEN],
])('a publication %s that is stopped', (_, first, content, failure) => {
  let whole: Publication
  let uploads: Store

  beforeAll(async () => {
    const { context } = memoryContext()
    uploads = context.uploads
    if (first !== null) {
      await upload(context, 'v1', first)
      await evaluate(context, 'v1')
    }
    if (failure !== null) {
      await upload(context, 'v2', failure)
      await evaluate(context, 'v2')
    }
    await upload(context, 'v2', content)
    const before = await snapshot(context.site)
    const { store, writes } = recorded(context.site)
    await evaluate({ ...context, site: store }, 'v2')
    const at = (found: (write: Write) => boolean) => writes.findIndex(found) + 1
    whole = {
      before,
      after: await snapshot(context.site),
      writes,
      claimed: at(({ key }) => isClaim(key)),
      decided: at(({ key, body }) => isClaim(key) && !!body?.includes('"written"')),
    }
    expect(writes.length).toBeGreaterThan(whole.decided + 5)
    expect(whole.decided).toBeGreaterThan(whole.claimed)
  })

  it('at any write, is ended or taken back by the next start, to the byte', async () => {
    for (let stop = 1; stop <= whole.writes.length; stop++) {
      const site = await storeOf(whole.before, whole.writes.slice(0, stop))
      await healSite(contextOn(site))
      const expected = stop >= whole.decided ? whole.after : whole.before
      const found = await snapshot(site)
      // Pictures are shared by content: what was written of them harms nobody and stays.
      const differing = [...new Set([...found.keys(), ...expected.keys()])].filter(
        (key) => found.get(key) !== expected.get(key) && !key.startsWith('p/assets/'),
      )
      expect(differing, `after ${stop} writes`).toEqual([])
      // Once more, there is nothing left to do.
      const again = recorded(site)
      await healSite(contextOn(again.store))
      expect(again.writes, `after ${stop} writes`).toEqual([])
    }
  })

  it('shows no page before all that belongs to it is there', async () => {
    const prefix = 'p/runs/v2/'
    for (let stop = 1; stop <= whole.writes.length; stop++) {
      const site = await snapshot(await storeOf(whole.before, whole.writes.slice(0, stop)))
      const page = site.get(`${prefix}index.html`)
      if (page === undefined || page === whole.before.get(`${prefix}index.html`)) continue
      for (const [key, body] of whole.after) {
        if (!key.startsWith(prefix) || key.endsWith('/run.json')) continue
        expect(site.get(key) === body, `${key} after ${stop} writes`).toBe(true)
      }
    }
  })

  it('keeps its name for the upload that corrects it, and its place for the run after it', async () => {
    const { decided, writes } = whole
    for (const stop of [decided - 1, decided, writes.length - 2]) {
      const site = await storeOf(whole.before, writes.slice(0, stop))
      const context = contextOn(site)
      await upload(context, 'v2', csv(4))
      const corrected = await evaluate(context, 'v2')
      const isFree = stop < decided || content === BROKEN
      const name = isFree ? 'v2' : expect.stringMatching(/^v2-[0-9a-f]{8}$/)
      expect(corrected, `after ${stop} writes`).toMatchObject({ status: 'published', run: name })
      const index = await json<ProjectIndex>(site, 'p/index.json')
      expect(index.runs.map(({ run }) => run)).toEqual([
        ...(first === null ? [] : ['v1']),
        ...(isFree ? ['v2'] : ['v2', expect.stringMatching(/^v2-/)]),
      ])
      expect([...(await snapshot(site)).keys()].filter(isClaim)).toEqual([])
    }
  })

  it('is the baseline of the run after it where it was complete, as if nothing had been', async () => {
    const { decided, writes } = whole
    const next = async (site: Store) => {
      const context = contextOn(site)
      await upload(context, 'v3', csv(4))
      await evaluate(context, 'v3')
      const { comparison, items } = await json<Report>(site, 'p/runs/v3/report.json')
      const index = await json<ProjectIndex>(site, 'p/index.json')
      // When the upload arrived, which another time is another moment.
      const runs = index.runs.map((entry) => ({ ...entry, createdAt: '' }))
      return { comparison, items, index: { ...index, runs } }
    }
    const undisturbed = await next(await storeOf(whole.after))
    for (const stop of [decided, decided + 2]) {
      const disturbed = await next(await storeOf(whole.before, writes.slice(0, stop)))
      expect(disturbed, `after ${stop} writes`).toEqual(undisturbed)
    }
  })

  it('is begun again by the next delivery, and published once', async () => {
    const { claimed, decided, writes } = whole
    for (const stop of [claimed + 2, decided + 1]) {
      const site = await storeOf(whole.before)
      const dying = contextOn(mortal(site, stop), uploads)
      await expect(evaluate(dying, 'v2')).rejects.toThrow('killed')
      expect(await evaluate(contextOn(site, uploads), 'v2')).toMatchObject({ run: 'v2' })
      const found = await snapshot(site)
      expect([...found.keys()], `after ${stop} of ${writes.length}`).toEqual([
        ...whole.after.keys(),
      ])
      expect(found.get('p/index.json')).toBe(whole.after.get('p/index.json'))
    }
  })
})
