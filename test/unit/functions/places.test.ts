/** What a command is told to read: kinds of places, buckets as folders, standard input. */

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findUpload, stageUpload } from '../../../functions/commands/input.ts'
import { httpPlaces } from '../../../functions/commands/places/http-place.ts'
import { localPlaces } from '../../../functions/commands/places/local-place.ts'
import { placeKind, shownAddress } from '../../../functions/commands/places/place.ts'
import { s3Address, s3Places } from '../../../functions/commands/places/s3-place.ts'
import { type StandardInput, stdinPlace } from '../../../functions/commands/places/stdin-place.ts'
import { stagedUploads } from '../../../functions/commands/staged-uploads.ts'
import { CancelledError, StoreRefusedError, UsageError } from '../../../lib/core/errors.ts'
import type { Store } from '../../../lib/core/store.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { listUpload } from '../../../lib/upload/files.ts'
import { sendPart, startFileServer } from './file-server.ts'

describe('a place', () => {
  it.each([
    ['embeddings.npz', 'path'],
    ['./s3/x', 'path'],
    ['C:\\data\\x.npz', 'path'],
    ['s3://bucket/key', 's3'],
    ['S3://bucket/key', 's3'],
    ['https://example.com/x.npz?sig=1', 'http'],
    ['http://127.0.0.1:8000/x', 'http'],
    ['http://localhost/x', 'http'],
    ['http://[::1]:80/x', 'http'],
    ['-', 'stdin'],
  ])('%s is a %s', (text, kind) => expect(placeKind(text)).toBe(kind))

  it.each([
    ['http://example.com/x', 'its https address'],
    ['http://127.0.0.1.example.com/x', 'its https address'],
    ['http://10.0.0.1/x', 'its https address'],
    ['gs://bucket/x', 'AWS_ENDPOINT_URL=https://storage.googleapis.com'],
    ['hf://datasets/a/b.parquet', '/resolve/main/'],
    ['file:///tmp/x', 'the path alone'],
    ['ftp://example.com/x', 'standard input'],
    ['https://', 'such as https://example.com'],
  ])('%s is refused, with what to do', (text, hint) => {
    expect(() => placeKind(text)).toThrow(UsageError)
    expect(() => placeKind(text)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(hint) }),
    )
  })

  it.each([
    [
      'https://me:secret@example.com/a/b.npz?X-Amz-Signature=abc#frag',
      'https://example.com/a/b.npz',
    ],
    ['https://me:p@ss@example.com', 'https://example.com'],
    ['https://example.com/a@b.npz', 'https://example.com/a@b.npz'],
    ['ftp://u:p@host/x', 'ftp://host/x'],
    ['a/b@c?d#e.npz', 'a/b@c?d#e.npz'],
  ])('%s is shown as %s', (text, shown) => expect(shownAddress(text)).toBe(shown))

  it.each([
    ['s3://b', { bucket: 'b', key: '', isFolder: true }],
    ['s3://b/', { bucket: 'b', key: '', isFolder: true }],
    ['s3://b/x/y', { bucket: 'b', key: 'x/y', isFolder: false }],
    ['s3://b/x/y/', { bucket: 'b', key: 'x/y', isFolder: true }],
  ])('%s is taken apart', (text, address) => expect(s3Address(text)).toEqual(address))
})

