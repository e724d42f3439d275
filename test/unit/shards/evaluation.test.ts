import { beforeAll, describe, expect, it } from 'vitest'
import { CancelledError } from '../../../lib/core/errors.ts'
import type { Report } from '../../../lib/core/report.ts'
import type { FailedRun } from '../../../lib/core/run-record.ts'
import type { Store } from '../../../lib/core/store.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import {
  evaluateOrShard,
  mergeShards,
  planUpload,
  type ShardedUpload,
} from '../../../lib/shards/evaluation.ts'
import { readWork, runShard, workName } from '../../../lib/shards/work.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { memoryContext } from '../functions/memory-context.ts'

const GB = 1e9
const backend = 'wasm' as const
const upload = { project: 'p', run: 'r' }
/** 300 × 300 pairs of two dimensions take 0.8 ms: four shards, each short of a quarter of it. */
const limits = { memoryBytes: 3 * GB, seconds: 2.2e-4 }
const plan = { backend, memoryLimitBytes: 3 * GB }

/** Two dimensions, three classes that overlap; the last row is the first one again. */
function csvOf(rows: number, classes = 3): string {
  const line = (row: number) => {
    const at = row === rows - 1 ? 0 : row
    return `r${row},${at % classes},${Math.cos(at * 1.7) + (at % 3) / 2},${Math.sin(at * 0.9)}`
  }
  return [
    'id,label,embedding_0,embedding_1',
    ...Array.from({ length: rows }, (_, row) => line(row)),
  ]
    .join('\n')
    .concat('\n')
}

async function contextWith(body: string) {
  const made = memoryContext()
  await made.context.uploads.put('uploads/p/r/embeddings.csv', body)
  const work = await workName(made.context, 'p', 'r')
  return { ...made, sharded: { ...upload, work } satisfies ShardedUpload }
}

async function read<T>(site: Store, key: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode((await site.get(key))!.body)) as T
}

async function keysOf(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}

async function runShards(made: Awaited<ReturnType<typeof contextWith>>, shards: readonly number[]) {
  const open = await openBackend(backend)
  try {
    for (const shard of [...shards].reverse()) {
      await runShard(made.context, made.sharded.work, shard, open)
    }
  } finally {
    await open.close()
  }
}

