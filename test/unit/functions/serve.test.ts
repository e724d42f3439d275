import { EventEmitter } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FSWatcher } from 'chokidar'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { guard } from '../../../functions/serve/guard.ts'
import { listen } from '../../../functions/serve/listen.ts'
import { pages, withUploadScript } from '../../../functions/serve/pages.ts'
import { createQueue } from '../../../functions/serve/queue.ts'
import { uploads, uploadTarget } from '../../../functions/serve/uploads.ts'
import { watchUploads } from '../../../functions/serve/watch.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nearmiss-serve-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the guard', () => {
  const app = new Hono()
  app.use(guard())
  app.all('*', (c) => c.text('in'))
  const ask = async (method: string, headers: Record<string, string>) =>
    (await app.request('http://127.0.0.1:4173/x', { method, headers })).status

  it.each([
    ['GET', { host: '127.0.0.1:4173' }, 200],
    ['GET', { host: 'localhost:9' }, 200],
    ['GET', { host: '[::1]:4173' }, 200],
    ['GET', { host: 'evil.example:4173' }, 403],
    ['GET', { host: '127.0.0.1.evil.example' }, 403],
    ['GET', {}, 403],
    ['PUT', { host: '127.0.0.1:4173' }, 200],
    ['PUT', { host: '127.0.0.1:4173', origin: 'http://127.0.0.1:4173' }, 200],
    ['PUT', { host: '127.0.0.1:4173', origin: 'http://127.0.0.1:5000' }, 403],
    ['POST', { host: '127.0.0.1:4173', origin: 'null' }, 403],
    ['POST', { host: '127.0.0.1:4173', 'sec-fetch-site': 'cross-site' }, 403],
    ['DELETE', { host: 'localhost:4173', origin: 'http://127.0.0.1:4173' }, 403],
  ])('answers %s with %j by %i', async (method, headers, status) => {
    expect(await ask(method, headers as Record<string, string>)).toBe(status)
  })
})

describe('the address of an upload', () => {
  it.each([
    ['/uploads/p/r/labels.csv', { project: 'p', run: 'r', file: 'labels.csv' }],
    ['/p/r/embeddings.npz', { project: 'p', run: 'r', file: 'embeddings.npz' }],
    ['/p/nca-32.NPZ', { project: 'p', run: 'nca-32', file: 'embeddings.npz' }],
    ['/uploads/p/r/_READY', { project: 'p', run: 'r', file: '_READY' }],
    ['/uploads/p/nearmiss.yaml', { project: 'p', run: null, file: 'nearmiss.yaml' }],
    ['/p/model.H5', { project: 'p', run: 'model', file: 'embeddings.h5' }],
    ['/p/r/labels.tsv', { project: 'p', run: 'r', file: 'labels.tsv' }],
    ['/p/vectors', { project: 'p', run: 'vectors', file: 'embeddings' }],
    ['/v1.2.npy', { project: 'embeddings', run: 'v1.2', file: 'embeddings.npy' }],
  ])('%s is understood', (path, target) => {
    expect(uploadTarget(path)).toMatchObject(target)
  })

  it.each([
    ['/', 'names no file'],
    ['/labels.csv', 'needs to know its run'],
    ['/p/nearmiss.yaml', 'needs to know its run'],
    ['/uploads/../r/x.npz', '".."'],
    ['/uploads/p/r/.hidden', "can't be a file's name"],
    ['/uploads/p/r/s/x.npz', 'too many parts'],
    ['/p q/x.npz', '"p q"'],
    ['/p/.r/x.npz', "can't be a run's name"],
    ['/p/readme.md', 'plays no part'],
    ['/p/r/labels.yaml', 'plays no part'],
    ['/gallery.tsv', 'needs to know its run'],
  ])('%s is refused', (path, problem) => {
    expect(uploadTarget(path)).toContain(problem)
  })
})

