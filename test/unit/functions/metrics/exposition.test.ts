/** The text of `/metrics`: by hand, and as Prometheus's own parser reads it where it is installed. */

import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import {
  evaluationMetrics,
  processMetrics,
} from '../../../../functions/metrics/evaluation-metrics.ts'
import { createRegistry } from '../../../../functions/metrics/exposition.ts'
import { localApp } from '../../../../functions/serve/app.ts'
import { readerApp } from '../../../../functions/serve/reader.ts'
import { evaluateUpload } from '../../../../lib/pipeline.ts'
import { memoryStore } from '../../../../lib/publish/memory.ts'
import { missing } from '../../../real-part.ts'
import { memoryContext } from '../memory-context.ts'

const HEADERS = { host: '127.0.0.1' }
const TOKEN = 'a-token-of-the-metrics'
const silent = { info: () => {}, warn: () => {}, error: () => {} }

it('writes counters, gauges and histograms in both formats', () => {
  const registry = createRegistry()
  const count = registry.counter('x_total', 'How often.\nTruly.')
  count({ of: 'a"b\\c\n' })
  count({ of: 'a"b\\c\n' }, 2)
  registry.gauge('y', 'Now.', () => 1.5)
  const observe = registry.histogram('z_seconds', 'Long.', [1, 2.5])
  for (const value of [0.5, 1, 2, 9]) observe(value)
  const lines = [
    'x_total{of="a\\"b\\\\c\\n"} 3.0',
    '# HELP y Now.',
    '# TYPE y gauge',
    'y 1.5',
    '# HELP z_seconds Long.',
    '# TYPE z_seconds histogram',
    'z_seconds_bucket{le="1.0"} 2.0',
    'z_seconds_bucket{le="2.5"} 3.0',
    'z_seconds_bucket{le="+Inf"} 4.0',
    'z_seconds_sum 12.5',
    'z_seconds_count 4.0',
  ]
  const plain = registry.read('*/*')
  expect(plain.contentType).toMatch(/^text\/plain; version=0.0.4/)
  expect(plain.text.split('\n')).toEqual([
    '# HELP x_total How often.\\nTruly.',
    '# TYPE x_total counter',
    ...lines,
    '',
  ])
  const open = registry.read('application/openmetrics-text;version=1.0.0,text/plain;q=0.5')
  expect(open.contentType).toMatch(/^application\/openmetrics-text; version=1.0.0/)
  expect(open.text.split('\n')).toEqual([
    '# HELP x How often.\\nTruly.',
    '# TYPE x counter',
    ...lines,
    '# EOF',
    '',
  ])
})

/** The server's metrics after a run that was published, one that failed, and one that is stuck. */
async function servedMetrics(): Promise<string> {
  const { context } = memoryContext()
  const registry = createRegistry()
  const metrics = evaluationMetrics(registry, context.clock)
  processMetrics(registry, new Date(1.5e12))
  registry.gauge('nearmiss_uploads_waiting', 'Uploads that wait.', () => 2)
  const csv = 'id,label,embedding_0,embedding_1\n1,a,0,1\n2,a,0,2\n3,b,4,0\n4,b,5,0\n'
  await context.uploads.put('uploads/p/good/embeddings.csv', csv)
  await context.uploads.put('uploads/p/bad/embeddings.csv', 'id,label,x\n1,a\n')
  for (const run of ['good', 'bad', 'good']) {
    await evaluateUpload(
      { ...context, announcers: [metrics.announcer] },
      { project: 'p', run, backend: 'wasm' },
    )
  }
  metrics.fault(false)
  metrics.fault(true)
  const app = localApp({
    bucket: '/nowhere',
    backend: 'wasm',
    evaluations: { progressOf: () => null, activity: () => [] },
    log: silent,
    signal: new AbortController().signal,
    metrics: registry,
  })
  expect(
    (await app.request('http://x/metrics', { headers: { host: 'evil.example' } })).status,
  ).toBe(403)
  const answer = await app.request('http://127.0.0.1/metrics', { headers: HEADERS })
  expect(answer.status).toBe(200)
  return answer.text()
}

it('nearmiss serve tells how evaluations went', async () => {
  const text = await servedMetrics()
  for (const line of [
    'nearmiss_evaluations_total{outcome="published"} 1.0',
    'nearmiss_evaluations_total{outcome="failed"} 1.0',
    'nearmiss_evaluations_total{outcome="waiting"} 0.0',
    'nearmiss_faults_total 2.0',
    'nearmiss_stuck_total 1.0',
    'nearmiss_rows_total 4.0',
    'nearmiss_upload_to_page_seconds_count 1.0',
    'nearmiss_stage_seconds_count{stage="neighbors"} 1.0',
    'nearmiss_uploads_waiting 2.0',
    'process_start_time_seconds 1500000000.0',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
})

const PROMTOOL = spawnSync('promtool', ['--version']).error === undefined
it.skipIf(missing('promtool', PROMTOOL ? null : "it isn't installed; apt-get install prometheus"))(
  'and Prometheus has nothing to say against it',
  async () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: await servedMetrics(),
      encoding: 'utf8',
    })
    expect(stdout + stderr).toBe('')
    expect(status).toBe(0)
  },
)

function reader(siteUrl: string | null, metricsToken: string | null) {
  return readerApp({
    site: memoryStore('site'),
    log: silent,
    signIn: null,
    siteUrl,
    metrics: createRegistry(),
    metricsToken,
  })
}

it.each([
  ['without a token', null, undefined, 302],
  ['with one that nobody gave', TOKEN, undefined, 302],
  ['with another', TOKEN, 'Bearer another', 302],
  ['with it', TOKEN, `Bearer ${TOKEN}`, 200],
])('readers of a site for others get no metrics; %s', async (_, token, authorization, status) => {
  const app = reader('https://reports.example.com/', token)
  const headers = { host: 'reports.example.com', ...(authorization ? { authorization } : {}) }
  const answer = await app.request('https://reports.example.com/metrics', { headers })
  expect(answer.status).toBe(status)
  expect((await answer.text()).includes('# TYPE')).toBe(status === 200)
})

it('a scraper asks by whatever name, with the token; without an address for others this machine does', async () => {
  const authorization = `Bearer ${TOKEN}`
  const outside = reader('https://reports.example.com/', TOKEN)
  const byAddress = { headers: { host: '10.0.0.7:8080', authorization } }
  expect((await outside.request('http://10.0.0.7:8080/metrics', byAddress)).status).toBe(200)
  const here = reader(null, null)
  await here.request('http://127.0.0.1/', { headers: HEADERS })
  const answer = await here.request('http://127.0.0.1/metrics', { headers: HEADERS })
  expect(await answer.text()).toContain('nearmiss_requests_total{code="404"} 1.0')
  expect((await here.request('http://x/metrics', { headers: { host: 'x.example' } })).status).toBe(
    403,
  )
})
