/** What of a reading is doubtful, and an upload that waits for a word of whoever sent it. */

import { expect, test } from 'vitest'
import { createApi } from '../../../functions/api.ts'
import { localPresign } from '../../../functions/api-uploads.ts'
import { doubtsOf, readingOf } from '../../../functions/reading.ts'
import { readings } from '../../../functions/serve/readings.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { fetchUpload } from '../../../lib/upload/fetch.ts'
import { memoryContext } from './memory-context.ts'

/** Twelve rows of sixteen dimensions, in columns of one name and a number. */
function csv(name: string): string {
  const places = [...Array(16).keys()]
  const rows = [...Array(12).keys()].map((row) =>
    [
      `r${row}`,
      row % 2 ? 'a' : 'b',
      ...places.map((place) => ((row + 1) * (place + 3)) % 17),
    ].join(),
  )
  return `${['id', 'label', ...places.map((place) => `${name}_${place}`)].join()}\n${rows.join('\n')}\n`
}

async function doubts(name: string): Promise<readonly string[]> {
  const { context } = memoryContext()
  await context.uploads.put('uploads/p/r/embeddings.csv', csv(name))
  return doubtsOf(await readingOf((await fetchUpload(context, 'p', 'r'))!))
}

test('usual names are no doubt, columns that were taken by a rule are', async () => {
  expect(await doubts('embedding')).toEqual([])
  expect(await doubts('foo')).toEqual([expect.stringContaining('foo_0')])
})

test('an upload that is held is read and shown, and evaluated once its sender said so', async () => {
  let seconds = 0
  const clock = () => new Date(Date.UTC(2026, 0, 1) + 1000 * seconds++)
  const context = { ...memoryContext().context, clock, uploads: memoryStore('uploads', clock) }
  const api = createApi({ context, presign: localPresign, backend: 'wasm' })
  const body = csv('foo')
  const asked = await api.request('/api/uploads', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      project: 'p',
      run: 'r',
      hold: true,
      files: [{ name: 'embeddings.csv', byteLength: body.length }],
    }),
  })
  const { ready } = (await asked.json()) as { ready: object }
  expect(ready).toEqual({ url: '/uploads/p/r/_READY', method: 'PUT', headers: {} })
  await context.uploads.put('uploads/p/r/embeddings.csv', body)
  const evaluate = () => evaluateUpload(context, { project: 'p', run: 'r', backend: 'wasm' })
  expect(await evaluate()).toMatchObject({
    status: 'waiting',
    missing: expect.stringContaining('a word of whoever sent it'),
  })
  const reading = await (await readings(context).request('/p/runs/r/reading')).json()
  expect(reading).toMatchObject({
    doubts: [expect.stringContaining('foo_0')],
    files: [
      {
        source: 'embeddings.csv',
        rows: 12,
        fields: [{ name: 'foo_0 … foo_15', use: 'vectors' }, {}, {}],
      },
    ],
  })
  await context.uploads.put('uploads/p/r/_READY', '\n')
  expect(await evaluate()).toMatchObject({ status: 'published', run: 'r' })
  expect((await readings(context).request('/p/runs/gone/reading')).status).toBe(404)
})

test('a column that the reader leaves out is shown as left out', async () => {
  const { context } = memoryContext()
  const long = csv('embedding')
    .replace('id,', 'note,id,')
    .replaceAll(/^r/gm, `${'x'.repeat(2001)},r`)
  await context.uploads.put('uploads/p/r/embeddings.csv', long)
  const { seen } = await readingOf((await fetchUpload(context, 'p', 'r'))!)
  const note = seen[0]!.fields.find(({ name }) => name === 'note')
  expect(note).toMatchObject({ use: 'left out', why: 'an entry of it is too long' })
})
