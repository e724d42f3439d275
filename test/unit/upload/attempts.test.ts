/** An upload that ends its process: it is taken up twice, then refused with a page, and others go on. */

import { expect, test } from 'vitest'
import { handleUploadEvent } from '../../../functions/on-upload.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { deletePublished } from '../../../lib/site/deletion.ts'
import { memoryContext } from '../functions/memory-context.ts'

function eventOf(...runs: string[]) {
  const Records = runs.map((run) => ({
    eventName: 'ObjectCreated:Put',
    s3: { object: { key: `uploads/p/${run}/embeddings.csv` } },
  }))
  return { Records: [{ messageId: 'm', body: JSON.stringify({ Records }) }] }
}

test('is refused the third time, and taken up again once a file of it changed', async () => {
  const { context } = memoryContext()
  const put = (run: string, more = '') =>
    context.uploads.put(`uploads/p/${run}/embeddings.csv`, `id,label,embedding_0\nr,a,1${more}`)
  await put('deadly')
  await put('other')
  const asked: string[] = []
  let isDeadly = true
  const deliver = (...runs: string[]) =>
    handleUploadEvent(context, eventOf(...runs), 'wasm', async (asking, request) => {
      asked.push(request.run)
      // A process that is killed never comes back.
      if (request.run === 'deadly' && isDeadly) return new Promise(() => {})
      return evaluateUpload(asking, request)
    })
  for (const count of [1, 2]) {
    void deliver('deadly', 'other')
    await expect.poll(() => asked.length).toBe(count)
  }
  expect(await deliver('deadly', 'other')).toEqual({ batchItemFailures: [] })
  expect(asked).toEqual(['deadly', 'deadly', 'other'])
  const page = new TextDecoder().decode((await context.site.get('p/runs/deadly/index.html'))!.body)
  expect(page).toContain('ended with its process 2 times')
  expect(await context.site.get('p/runs/other/run.json')).not.toBeNull()
  // With more memory it may get through as it is: whoever deletes the run says so.
  const deletion = await deletePublished(context, { project: 'p', run: 'deadly' })
  expect(deletion.vault).toEqual(['_attempts/p/deadly.json'])
  void deliver('deadly')
  await expect.poll(() => asked.length).toBe(4)
  isDeadly = false
  await put('deadly', '\ns,b,2')
  await deliver('deadly')
  expect(asked.at(-1)).toBe('deadly')
  expect(await context.vault.get('_attempts/p/deadly.json')).toBeNull()
})

test('that was stopped by its owner, or threw, counts as none', async () => {
  const { context } = memoryContext()
  await context.uploads.put('uploads/p/v/embeddings.csv', 'x')
  for (let count = 1; count <= 4; count++) {
    let calls = 0
    await handleUploadEvent(context, eventOf('v'), 'wasm', async () => {
      calls++
      throw new Error('trouble')
    })
    const stop = new AbortController()
    void handleUploadEvent({ ...context, signal: stop.signal }, eventOf('v'), 'wasm', () => {
      calls++
      return new Promise(() => {})
    })
    await expect.poll(() => calls).toBe(2)
    stop.abort()
  }
})
