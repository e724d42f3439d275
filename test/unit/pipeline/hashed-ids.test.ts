/** Ids that a manifest hashes, as whoever may read the site, and knows every id there could be, sees them. */

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import { pseudonymsOf } from '../../../lib/core/pseudonyms.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Report } from '../../../lib/core/report.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { readIdKey } from '../../../lib/publish/id-key.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { uploadsContext } from '../functions/memory-context.ts'
import { publishedFiles } from './published.ts'

const ROWS = 98
const IDS = Array.from({ length: ROWS }, (_, row) => `patient-${1000 + row}`)
const LABELS = IDS.map((_, row) => `class-${row % 4}`)
const HASHED = 'maps: [pca]\nmodel: { name: net }\nprivacy: { ids: hashed }\n'

function embeddings(seed = 1): string {
  const random = seededRandom(seed)
  const rows = IDS.map((id, row) =>
    [id, ...Array.from({ length: 4 }, (_, d) => 2 * Number(row % 4 === d) + random())].join(','),
  )
  return ['id,embedding_0,embedding_1,embedding_2,embedding_3', ...rows].join('\n')
}

const labels = ['id,label', ...IDS.map((id, row) => `${id},${LABELS[row]}`)].join('\n')

function deployment(idKey?: string): Context {
  return { ...uploadsContext(), ...(idKey === undefined ? {} : { idKey }) }
}

async function evaluate(
  context: Context,
  run: string,
  { manifest = HASHED, vectors = embeddings() } = {},
): Promise<Report> {
  const files = { 'embeddings.csv': vectors, 'labels.csv': labels, 'nearmiss.yaml': manifest }
  for (const [name, body] of Object.entries(files)) {
    await context.uploads.put(`uploads/p/${run}/${name}`, body)
  }
  const outcome = await evaluateUpload(context, { project: 'p', run, backend: 'wasm' })
  if (outcome.status !== 'published') throw new Error(JSON.stringify(outcome))
  return outcome.report
}

async function idsOf(context: Context, run: string): Promise<string[]> {
  const files = await publishedFiles(context.site)
  const { text } = files.find(({ key }) => key === `p/runs/${run}/rows.parquet`)!
  return text.split('\n').map((line) => (JSON.parse(line) as { id: string }).id)
}

/** How many ids a dictionary finds: by their own text, or by any hash of what the upload holds of them. */
function recovered(texts: readonly string[]): number {
  const all = texts.join('\n')
  const hex = new Set(all.match(/[0-9a-f]{8}/g))
  // Hashes stand one after another in a sketch, and begin anywhere.
  for (const run of all.match(/[0-9a-f]{16,}/g) ?? []) {
    for (let at = 0; at + 8 <= run.length; at++) hex.add(run.slice(at, at + 8))
  }
  return IDS.filter((id, row) => {
    const texts = [id, `${id}\0${LABELS[row]}`, `${id},${LABELS[row]}`, `${row}\0${LABELS[row]}`]
    const hashes = ['sha256', 'sha1', 'md5', 'sha512'].flatMap((name) =>
      texts.slice(0, 3).map((text) => createHash(name).update(text).digest('hex').slice(0, 8)),
    )
    return all.includes(id) || hashes.some((hash) => hex.has(hash))
  }).length
}

describe('hashed ids', { timeout: 60_000 }, () => {
  it('are recovered by no dictionary from all that is published', async () => {
    const context = deployment()
    await evaluate(context, 'v1')
    await evaluate(context, 'v2', { vectors: embeddings(2) })
    const files = await publishedFiles(context.site)
    expect(files.length).toBeGreaterThan(20)
    expect(recovered(files.map(({ text }) => text))).toBe(0)
    // A list of all rows could be tried out as a whole.
    const file = createHash('sha256').update(labels).digest('hex')
    expect(files.filter(({ text }) => text.includes(file))).toEqual([])
    // The attack works: it finds every one of the plain ids, and of ids under a plain hash.
    const plain = deployment()
    await evaluate(plain, 'v1', { manifest: 'maps: [pca]\n' })
    expect(recovered((await publishedFiles(plain.site)).map(({ text }) => text))).toBe(ROWS)
    expect(recovered(IDS.map((id) => createHash('sha256').update(id).digest('hex')))).toBe(ROWS)
  })

  it('are the same from run to run, and other ones in another deployment', async () => {
    const [here, there] = [deployment(), deployment()]
    await evaluate(here, 'v1')
    const { comparison } = await evaluate(here, 'v2', { vectors: embeddings(2) })
    expect(comparison).toMatchObject({ baseline: 'v1', matchedRows: ROWS })
    await evaluate(there, 'v1')
    expect(await idsOf(here, 'v2')).toEqual(await idsOf(here, 'v1'))
    const elsewhere = new Set(await idsOf(there, 'v1'))
    expect((await idsOf(here, 'v1')).filter((id) => elsewhere.has(id))).toEqual([])
  })

  it('are HMACs under the key of the environment, where that is set, and no key is made', async () => {
    const context = deployment('a key of sixteen or more')
    await evaluate(context, 'v1')
    const { of } = pseudonymsOf('a key of sixteen or more')
    expect(await idsOf(context, 'v1')).toEqual(IDS.map(of))
    expect(await context.vault.get('_keys/ids.json')).toBeNull()
  })

  it('of another key are not compared, and the report says why', async () => {
    const context = deployment()
    await evaluate(context, 'v1')
    const other = { ...context, idKey: 'a key of sixteen or more' }
    const { comparison, comparisonNote } = await evaluate(other, 'v2')
    expect(comparison).toBeNull()
    expect(comparisonNote).toContain('The ids of v1 were hashed with another key')
    const { comparisonNote: plainly } = await evaluate(context, 'v3', { manifest: 'maps: [pca]\n' })
    expect(plainly).toContain('The ids of v2 were hashed with a key, and this run’s are not')
    const { comparisonNote: again } = await evaluate(context, 'v4')
    expect(again).toContain('This run’s ids are hashed with a key, and those of v3 were not')
  })

  it('make an upload that was published before ids had a key no run of its own', async () => {
    const context = deployment()
    await evaluate(context, 'v1')
    const record = { ...(await readRecord(context)), contentId: await plainContent() }
    await context.site.put('p/runs/v1/run.json', JSON.stringify(record))
    expect(await evaluate(context, 'v1')).toMatchObject({ run: 'v1' })

    async function plainContent(): Promise<string> {
      const hash = (text: string) => createHash('sha256').update(text).digest('hex')
      const files = [
        ['embeddings.csv', hash(embeddings())],
        ['labels.csv', hash(labels)],
        ['nearmiss.yaml', hash(HASHED)],
      ]
      return hash(JSON.stringify({ files, overrides: {} }))
    }
  })
})

async function readRecord({ site }: Context): Promise<Record<string, unknown>> {
  return JSON.parse(new TextDecoder().decode((await site.get('p/runs/v1/run.json'))!.body))
}

describe('the key of hashed ids', () => {
  it('is made once, however many ask for it at once', async () => {
    const vault = memoryStore('vault')
    const keys = await Promise.all(Array.from({ length: 20 }, () => readIdKey({ vault })))
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(await readIdKey({ vault: memoryStore('vault') })).not.toBe(keys[0])
  })

  it('that can’t be read is never replaced', async () => {
    const vault = memoryStore('vault')
    await vault.put('_keys/ids.json', '{"schema":"nearmiss.id-key/1","key":"short"}')
    await expect(readIdKey({ vault })).rejects.toMatchObject({ code: 'unreadable-object' })
  })
})
