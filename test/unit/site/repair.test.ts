import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import type { Store } from '../../../lib/core/store.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { repairSite } from '../../../lib/site/repair.ts'
import { memoryContext } from '../functions/memory-context.ts'
import { recorded, type Snapshot, snapshot, storeOf } from '../pipeline/publication-stops.ts'

/** Rows around three centres, some on the wrong side, others from one upload to the next. */
function csv(seed: number, classes = 3): string {
  const rows = Array.from({ length: 45 }, (_, row) => {
    const label = row % classes
    const side = (row * 7 + seed) % 5 === 0 ? (label + 1) % classes : label
    return [`r${row}`, 'abc'[label], side * 4 + Math.sin(row * seed), Math.cos(row)].join(',')
  })
  return ['id,label,embedding_0,embedding_1', ...rows].join('\n')
}

const HOUR_LATER = new Date(Date.now() + 3_600_000)
const contextOn = (site: Store): Context => ({
  ...memoryContext().context,
  site,
  clock: () => HOUR_LATER,
})

/** Everything over the runs: what a repair makes. */
const isDerived = (key: string) => !/^[^/]+\/(runs|assets)\//.test(key)
const isIndex = (key: string) => /^([^/]+\/index|projects)\.json$/.test(key)

describe('a repair', () => {
  let whole: Snapshot

  beforeAll(async () => {
    let minutes = 0
    const uploads = memoryStore('uploads', () => new Date(Date.UTC(2026, 0, 1, 0, minutes++)))
    const context = { ...memoryContext().context, uploads }
    for (const [project, run, content] of [
      ['p', 'v1', csv(1)],
      ['p', 'v2', csv(2)],
      ['p', 'broken', 'id,label,embedding_0\nr0,a,1'],
      // The items of class c can't be told of any more.
      ['p', 'v3', csv(3, 2)],
      ['q', 'v1', csv(5)],
    ] as const) {
      await uploads.put(`uploads/${project}/${run}/embeddings.csv`, content)
      await uploads.put(`uploads/${project}/${run}/nearmiss.yaml`, 'maps: [pca]\n')
      await evaluateUpload(context, { project, run, backend: 'wasm' })
    }
    whole = await snapshot(context.site)
    expect([...whole.keys()].filter((key) => key.startsWith('p/items/')).length).toBeGreaterThan(2)
  })

  it('finds nothing to do in a site that was never disturbed', async () => {
    const site = await storeOf(whole)
    for (const dryRun of [true, false]) {
      const { store, writes } = recorded(site)
      expect(await repairSite(contextOn(store), { dryRun })).toEqual({
        written: [],
        deleted: [],
        problems: [],
      })
      expect(writes).toEqual([])
    }
  })

  it('and a next run are not stopped by a list of tickets that can’t be read', async () => {
    const site = await storeOf(whole)
    await site.put('p/tickets.json', '{"schema":')
    const { context, lines } = memoryContext()
    const { uploads } = context
    const disturbed: Context = { ...context, site }
    const { written, problems } = await repairSite(
      { ...disturbed, clock: () => HOUR_LATER },
      { dryRun: false },
    )
    expect({ written, problems }).toEqual({ written: [], problems: [] })

    await uploads.put('uploads/p/v4/embeddings.csv', csv(4))
    await uploads.put('uploads/p/v4/nearmiss.yaml', 'maps: [pca]\n')
    const ending = await evaluateUpload(disturbed, { project: 'p', run: 'v4', backend: 'wasm' })
    expect(ending.status).toBe('published')
    expect(lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/without links to tickets: .*p\/tickets\.json .* is not JSON/),
    )
    const kept = await site.get('p/tickets.json')
    expect(new TextDecoder().decode(kept?.body)).toBe('{"schema":')
  })

  it('moves means of classes that an earlier version published into the vault', async () => {
    const site = await storeOf(whole)
    const key = 'p/runs/v1/centroids.parquet'
    await site.put(key, 'means')
    const context = { ...contextOn(site), vault: memoryStore('vault') }
    expect((await repairSite(context, { dryRun: true })).deleted).toEqual([key])
    expect(await snapshot(context.vault)).toEqual(new Map())
    expect((await repairSite(context, { dryRun: false })).deleted).toEqual([key])
    expect(await site.get(key)).toBeNull()
    const [kept] = [...(await snapshot(context.vault)).keys()]
    expect(kept).toMatch(/^p\/runs\/v1\/[0-9a-f]{16}\.centroids\.parquet$/)
  })

  it('makes the same from the runs alone, to the byte', async () => {
    const runs = new Map([...whole].filter(([key]) => !isDerived(key)))
    const site = await storeOf(runs)
    const { written, deleted, problems } = await repairSite(contextOn(site), { dryRun: false })
    expect({ deleted, problems }).toEqual({ deleted: [], problems: [] })
    expect(written).toEqual([...whole.keys()].filter(isDerived).sort())
    const made = await snapshot(site)
    expect([...made.keys()].sort()).toEqual([...whole.keys()].sort())
    for (const key of [...whole.keys()].filter(isIndex)) {
      expect(made.get(key), key).toBe(whole.get(key))
    }
    expect((await repairSite(contextOn(site), { dryRun: true })).written).toEqual([])
  })

  it('mends whatever is lost of what is made from the runs, and says before what it will do', async () => {
    const derived = [...whole.keys()].filter(isDerived)
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(derived, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(
          null,
          '{"schema":',
          '[]',
          '{"schema":"nearmiss.index/1","project":"other"}',
        ),
        async (lost, instead) => {
          const site = await storeOf(whole)
          for (const key of lost) {
            if (instead !== null && isIndex(key)) await site.put(key, instead)
            else await site.delete(key)
          }
          const draft = recorded(site)
          const foretold = await repairSite(contextOn(draft.store), { dryRun: true })
          expect(draft.writes).toEqual([])
          const repaired = await repairSite(contextOn(site), { dryRun: false })
          expect(repaired).toEqual(foretold)
          expect(repaired.written).toEqual(expect.arrayContaining(lost))
          const found = await snapshot(site)
          for (const key of [...whole.keys()].filter(isIndex)) {
            expect(found.get(key), key).toBe(whole.get(key))
          }
          expect([...found.keys()].sort()).toEqual([...whole.keys()].sort())
        },
      ),
      { numRuns: 12, seed: 12 },
    )
  })

  it('takes away half runs of earlier versions, and pages of items that no run has', async () => {
    const site = await storeOf(whole)
    const strays = [
      'p/runs/v9/claim.json',
      'p/runs/v9/index.html',
      'p/items/gone-12345678/index.html',
    ]
    for (const key of strays) await site.put(key, 'half')
    const early = { ...contextOn(site), clock: () => new Date() }
    const first = await repairSite(early, { dryRun: true })
    expect(first.deleted).toEqual(['p/items/gone-12345678/index.html'])
    expect(first.problems).toEqual([expect.stringContaining('Run v9 of project p has no record')])
    const later = await repairSite(contextOn(site), { dryRun: false })
    expect(later).toMatchObject({ deleted: strays.sort(), problems: [] })
    expect([...(await snapshot(site)).keys()]).toEqual([...whole.keys()])
  })

  it('leaves out a run whose report is gone or broken, and says so', async () => {
    for (const broken of [null, '{"schema":"nearmiss.report/1"', '{}']) {
      const site = await storeOf(whole)
      await site.delete('p/runs/v2/report.json')
      if (broken !== null) await site.put('p/runs/v2/report.json', broken)
      const { problems } = await repairSite(contextOn(site), { dryRun: false })
      expect(problems).toEqual([
        expect.stringMatching(/p\/runs\/v2\/report\.json|run v2 of project p/),
      ])
      const index = JSON.parse((await snapshot(site)).get('p/index.json')!)
      expect(index.runs.map(({ run }: { run: string }) => run)).toEqual(['v1', 'broken', 'v3'])
    }
  })

  it('writes over no index of a newer version', async () => {
    const site = await storeOf(whole)
    await site.put('p/index.json', '{"schema":"nearmiss.index/2"}')
    await expect(repairSite(contextOn(site), { dryRun: false })).rejects.toMatchObject({
      code: 'unreadable-object',
    })
  })

  it('enters a run that is published while it looks at the others', async () => {
    const isOfOther = (key: string) => key.startsWith('p/runs/v3/') || key === 'p/index.json'
    const site = await storeOf(new Map([...whole].filter(([key]) => !isOfOther(key))))
    let isPublished = false
    const busy: Store = {
      ...site,
      put: async (key, body, options) => {
        if (key === 'p/index.json' && !isPublished) {
          isPublished = true
          for (const [other, text] of whole) {
            if (!isOfOther(other)) continue
            await site.put(other, Buffer.from(text, 'latin1'))
          }
        }
        return site.put(key, body, options)
      },
    }
    await repairSite(contextOn(busy), { dryRun: false })
    expect((await snapshot(site)).get('p/index.json')).toBe(whole.get('p/index.json'))
    expect(isPublished).toBe(true)
  })
})
