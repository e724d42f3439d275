/** `nearmiss delete` and the API's DELETE, on the folder of serve and on one that report wrote. */

import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createApi } from '../../../functions/api.ts'
import { localPresign } from '../../../functions/api-uploads.ts'
import { readArguments } from '../../../functions/commands/arguments.ts'
import { deleteCommand } from '../../../functions/commands/delete.ts'
import { createTerminal } from '../../../functions/commands/terminal.ts'
import { localContext } from '../../../functions/context.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'

const SILENT = { info: () => {}, warn: () => {}, error: () => {} }
let bucket: string

/** Uploads that can't be evaluated are published as quickly as none. */
beforeEach(async () => {
  bucket = await mkdtemp(join(tmpdir(), 'nearmiss-delete-'))
  for (const run of ['v1', 'v2']) {
    await context().uploads.put(`uploads/p/${run}/embeddings.csv`, 'id,label,embedding_0\nr,a,1')
    await evaluateUpload(context(), { project: 'p', run, backend: 'wasm' })
  }
})
afterEach(() => rm(bucket, { recursive: true }))

function context() {
  const { signal } = new AbortController()
  return localContext({ bucket, log: SILENT, signal, progress: () => {} })
}

async function run(...words: string[]) {
  const told: string[] = []
  const printed: string[] = []
  const stream = { write: (text: string) => told.push(text) }
  const exit = await deleteCommand(readArguments('delete', words), {
    terminal: createTerminal({ stream, now: () => 0, verbose: false }),
    signal: new AbortController().signal,
    verbose: false,
    print: async (text) => void printed.push(text),
  })
  return { exit, told: told.join(''), printed: printed.join('') }
}

const isThere = (path: string) => existsSync(join(bucket, path))

test('a run goes, its upload stays, and both are said', async () => {
  const { exit, printed, told } = await run(bucket, 'p', 'v1', '--yes')
  expect(exit).toBe(0)
  expect(printed).toBe('deleted run v1 of p: 4 files of the site\n')
  expect(told).toContain('its upload is still in uploads/p/v1/')
  expect(isThere('site/p/runs/v1')).toBe(false)
  expect(isThere('site/p/runs/v2/run.json')).toBe(true)
  expect(isThere('uploads/p/v1/embeddings.csv')).toBe(true)
  expect((await run(bucket, 'p', 'v2', '--uploads', '--yes')).printed).toContain('of the upload')
  expect(isThere('uploads/p/v2')).toBe(false)
  expect(isThere('site/p/index.html')).toBe(false)
})

test('a dry run lists what would go; without a terminal nothing goes unless --yes says so', async () => {
  const { printed } = await run(join(bucket, 'site'), 'p', '--dry-run')
  expect(printed).toContain('site p/runs/v1/run.json\n')
  expect(isThere('site/p/runs/v1/run.json')).toBe(true)
  await expect(run(bucket, 'p', 'v1')).rejects.toMatchObject({ code: 'wrong-usage', exitCode: 64 })
  await expect(run(join(bucket, 'site'), 'p', '--uploads', '--yes')).rejects.toMatchObject({
    code: 'wrong-usage',
  })
  await expect(run(bucket, 'p', 'v9', '--yes')).rejects.toMatchObject({ code: 'no-such-run' })
  await expect(run(bucket, '../x', 'v1', '--yes')).rejects.toMatchObject({ exitCode: 64 })
})

test('the API deletes too, with its token alone', async () => {
  const api = createApi({ context: context(), presign: localPresign, token: 'secret' })
  const ask = (path: string, token: string) =>
    api.request(path, { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } })
  expect((await ask('/api/projects/p/runs/v1', 'wrong')).status).toBe(401)
  expect(isThere('site/p/runs/v1/run.json')).toBe(true)
  const answer = await ask('/api/projects/p/runs/v1', 'secret')
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ uploadsDeleted: false, rewritten: [] })
  expect(isThere('site/p/runs/v1')).toBe(false)
  expect((await ask('/api/projects/p/runs/v1', 'secret')).status).toBe(404)
  expect((await ask('/api/projects/p?uploads=true', 'secret')).status).toBe(200)
  expect([isThere('site/p/index.html'), isThere('uploads/p/v1')]).toEqual([false, false])
})
