/** What infra/resources/roles.yml lets each function do, held against all that it does to the buckets. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { createApi } from '../../../functions/api.ts'
import { handleUploadEvent } from '../../../functions/on-upload.ts'
import type { Context } from '../../../lib/core/context.ts'
import type { Store } from '../../../lib/core/store.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { VAULT_PREFIX } from '../../../lib/publish/keys.ts'
import { mergeShards, planUpload } from '../../../lib/shards/evaluation.ts'
import { runShard, workName } from '../../../lib/shards/work.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { memoryContext } from './memory-context.ts'

interface Statement {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
}

const text = readFileSync(new URL('../../../infra/resources/roles.yml', import.meta.url), 'utf8')
const tags = ['!Ref', '!Sub', '!GetAtt'].map((tag) => ({ tag, resolve: (value: string) => value }))
const choice = { tag: '!If', collection: 'seq' as const }
const { Resources } = parse(text, { customTags: [...tags, choice] }) as {
  Resources: Record<
    string,
    { Properties: { Policies: { PolicyDocument: { Statement: Statement[] } }[] } }
  >
}

const list = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? value : [value as T]

/** Whether a role has the action on `Uploads.Arn` or `Site.Arn`, with `/key` behind it for objects. */
function allows(role: string, action: string, resource: string): boolean {
  const statements = Resources[role]!.Properties.Policies.flatMap(
    ({ PolicyDocument }) => PolicyDocument.Statement,
  )
  return statements.some(
    ({ Effect, Action, Resource }) =>
      Effect === 'Allow' &&
      list(Action).includes(action) &&
      list(Resource).some((pattern) => {
        const plain = pattern.replace(/\$\{(\w+\.Arn)\}/g, '$1')
        return plain.endsWith('*') ? resource.startsWith(plain.slice(0, -1)) : plain === resource
      }),
  )
}

const denied = new Set<string>()

/** The store as the role may use it: what it may not do throws, and is noted. */
function guarded(store: Store, role: string, bucket: string, prefix: string): Store {
  const check = (action: string, resource: string) => {
    if (allows(role, action, resource)) return
    denied.add(`${role}: ${action} on ${resource}`)
    throw new Error(`${role} may not ${action} on ${resource}`)
  }
  const asks = (action: string, key: string) => check(action, `${bucket}/${prefix}${key}`)
  return {
    name: store.name,
    get: async (key) => {
      asks('s3:GetObject', key)
      return store.get(key)
    },
    head: async (key) => {
      asks('s3:GetObject', key)
      return store.head(key)
    },
    getRange: async (key, start, end) => {
      asks('s3:GetObject', key)
      return store.getRange(key, start, end)
    },
    put: async (key, body, options) => {
      asks('s3:PutObject', key)
      // S3 asks for both where a write depends on what is there.
      if (options?.ifMatch !== undefined) asks('s3:GetObject', key)
      return store.put(key, body, options)
    },
    list: (start) => {
      check('s3:ListBucket', bucket)
      return store.list(start)
    },
    delete: async (key) => {
      asks('s3:DeleteObject', key)
      return store.delete(key)
    },
  }
}

const { context, lines } = memoryContext()

function as(role: string): Context {
  return {
    ...context,
    uploads: guarded(context.uploads, role, 'Uploads.Arn', ''),
    vault: guarded(context.vault, role, 'Uploads.Arn', VAULT_PREFIX),
    site: guarded(context.site, role, 'Site.Arn', ''),
  }
}

function rowsOf(rows: number, seed: number): string {
  const line = (row: number) =>
    `r${row},${row % 3},${Math.cos(row * seed) + (row % 3) / 2},${Math.sin(row)}`
  return ['id,label,embedding_0,embedding_1', ...Array.from({ length: rows }, (_, i) => line(i))]
    .join('\n')
    .concat('\n')
}

const put = (file: string, body: string) => context.uploads.put(`uploads/p/${file}`, body)
const isThere = async (store: Store, key: string) => (await store.head(key)) !== null

async function deliver(run: string, isDeadly = false) {
  const key = `uploads/p/${run}/embeddings.csv`
  const body = JSON.stringify({
    Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key } } }],
  })
  const event = { Records: [{ messageId: 'm', body }] }
  let isUnderWay = false
  const delivery = handleUploadEvent(as('OnUploadRole'), event, 'wasm', (asking, request) => {
    isUnderWay = true
    return isDeadly ? new Promise(() => {}) : evaluateUpload(asking, request)
  })
  if (isDeadly) await expect.poll(() => isUnderWay).toBe(true)
  else await delivery
}

