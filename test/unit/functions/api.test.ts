import { describe, expect, test } from 'vitest'
import { type ApiParts, createApi } from '../../../functions/api.ts'
import { localPresign } from '../../../functions/api-uploads.ts'
import { StoreError, StoreRefusedError } from '../../../lib/core/errors.ts'
import { itemSlug } from '../../../lib/core/names.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryContext } from './memory-context.ts'

const { context: empty } = memoryContext()

function api(parts: Partial<ApiParts> = {}) {
  return createApi({ context: empty, presign: localPresign, ...parts })
}

/** A site as two runs of the project `digits` leave it, the second one failed. */
async function publishedContext() {
  const { context, lines } = memoryContext()
  const published = entry('run-1', 'published', '2026-03-02T09:00:00Z')
  const failed = entry('run-2', 'failed', '2026-03-03T09:00:00Z')
  const items = Object.fromEntries(
    ['confusion:3|9', 'confusion:a/b|c?d', 'confusion:100%|50%'].map((id) => [
      id,
      {
        id,
        kind: 'confusion',
        title: id,
        owner: 'data ops',
        states: [{ run: 'run-1', state: 'new', measure: 4, gain: 0.5 }],
      },
    ]),
  )
  const objects: Record<string, unknown> = {
    'projects.json': {
      schema: 'nearmiss.projects/1',
      projects: [{ project: 'digits', latest: failed }],
    },
    'digits/index.json': {
      schema: 'nearmiss.index/1',
      project: 'digits',
      runs: [published, failed],
      items,
    },
    'digits/runs/run-1/run.json': { schema: 'nearmiss.run/1', ...record(published) },
    'digits/runs/run-2/run.json': { schema: 'nearmiss.run/1', ...record(failed) },
    'digits/runs/run-2/error.json': { issues: [{ code: 'no-labels', message: 'no labels' }] },
  }
  for (const [key, value] of Object.entries(objects)) {
    await context.site.put(key, JSON.stringify(value))
  }
  return { context, lines }
}

function entry(run: string, status: string, createdAt: string) {
  return { run, status, createdAt, contentId: `id-of-${run}`, error: null, summary: null }
}

function record({ run, status, createdAt, contentId }: ReturnType<typeof entry>) {
  return { project: 'digits', run, status, createdAt, contentId }
}

async function ask(path: string, parts: Partial<ApiParts> = {}, init?: RequestInit) {
  const response = await api(parts).request(`/api${path}`, init)
  return { status: response.status, body: await response.json(), headers: response.headers }
}

function post(body: unknown, parts: Partial<ApiParts> = {}, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return ask('/uploads', parts, { method: 'POST', body: text, headers })
}

const file = { name: 'embeddings.npz', byteLength: 1200 }

describe('GET /api/health', () => {
  test('says the version, the backend and that the stores answer', async () => {
    const { status, body } = await ask('/health', { backend: 'wasm' })
    expect(status).toBe(200)
    expect(body).toEqual({
      ok: true,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      backend: 'wasm',
      stores: { uploads: true, site: true },
    })
  })

  test('is 503 where a store does not answer, and says which', async () => {
    const { context } = memoryContext()
    const site = { ...context.site, head: () => Promise.reject(new StoreError('down', 'down')) }
    const { status, body } = await ask('/health', { context: { ...context, site } })
    expect(status).toBe(503)
    expect(body).toMatchObject({ ok: false, stores: { uploads: true, site: false } })
  })
})

describe('GET /api/health with the permissions of the deployed function', () => {
  const forbidden = () => Promise.reject(new StoreRefusedError('access-denied', 'denied'))

  test('is well although no upload may be read', async () => {
    const { context } = memoryContext()
    const uploads = { ...context.uploads, get: forbidden, head: forbidden }
    expect((await ask('/health', { context: { ...context, uploads } })).status).toBe(200)
  })

  test('is 503 where uploads can not be listed', async () => {
    const { context } = memoryContext()
    const list = async function* (): AsyncGenerator<never> {
      yield await forbidden()
    }
    const uploads = { ...context.uploads, list }
    const { status, body } = await ask('/health', { context: { ...context, uploads } })
    expect(status).toBe(503)
    expect(body).toMatchObject({ stores: { uploads: false, site: true } })
  })
})

