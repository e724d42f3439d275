/** A large upload, deployed: a state machine runs its shards, one of which breaks. */

import { PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { seededRandom } from '../../lib/core/random.ts'
import type { Report } from '../../lib/core/report.ts'
import { evaluateUpload } from '../../lib/pipeline.ts'
import { stripSeconds } from '../../lib/shards/plan.ts'
import { memoryContext } from '../unit/functions/memory-context.ts'
import { type Deployment, eventually } from './deployment.ts'

const ROWS = 60_000
const DIMENSIONS = 8
const CLASSES = 200

const SHARDS = 13
const MEMORY_MEGABYTES = 3008

/** Seconds that all of its rows take by the model that plans the shards. */
const SECONDS = stripSeconds(
  ROWS,
  { rows: ROWS, dimensions: DIMENSIONS, classes: CLASSES },
  MEMORY_MEGABYTES * 2 ** 20,
)

/** The emulator's words for a dead process; the last are Python's, where it writes to one already let go. */
const DEAD_PROCESS = /Worker process (exited|died)|'NoneType' object has no attribute 'stdin'/

/** Parameters that make a dozen shards of the large upload, and none of the smaller ones. */
export const SHARDED_FROM_60_000_ROWS = {
  shardMemoryMegabytes: String(MEMORY_MEGABYTES),
  shardSeconds: (SECONDS / (SHARDS - 0.5)).toFixed(3),
  shardConcurrency: '2',
}

/** Lines of the run name it alike whichever function wrote them, and those of its steps their execution. */
async function sameFields(cloud: Deployment, execution: string): Promise<void> {
  const messageIds = new Set<unknown>()
  for (const name of ['onUpload', 'plan', 'shard', 'merge'] as const) {
    const lines = (await cloud.logs(name)).filter(({ project }) => project === 'large')
    expect(lines, name).not.toEqual([])
    for (const line of lines) {
      expect(line).toMatchObject({ tenant: null, project: 'large', run: 'run-1' })
      expect(line.requestId).toMatch(/^[0-9a-f-]{36}$/)
      if (name !== 'onUpload') expect(line.execution).toBe(execution)
      messageIds.add(line.messageId)
    }
  }
  // The steps are of one of the messages that the upload's files made.
  for (const id of messageIds) expect(id).toMatch(/^[0-9a-f-]{36}$/)
}

export function describeShards(deployment: () => Deployment): void {
  test('a large upload is evaluated in shards, one of which breaks, as by one machine', async () => {
    const cloud = deployment()
    const files = largeUpload()
    const { context } = memoryContext()
    for (const [name, body] of Object.entries(files)) {
      await context.uploads.put(`uploads/large/run-1/${name}`, body)
      const { s3, uploadsBucket } = cloud
      const Key = `uploads/large/run-1/${name}`
      await s3.send(new PutObjectCommand({ Bucket: uploadsBucket, Key, Body: body }))
    }
    await eventually('a shard that runs, and breaks', async () =>
      (await cloud.breakFunction('shard')) ? true : null,
    )
    const request = { project: 'large', run: 'run-1', backend: 'wasm' as const }
    await evaluateUpload(context, request)
    const execution = await eventually(
      'the end of the execution',
      async () => {
        const [found] = (await cloud.executions()).filter(({ name }) => name.startsWith('large-'))
        return found === undefined || found.status === 'RUNNING' ? null : found
      },
      400_000,
    )
    expect(execution).toMatchObject({ status: 'SUCCEEDED', errors: [] })

    const shards = await cloud.executions(execution.name)
    expect(shards.length).toBeGreaterThanOrEqual(12)
    expect(new Set(shards.map(({ status }) => status))).toEqual(new Set(['SUCCEEDED']))
    // Two run at a time, and the emulator may hand the dead process to the other one as well.
    const broken = shards.filter(({ errors }) => errors.length > 0)
    expect([1, 2]).toContain(broken.length)
    for (const { errors } of broken) expect(errors.join()).toMatch(DEAD_PROCESS)
    // None logged twice that it was done. A process's last line may be lost with its call here.
    await sameFields(cloud, execution.name)
    const done = (await cloud.logs('shard'))
      .filter(({ message }) => message === 'the shard is done')
      .map(({ shard }) => Number(shard))
    expect(new Set(done).size).toBe(done.length)
    expect(done.length).toBeGreaterThanOrEqual(shards.length - 1)
    expect(done.every((shard) => shard >= 0 && shard < shards.length)).toBe(true)

    for (const file of ['report.json', 'rows.parquet'] as const) {
      const key = `large/runs/run-1/${file}`
      const [sharded, single] = [await cloud.site.get(key), await context.site.get(key)]
      if (file === 'rows.parquet') expect(Buffer.compare(sharded!.body, single!.body)).toBe(0)
      else expect(figuresOf(sharded!.body)).toEqual(figuresOf(single!.body))
    }
    for await (const { key } of cloud.uploads.list('work/')) expect(key).toBe('deleted')
  }, 600_000)
}

/** What a report says, apart from when it was made, how long that took, and where it is read. */
function figuresOf(body: Uint8Array): Partial<Report> {
  const {
    timings: _,
    createdAt: __,
    planning,
    ...figures
  } = JSON.parse(new TextDecoder().decode(body))
  return { ...figures, planning: { ...planning, siteUrl: null } }
}

/** Clouds of rows around a point for each class, some of which overlap. */
function largeUpload(): Record<'embeddings.npy' | 'labels.csv', Uint8Array> {
  const random = seededRandom(60_000)
  const centres = Float32Array.from({ length: CLASSES * DIMENSIONS }, () => 4 * random())
  const values = new Float32Array(ROWS * DIMENSIONS)
  const labels = ['label']
  for (let row = 0; row < ROWS; row++) {
    const label = Math.floor(random() * CLASSES)
    labels.push(`class-${label}`)
    for (let d = 0; d < DIMENSIONS; d++) {
      const noise = random() + random() + random() - 1.5
      values[row * DIMENSIONS + d] = centres[label * DIMENSIONS + d]! + noise
    }
  }
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${ROWS}, ${DIMENSIONS}), }`
  const start = Buffer.alloc(128, ' ')
  start.set([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0])
  start.write(header, 10)
  start.write('\n', 127)
  return {
    'embeddings.npy': Buffer.concat([start, Buffer.from(values.buffer)]),
    'labels.csv': Buffer.from(`${labels.join('\n')}\n`),
  }
}
