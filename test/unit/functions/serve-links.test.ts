/** Links in the folder of the local server: none is followed out of it, for reading or for writing. */

import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRegistry } from '../../../functions/metrics/exposition.ts'
import { localApp } from '../../../functions/serve/app.ts'

let folder: string
let ask: (path: string, init?: RequestInit) => Promise<Response>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nearmiss-links-'))
  for (const name of ['bucket/site/p', 'bucket/uploads/p', 'outside']) {
    await mkdir(join(folder, name), { recursive: true })
  }
  await writeFile(join(folder, 'outside', 'index.html'), 'secret')
  await writeFile(join(folder, 'bucket', 'site', 'p', 'index.html'), 'page')
  const silent = () => {}
  const app = localApp({
    bucket: join(folder, 'bucket'),
    backend: 'wasm',
    evaluations: { progressOf: () => null, activity: () => [] },
    log: { info: silent, warn: silent, error: silent },
    signal: new AbortController().signal,
    metrics: createRegistry(),
  })
  ask = async (path, init = {}) =>
    app.request(`http://127.0.0.1${path}`, { ...init, headers: { host: '127.0.0.1' } })
})

afterEach(() => rm(folder, { recursive: true }))

test('no page is served through a link to the outside', async () => {
  const site = join(folder, 'bucket', 'site')
  await symlink(join(folder, 'outside'), join(site, 'out'))
  await symlink(join(folder, 'outside', 'index.html'), join(site, 'p', 'linked.html'))
  await mkdir(join(site, 'q'))
  await symlink(join(folder, 'outside', 'index.html'), join(site, 'q', 'index.html'))
  for (const path of [
    '/out/',
    '/out',
    '/out/index.html',
    '/p/linked.html',
    '/q/',
    '/q/index.html',
  ]) {
    const answer = await ask(path)
    expect(answer.status, path).toBe(404)
    expect(await answer.text()).not.toContain('secret')
  }
  expect(await (await ask('/p/')).text()).toContain('page')
})

test('nothing is put through a link to the outside', async () => {
  const uploads = join(folder, 'bucket', 'uploads')
  await symlink(join(folder, 'outside'), join(uploads, 'out'))
  await symlink(join(folder, 'outside'), join(uploads, 'p', 'run'))
  await mkdir(join(uploads, 'p', 'other'))
  await symlink(
    join(folder, 'outside', 'index.html'),
    join(uploads, 'p', 'other', 'embeddings.csv'),
  )
  for (const path of ['/out/r/embeddings.csv', '/out/new.csv', '/p/run/embeddings.csv']) {
    expect((await ask(path, { method: 'PUT', body: 'x' })).status, path).toBe(403)
  }
  // A link in the file's own place gives way to the file.
  expect((await ask('/p/other/embeddings.csv', { method: 'PUT', body: 'x' })).status).toBe(201)
  expect(await readdir(join(folder, 'outside'))).toEqual(['index.html'])
  expect(await readFile(join(folder, 'outside', 'index.html'), 'utf8')).toBe('secret')
  expect((await readdir(uploads)).filter((name) => name.startsWith('.'))).toEqual([])
})

test('an address never sends its reader to another host', async () => {
  expect((await ask('//p')).headers.get('location') ?? '/').not.toMatch(/^\/\//)
})