describe('what lies in a bucket', () => {
  let bucket: Store
  beforeEach(() => {
    bucket = memoryStore('bucket b', () => new Date('2026-03-04T05:06:07.000Z'))
  })
  const places = () => ({ find: s3Places(async () => bucket) })
  const put = async (keys: readonly string[]) => {
    for (const key of keys) await bucket.put(key, key)
  }

  it('is an upload as a folder is: its parts, its settings, those of its project', async () => {
    await put([
      'uploads/faces/nearmiss.yaml',
      'uploads/faces/nearmiss.notes',
      'uploads/faces/v1/embeddings.npz',
      'uploads/faces/v1/labels.csv',
      'uploads/faces/v1/nearmiss.yaml',
      'uploads/faces/v1/thumbs/a.png',
      'uploads/faces/v1/.hidden/labels.npz',
      'uploads/faces/v10/embeddings.npz',
    ])
    for (const input of ['s3://b/uploads/faces/v1', 's3://b/uploads/faces/v1/']) {
      const upload = await findUpload(places(), input, {})
      expect(upload).toMatchObject({ project: 'faces', run: 'v1', unused: [] })
      expect(upload.files.map(({ name, file }) => [name, file.shown])).toEqual([
        ['embeddings.npz', 's3://b/uploads/faces/v1/embeddings.npz'],
        ['labels.csv', 's3://b/uploads/faces/v1/labels.csv'],
        ['nearmiss.yaml', 's3://b/uploads/faces/v1/nearmiss.yaml'],
        ['thumbs/a.png', 's3://b/uploads/faces/v1/thumbs/a.png'],
      ])
      expect(upload.projectSettings.map(({ shown }) => shown)).toEqual([
        's3://b/uploads/faces/nearmiss.yaml',
      ])
    }
  })

  it('keeps its time, and is read where it lies', async () => {
    await put(['uploads/faces/v1/embeddings.npz', 'uploads/faces/nearmiss.yaml'])
    const staged = stagedUploads(() => new Date('2026-12-01T00:00:00.000Z'))
    stageUpload(await findUpload(places(), 's3://b/uploads/faces/v1', {}), staged)
    const { objects, settings, state } = await listUpload(staged.store, 'faces', 'v1')
    expect(objects).toMatchObject([
      { name: 'embeddings.npz', byteLength: 31, modifiedAt: '2026-03-04T05:06:07.000Z' },
    ])
    expect(settings.map(({ key }) => key)).toEqual(['uploads/faces/nearmiss.yaml'])
    const part = await staged.store.getRange('uploads/faces/v1/embeddings.npz', 0, 7)
    expect(new TextDecoder().decode(part!)).toBe('uploads')
    await bucket.put('uploads/faces/v1/embeddings.npz', 'another')
    expect((await listUpload(staged.store, 'faces', 'v1')).state).not.toBe(state)
    await expect(staged.store.put('uploads/x/y/z', '')).rejects.toMatchObject({ code: 'read-only' })
  })

  it('is no upload yet until all that was announced together is there', async () => {
    const put = (name: string, body: string, second: number) => {
      now = new Date(Date.UTC(2026, 0, 1, 0, 0, second))
      return bucket.put(`uploads/faces/v1/${name}`, body)
    }
    let now = new Date()
    bucket = memoryStore('bucket b', () => now)
    await put('embeddings.npz', 'a', 1)
    await put('_EXPECTED.json', '{"files":["embeddings.npz","labels.csv"]}', 2)
    await put('labels.csv', 'b', 3)
    const missing = async () => {
      const staged = stagedUploads(() => new Date(0))
      stageUpload(await findUpload(places(), 's3://b/uploads/faces/v1', {}), staged)
      return (await listUpload(staged.store, 'faces', 'v1')).missing
    }
    expect(await missing()).toEqual(['embeddings.npz'])
    await put('embeddings.npz', 'c', 4)
    expect(await missing()).toEqual([])
  })

  it('is listed once, however many pictures lie in it', async () => {
    const pictures = Array.from({ length: 30 }, (_, at) => `faces/v1/thumbs/${at}.png`)
    await put(['faces/v1/embeddings.npz', ...pictures])
    const calls: string[] = []
    const counting: Store = {
      ...bucket,
      list: (prefix) => {
        calls.push(`list ${prefix}`)
        return bucket.list(prefix)
      },
      head: (key) => {
        calls.push(`head ${key}`)
        return bucket.head(key)
      },
    }
    const staged = stagedUploads(() => new Date(0))
    const upload = await findUpload(
      { find: s3Places(async () => counting) },
      's3://b/faces/v1/',
      {},
    )
    stageUpload(upload, staged)
    expect(calls).toEqual(['list faces/v1/', 'list faces/v1/'])
    calls.length = 0
    expect((await listUpload(staged.store, 'faces', 'v1')).objects).toHaveLength(31)
    expect(calls).toEqual(['head faces/v1/embeddings.npz'])
  })

  it('is a file with what lies right beside it, and no more', async () => {
    await put([
      'data/a.npz',
      'data/a.npz.old',
      'data/labels.csv',
      'data/labels/other.csv',
      'data/sub/labels.csv',
      'data/photo.png',
    ])
    const upload = await findUpload(places(), 's3://b/data/a.npz', {})
    expect(upload).toMatchObject({ project: 'data', run: 'a', projectSettings: [] })
    expect(upload.files.map(({ name }) => name)).toEqual(['embeddings.npz', 'labels.csv'])
    await put(['top.npz'])
    expect(await findUpload(places(), 's3://b/top.npz', {})).toMatchObject({
      project: 'b',
      run: 'top',
    })
  })

  it('gives its sprite, and nothing that settings name elsewhere', async () => {
    await put(['faces/v1/a.npz', 'secret.png', 'faces/v1/tiles.png'])
    for (const [sprite, names] of [
      ['tiles.png', ['embeddings.npz', 'nearmiss.yaml', 'tiles.png']],
      ['../../secret.png', ['embeddings.npz', 'nearmiss.yaml']],
      ['s3://b/secret.png', ['embeddings.npz', 'nearmiss.yaml']],
      ['https://127.0.0.1/x.png', ['embeddings.npz', 'nearmiss.yaml']],
      ['/secret.png', ['embeddings.npz', 'nearmiss.yaml']],
    ] as const) {
      await bucket.put('faces/v1/nearmiss.yaml', `images: {sprite: "${sprite}", tile: [8, 8]}`)
      const { files } = await findUpload(places(), 's3://b/faces/v1/a.npz', {})
      expect(files.map(({ name }) => name)).toEqual(names)
    }
  })

  it('is not read where what lies beside it may not be looked at', async () => {
    const cause = Object.assign(new Error('no'), { name: 'AccessDenied' })
    const denied = (cause: Error) =>
      new StoreRefusedError('access-denied', 's3:ListBucket was refused', { cause, hint: 'other' })
    const found = (error: Error) =>
      s3Places(async () => ({
        ...bucket,
        // biome-ignore lint/correctness/useYield: it fails before
        async *list() {
          throw error
        },
      }))('s3://b/data/a.npz')
    await expect(found(denied(cause))).rejects.toMatchObject({
      code: 'access-denied',
      hint: expect.stringMatching(/^Allow s3:ListBucket.*nearmiss.yaml.*https address/),
    })
    await expect(found(denied(new Error('ExpiredToken')))).rejects.toMatchObject({ hint: 'other' })
  })

  it('that is not there is told with what was meant', async () => {
    await put(['uploads/faces/v1/embeddings.npz'])
    for (const [input, hint] of [
      ['s3://b/uploads/faces/v2', 's3://b/uploads/faces/v1?'],
      ['s3://b/uploads/faces/v1/embedings.npz', 's3://b/uploads/faces/v1/embeddings.npz?'],
      ['s3://b/upload/faces', 'aws s3 ls s3://b/upload/'],
    ] as const) {
      await expect(findUpload(places(), input, {})).rejects.toMatchObject({
        code: 'not-found',
        hint: expect.stringContaining(hint),
      })
    }
  })
})