describe('POST /api/uploads', () => {
  test('announces the files of the request: none is evaluated before all are there', async () => {
    const { context } = memoryContext()
    const body = {
      project: 'digits',
      run: 'v1',
      files: [
        { name: 'embeddings.csv', byteLength: 10 },
        { name: 'nearmiss.yaml', byteLength: 10 },
      ],
    }
    const headers = { 'Content-Type': 'application/json' }
    const asked = await api({ context }).request('/api/uploads', {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    expect(asked.status).toBe(200)
    await context.uploads.put('uploads/digits/v1/embeddings.csv', 'id,label,embedding_0\nr,a,1')
    const request = { project: 'digits', run: 'v1', backend: 'wasm' } as const
    expect(await evaluateUpload(context, request)).toEqual({
      status: 'waiting',
      missing: 'nearmiss.yaml, which was announced with the rest',
    })
    const status = await (await api({ context }).request('/api/projects/digits/runs/v1')).json()
    expect(status).toMatchObject({ status: 'waiting', files: ['embeddings.csv'] })
    await context.uploads.put('uploads/digits/v1/nearmiss.yaml', 'k: 12\n')
    expect(await evaluateUpload(context, request)).toMatchObject({ status: 'failed' })
  })

  test('gives an address for each file, and one to ask how it went', async () => {
    const files = [file, { name: 'labels.csv', byteLength: 40 }]
    const { status, body } = await post({ project: 'digits', run: 'nca-32', files })
    expect(status).toBe(200)
    expect(body).toEqual({
      uploads: [
        {
          name: 'embeddings.npz',
          url: '/uploads/digits/nca-32/embeddings.npz',
          method: 'PUT',
          headers: {},
        },
        {
          name: 'labels.csv',
          url: '/uploads/digits/nca-32/labels.csv',
          method: 'PUT',
          headers: {},
        },
      ],
      statusUrl: '/api/projects/digits/runs/nca-32',
      published: null,
    })
  })

  test('says where the run of that name is, if it was published before', async () => {
    const parts = await publishedContext()
    const pages = ['run-1', 'run-2'].map(async (run) => {
      const { body } = await post({ project: 'digits', run, files: [file] }, parts)
      return body.published
    })
    // The second one failed, so its corrected upload takes its place.
    expect(await Promise.all(pages)).toEqual(['digits/runs/run-1/', null])
  })

  test.each([
    ['no JSON', '{', 'expected object'],
    ['no files', { project: 'p', run: 'r', files: [] }, 'files'],
    [
      'a project that leaves its folder',
      { project: '..', run: 'r', files: [file] },
      'project: must be',
    ],
    [
      "a project named as the site's own file",
      { project: 'index.html', run: 'r', files: [file] },
      'project',
    ],
    ['a run with a slash', { project: 'p', run: 'a/b', files: [file] }, 'run: must be letters'],
    [
      'a file in a folder',
      { project: 'p', run: 'r', files: [{ ...file, name: 'a/b' }] },
      'files.0.name',
    ],
    [
      'a file without content',
      { project: 'p', run: 'r', files: [{ ...file, byteLength: 0 }] },
      'byteLength',
    ],
    [
      'half a byte',
      { project: 'p', run: 'r', files: [{ ...file, byteLength: 0.5 }] },
      'byteLength',
    ],
    [
      'more than can be read at once',
      { project: 'p', run: 'r', files: [{ ...file, byteLength: 3e9 }] },
      'byteLength: must be 2147483647 at most',
    ],
    [
      'more than can be sent at once',
      {
        project: 'p',
        run: 'r',
        files: [{ name: 'embeddings.parquet', byteLength: 5 * 2 ** 30 + 1 }],
      },
      'byteLength: must be 5368709120 at most',
    ],
    ['a file twice', { project: 'p', run: 'r', files: [file, file] }, 'must not name a file twice'],
    ['an unknown key', { project: 'p', run: 'r', files: [file], runs: 1 }, 'runs'],
  ])('refuses %s, and names it', async (_, body, told) => {
    const answer = await post(body)
    expect(answer.status).toBe(400)
    expect(answer.body.error).toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(told),
    })
    expect(answer.body.error.hint).toContain('"byteLength"')
  })

  test('takes more than 2 GiB of a format that is read in parts', async () => {
    const files = [{ name: 'embeddings.parquet', byteLength: 5 * 2 ** 30 }]
    expect((await post({ project: 'p', run: 'large', files })).status).toBe(200)
  })

  test('refuses a body of more than 64 kB unread', async () => {
    const { status, body } = await post(`"${'x'.repeat(70_000)}"`)
    expect(status).toBe(413)
    expect(body.error.code).toBe('body-too-large')
  })
})