describe('an upload', () => {
  const put = (path: string, body: string, maxByteLength = 100) =>
    uploads({ bucket: folder, mostBytes: () => maxByteLength }).request(
      `http://127.0.0.1:4173${path}`,
      {
        method: 'PUT',
        body,
      },
    )

  it('lands in the bucket whole, and its answer holds the address of the report', async () => {
    const response = await put('/digits/a.npz', 'content')
    expect(response.status).toBe(201)
    expect(await response.text()).toContain('http://127.0.0.1:4173/digits/runs/a/')
    expect(await readFile(join(folder, 'uploads/digits/a/embeddings.npz'), 'utf8')).toBe('content')
    expect(await readdir(join(folder, 'uploads'))).toEqual(['digits'])
  })

  it.each(['/p/%E0%A4%A', '/p/a%2Fb.npz', '/p/a%00.npz', '/p/%2541.npz'])(
    'to %s is refused as a name, since an address is decoded once',
    async (path) => {
      const response = await put(path, 'content')
      expect(response.status).toBe(400)
      expect(await response.text()).toContain("can't be a file's name")
    },
  )

  it('that is too large leaves nothing, whether or not it says its size', async () => {
    expect((await put('/digits/a.npz', 'x'.repeat(101))).status).toBe(413)
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(101))
        controller.close()
      },
    })
    const response = await uploads({ bucket: folder, mostBytes: () => 100 }).request(
      '/digits/a.npz',
      {
        method: 'PUT',
        body: stream,
        duplex: 'half',
      } as RequestInit,
    )
    expect(response.status).toBe(413)
    expect(await readdir(join(folder, 'uploads'))).toEqual([])
  })

  it('of other content under the same file name is another run, and the same content is the same run', async () => {
    const report = async (body: string) =>
      /runs\/(\S+)\/\n/.exec(await (await put('/digits/a.npz', body)).text())?.[1]
    expect([await report('one'), await report('two'), await report('one')]).toEqual([
      'a',
      'a-2',
      'a',
    ])
  })
})

describe('the pages', () => {
  const policy = "default-src 'none'; script-src 'sha256-abc'; img-src 'self' data:"
  const page = (text = policy) =>
    `<html><head><meta http-equiv="Content-Security-Policy" content="${text}"></head><body></body></html>`
  const app = () => pages({ folder: join(folder, 'site'), activity: () => ['digits/a waits'] })

  it('say what is being done until the first is published', async () => {
    expect(await (await app().request('/')).text()).toContain('digits/a waits')
  })

  it('are given with the upload script and with a policy that allows just that', async () => {
    await mkdir(join(folder, 'site/digits'), { recursive: true })
    await writeFile(join(folder, 'site/digits/index.html'), page())
    const response = await app().request('/digits/')
    const text = await response.text()
    expect(text).toContain('<script type="module" src="/api/upload.js"></script>')
    expect(text).toContain('<script type="module" src="/api/reload.js"></script></head>')
    expect(text).toContain(
      "script-src 'self' 'sha256-abc'; img-src 'self' data:; connect-src 'self'",
    )
    expect(await readFile(join(folder, 'site/digits/index.html'), 'utf8')).toBe(page())
    const tag = response.headers.get('etag')!
    const again = await app().request('/digits/', { headers: { 'if-none-match': tag } })
    expect(again.status).toBe(304)
  })

  it('are given whole over a connection, though they are longer than their files', async () => {
    await mkdir(join(folder, 'site'), { recursive: true })
    await writeFile(join(folder, 'site/index.html'), page())
    const { port, close } = await listen(app(), 0)
    const response = await fetch(`http://127.0.0.1:${port}/`)
    expect(await response.text()).toBe(withUploadScript(page()))
    expect(response.headers.get('last-modified')).toBe(null)
    await close()
  })

  it('understand a policy whose quotes are escaped, and one that allows nothing', () => {
    const escaped = page(policy.replaceAll("'", '&#39;'))
    expect(withUploadScript(escaped)).toContain("script-src 'self' 'sha256-abc';")
    expect(withUploadScript(page("script-src 'none'"))).toContain(
      `content="script-src 'self'; connect-src 'self'"`,
    )
  })

  it.each(['/a%00b', '/%E0%A4%A', `/${'x'.repeat(300)}`])(
    'are missing at %s, which no file can be called',
    async (path) => {
      await mkdir(join(folder, 'site'), { recursive: true })
      expect((await app().request(path)).status).toBe(404)
    },
  )

  it('send a folder without its slash on, since links in it are relative', async () => {
    await mkdir(join(folder, 'site/digits'), { recursive: true })
    const response = await app().request('/digits')
    expect([response.status, response.headers.get('location')]).toEqual([302, '/digits/'])
  })

  it('give nothing from outside the site, and no private file', async () => {
    await mkdir(join(folder, 'site'), { recursive: true })
    await writeFile(join(folder, 'secret.txt'), 'secret')
    await writeFile(join(folder, 'site/.nearmiss-lock'), 'secret')
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/.nearmiss-lock',
    ]) {
      const response = await app().request(path)
      expect(response.status, path).toBe(404)
      expect(await response.text()).not.toContain('>secret<')
    }
  })
})

