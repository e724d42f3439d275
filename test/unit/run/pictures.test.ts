import { expect, it } from 'vitest'
import type { Store } from '../../../lib/core/store.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryContext } from '../functions/memory-context.ts'

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0])
const PAGE = '<!doctype html><script>alert(document.domain)</script>'

/** Two rows at each place, of two labels: every row is an error, so the page shows all of them. */
function csv(images: readonly string[]): string {
  const rows = images.map((image, row) =>
    [`r${row}`, row % 2 ? 'b' : 'a', row >> 1, (row >> 1) ** 2, `"${image}"`].join(','),
  )
  return ['id,label,embedding_0,embedding_1,image', ...rows].join('\n')
}

async function assets(site: Store) {
  const found = new Map<string, string>()
  for await (const { key } of site.list('p/assets/')) {
    found.set(key, Buffer.from((await site.get(key))!.body).toString('latin1'))
  }
  return found
}

async function evaluated(files: Record<string, Uint8Array | string>, images: readonly string[]) {
  const { context } = memoryContext()
  const all = { 'embeddings.csv': csv(images), ...files }
  for (const [name, body] of Object.entries(all)) {
    await context.uploads.put(`uploads/p/v1/${name}`, body)
  }
  const request = { project: 'p', run: 'v1', backend: 'wasm' } as const
  const outcome = await evaluateUpload(context, request)
  if (outcome.status !== 'published') throw new Error(JSON.stringify(outcome))
  const refused = outcome.report.input.warnings.filter(({ code }) => code === 'image-refused')
  const pages = Buffer.from((await context.site.get('p/runs/v1/index.html'))!.body).toString()
  return { published: await assets(context.site), refused, pages }
}

it('publishes the uploaded pictures that rows name, by the type that they are', async () => {
  const { published, refused } = await evaluated({ 'pics/a.png': PNG, 'b.JPEG': PNG }, [
    './pics/a.png',
    'b.JPEG',
    'pics/a.png',
    '',
    'https://pictures.example/1.png',
    '',
  ])
  expect([...published.keys()]).toEqual([expect.stringMatching(/^p\/assets\/[0-9a-f]{64}\.png$/)])
  expect(refused).toEqual([])
})

it('publishes no other file of an upload, whatever its rows name and whatever it is called', async () => {
  const files = {
    'evil.html': PAGE,
    'evil.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    'pics/page.png': PAGE,
    'pics/picture.html': PNG,
  }
  const names = [...Object.keys(files), 'embeddings.csv', 'missing.png', 'pics/page.png', '']
  const { published, refused, pages } = await evaluated(files, names)
  expect([...published]).toEqual([])
  expect(pages).not.toContain('class="tiles')
  expect(refused).toHaveLength(1)
  expect(refused[0]!.message).toContain('6 files that rows name as pictures are left out')
})

it('is not stopped by a name that no store takes', async () => {
  const { published, refused } = await evaluated({ 'a.png': PNG }, [
    'a//b.png',
    'tab\there.png',
    '../up.png',
    'a.png',
  ])
  expect(published.size).toBe(1)
  expect(refused).toHaveLength(1)
  expect(refused[0]!.message).toContain('3 pictures are left out')
})

it('publishes the pictures of all neighbours that stand beside a row, not of the nearest alone', async () => {
  // One error, b0 amid the rows of a: its second to fifth neighbours are no evidence of anything.
  const rows = [
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((at) => ['a', 1 + at, 0]),
    ['b', 0.2, 0],
    ...[0, 1, 2, 3, 4, 5, 6].map((at) => ['b', 500 + at, 0]),
  ]
  const lines = rows.map(([label, x, y], row) => `r${row},${label},${x},${y},${row}.png`)
  const files = Object.fromEntries(
    rows.map((_, row) => [`${row}.png`, new Uint8Array([...PNG, row])]),
  )
  const { published } = await evaluated(
    {
      ...files,
      'embeddings.csv': ['id,label,embedding_0,embedding_1,image', ...lines].join('\n'),
    },
    [],
  )
  const pictured = [...published.values()].map((body) => body.charCodeAt(PNG.length))
  expect(pictured.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 8])
})