describe('what lies on this machine', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nearmiss-places-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('may be a link to where the file really is', async () => {
    await mkdir(join(folder, 'store'))
    await mkdir(join(folder, 'run'))
    await writeFile(join(folder, 'store/3f.npz'), 'abc')
    await symlink(join(folder, 'store/3f.npz'), join(folder, 'run/a.npz'))
    const { file } = await localPlaces()(join(folder, 'run/a.npz'))
    expect(file).toMatchObject({ name: 'a.npz', remoteBytes: 0 })
    expect(new TextDecoder().decode((await file!.store.get(file!.key))!.body)).toBe('abc')
  })

  it('takes the settings of the project in a folder of uploads', async () => {
    await mkdir(join(folder, 'uploads/p/r'), { recursive: true })
    await writeFile(join(folder, 'uploads/p/nearmiss.yaml'), 'k: 5')
    await writeFile(join(folder, 'uploads/p/r/embeddings.npz'), 'abc')
    const upload = await findUpload({ find: localPlaces() }, join(folder, 'uploads/p/r'), {})
    expect(upload.projectSettings).toMatchObject([{ name: 'nearmiss.yaml' }])
  })

  it('counts as of now, whatever the time of the file', async () => {
    await writeFile(join(folder, 'a.npz'), 'abc')
    const staged = stagedUploads(() => new Date('2026-12-01T00:00:00.000Z'))
    const upload = await findUpload({ find: localPlaces() }, join(folder, 'a.npz'), {})
    stageUpload({ ...upload, project: 'p', run: 'r' }, staged)
    const { objects } = await listUpload(staged.store, 'p', 'r')
    expect(objects).toMatchObject([{ modifiedAt: '2026-12-01T00:00:00.000Z' }])
  })
})