describe('the queue', () => {
  const settled = () => new Promise((resolve) => setTimeout(resolve, 80))

  it('evaluates each run once its changes have stopped, one after the other, with all its keys', async () => {
    const done: string[] = []
    let running = 0
    const queue = createQueue({
      restMs: 5,
      evaluate: async ({ run }, keys) => {
        expect(++running).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 10))
        running--
        done.push(`${run}: ${keys.join(' ')}`)
      },
      failed: (_run, error) => done.push(String(error)),
    })
    queue.add({ project: 'p', run: 'a' }, '1')
    queue.add({ project: 'p', run: 'b' }, '2')
    queue.add({ project: 'p', run: 'a' }, '3')
    await settled()
    expect(done.sort()).toEqual(['a: 1 3', 'b: 2'])
  })

  it('goes on after an evaluation that fails', async () => {
    const told: string[] = []
    const queue = createQueue({
      restMs: 1,
      evaluate: async ({ run }) => {
        if (run === 'a') throw new Error('broken')
        told.push(run)
      },
      failed: ({ run }, error) => told.push(`${run} ${(error as Error).message}`),
    })
    queue.add({ project: 'p', run: 'a' }, '1')
    queue.add({ project: 'p', run: 'b' }, '1')
    await settled()
    expect(told).toEqual(['a broken', 'b'])
  })

  it('forgets what waits when it is closed', async () => {
    const queue = createQueue({
      restMs: 5,
      evaluate: async () => expect.unreachable(),
      failed: () => expect.unreachable(),
    })
    queue.add({ project: 'p', run: 'a' }, '1')
    await queue.close()
    expect(queue.waiting()).toEqual([])
    await settled()
  })
})

describe('watching', () => {
  it('tells what lies there without a record, what comes, and what lies in no run', async () => {
    const lay = async (path: string, seconds = 100) => {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), 'x')
      await utimes(join(folder, path), seconds, seconds)
    }
    await lay('uploads/p/done/embeddings.npz', 100)
    await lay('site/p/runs/done/run.json', 101)
    await lay('site/p/runs/changed/run.json', 101)
    await lay('uploads/p/changed/embeddings.npz', 103)
    await lay('uploads/p/new/embeddings.npz', 102)
    await lay('uploads/p/new/.hidden')
    const told: string[] = []
    const unwatch = await watchUploads({
      bucket: folder,
      changed: ({ project, run }, key) => told.push(`${project}/${run}: ${key}`),
      misplaced: (problem) => told.push(problem),
    })
    // Oldest first, as they would have arrived.
    expect(told).toEqual([
      'p/new: uploads/p/new/embeddings.npz',
      'p/changed: uploads/p/changed/embeddings.npz',
    ])
    await lay('uploads/p/late/embeddings.npy')
    await expect.poll(() => told).toContain('p/late: uploads/p/late/embeddings.npy')
    await lay('uploads/p/loose.npz')
    await expect.poll(() => told.join()).toMatch(/uploads\/p\/loose.npz.*no run/)
    await unwatch()
  })

  it('looks through the folder itself, once for each state of a file, where no event comes', async () => {
    const silent = new EventEmitter()
    setTimeout(() => silent.emit('ready'), 10)
    const watcher = Object.assign(silent, { getWatched: () => ({}), close: async () => {} })
    const told: string[] = []
    const unwatch = await watchUploads({
      bucket: folder,
      changed: (_, key) => told.push(key),
      misplaced: (problem) => told.push(problem),
      lookMs: 50,
      watcherOf: () => watcher as unknown as FSWatcher,
    })
    const path = join(folder, 'uploads/p/late/embeddings.npy')
    await mkdir(join(dirname(path), '.tmp'), { recursive: true })
    await writeFile(path, 'x')
    await writeFile(join(dirname(path), '.tmp/part'), 'x')
    await expect.poll(() => told).toEqual(['uploads/p/late/embeddings.npy'])
    await writeFile(path, 'xy')
    await expect.poll(() => told).toHaveLength(2)
    await unwatch()
    expect(new Set(told)).toEqual(new Set(['uploads/p/late/embeddings.npy']))
  })
})

describe('listening', () => {
  it('moves on from a port that is taken', async () => {
    const first = await listen(new Hono(), 0)
    const second = await listen(
      new Hono().get('/', (c) => c.text('second')),
      first.port,
    )
    expect(second.port).toBeGreaterThan(first.port)
    const response = await fetch(`http://127.0.0.1:${second.port}/`)
    expect(await response.text()).toBe('second')
    await Promise.all([first.close(), second.close()])
  })
})