describe('with a token', () => {
  const request = { project: 'p', run: 'r', files: [file] }

  test.each([
    ['no token', {}, 401],
    ['another token', { authorization: 'Bearer wrong' }, 401],
    ['the start of the token', { authorization: 'Bearer secre' }, 401],
    ['another scheme', { authorization: 'Basic secret' }, 400],
  ])('%s is refused, with an error in JSON', async (_, headers, expected) => {
    const { status, body } = await post(request, { token: 'secret' }, headers)
    expect(status).toBe(expected)
    expect(body.error).toMatchObject({
      code: 'unauthorized',
      hint: expect.stringContaining('Bearer'),
    })
  })

  test('the token opens uploads and answers', async () => {
    const headers = { authorization: 'Bearer secret' }
    expect((await post(request, { token: 'secret' }, headers)).status).toBe(200)
    expect((await ask('/projects', { token: 'secret' }, { headers })).status).toBe(200)
  })

  test('answers about runs are not for everybody, health is', async () => {
    expect((await ask('/projects', { token: 'secret' })).status).toBe(401)
    expect((await ask('/health', { token: 'secret' })).status).toBe(200)
  })
})

describe('projects and runs', () => {
  test('an empty site has no projects', async () => {
    expect(await ask('/projects')).toMatchObject({ status: 200, body: { projects: [] } })
  })

  test('lists projects with their latest run and page', async () => {
    const { body } = await ask('/projects', await publishedContext())
    expect(body.projects).toEqual([
      {
        project: 'digits',
        page: 'digits/',
        latest: entry('run-2', 'failed', '2026-03-03T09:00:00Z'),
      },
    ])
  })

  test('sums a project up', async () => {
    const { body } = await ask('/projects/digits', await publishedContext())
    expect(body).toMatchObject({ project: 'digits', page: 'digits/', runs: 2, items: 3 })
    expect(body.latest.run).toBe('run-2')
  })

  test('lists runs, the newest first', async () => {
    const { body } = await ask('/projects/digits/runs', await publishedContext())
    expect(body.runs.map(({ run, page }: Record<string, string>) => [run, page])).toEqual([
      ['run-2', 'digits/runs/run-2/'],
      ['run-1', 'digits/runs/run-1/'],
    ])
  })

  test('says where a published run is', async () => {
    const { body } = await ask('/projects/digits/runs/run-1', await publishedContext())
    expect(body).toEqual({
      project: 'digits',
      run: 'run-1',
      status: 'published',
      page: 'digits/runs/run-1/',
      report: 'digits/runs/run-1/report.json',
    })
  })

  test('says why a run failed', async () => {
    const { body } = await ask('/projects/digits/runs/run-2', await publishedContext())
    expect(body).toMatchObject({
      status: 'failed',
      page: 'digits/runs/run-2/',
      report: null,
      issues: [{ code: 'no-labels', message: 'no labels' }],
    })
  })

  test('says what is uploaded of a run that waits', async () => {
    const { context } = memoryContext()
    await context.uploads.put('uploads/digits/run-3/embeddings.npy', 'x')
    await context.uploads.put('uploads/digits/run-30/labels.csv', 'x')
    const { body } = await ask('/projects/digits/runs/run-3', { context })
    expect(body).toEqual({
      project: 'digits',
      run: 'run-3',
      status: 'waiting',
      page: null,
      report: null,
      files: ['embeddings.npy'],
    })
  })

  test('says how far an evaluation is that this process knows of', async () => {
    const status = (project: string, run: string) =>
      project === 'digits' && run === 'run-3'
        ? ({ stage: 'metrics', fraction: 0.25 } as const)
        : null
    const { body } = await ask('/projects/digits/runs/run-3', { status })
    expect(body).toMatchObject({
      status: 'evaluating',
      stage: 'metrics',
      fraction: 0.25,
      page: null,
    })
  })

  test.each([
    ['/projects/other', 'no-such-project'],
    ['/projects/other/runs', 'no-such-project'],
    ['/projects/digits/runs/run-9', 'no-such-run'],
    ['/projects/digits/items/confusion:1%7C2', 'no-such-item'],
    ['/projects/digits/items/constructor', 'no-such-item'],
    ['/elsewhere', 'no-such-address'],
  ])('%s is 404 with the code %s', async (path, code) => {
    const { status, body } = await ask(path, await publishedContext())
    expect(status).toBe(404)
    expect(body.error.code).toBe(code)
  })

  test.each(['/projects/%2e%2e', '/projects/a%2Fb/runs', '/projects/digits/runs/a%2F..%2Fb'])(
    '%s can be no name, and is refused',
    async (path) => {
      const { status, body } = await ask(path, await publishedContext())
      expect([status, body.error.code]).toEqual(
        path === '/projects/%2e%2e' ? [404, 'no-such-address'] : [400, 'invalid-name'],
      )
    },
  )

  test('trouble with the store is 503 and logged, and its message is told', async () => {
    const { context, lines } = memoryContext()
    const site = {
      ...context.site,
      get: () => Promise.reject(new StoreError('unreachable', 'bucket site does not answer')),
    }
    const { status, body } = await ask('/projects', { context: { ...context, site } })
    expect(status).toBe(503)
    expect(body.error).toMatchObject({
      code: 'unreachable',
      message: 'bucket site does not answer',
    })
    expect(lines).toMatchObject([{ level: 'error', path: '/api/projects' }])
  })

  test('a fault of our own is 500, logged with its stack and not told', async () => {
    const { context, lines } = memoryContext()
    const site = { ...context.site, get: () => Promise.reject(new TypeError('secret detail')) }
    const { status, body } = await ask('/projects', { context: { ...context, site } })
    expect(status).toBe(500)
    expect(body.error.code).toBe('internal')
    expect(JSON.stringify(body)).not.toContain('secret detail')
    expect(lines).toMatchObject([
      { reason: expect.stringMatching(/TypeError: secret detail\n +at/) },
    ])
  })

  test('no answer is kept by a cache', async () => {
    expect((await ask('/projects')).headers.get('cache-control')).toBe('no-store')
    expect((await ask('/elsewhere')).headers.get('cache-control')).toBe('no-store')
  })
})

describe('items', () => {
  test('are listed with their present state and page', async () => {
    const { body } = await ask('/projects/digits/items', await publishedContext())
    expect(body.items).toHaveLength(3)
    expect(body.items[0]).toMatchObject({
      id: 'confusion:3|9',
      state: 'new',
      page: `digits/items/${itemSlug('confusion:3|9')}/`,
    })
  })

  test.each(['confusion:3|9', 'confusion:a/b|c?d', 'confusion:100%|50%'])(
    'the item %s is found by its encoded id and by the slug of its page',
    async (id) => {
      for (const part of [encodeURIComponent(id), itemSlug(id)]) {
        const { body } = await ask(`/projects/digits/items/${part}`, await publishedContext())
        expect(body).toMatchObject({ id, owner: 'data ops' })
      }
    },
  )
})