describe('an evaluation in shards', () => {
  let single: { report: Report; rows: Uint8Array }

  beforeAll(async () => {
    const { context } = await contextWith(csvOf(300))
    await evaluateUpload(context, { ...upload, backend })
    single = {
      report: await read<Report>(context.site, 'p/runs/r/report.json'),
      rows: (await context.site.get('p/runs/r/rows.parquet'))!.body,
    }
  })

  it('publishes what one machine publishes, and leaves no work behind', async () => {
    const made = await contextWith(csvOf(300))
    const { context, sharded } = made
    const planned = await planUpload(context, sharded, plan, limits)
    expect(planned).toMatchObject({ ...sharded, status: 'planned' })
    expect(planned.shards.length).toBeGreaterThan(3)
    expect(await keysOf(context.site, '')).toEqual([])
    await runShards(made, planned.shards)
    const outcome = await mergeShards(context, sharded, { backend })
    expect(outcome).toMatchObject({ status: 'published', run: 'r', alreadyPublished: false })

    const report = await read<Report>(context.site, 'p/runs/r/report.json')
    const { timings: _, ...figures } = report
    const { timings: __, ...wanted } = single.report
    expect({ ...figures, createdAt: '' }).toEqual({ ...wanted, createdAt: '' })
    const rows = (await context.site.get('p/runs/r/rows.parquet'))!.body
    expect(Buffer.compare(rows, single.rows)).toBe(0)
    expect(await keysOf(context.uploads, 'work/')).toEqual([])
  })

  it('is planned again as it was, and is over once the run is published', async () => {
    const made = await contextWith(csvOf(300))
    const { context, sharded } = made
    const planned = await planUpload(context, sharded, plan, limits)
    expect(await planUpload(context, sharded, plan, limits)).toEqual(planned)
    await runShards(made, planned.shards)
    await mergeShards(context, sharded, { backend })
    expect(await planUpload(context, sharded, plan, limits)).toEqual({
      ...sharded,
      status: 'published',
      shards: [],
    })
  })

  it('ends with the page of an upload that is wrong, and has no shards', async () => {
    const { context, sharded } = await contextWith('id,label,embedding_0\nr0,a,not a number\n')
    expect(await planUpload(context, sharded, plan, limits)).toEqual({
      ...sharded,
      status: 'failed',
      shards: [],
    })
    const failed = await read<FailedRun>(context.site, 'p/runs/r/error.json')
    expect(failed.issues.length).toBeGreaterThan(0)
    expect(await keysOf(context.uploads, 'work/')).toEqual([])
  })

  it('waits for labels', async () => {
    const { context, sharded } = await contextWith('id,embedding_0\nr0,1\nr1,2\nr2,3\n')
    expect((await planUpload(context, sharded, plan, limits)).status).toBe('waiting')
  })

  it('is refused where the function that merges has too little memory', async () => {
    const { context, sharded } = await contextWith(csvOf(300))
    const small = { backend, memoryLimitBytes: 0.1 * GB }
    expect((await planUpload(context, sharded, small, limits)).status).toBe('failed')
    const { issues } = await read<FailedRun>(context.site, 'p/runs/r/error.json')
    expect(issues[0]).toMatchObject({ code: 'too-large', where: 'embeddings.csv' })
  })

  it('publishes nothing where the upload was replaced meanwhile', async () => {
    const made = await contextWith(csvOf(300))
    const { context, sharded } = made
    const { shards } = await planUpload(context, sharded, plan, limits)
    await runShards(made, shards)
    await context.uploads.put('uploads/p/r/embeddings.csv', csvOf(200))
    expect((await mergeShards(context, sharded, { backend })).status).toBe('handed-over')
    expect(await keysOf(context.site, '')).toEqual([])
    expect(await keysOf(context.uploads, 'work/')).toEqual([])
  })

  it('reads every vector once, by its place, and nothing whole but the plan', async () => {
    const { context, sharded } = await contextWith(csvOf(300))
    await planUpload(context, sharded, plan, limits)
    const whole: string[] = []
    const parts: [number, number][] = []
    const uploads: Store = {
      ...context.uploads,
      get: (key) => {
        whole.push(key)
        return context.uploads.get(key)
      },
      getRange: (key, start, end) => {
        parts.push([start, end])
        return context.uploads.getRange(key, start, end)
      },
    }
    const open = await openBackend(backend)
    await runShard({ ...context, uploads }, sharded.work, 0, open).finally(() => open.close())
    expect(whole).toEqual([`work/${sharded.work}/plan.bin`])
    // Of each row two numbers of four bytes.
    expect(parts).toEqual([[0, 300 * 2 * 4]])
  })

  it('says how far a shard came that was stopped, and what to do', async () => {
    const { context, sharded } = await contextWith(csvOf(300))
    const { shards } = await planUpload(context, sharded, plan, limits)
    const open = await openBackend(backend)
    const stopped = { ...context, signal: AbortSignal.abort() }
    const running = runShard(stopped, sharded.work, 1, open).finally(() => open.close())
    await expect(running).rejects.toThrow(CancelledError)
    await expect(running).rejects.toThrow(
      /^shard 1 of p-r-\w+ \(positions \d+ to \d+ of 300\) was stopped after 0 % of its work: shards must be shorter/,
    )
    expect(await keysOf(context.uploads, `work/${sharded.work}/strips/`)).toEqual([])
    expect(shards.length).toBeGreaterThan(1)
  })

  it('stops a shard while it compares, as soon as it is told to', async () => {
    const { context, sharded } = await contextWith(csvOf(9000, 600))
    await planUpload(context, sharded, plan, { memoryBytes: 3 * GB, seconds: 1 })
    const stop = new AbortController()
    // Reading is a tenth of the work.
    const progress = ({ fraction }: { fraction: number }) => {
      if (fraction > 0.1) stop.abort()
    }
    const told = { ...context, signal: stop.signal, progress }
    const open = await openBackend(backend)
    const running = runShard(told, sharded.work, 0, open).finally(() => open.close())
    await expect(running).rejects.toThrow(CancelledError)
    await expect(running).rejects.toThrow(/was stopped after [1-8]\d % of its work/)
  })

  it('names the shard that there is not, the work that is gone and the result that is spoilt', async () => {
    const made = await contextWith(csvOf(300))
    const { context, sharded } = made
    const { uploads } = context
    const { shards } = await planUpload(context, sharded, plan, limits)
    const open = await openBackend(backend)
    await expect(runShard(context, sharded.work, 99, open)).rejects.toThrow('there is no shard 99')
    await open.close()
    await expect(readWork(uploads, 'nothing')).rejects.toThrow(
      'work/nothing/plan.bin in uploads is gone',
    )
    await runShards(made, shards)

    const [key = ''] = await keysOf(uploads, `work/${sharded.work}/strips/`)
    const strip = (await uploads.get(key))!.body
    await uploads.put(key, strip.subarray(0, -1))
    await expect(mergeShards(context, sharded, { backend })).rejects.toThrow(
      `${key} in uploads doesn't match its checksum: bytes of it are missing or changed`,
    )
    const other = (await uploads.get(key.replace('00000', '00001')))!.body
    await uploads.put(key, other)
    await expect(mergeShards(context, sharded, { backend })).rejects.toThrow(
      /holds positions \d+ to \d+ of \w+, and the plan has 0 to \d+ of/,
    )
    expect(await keysOf(context.site, '')).toEqual([])
  })
})

