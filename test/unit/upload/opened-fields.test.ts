/** The page of an upload that can't be evaluated shows what was seen of it, and nothing that may be kept back. */

import { expect, test } from 'vitest'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryContext } from '../functions/memory-context.ts'

async function failure(csv: string, yaml = '') {
  const { context } = memoryContext()
  await context.uploads.put('uploads/p/r/embeddings.csv', csv)
  if (yaml !== '') await context.uploads.put('uploads/p/r/nearmiss.yaml', yaml)
  const outcome = await evaluateUpload(context, { project: 'p', run: 'r', backend: 'wasm' })
  expect(outcome.status).toBe('failed')
  const text = async (name: string) =>
    new TextDecoder().decode((await context.site.get(`p/runs/r/${name}`))!.body)
  return { error: JSON.parse(await text('error.json')), page: await text('index.html') }
}

const CSV = 'id,label,<b>,dim_0,dim_1\nr0,a,secret,1,2\nr0,b,secret,3,4\n'

test('columns are shown with their types, escaped and without entries', async () => {
  const { error, page } = await failure(CSV)
  expect(error.issues[0].code).toBe('duplicate-id')
  expect(error.seen).toMatchObject([{ source: 'embeddings.csv', more: 0 }])
  expect(error.seen[0].fields.map(({ name }: { name: string }) => name)).toContain('<b>')
  expect(page).toContain('What was seen')
  expect(page).toContain('&lt;b&gt;')
  expect(page).not.toContain('secret')
  expect(JSON.stringify(error)).not.toContain('secret')
})

test('nothing is shown where ids are hashed, or a column is kept back', async () => {
  for (const yaml of ['privacy: {ids: hashed}', 'privacy: {columns: {"<b>": drop}}']) {
    const { error, page } = await failure(CSV, yaml)
    expect(error.seen).toBeUndefined()
    expect(page).not.toContain('What was seen')
  }
})

test('of names that may be entries the form is left, and of contacts nothing', async () => {
  const { error } = await failure(
    'id,label,ann@x.org,x-1.25,dim_0,dim_1\na,a,1,2,3,4\na,b,1,2,3,4\n',
  )
  const names = error.seen[0].fields.map(({ name }: { name: string }) => name)
  expect(names).toContain('…')
  expect(JSON.stringify(error)).not.toContain('ann@x.org')
  expect(JSON.stringify(error)).not.toContain('1.25')
})
