/** Settings that come after the vectors: what they forbid is not published, whenever they come. */

import { describe, expect, it } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import type { Outcome } from '../../../lib/core/ending.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import type { Report } from '../../../lib/core/report.ts'
import type { Store } from '../../../lib/core/store.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import type { EvaluationRequest } from '../../../lib/run/request.ts'
import { announceFiles } from '../../../lib/upload/files.ts'
import { memoryContext } from '../functions/memory-context.ts'

const SECRET = 'alice-7734'
const MAPS = 'maps: [pca]\n'
const HASHED = `${MAPS}privacy: { ids: hashed }\n`

const CSV = [
  'id,label,embedding_0,embedding_1',
  ...Array.from({ length: 40 }, (_, row) => {
    const side = row % 2 && row !== 7 ? 5 : 0
    const id = row === 7 ? SECRET : `person-${row}`
    return [id, row % 2 ? 'b' : 'a', side + Math.sin(row), Math.cos(3 * row)].join(',')
  }),
].join('\n')

function world() {
  const { context, lines } = memoryContext()
  let minutes = 0
  const clock = () => new Date(Date.UTC(2026, 0, 1, 0, minutes))
  const put = async (name: string, body: string, run = 'v1') => {
    minutes++
    await context.uploads.put(`uploads/p/${run}/${name}`, body)
  }
  const putSettings = (body: string) => context.uploads.put('uploads/p/nearmiss.yaml', body)
  const evaluate = (run = 'v1', more: Partial<EvaluationRequest> = {}): Promise<Outcome> =>
    evaluateUpload(context, { project: 'p', run, backend: 'wasm', ...more })
  return { context, lines, put, putSettings, evaluate, clock }
}

/** Keys of what is published that holds the id, as text or in a column of it. */
async function showing({ site, vault }: Context, text = SECRET): Promise<string[]> {
  const found: string[] = []
  for (const store of [site, vault]) {
    for await (const { key } of store.list('')) {
      const { body } = (await store.get(key))!
      if (key.includes(text) || Buffer.from(body).includes(text)) found.push(key)
    }
  }
  return found
}

async function json<T>(store: Store, key: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode((await store.get(key))!.body)) as T
}

const runsOf = async ({ site }: Context) =>
  (await json<ProjectIndex>(site, 'p/index.json')).runs.map(({ run }) => run)

