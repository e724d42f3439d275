import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { itemSlug } from '../../lib/core/names.ts'
import type { ProjectIndex } from '../../lib/core/project-index.ts'
import type { Report } from '../../lib/core/report.ts'
import type { FailedRun, RunRecord } from '../../lib/core/run-record.ts'
import { browserProblem, launchBrowser } from '../browser/browser.ts'
import { openSite, walk } from '../browser/walk.ts'
import { keysOf } from '../contract/store-contract.ts'
import { missing } from '../real-part.ts'
import { type Deployment, deploy, deploymentProblem, eventually } from './deployment.ts'
import { describeShards, SHARDED_FROM_60_000_ROWS } from './shards.ts'

const withoutBrowser = missing('a browser', await browserProblem())
const samples = join(import.meta.dirname, '../../samples/digits')

describe.skipIf(missing('a deployment', await deploymentProblem()))(
  'the deployed functions',
  () => {
    let cloud: Deployment

    beforeAll(async () => {
      // Shorter than the default, for every test waits for it, and longer than clocks may be apart.
      cloud = await deploy({ ...SHARDED_FROM_60_000_ROWS, uploadWaitSeconds: '7' })
    })

    afterAll(async () => {
      await cloud?.stop()
    })

    async function upload(key: string, body: Uint8Array | string): Promise<void> {
      const { s3, uploadsBucket } = cloud
      await s3.send(new PutObjectCommand({ Bucket: uploadsBucket, Key: key, Body: body }))
    }

    async function published<T>(key: string): Promise<T | null> {
      const object = await cloud.site.get(key)
      return object === null ? null : (JSON.parse(new TextDecoder().decode(object.body)) as T)
    }

    /** Whether a page holds a text; the page itself is too long for a message. */
    async function pageHolds(key: string, text: string | undefined): Promise<boolean> {
      const page = await cloud.site.get(key)
      return text !== undefined && new TextDecoder().decode(page?.body).includes(text)
    }

    function record(project: string, run: string): Promise<RunRecord> {
      return eventually(`run.json of ${project}/${run}`, () =>
        published<RunRecord>(`${project}/runs/${run}/run.json`),
      )
    }

    test('an upload becomes a published report with the right figures', async () => {
      const expected = JSON.parse(await readFile(join(samples, 'expected.json'), 'utf8'))
      const figures = expected['nca-32/euclidean']
      await upload(
        'uploads/digits/nca-32/embeddings.npz',
        await readFile(join(samples, 'nca-32.npz')),
      )

      expect(await record('digits', 'nca-32')).toMatchObject({ status: 'published', run: 'nca-32' })
      const report = await published<Report>('digits/runs/nca-32/report.json')
      expect(report?.backend.name).toBe('wasm')
      expect(report?.input.evaluatedRows).toBe(figures.rows)
      expect(report?.metrics.nearest_neighbor_accuracy?.value).toBeCloseTo(
        figures.nearest_neighbor_accuracy,
        8,
      )
      expect(await pageHolds('digits/runs/nca-32/index.html', 'nca-32')).toBe(true)
      expect(await cloud.site.head('digits/runs/nca-32/rows.parquet')).not.toBeNull()
      // The pages that more than one run changes are written once the run is complete.
      for (const key of ['index.html', 'digits/index.html', 'digits/latest/index.html']) {
        await eventually(key, () => cloud.site.head(key))
      }
    })

    test('an upload that ends early publishes what is wrong with it, and is not tried again', async () => {
      const whole = await readFile(join(samples, 'pca-8.npz'))
      await upload('uploads/broken/run-1/embeddings.npz', whole.subarray(0, whole.length / 2))

      expect((await record('broken', 'run-1')).status).toBe('failed')
      const failed = await published<FailedRun>('broken/runs/run-1/error.json')
      expect(failed?.issues[0]?.where).toContain('embeddings.npz')
      expect(await pageHolds('broken/runs/run-1/index.html', failed?.issues[0]?.code)).toBe(true)
      await queueIsEmpty()
      expect(await cloud.messages(cloud.deadLettersUrl)).toBe(0)
    })

    test('the same upload twice is one run', async () => {
      await upload(
        'uploads/digits/nca-32/embeddings.npz',
        await readFile(join(samples, 'nca-32.npz')),
      )
      await eventually('a line that says that it was published before', async () => {
        const lines = await cloud.logs('onUpload')
        return lines.find(({ message }) => message === 'already published') ?? null
      })
      const index = await published<ProjectIndex>('digits/index.json')
      expect(index?.runs.map(({ run, status }) => [run, status])).toEqual([['nca-32', 'published']])
    })

    test('a run whose labels come after its vectors is one run', async () => {
      await upload('uploads/parts/run-1/embeddings.csv', vectorsOf(60))
      await upload('uploads/parts/run-1/labels.csv', labelsOf(60))
      expect((await record('parts', 'run-1')).status).toBe('published')
      const report = await published<Report>('parts/runs/run-1/report.json')
      expect(report?.input).toMatchObject({ evaluatedRows: 60, classes: 2, dimensions: 2 })
      // The two classes lie apart, so each nearest neighbour is of the same class.
      expect(report?.metrics.nearest_neighbor_accuracy?.value).toBe(1)
    })

    test('the next run is compared with it, by the means that only the vault keeps', async () => {
      await upload('uploads/parts/run-2/labels.csv', labelsOf(60))
      await upload('uploads/parts/run-2/embeddings.csv', vectorsOf(60, 1))
      expect((await record('parts', 'run-2')).status).toBe('published')
      const report = await published<Report>('parts/runs/run-2/report.json')
      expect(report?.comparison?.baseline).toBe('run-1')
      expect(report?.drift?.classes).toHaveLength(2)
      const kept = await keysOf(cloud.vault, 'parts/')
      expect(kept.map((key) => key.replace(/[0-9a-f]{16}/, 'ID'))).toEqual(
        ['run-1', 'run-2'].map((run) => `parts/runs/${run}/ID.centroids.parquet`),
      )
      const readable = await keysOf(cloud.site, '')
      expect(readable.filter((key) => key.includes('centroids'))).toEqual([])
    })

    test.skipIf(withoutBrowser)(
      'a reader of the third run of emoji is two clicks from a ticket',
      async () => {
        const emoji = join(samples, '../emoji')
        const shared = ['metadata.csv', 'nearmiss.yaml', 'sprite.png']
        for (const run of ['pixels-pca-32', 'mobilenet-128', 'mobilenet-metric-64']) {
          for (const file of shared) {
            await upload(`uploads/emoji/${run}/${file}`, await readFile(join(emoji, file)))
          }
          const vectors = await readFile(join(emoji, `${run}.npz`))
          await upload(`uploads/emoji/${run}/embeddings.npz`, vectors)
          expect((await record('emoji', run)).status).toBe('published')
        }
        // The pages that more than one run changes are written last.
        await eventually('the sprint page of the third run', async () =>
          (await pageHolds('emoji/sprint/index.html', 'mobilenet-metric-64')) ? true : null,
        )
        const browser = await launchBrowser()
        for (const width of [1440, 375]) {
          const walker = await openSite(browser, cloud.site, width)
          await walk(walker)
          await walker.close()
        }
        await browser.close()
      },
    )

    describe('the API', () => {
      test('says without a token that it is well', async () => {
        expect(await cloud.api('/api/health')).toMatchObject({
          status: 200,
          body: { ok: true, stores: { uploads: true, site: true } },
        })
      })

      test('says nothing else without the token that the deployment made', async () => {
        expect(cloud.apiToken).toHaveLength(48)
        for (const token of [undefined, 'wrong']) {
          const { status, body } = await cloud.api('/api/projects', token ? { token } : {})
          expect([status, body.error]).toMatchObject([401, { code: 'unauthorized' }])
        }
        const { body } = await cloud.api('/api/projects', { token: cloud.apiToken })
        expect(body.projects).toContainEqual(expect.objectContaining({ project: 'digits' }))
      })

      test('gives an address whose upload ends in a report', async () => {
        const file = await readFile(join(samples, 'pca-8.npz'))
        const { status, body } = await cloud.api('/api/uploads', {
          method: 'POST',
          token: cloud.apiToken,
          body: {
            project: 'presigned',
            run: 'pca-8',
            files: [{ name: 'embeddings.npz', byteLength: file.byteLength }],
          },
        })
        expect(status).toBe(200)
        const [target] = body.uploads as { url: string; method: string }[]
        const sent = await fetch(target?.url ?? '', { method: target?.method ?? '', body: file })
        expect(sent.status).toBe(200)

        const statusUrl = String(body.statusUrl)
        const told = await eventually('the published status', async () => {
          const answer = await cloud.api(statusUrl, { token: cloud.apiToken })
          return answer.body.status === 'published' ? answer.body : null
        })
        expect(told).toMatchObject({ page: 'presigned/runs/pca-8/' })
        expect(await published<Report>(String(told.report))).toMatchObject({ run: 'pca-8' })
      })

      test('finds an item by its encoded id and by its slug, through the gateway', async () => {
        const index = await published<ProjectIndex>('presigned/index.json')
        const id = Object.keys(index?.items ?? {}).find((known) => known.includes('|')) ?? ''
        expect(id).toContain('|')
        for (const part of [encodeURIComponent(id), itemSlug(id)]) {
          const { body } = await cloud.api(`/api/projects/presigned/items/${part}`, {
            token: cloud.apiToken,
          })
          expect(body.id).toBe(id)
        }
      })
    })

    test('the API deletes a run, what it kept and its upload, and what the next run said of it', async () => {
      await queueIsEmpty()
      const { status, body } = await cloud.api('/api/projects/parts/runs/run-1?uploads=true', {
        method: 'DELETE',
        token: cloud.apiToken,
      })
      expect([status, body]).toMatchObject([200, { rewritten: ['run-2'], uploadsDeleted: true }])
      expect(await keysOf(cloud.site, 'parts/runs/run-1/')).toEqual([])
      expect(await keysOf(cloud.vault, 'parts/runs/run-1/')).toEqual([])
      expect(await keysOf(cloud.uploads, 'uploads/parts/run-1/')).toEqual([])
      const report = await published<Report>('parts/runs/run-2/report.json')
      expect([report?.comparison, report?.drift]).toEqual([null, null])
      const index = await published<ProjectIndex>('parts/index.json')
      expect(index?.runs.map(({ run }) => run)).toEqual(['run-2'])
    })

    describeShards(() => cloud)

    test('nothing of all that met trouble', async () => {
      await queueIsEmpty()
      expect(await cloud.messages(cloud.deadLettersUrl)).toBe(0)
      for (const name of ['onUpload', 'api'] as const) {
        const errors = (await cloud.logs(name)).filter(({ level }) => level === 'error')
        expect(errors, name).toEqual([])
      }
    })

    test('an upload whose function was ended in the middle is evaluated by the next delivery', async () => {
      const { sqs, queueUrl } = cloud
      const Attributes = { VisibilityTimeout: '20' }
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes }))
      await upload('uploads/ended/run-1/labels.csv', labelsOf(3_000))
      await upload('uploads/ended/run-1/embeddings.csv', vectorsOf(3_000))
      const attempt = '_attempts/ended/run-1.json'
      await eventually('an evaluation under way', () => cloud.vault.head(attempt))
      while (await cloud.breakFunction('onUpload'));
      expect(await cloud.site.head('ended/runs/run-1/run.json')).toBeNull()
      expect((await record('ended', 'run-1')).status).toBe('published')
      await eventually('the attempt to be forgotten', async () =>
        (await cloud.vault.head(attempt)) === null ? true : null,
      )
      await eventually('no claim', async () =>
        (await keysOf(cloud.site, '_claims/')).length === 0 ? true : null,
      )
    })

    test('what fails every time ends in the dead-letter queue, and leaves a line in the log', async () => {
      const { sqs, queueUrl, deadLettersUrl } = cloud
      // Six times the function's time limit is long to wait for three deliveries.
      const Attributes = { VisibilityTimeout: '1' }
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes }))
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'no S3 event' }))
      await eventually('a dead letter', async () =>
        (await cloud.messages(deadLettersUrl)) === 1 ? true : null,
      )
      const lines = await cloud.logs('onUpload')
      expect(lines.filter(({ level }) => level === 'error')).toHaveLength(3)
      expect(lines).toContainEqual(expect.objectContaining({ body: 'no S3 event' }))
    })

    async function queueIsEmpty(): Promise<void> {
      await eventually('an empty queue', async () =>
        (await cloud.messages(cloud.queueUrl)) === 0 ? true : null,
      )
    }
  },
)

/** Rows in two groups far apart, one after the other; `id` joins them with their labels. */
function vectorsOf(rows: number, moved = 0): string {
  const line = (row: number) =>
    `r${row},${(row % 2) * 100 + Math.cos(row)},${Math.sin(row) + moved * (row % 2)}`
  return [
    'id,embedding_0,embedding_1',
    ...Array.from({ length: rows }, (_, row) => line(row)),
  ].join('\n')
}

function labelsOf(rows: number): string {
  const line = (row: number) => `r${row},${row % 2 === 0 ? 'left' : 'right'}`
  return ['id,label', ...Array.from({ length: rows }, (_, row) => line(row))].join('\n')
}