describe('an address', () => {
  it('names the run, and has nothing beside it', async () => {
    const body = new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])
    const server = await startFileServer((request, response) => sendPart(request, response, body))
    const places = { find: httpPlaces({}) }
    for (const [path, project, run, name] of [
      ['/team/digits/v%201.npy?sig=x', 'digits', 'v-1', 'embeddings.npy'],
      ['/uploads/digits/v2/embeddings.npy', 'digits', 'v2', 'embeddings.npy'],
      ['/team/..%2fetc.npy', 'team', 'etc', 'embeddings.npy'],
      ['/', '127.0.0.1', 'download', 'embeddings.npy'],
    ] as const) {
      const upload = await findUpload(places, `${server.address}${path}`, {})
      expect(upload).toMatchObject({ project, run, projectSettings: [] })
      expect(upload.files).toHaveLength(1)
      expect(upload.files[0]).toMatchObject({ name, file: { remoteBytes: 6 } })
      expect(JSON.stringify(upload)).not.toContain('sig')
    }
    await server.stop()
  })
})

describe('standard input', () => {
  const read = async (chunks: readonly (string | Uint8Array)[], options = {}) => {
    const stdin = Readable.from(chunks.map((chunk) => Buffer.from(chunk)))
    const find = stdinPlace(stdin as StandardInput, options)
    return findUpload({ find: async () => find() }, '-', {})
  }

  it.each([
    [['\u0093NUMPY'], 'embeddings.npy'],
    [['id,label\n', '1,2\n'], 'embeddings.csv'],
    [['{"a": 1}\n'], 'embeddings.json'],
    [[' [{"a": 1}]'], 'embeddings.json'],
    [[gzipSync('id,label\n1,2\n').toString('latin1')], 'embeddings.csv.gz'],
    [[gzipSync(Buffer.from('\u0093NUMPY\u0001\0', 'latin1')).toString('latin1')], 'embeddings.gz'],
  ])('is called by what it begins with: %j', async (chunks, name) => {
    const bytes = chunks.map((chunk) => Buffer.from(chunk, 'latin1'))
    const upload = await read(bytes)
    expect(upload.files).toMatchObject([{ name, file: { name: 'stdin', shown: 'standard input' } }])
    expect(upload.run).toBe('stdin')
  })

  it('is read once', async () => {
    const find = stdinPlace(Readable.from([Buffer.from('a')]) as StandardInput, {})
    await find()
    await expect(find()).rejects.toThrow('given twice')
  })

  it('is not waited for at a terminal', async () => {
    const stdin = Object.assign(Readable.from([]), { isTTY: true }) as StandardInput
    await expect(stdinPlace(stdin, {})()).rejects.toThrow('nothing is piped in')
  })

  it('ends with the signal, also while nothing comes', async () => {
    const stop = new AbortController()
    const silent = new Readable({ read() {} }) as StandardInput
    const reading = stdinPlace(silent, { signal: stop.signal })()
    stop.abort()
    await expect(reading).rejects.toBeInstanceOf(CancelledError)
  })
})