describe('settings of a run that come late', () => {
  it('and are stricter take back what was published, and the run keeps its name', async () => {
    const { context, put, evaluate, lines } = world()
    await put('embeddings.csv', CSV)
    await evaluate()
    expect((await showing(context)).length).toBeGreaterThan(2)
    await put('nearmiss.yaml', HASHED)
    expect(await evaluate()).toMatchObject({ status: 'published', run: 'v1' })
    expect(await showing(context)).toEqual([])
    expect(await runsOf(context)).toEqual(['v1'])
    const report = await json<Report>(context.site, 'p/runs/v1/report.json')
    expect(report.input).toMatchObject({
      settings: ['nearmiss.yaml'],
      privacy: { ids: 'hashed' },
    })
    expect(lines.some(({ message }) => message.includes('was withdrawn'))).toBe(true)
  })

  it('take back a run of other content under a name of its own, too', async () => {
    const { context, put, evaluate } = world()
    await put('embeddings.csv', CSV)
    await evaluate()
    await put('embeddings.csv', `${CSV}\nbob,a,0.5,0.5`)
    expect(await evaluate()).toMatchObject({ run: expect.stringMatching(/^v1-/) })
    await put('nearmiss.yaml', HASHED)
    expect(await evaluate()).toMatchObject({ run: 'v1' })
    expect(await showing(context)).toEqual([])
    expect(await runsOf(context)).toEqual(['v1'])
  })

  it('take it back also where the upload can’t be evaluated, or its vectors are gone', async () => {
    const broken = world()
    await broken.put('embeddings.csv', CSV)
    await broken.evaluate()
    await broken.put('nearmiss.yaml', HASHED)
    await broken.put('embeddings.csv', 'id,label,embedding_0\nr,a,1')
    expect(await broken.evaluate()).toMatchObject({ status: 'failed', run: 'v1' })
    expect(await showing(broken.context)).toEqual([])

    const gone = world()
    await gone.put('embeddings.csv', CSV)
    await gone.evaluate()
    await gone.context.uploads.delete('uploads/p/v1/embeddings.csv')
    await gone.put('nearmiss.yaml', HASHED)
    expect(await gone.evaluate()).toMatchObject({ status: 'waiting' })
    expect(await showing(gone.context)).toEqual([])
  })

  it('and change anything else make a run of their own, as other content does', async () => {
    const { context, put, evaluate } = world()
    await put('embeddings.csv', CSV)
    await put('nearmiss.yaml', HASHED)
    await evaluate()
    await put('nearmiss.yaml', 'maps: [pca]\nmetric: cosine\nprivacy: { ids: hashed }\n')
    expect(await evaluate()).toMatchObject({ run: expect.stringMatching(/^v1-/) })
    expect(await runsOf(context)).toHaveLength(2)
  })

  it.each(['while it is read', 'while it is compared'])(
    'apply where they come %s, and nothing of the first try is published',
    async (when) => {
      const { context, put, evaluate } = world()
      await put('embeddings.csv', CSV)
      const stage = when === 'while it is read' ? 'read' : 'history'
      const late: Promise<void>[] = []
      const written: string[] = []
      const site: Store = {
        ...context.site,
        put: (key, body, options) => {
          if (Buffer.from(body as string).includes(SECRET)) written.push(key)
          return context.site.put(key, body, options)
        },
      }
      const outcome = await evaluateUpload(
        {
          ...context,
          site,
          progress: ({ stage: now }) => {
            if (now === stage && late.length === 0) late.push(put('nearmiss.yaml', HASHED))
          },
        },
        { project: 'p', run: 'v1', backend: 'wasm' },
      )
      expect(outcome).toMatchObject({ status: 'published', run: 'v1' })
      expect(written).toEqual([])
      expect(await showing(context)).toEqual([])
      expect(await evaluate()).toMatchObject({ alreadyPublished: true })
    },
  )

  it('stop an evaluation in the end where they never rest', async () => {
    const { context, put } = world()
    await put('embeddings.csv', CSV)
    let count = 0
    const changing = {
      ...context,
      progress: ({ stage }: { stage: string }) => {
        if (stage === 'history') void put('nearmiss.yaml', `${MAPS}k: ${10 + count++}\n`)
      },
    }
    const request = { project: 'p', run: 'v1', backend: 'wasm' } as const
    await expect(evaluateUpload(changing, request)).rejects.toMatchObject({
      code: 'upload-changed',
      retryable: true,
    })
    expect(count).toBe(5)
    expect(await context.site.get('p/runs/v1/run.json')).toBeNull()
  })
})

