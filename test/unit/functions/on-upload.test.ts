import type { Context as LambdaContext } from 'aws-lambda'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { handler, handleUploadEvent, type UploadEvent } from '../../../functions/on-upload.ts'
import type { Outcome } from '../../../lib/core/ending.ts'
import { CancelledError, type Issue, StoreError } from '../../../lib/core/errors.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { announceEnd } from '../../../lib/run/announcement.ts'
import type { EvaluationRequest } from '../../../lib/run/request.ts'
import { keysOf } from '../../contract/store-contract.ts'
import { memoryContext } from './memory-context.ts'

const waiting: Outcome = { status: 'waiting', missing: 'labels' }

/** The body of a message as S3 sends it, for the keys as they are in the message. */
function bodyOf(...keys: string[]): string {
  const record = (key: string) => ({
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3: { bucket: { name: 'uploads' }, object: { key, size: 3 } },
  })
  return JSON.stringify({ Records: keys.map(record) })
}

function eventOf(...bodies: string[]): UploadEvent {
  return { Records: bodies.map((body, index) => ({ messageId: `m${index + 1}`, body })) }
}

/** Handles the event with evaluations that end as told for a run's name; says which were asked for. */
async function handle(
  event: UploadEvent,
  ends: Record<string, Outcome | Error> = {},
  stopped = false,
) {
  const { context, lines } = memoryContext(stopped ? AbortSignal.abort() : undefined)
  const asked: EvaluationRequest[] = []
  const { batchItemFailures } = await handleUploadEvent(
    context,
    event,
    'wasm',
    (evaluating, request) =>
      announceEnd(evaluating, request, async () => {
        asked.push(request)
        const end = ends[request.run] ?? waiting
        if (end instanceof Error) throw end
        return end
      }),
  )
  const failures = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
  return { asked, runs: asked.map(({ project, run }) => `${project}/${run}`), failures, lines }
}

