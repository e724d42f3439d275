/** Nothing of an evaluation is written before its run is claimed, pictures and means included. */

import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryContext } from '../functions/memory-context.ts'
import { mortal, recorded, snapshot } from '../pipeline/publication-stops.ts'

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]
const request = { project: 'p', run: 'v1', backend: 'wasm' } as const

/** Two rows at each place, of two labels: every row is an error, so the page shows all of them. */
async function upload({ uploads }: Context) {
  const rows = Array.from({ length: 12 }, (_, row) =>
    [`r${row}`, row % 2 ? 'b' : 'a', row >> 1, (row >> 1) ** 2, `pics/${row % 3}.png`].join(','),
  )
  const csv = ['id,label,embedding_0,embedding_1,image', ...rows].join('\n')
  await uploads.put('uploads/p/v1/embeddings.csv', csv)
  await uploads.put('uploads/p/v1/nearmiss.yaml', 'maps: [pca]\n')
  for (const at of [0, 1, 2]) {
    await uploads.put(`uploads/p/v1/pics/${at}.png`, new Uint8Array([...PNG, at]))
  }
}

it('the claim is the first write, before pictures and means, and the page comes after them', async () => {
  const { context } = memoryContext()
  await upload(context)
  const site = recorded(context.site)
  const vault = recorded(context.vault)
  // One order over both stores.
  vault.store = {
    ...vault.store,
    async put(key, body, options) {
      const written = await context.vault.put(key, body, options)
      site.writes.push({ key: `vault/${key}`, body: '' })
      return written
    },
  }
  await evaluateUpload({ ...context, site: site.store, vault: vault.store }, request)
  const keys = site.writes.map(({ key }) => key)
  const at = (pattern: RegExp) => keys.findIndex((key) => pattern.test(key))
  expect(keys[0]).toMatch(/^_claims\//)
  expect(keys.filter((key) => key.startsWith('p/assets/'))).toHaveLength(3)
  expect(at(/^vault\/p\/runs\/v1\//)).toBeGreaterThan(0)
  const page = keys.indexOf('p/runs/v1/index.html')
  expect(keys.findLastIndex((key) => key.startsWith('p/assets/'))).toBeLessThan(page)
  expect(at(/^vault\//)).toBeLessThan(page)
})

it('a stop at any write of a picture is made good by the next delivery', async () => {
  const whole = memoryContext().context
  await upload(whole)
  await evaluateUpload(whole, request)
  const expected = [...(await snapshot(whole.site)).keys()]
  for (const stop of [1, 3]) {
    const { context } = memoryContext()
    await upload(context)
    const dying = { ...context, site: mortal(context.site, stop) }
    await expect(evaluateUpload(dying, request)).rejects.toThrow('killed')
    expect(await evaluateUpload(context, request)).toMatchObject({ status: 'published', run: 'v1' })
    expect([...(await snapshot(context.site)).keys()]).toEqual(expected)
  }
})

it('a picture that is replaced before it is written is taken as it is now', async () => {
  const { context, lines } = memoryContext()
  await upload(context)
  let isReplaced = false
  const progress: Context['progress'] = ({ stage }) => {
    if (stage !== 'publish' || isReplaced) return
    isReplaced = true
    void context.uploads.put('uploads/p/v1/pics/1.png', new Uint8Array([...PNG, 9]))
  }
  expect(await evaluateUpload({ ...context, progress }, request)).toMatchObject({ run: 'v1' })
  const assets = [...(await snapshot(context.site))].filter(([key]) => key.startsWith('p/assets/'))
  for (const [key, body] of assets) {
    const hash = createHash('sha256').update(Buffer.from(body, 'latin1')).digest('hex')
    expect(key).toBe(`p/assets/${hash}.png`)
  }
  const last = assets.map(([, body]) => body.charCodeAt(PNG.length)).sort((a, b) => a - b)
  expect(last).toEqual(expect.arrayContaining([0, 2, 9]))
  const told = lines.filter(({ message }) => message.includes('it is evaluated anew'))
  expect(told).toHaveLength(1)
})