describe('settings of a project', () => {
  it('hold for its runs under their own settings, and the stricter privacy holds', async () => {
    const { context, put, putSettings, evaluate } = world()
    await putSettings(
      'maps: [pca]\nk: 15\nmetric: cosine\nmodel: { name: net }\nprivacy: { ids: hashed, images: none }\n',
    )
    await put(
      'nearmiss.yaml',
      'metric: euclidean\nmodel: { version: 3 }\nprivacy: { ids: plain }\n',
    )
    await put('embeddings.csv', CSV)
    expect(await evaluate()).toMatchObject({ status: 'published', run: 'v1' })
    const report = await json<Report>(context.site, 'p/runs/v1/report.json')
    expect(report).toMatchObject({
      k: 15,
      metric: 'euclidean',
      model: { name: 'net', version: '3' },
    })
    expect(report.input.settings).toEqual(['uploads/p/nearmiss.yaml', 'nearmiss.yaml'])
    expect(report.input.privacy).toMatchObject({ ids: 'hashed', images: 'none' })
    expect(await showing(context)).toEqual([])
    const page = new TextDecoder().decode((await context.site.get('p/runs/v1/index.html'))!.body)
    expect(page).toContain('uploads/p/nearmiss.yaml, then nearmiss.yaml')
  })

  it('that change leave earlier runs, and those of which a file comes again follow them', async () => {
    const { context, put, putSettings, evaluate } = world()
    await put('embeddings.csv', CSV)
    await put('nearmiss.yaml', MAPS)
    await evaluate()
    await putSettings('k: 12\n')
    expect(await evaluate()).toMatchObject({ run: 'v1', alreadyPublished: true })
    expect((await showing(context)).length).toBeGreaterThan(2)
    await putSettings('privacy: { ids: hashed }\n')
    expect(await evaluate()).toMatchObject({ run: 'v1', alreadyPublished: false })
    expect(await showing(context)).toEqual([])
  })

  it('that are broken fail the run, and the page names their file', async () => {
    const { context, put, putSettings, evaluate } = world()
    await putSettings('k: 15\nprivacy: { ids: hased }\n')
    await put('embeddings.csv', CSV)
    const outcome = await evaluate()
    expect(outcome).toMatchObject({
      status: 'failed',
      issues: [{ where: 'uploads/p/nearmiss.yaml, line 2' }],
    })
    expect(await showing(context)).toEqual([])
    await context.uploads.put('uploads/p/nearmiss.json', '{}')
    expect(await evaluate()).toMatchObject({ issues: [{ code: 'upload-ambiguous' }] })
  })
})

describe('an upload is complete', () => {
  it('once all that was announced with it is there, as new as the announcement', async () => {
    const { context, put, evaluate } = world()
    const waits = { status: 'waiting', missing: expect.stringContaining('nearmiss.yaml') }
    await announceFiles(context.uploads, 'p', 'v1', ['embeddings.csv', 'nearmiss.yaml'])
    await put('embeddings.csv', CSV)
    expect(await evaluate()).toMatchObject(waits)
    expect(await showing(context)).toEqual([])
    await put('nearmiss.yaml', HASHED)
    expect(await evaluate()).toMatchObject({ status: 'published', run: 'v1' })
  })

  it('once _READY lies in its folder, where its settings ask for that', async () => {
    const { context, put, putSettings, evaluate } = world()
    await putSettings('upload: { ready: marker }\n')
    await put('embeddings.csv', CSV)
    expect(await evaluate()).toMatchObject({
      status: 'waiting',
      missing: expect.stringContaining('_READY'),
    })
    await put('nearmiss.yaml', HASHED)
    await put('_READY', '')
    expect(await evaluate()).toMatchObject({ status: 'published', run: 'v1' })
    expect(await showing(context)).toEqual([])
  })

  it('once its files have been at rest for as long as was asked, or _READY says so', async () => {
    const { context, put, evaluate } = world()
    await put('embeddings.csv', CSV)
    await put('nearmiss.yaml', MAPS)
    const { modifiedAt } = (await context.uploads.head('uploads/p/v1/nearmiss.yaml'))!
    const after = (ms: number) =>
      evaluateUpload(
        { ...context, clock: () => new Date(Date.parse(modifiedAt) + ms) },
        { project: 'p', run: 'v1', backend: 'wasm', restMs: 25_000 },
      )
    expect(await after(24_999)).toMatchObject({ status: 'waiting' })
    expect(await after(25_000)).toMatchObject({ status: 'published' })
    await put('embeddings.csv', CSV, 'v2')
    await put('_READY', '', 'v2')
    expect(await evaluate('v2', { restMs: 1e12 })).toMatchObject({ status: 'published' })
  })
})
