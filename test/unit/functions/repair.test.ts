/** `nearmiss verify` and `nearmiss repair` on a folder: what they list, what they say, and how they end. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readArguments } from '../../../functions/commands/arguments.ts'
import { repair, verify } from '../../../functions/commands/repair.ts'
import { createTerminal } from '../../../functions/commands/terminal.ts'
import { localContext } from '../../../functions/context.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'

const SILENT = { info: () => {}, warn: () => {}, error: () => {} }
let bucket: string

beforeEach(async () => {
  bucket = await mkdtemp(join(tmpdir(), 'nearmiss-repair-'))
  const { signal } = new AbortController()
  const context = localContext({ bucket, log: SILENT, signal, progress: () => {} })
  // One that can't be evaluated is published as quickly as none.
  await context.uploads.put('uploads/p/v1/embeddings.csv', 'id,label,embedding_0\nr,a,1')
  await evaluateUpload(context, { project: 'p', run: 'v1', backend: 'wasm' })
})
afterEach(() => rm(bucket, { recursive: true }))

async function run(command: typeof repair, name: 'repair' | 'verify') {
  const told: string[] = []
  const printed: string[] = []
  const stream = { write: (text: string) => told.push(text) }
  const exit = await command(readArguments(name, [bucket]), {
    terminal: createTerminal({ stream, now: () => 0, verbose: false }),
    signal: new AbortController().signal,
    verbose: false,
    print: async (text) => void printed.push(text),
  })
  return { exit, told: told.join(''), printed: printed.join('') }
}

test('a site that is right is left as it is, and one that isn’t is mended once', async () => {
  const right = { exit: 0, printed: '', told: expect.stringContaining('is as its runs say') }
  expect(await run(verify, 'verify')).toEqual(right)
  await rm(join(bucket, 'site/p/badge.svg'))
  await rm(join(bucket, 'site/p/index.json'))
  const wrong = await run(verify, 'verify')
  expect(wrong.exit).toBe(1)
  expect(wrong.printed).toBe('write   p/badge.svg\nwrite   p/index.json\n')
  expect(wrong.told).toMatch(/: a repair would write 2 objects and delete 0\n$/)
  const mended = await run(repair, 'repair')
  expect(mended).toMatchObject({ exit: 0, printed: wrong.printed })
  expect(mended.told).toMatch(/: wrote 2 objects and deleted 0\n$/)
  expect(await run(verify, 'verify')).toEqual(right)
})
