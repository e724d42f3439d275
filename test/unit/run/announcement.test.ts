/** Every end of an evaluation is told once, and who can't be told changes none of them. */

import { describe, expect, it } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import type { Ending } from '../../../lib/core/ending.ts'
import { type Issue, StoreError } from '../../../lib/core/errors.ts'
import { evaluateUpload, refuseUpload } from '../../../lib/pipeline.ts'
import { evaluateOrShard, planUpload } from '../../../lib/shards/evaluation.ts'
import { memoryContext } from '../functions/memory-context.ts'

const ROWS = Array.from(
  { length: 8 },
  (_, row) => `r${row},${row % 2 ? 'b' : 'a'},${row},${row % 3}`,
)
const CSV = ['id,label,embedding_0,embedding_1', ...ROWS].join('\n')
const UNLABELLED = CSV.replace('label', 'x')
const name = { project: 'p', run: 'v1' } as const
const request = { ...name, backend: 'wasm' } as const
const issue: Issue = {
  code: 'row-count',
  message: '3 rows and 4 labels',
  where: 'a.csv',
  hint: 'one each',
}
const limits = { memoryBytes: 3e9, seconds: 240 }

function world() {
  const { context, lines } = memoryContext()
  const endings: Ending[] = []
  const told: Context = {
    ...context,
    announcers: [(ending) => void endings.push(ending)],
  }
  const upload = async (content: string) => {
    await context.uploads.put('uploads/p/v1/embeddings.csv', content)
    await context.uploads.put('uploads/p/v1/nearmiss.yaml', 'maps: [pca]\n')
  }
  const inShards = (memoryLimitBytes: number, seconds = 240) =>
    evaluateOrShard(told, request, {
      limits: { ...limits, seconds },
      memoryLimitBytes,
      start: async () => {},
    })
  return { context: told, endings, lines, upload, inShards }
}

describe('an ending is told once', () => {
  it('of a run that is published, and of one that was before', async () => {
    const { context, endings, upload } = world()
    await upload(CSV)
    const first = await evaluateUpload(context, request)
    await evaluateUpload(context, request)
    const about = { project: 'p', upload: 'v1', elapsedMs: 0, status: 'published', run: 'v1' }
    expect(endings).toMatchObject([
      { ...about, alreadyPublished: false },
      { ...about, alreadyPublished: true },
    ])
    expect(endings[0]).toMatchObject(first)
  })

  it('with the name that other content gets', async () => {
    const { context, endings, upload } = world()
    await upload(CSV)
    await evaluateUpload(context, request)
    await upload(CSV.replace('r0', 'r100'))
    await evaluateUpload(context, request)
    expect(endings[1]).toMatchObject({
      upload: 'v1',
      run: expect.stringMatching(/^v1-[0-9a-f]{8}$/),
    })
  })

  it('of an upload that waits, for vectors or labels, or can’t be evaluated', async () => {
    const { context, endings, upload } = world()
    await evaluateUpload(context, request)
    await upload(UNLABELLED)
    await evaluateUpload(context, request)
    await upload(CSV.replace('r0,a,0', 'r0,a,x'))
    await evaluateUpload(context, request)
    expect(endings).toMatchObject([
      { status: 'waiting', missing: 'the file of embeddings' },
      { status: 'waiting', missing: 'labels' },
      {
        status: 'failed',
        run: 'v1',
        issues: [{ where: expect.stringContaining('embeddings.csv') }],
      },
    ])
  })

  it('of an upload that is refused, and of one to refuse that is gone', async () => {
    const { context, endings, upload } = world()
    await refuseUpload(context, name, issue)
    await upload(CSV)
    await refuseUpload(context, name, issue)
    expect(endings).toMatchObject([
      { status: 'waiting', upload: 'v1' },
      { status: 'failed', upload: 'v1', run: 'v1', issues: [issue] },
    ])
  })

  it('of what goes on in shards, read or not, and of its plan', async () => {
    const { context, endings, upload, inShards } = world()
    await upload(CSV)
    await inShards(100)
    await inShards(3e9, 1e-9)
    await planUpload(
      context,
      { ...name, work: 'w' },
      { backend: 'wasm', memoryLimitBytes: 3e9 },
      limits,
    )
    const why = 'too large for one function; it goes on in shards'
    expect(endings).toMatchObject([
      { status: 'handed-over', why },
      { status: 'handed-over', why },
      { status: 'handed-over', why: 'its shards are planned; it goes on in them' },
    ])
  })

  it('and trouble is none', async () => {
    const { context, endings, upload } = world()
    await upload(CSV)
    const uploads = {
      ...context.uploads,
      get: () => Promise.reject(new StoreError('store', 'the disk is busy')),
    }
    await expect(evaluateUpload({ ...context, uploads }, request)).rejects.toThrow('disk is busy')
    expect(endings).toEqual([])
  })
})

it('an announcer that fails is logged, and neither the ending nor the next one minds', async () => {
  const { context, endings, lines, upload } = world()
  await upload(CSV)
  const announcers = [
    () => Promise.reject(new Error('the chat is down')),
    () => {
      throw new Error('no such channel')
    },
    ...context.announcers,
  ]
  const outcome = await evaluateUpload({ ...context, announcers }, request)
  expect(outcome).toMatchObject({ status: 'published', run: 'v1' })
  expect(endings).toHaveLength(1)
  expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
    { reason: 'the chat is down', project: 'p', run: 'v1', status: 'published' },
    { reason: 'no such channel' },
  ])
})