describe('a batch of messages', () => {
  test('evaluates nothing for the settings of a project', async () => {
    const { runs, failures, lines } = await handle(
      eventOf(bodyOf('uploads/digits/nearmiss.yaml'), bodyOf('uploads/digits/nearmiss.json')),
    )
    expect([runs, failures]).toEqual([[], []])
    expect(lines.map(({ message }) => message)).toEqual(
      Array(2).fill('settings of a project: they hold for its runs from now on'),
    )
  })

  test('asks for the run that a key names, on the backend that was chosen', async () => {
    const { asked, failures } = await handle(
      eventOf(bodyOf('uploads/digits/nca-32/embeddings.npz')),
    )
    expect(asked).toEqual([{ project: 'digits', run: 'nca-32', backend: 'wasm' }])
    expect(failures).toEqual([])
  })

  test('gives each tenant stores of its own, whatever the names', async () => {
    const { context, lines } = memoryContext()
    const asked: [string | undefined, string][] = []
    const keys = ['uploads/p/r/x.npz', 'uploads/@acme/p/r/x.npz', 'uploads/@other/p/r/x.npz']
    const { batchItemFailures } = await handleUploadEvent(
      context,
      eventOf(
        bodyOf(...keys, 'uploads/@acme/p/nearmiss.yaml', 'uploads/@/p/r/x', 'uploads/@a@b/p/r/x'),
      ),
      'wasm',
      async (mine, { project, run }) => {
        await mine.site.put(`${project}/runs/${run}/index.html`, 'x')
        await mine.vault.put('_keys/ids.json', 'x')
        await mine.uploads.put(`uploads/${project}/${run}/y`, 'x')
        asked.push([mine.tenant, `${project}/${run}`])
        return waiting
      },
    )
    expect(batchItemFailures).toEqual([])
    expect(asked).toEqual([
      [undefined, 'p/r'],
      ['acme', 'p/r'],
      ['other', 'p/r'],
    ])
    expect(await keysOf(context.site, '')).toEqual([
      '@acme/p/runs/r/index.html',
      '@other/p/runs/r/index.html',
      'p/runs/r/index.html',
    ])
    expect(await keysOf(context.uploads, '')).toEqual([
      'uploads/@acme/p/r/y',
      'uploads/@other/p/r/y',
      'uploads/p/r/y',
    ])
    expect((await keysOf(context.vault, '')).filter((key) => key.endsWith('ids.json'))).toEqual([
      '@acme/_keys/ids.json',
      '@other/_keys/ids.json',
      '_keys/ids.json',
    ])
    expect(lines.filter(({ message }) => message.startsWith('ignored'))).toHaveLength(2)
  })

  test('evaluates a run once, however many of its files and messages are in the batch', async () => {
    const { runs } = await handle(
      eventOf(
        bodyOf('uploads/digits/a/embeddings.npy', 'uploads/digits/a/labels.csv'),
        bodyOf('uploads/digits/b/embeddings.npz'),
        bodyOf('uploads/digits/a/metadata.csv'),
      ),
    )
    expect(runs).toEqual(['digits/a', 'digits/b'])
  })

  test('keeps runs of the same name in different projects apart', async () => {
    const { runs } = await handle(eventOf(bodyOf('uploads/p/r/a.npz', 'uploads/q/r/a.npz')))
    expect(runs).toEqual(['p/r', 'q/r'])
  })

  test('fails every message of a run that met trouble, and no other', async () => {
    const { failures, runs } = await handle(
      eventOf(
        bodyOf('uploads/p/bad/embeddings.npy'),
        bodyOf('uploads/p/good/embeddings.npz'),
        bodyOf('uploads/p/bad/labels.csv'),
      ),
      { bad: new StoreError('unreachable', 'the store does not answer') },
    )
    expect(runs).toEqual(['p/bad', 'p/good'])
    expect(failures).toEqual(['m1', 'm3'])
  })

  test('fails a message once whose runs all met trouble', async () => {
    const trouble = new StoreError('unreachable', 'the store does not answer')
    const { failures } = await handle(eventOf(bodyOf('uploads/p/a/x.npz', 'uploads/p/b/x.npz')), {
      a: trouble,
      b: trouble,
    })
    expect(failures).toEqual(['m1'])
  })

  test('is done with an upload that cannot be evaluated', async () => {
    const issue: Issue = {
      code: 'zip-damaged',
      message: 'it ends early',
      where: 'a.npz',
      hint: 'again',
    }
    const { failures, lines } = await handle(eventOf(bodyOf('uploads/p/r/a.npz')), {
      r: { status: 'failed', run: 'r', issues: [issue] },
    })
    expect(failures).toEqual([])
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', code: 'zip-damaged', project: 'p', run: 'r' }),
    )
  })

  test('fails a message on a fault of our own, with its stack in the log', async () => {
    const { failures, lines } = await handle(eventOf(bodyOf('uploads/p/r/a.npz')), {
      r: new TypeError('x is undefined'),
    })
    expect(failures).toEqual(['m1'])
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        reason: expect.stringMatching(/^TypeError: x is undefined\n\s+at /),
      }),
    )
  })

  test('starts nothing once the time is up, and hands all of it back', async () => {
    const { runs, failures, lines } = await handle(
      eventOf(bodyOf('uploads/p/a/x.npz'), bodyOf('uploads/p/b/x.npz')),
      {},
      true,
    )
    expect(runs).toEqual([])
    expect(failures).toEqual(['m1', 'm2'])
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'warn'])
  })

  test('hands back a run that was stopped on the way', async () => {
    const { failures, lines } = await handle(eventOf(bodyOf('uploads/p/r/a.npz')), {
      r: new CancelledError(),
    })
    expect(failures).toEqual(['m1'])
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', code: 'cancelled', retryable: true }),
    )
  })
})

test('all lines of a run say whose it is, its content and the message, and no line of another does', async () => {
  const { context, lines } = memoryContext()
  const table = 'id,label,embedding_0,embedding_1\n1,a,0,1\n2,a,0,2\n3,b,4,0\n4,b,5,0\n'
  for (const key of ['uploads/@acme/p/good/embeddings.csv', 'uploads/q/bad/embeddings.csv']) {
    await context.uploads.put(key, key.includes('bad') ? 'id,label,x\n1,a\n' : table)
  }
  const event = eventOf(
    bodyOf('uploads/@acme/p/good/embeddings.csv'),
    bodyOf('uploads/q/bad/embeddings.csv'),
  )
  const handed: string[] = []
  await handleUploadEvent(context, event, 'wasm', (mine, request, messageId) => {
    handed.push(messageId)
    mine.log.info('before')
    return evaluateUpload(mine, request)
  })
  expect(handed).toEqual(['m1', 'm2'])
  for (const [run, of] of [
    ['good', { tenant: 'acme', project: 'p', messageId: 'm1' }],
    ['bad', { tenant: null, project: 'q', messageId: 'm2' }],
  ] as const) {
    const own = lines.filter((line) => line.run === run)
    expect(own.length).toBeGreaterThanOrEqual(2)
    expect(own).toEqual(own.map(() => expect.objectContaining(of)))
    // Only what is said before the files are listed is without their content.
    const ends = own.filter(({ message }) => message !== 'before')
    expect(ends).toEqual(
      ends.map(() =>
        expect.objectContaining({ contentId: expect.stringMatching(/^[0-9a-f]{64}$/) }),
      ),
    )
  }
  expect(new Set(lines.flatMap(({ contentId }) => contentId ?? [])).size).toBe(2)
})