describe('an upload that is met', () => {
  async function meet(body: string, seconds: number, memoryLimitBytes = 3 * GB) {
    const made = await contextWith(body)
    const started: [string, ShardedUpload][] = []
    const outcome = await evaluateOrShard(
      made.context,
      { ...upload, backend },
      {
        limits: { ...limits, seconds },
        memoryLimitBytes,
        start: async (name, input) => {
          started.push([name, input])
        },
      },
    )
    return { ...made, started, outcome }
  }

  it('is evaluated at once where it is small', async () => {
    const { outcome, started } = await meet(csvOf(60), 240)
    expect(outcome.status).toBe('published')
    expect(started).toEqual([])
  })

  it('goes on in shards where its rows and dimensions would take one function too long', async () => {
    const { outcome, started, sharded, context } = await meet(csvOf(300), 1e-6)
    expect(outcome.status).toBe('handed-over')
    expect(started).toEqual([[sharded.work, { tenant: null, ...sharded }]])
    expect(await keysOf(context.site, '')).toEqual([])
  })

  it('goes on in shards where the memory is too small, without being read if its files are larger', async () => {
    expect((await meet(csvOf(300), 240, 0.6 * GB)).outcome.status).toBe('handed-over')
    const unread = await meet('this is no CSV file of vectors', 240, 100)
    expect(unread.outcome.status).toBe('handed-over')
  })

  it('publishes its error page at once', async () => {
    const { outcome, started } = await meet('id,label,embedding_0\nr0,a,x\n', 1e-9)
    expect(outcome.status).toBe('failed')
    expect(started).toEqual([])
  })

  it('has one name until one of its files changes, and never a longer one than is allowed', async () => {
    const { context } = await contextWith(csvOf(60))
    const { uploads } = context
    const name = () => workName({ uploads }, 'p', 'r')
    const first = await name()
    expect(await name()).toBe(first)
    await uploads.put('uploads/p/r/images/1.png', 'x')
    expect(await name()).toBe(first)
    await uploads.put('uploads/p/r/nearmiss.yaml', 'metric: cosine\n')
    expect(await name()).not.toBe(first)
    const long = await workName({ uploads }, 'p.'.repeat(60), `${'r'.repeat(100)}`)
    expect(long).toMatch(/^[A-Za-z0-9_-]{1,80}$/)
  })
})
