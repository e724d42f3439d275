/** Lines that CloudWatch makes metrics from, held to the rules of its embedded metric format. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  announceToMetrics,
  measureMemory,
  uploadWatch,
} from '../../../../functions/metrics/cloud.ts'
import { MEASURES, measuresOf } from '../../../../functions/metrics/measures.ts'
import { DELIVERIES, handleUploadEvent } from '../../../../functions/on-upload.ts'
import type { Ending } from '../../../../lib/core/ending.ts'
import { StoreError } from '../../../../lib/core/errors.ts'
import type { Report } from '../../../../lib/core/report.ts'
import { evaluateUpload } from '../../../../lib/pipeline.ts'
import { type LogLine, memoryContext } from '../memory-context.ts'

const UNITS =
  'Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Percent Count None'
const ARRIVED = Date.parse('2026-03-02T09:00:00Z')

interface Directive {
  Namespace: string
  Dimensions: string[][]
  Metrics: { Name: string; Unit: string }[]
}

/** The rules of the specification, for one line; resolves to its directives. */
function directivesOf(line: LogLine): Directive[] {
  const { Timestamp, CloudWatchMetrics, ...others } = line._aws as Record<string, unknown>
  expect(others).toEqual({})
  expect(Number.isSafeInteger(Timestamp)).toBe(true)
  const directives = CloudWatchMetrics as Directive[]
  for (const directive of directives) {
    expect(Object.keys(directive).sort()).toEqual(['Dimensions', 'Metrics', 'Namespace'])
    expect(directive.Namespace).toMatch(/^[\w./#:-]{1,1024}$/)
    expect(directive.Dimensions.length).toBeGreaterThan(0)
    for (const set of directive.Dimensions) {
      // 30 at most; ours are two, for each combination is paid for.
      expect([['Stage'], ['Stage', 'Tenant']]).toContainEqual(set)
      for (const name of set) {
        expect(typeof line[name]).toBe('string')
        expect(String(line[name]).length).toBeGreaterThan(0)
        expect(String(line[name]).length).toBeLessThanOrEqual(1024)
      }
    }
    expect(directive.Metrics.length).toBeGreaterThan(0)
    expect(directive.Metrics.length).toBeLessThanOrEqual(100)
    for (const { Name, Unit, ...more } of directive.Metrics) {
      expect(more).toEqual({})
      expect(UNITS.split(' ')).toContain(Unit)
      expect(Number.isFinite(line[Name])).toBe(true)
    }
  }
  return directives
}

async function evaluated(tenant: string | null, seconds: number) {
  const { context, lines } = memoryContext()
  const clock = () => new Date(Date.now() + 1000 * seconds)
  const prefix = tenant === null ? 'uploads' : `uploads/@${tenant}`
  const csv = 'id,label,embedding_0,embedding_1\n1,a,0,1\n2,a,0,2\n3,b,4,0\n4,b,5,0\n'
  await context.uploads.put(`${prefix}/p/r/embeddings.csv`, csv)
  const records = [
    { eventName: 'ObjectCreated:Put', s3: { object: { key: `${prefix}/p/r/embeddings.csv` } } },
  ]
  const attributes = {
    ApproximateReceiveCount: '1',
    SentTimestamp: String(clock().getTime() - 30_000),
  }
  const body = JSON.stringify({ Records: records })
  await handleUploadEvent(
    { ...context, clock, announcers: [announceToMetrics('prod', clock)] },
    { Records: [{ messageId: 'm1', body, attributes }] },
    'wasm',
    (mine, request) => evaluateUpload(mine, request),
    0,
    uploadWatch('prod'),
  )
  return { csv, lines: lines.filter(({ _aws }) => _aws !== undefined) }
}

it('a published run tells its figures, each once, with the stage alone and few of them with the tenant', async () => {
  const { csv, lines } = await evaluated('acme', 0)
  const [queue, run] = lines
  expect(lines).toHaveLength(2)
  expect(directivesOf(queue!)).toHaveLength(1)
  expect(queue!.QueueTime).toBeCloseTo(30, 0)
  const [all, ofTenant] = directivesOf(run!)
  expect(run).toMatchObject({
    Stage: 'prod',
    Tenant: 'acme',
    project: 'p',
    run: 'r',
    messageId: 'm1',
  })
  expect(run).toMatchObject({
    Published: 1,
    LatePages: 0,
    Rows: 4,
    Bytes: csv.length,
  })
  const names = all!.Metrics.map(({ Name }) => Name)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('Stage-neighbors')
  expect(ofTenant!.Metrics.map(({ Name }) => Name)).toEqual(['Published', 'UploadToPage'])
})

it('what belongs to nobody has no tenant, and a late page counts as one', async () => {
  const { lines } = await evaluated(null, 400)
  const line = lines[1]!
  expect(directivesOf(line).map(({ Dimensions }) => Dimensions)).toEqual([[['Stage']]])
  expect(line).toMatchObject({ LatePages: 100 })
  expect(line).not.toHaveProperty('Tenant')
})

it.each([
  [300, 0],
  [300.001, 100],
])('a page after %d s is late: %d', (seconds, late) => {
  const report = {
    createdAt: new Date(ARRIVED).toISOString(),
    input: { rows: 1, files: [] },
    timings: {},
  } as unknown as Report
  const ending: Ending = {
    status: 'published',
    run: 'r',
    report,
    alreadyPublished: false,
    tenant: null,
    project: 'p',
    upload: 'r',
    elapsedMs: 1500,
  }
  const measured = measuresOf(ending, new Date(ARRIVED + 1000 * seconds))
  expect(measured).toMatchObject({ LatePages: late, Evaluation: 1.5 })
  expect(measuresOf({ ...ending, alreadyPublished: true }, new Date(ARRIVED))).toEqual({})
})

it.each([1, DELIVERIES - 1, DELIVERIES])('trouble at delivery %d', async (delivery) => {
  const { context, lines } = memoryContext()
  const records = [{ eventName: 'ObjectCreated:Put', s3: { object: { key: 'uploads/p/r/a.npz' } } }]
  const attributes = { ApproximateReceiveCount: String(delivery), SentTimestamp: '0' }
  await handleUploadEvent(
    context,
    { Records: [{ messageId: 'm', body: JSON.stringify({ Records: records }), attributes }] },
    'wasm',
    () => Promise.reject(new StoreError('unreachable', 'the store does not answer')),
    0,
    uploadWatch('prod'),
  )
  const line = lines.find(({ Faults }) => Faults !== undefined)!
  directivesOf(line)
  expect(line.Stuck).toBe(delivery === DELIVERIES ? 1 : undefined)
  // The service level counts an upload without a page as a late one.
  expect(line.LatePages).toBe(delivery === DELIVERIES ? 100 : undefined)
})

it('the queue delivers as often as is counted here', () => {
  const { Resources } = parse(readFileSync('infra/resources/queue.yml', 'utf8'), {
    logLevel: 'silent',
  })
  expect(Resources.UploadQueue.Properties.RedrivePolicy.maxReceiveCount).toBe(DELIVERIES)
})

it('memory is told against its limit, and nothing without a stage', () => {
  const { context, lines } = memoryContext()
  measureMemory('prod', context, 3008)
  directivesOf(lines[0]!)
  expect(lines[0]!.Memory).toBeGreaterThan(0.5)
  expect(lines[0]!.Memory).toBeLessThan(200)
  measureMemory(null, context, 3008)
  uploadWatch(null).starts(1, context)
  expect(lines).toHaveLength(1)
})

it('each stage of an evaluation has its measure, and what is counted by tenant is little', () => {
  expect(MEASURES['Stage-read'].unit).toBe('Seconds')
  const byTenant = Object.values(MEASURES).filter((measure) => measure.byTenant)
  expect(byTenant).toHaveLength(4)
})