describe('what a message may hold', () => {
  test.each([
    ['uploads/p/r/my+embeddings%281%29.npz', 'p/r'],
    ['uploads/p/r/100%.npz', 'p/r'],
    ['uploads%2Fp%2Fr%2Fa.npz', 'p/r'],
  ])('reads the key %s, encoded or not', async (key, run) => {
    expect((await handle(eventOf(bodyOf(key)))).runs).toEqual([run])
  })

  test.each([
    'site/p/r/a.npz',
    'uploads/a.npz',
    'uploads/p/a.npz',
    'uploads/p/r/',
    'uploads/index.html/r/a.npz',
    'uploads/p/../a.npz',
    'uploads/p/with space/a.npz',
    'uploads/%2e%2e/r/a.npz',
  ])('ignores the key %s, and says so', async (key) => {
    const { runs, failures, lines } = await handle(eventOf(bodyOf(key)))
    expect(runs).toEqual([])
    expect(failures).toEqual([])
    expect(lines).toEqual([
      {
        level: 'info',
        message: expect.stringMatching(/^ignored: .* is not the key of an upload/),
        key: decodeURIComponent(key),
      },
    ])
  })

  test('evaluates nothing because of a picture in a folder of the upload', async () => {
    const { runs, failures } = await handle(eventOf(bodyOf('uploads/p/r/images/1.png')))
    expect({ runs, failures }).toEqual({ runs: [], failures: [] })
  })

  test('takes an event name with and without its service', async () => {
    const body = bodyOf('uploads/p/r/a.npz').replace('ObjectCreated:', 's3:ObjectCreated:')
    expect((await handle(eventOf(body))).runs).toEqual(['p/r'])
  })

  test('takes no notice of an object that was removed', async () => {
    const body = bodyOf('uploads/p/r/a.npz').replace('ObjectCreated:Put', 'ObjectRemoved:Delete')
    const { runs, failures } = await handle(eventOf(body))
    expect({ runs, failures }).toEqual({ runs: [], failures: [] })
  })

  test("is done with S3's test message", async () => {
    const body = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'uploads' })
    const { runs, failures, lines } = await handle(eventOf(body))
    expect({ runs, failures, lines }).toEqual({ runs: [], failures: [], lines: [] })
  })

  test.each(['', 'not JSON', '{}', '{"Records":[{"body":1}]}', 'null'])(
    'puts the message %j aside, and handles the others',
    async (body) => {
      const { runs, failures, lines } = await handle(eventOf(body, bodyOf('uploads/p/r/a.npz')))
      expect(runs).toEqual(['p/r'])
      expect(failures).toEqual(['m1'])
      expect(lines).toContainEqual(expect.objectContaining({ level: 'error', messageId: 'm1' }))
    },
  )
})

describe("the function's entry", () => {
  const lambda = {
    awsRequestId: 'request-1',
    getRemainingTimeInMillis: () => 9_000,
  } as LambdaContext

  beforeEach(() => {
    vi.stubEnv('UPLOADS_BUCKET', 'uploads')
    vi.stubEnv('SITE_BUCKET', 'site')
    vi.stubEnv('STATE_MACHINE', 'arn:aws:states:eu-central-1:123456789012:stateMachine:shards')
    vi.stubEnv('SHARD_SECONDS', '240')
    vi.stubEnv('SHARD_MEMORY_SIZE', '3008')
    vi.stubEnv('AWS_LAMBDA_FUNCTION_MEMORY_SIZE', '3008')
  })

  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })

  test('starts nothing that could not end within the time limit, and says so in the log', async () => {
    const written: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written.push(String(text))
      return true
    })
    const { batchItemFailures } = await handler(eventOf(bodyOf('uploads/p/r/a.npz')), lambda)
    vi.restoreAllMocks()
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'm1' }])
    expect(written.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        code: 'cancelled',
        project: 'p',
        run: 'r',
        requestId: 'request-1',
        messageId: 'm1',
      }),
    )
  })

  test('names the variable that is not set', async () => {
    vi.stubEnv('SITE_BUCKET', '')
    await expect(handler(eventOf(), lambda)).rejects.toThrow('SITE_BUCKET is not set')
  })

  test('names the backend that there is not', async () => {
    vi.stubEnv('BACKEND', 'abacus')
    await expect(handler(eventOf(), lambda)).rejects.toThrow('BACKEND is abacus')
  })
})