async function evaluateInShards(run: string) {
  const limits = { memoryBytes: 3e9, seconds: 2.2e-4 }
  const options = { backend: 'wasm', memoryLimitBytes: 3e9 } as const
  const sharded = { project: 'p', run, work: await workName(context, 'p', run) }
  const planned = await planUpload(as('PlanRole'), sharded, options, limits)
  if (planned.status !== 'planned') return planned.status
  const backend = await openBackend('wasm')
  try {
    for (const shard of planned.shards) {
      await runShard(as('ShardRole'), sharded.work, shard, backend)
    }
  } finally {
    await backend.close()
  }
  return (await mergeShards(as('MergeRole'), sharded, options)).status
}

test('no function is refused what it asks of the buckets', async () => {
  await put('v1/embeddings.csv', rowsOf(40, 1.7))
  await put('v2/embeddings.csv', rowsOf(40, 1.9))
  await put('wrong/embeddings.csv', 'id,label,embedding_0\nr0,a,not a number\n')
  await put('deadly/embeddings.csv', rowsOf(10, 1))
  for (const run of ['v1', 'v2', 'wrong']) await deliver(run)
  for (const isDeadly of [true, true, false]) await deliver('deadly', isDeadly)
  expect(await isThere(context.vault, '_attempts/p/deadly.json')).toBe(true)
  // Of an earlier version, which published them: who compares with the run moves them.
  await context.site.put('p/runs/v2/centroids.parquet', 'means')

  await put('large/embeddings.csv', rowsOf(300, 1.7))
  await put('large/nearmiss.yaml', 'baseline: v1\n')
  expect(await evaluateInShards('large')).toBe('published')
  await put('wrong-2/embeddings.csv', 'id,label,embedding_0\nr0,a,not a number\n')
  await put('wrong-2/nearmiss.yaml', 'privacy: { ids: hashed }\n')
  expect(await evaluateInShards('wrong-2')).toBe('failed')

  // Stricter by now: both ways take back what was published.
  await put('nearmiss.yaml', 'privacy: { ids: hashed }\n')
  expect(await evaluateInShards('large')).toBe('published')
  await deliver('v2')
  expect(await isThere(context.vault, '_keys/ids.json')).toBe(true)

  const api = createApi({
    context: as('ApiRole'),
    presign: async () => ({ url: '/', method: 'PUT', headers: {} }),
    token: 'tokenOfTheTest',
  })
  const headers = {
    Authorization: 'Bearer tokenOfTheTest',
    'Content-Type': 'application/json',
  }
  const ask = async (method: string, path: string, body?: unknown) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    return (await api.request(`/api${path}`, { method, headers, ...sent })).status
  }
  const files = [{ name: 'embeddings.csv', byteLength: 9 }]
  const { items } = JSON.parse(
    new TextDecoder().decode((await context.site.get('p/index.json'))!.body),
  ) as { items: Record<string, unknown> }
  const ticket = `/projects/p/items/${encodeURIComponent(Object.keys(items)[0]!)}/ticket`
  const answers = [
    await ask('GET', '/health'),
    await ask('POST', '/uploads', { project: 'p', run: 'v3', files }),
    await ask('GET', '/projects/p/runs/v1'),
    await ask('GET', '/projects/p/runs/wrong'),
    await ask('PUT', ticket, { url: 'https://tickets.example.com/1' }),
    await ask('DELETE', '/projects/p/runs/v1?uploads=true'),
    await ask('DELETE', '/projects/p/runs/deadly'),
    await ask('DELETE', '/projects/p?uploads=true'),
  ]
  expect([...denied]).toEqual([])
  expect(answers).toEqual(answers.map(() => 200))
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  expect(await isThere(context.vault, '_attempts/p/deadly.json')).toBe(false)
}, 60_000)

test('no function may do what it needn’t: read vectors, or the vault of others', () => {
  for (const key of ['uploads/p/v1/embeddings.csv', 'vault/p/runs/v1/x', 'vault/_keys/ids.json']) {
    expect(allows('ApiRole', 's3:GetObject', `Uploads.Arn/${key}`)).toBe(false)
    expect(allows('ShardRole', 's3:GetObject', `Uploads.Arn/${key}`)).toBe(false)
  }
  for (const role of ['OnUploadRole', 'PlanRole', 'MergeRole', 'ShardRole']) {
    for (const action of ['s3:PutObject', 's3:DeleteObject']) {
      expect(allows(role, action, 'Uploads.Arn/uploads/p/v1/embeddings.csv')).toBe(false)
    }
  }
  expect(allows('ShardRole', 's3:GetObject', 'Site.Arn/index.html')).toBe(false)
  expect(text).not.toMatch(/s3:\*|Action: "?\*/)
})
