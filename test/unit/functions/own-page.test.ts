/** A team's page says the same where a run is published, and where the server makes it anew. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ownPageOf } from '../../../functions/serve/own-page.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { directoryStore } from '../../../lib/publish/directory.ts'
import { pagesOf } from '../../../reports/render.ts'
import { memoryContext } from './memory-context.ts'

/** Everything that a page can know of the rows. */
const PAGE = `
{props.rows.columnNames().join(' ')}

{JSON.stringify(props.rows.objects())}

<Rows ids={['q1', 'g2']} />
`

/** Two classes on a line; queries beside a gallery, a few of them with a label that isn't their neighbours'. */
function uploadOf(shift: number): string {
  const random = seededRandom(7)
  const rows = Array.from({ length: 150 }, (_, row) => {
    const split = row % 3 === 0 ? 'gallery' : 'query'
    const place = row % 2 === 0 ? 0 : 10
    const label = (row % 2 === 0) === (row % 50 !== 7) ? 'low' : 'high'
    const vector = [0, 1, 2, 3, 4].map((d) => (place + random() + shift * d).toFixed(4))
    return [`${split[0]}${row}`, label, split, row % 5, ...vector].join(',')
  })
  return ['id,label,split,lot,dim_0,dim_1,dim_2,dim_3,dim_4', ...rows].join('\n')
}

/** What stands on the page, without its styles and scripts. */
function textOf(page: string): string {
  return page.slice(page.indexOf('<main')).replaceAll('&quot;', '"')
}

let bucket: string
let folder: string
beforeAll(async () => {
  bucket = await mkdtemp(join(tmpdir(), 'nearmiss-own-page-'))
  folder = await mkdtemp(join(tmpdir(), 'nearmiss-pages-'))
  await writeFile(join(folder, 'all.mdx'), PAGE)
  const context = { ...memoryContext().context, site: directoryStore(join(bucket, 'site')) }
  for (const [run, shift] of [
    ['one', 0],
    ['two', 0.3],
  ] as const) {
    await context.uploads.put(`uploads/rows/${run}/embeddings.csv`, uploadOf(shift))
    const asked = {
      project: 'rows',
      run,
      backend: 'wasm' as const,
      pages: pagesOf(folder),
      overrides: { maps: ['pca', 'tsne'] as const },
    }
    expect(await evaluateUpload(context, asked)).toMatchObject({ status: 'published' })
  }
})
afterAll(async () => {
  await rm(bucket, { recursive: true })
  await rm(folder, { recursive: true })
})

it.each(['one', 'two'])(
  'of %s: every column, rows of the gallery and suggested labels',
  async (run) => {
    const site = directoryStore(join(bucket, 'site'))
    const stored = await site.get(`rows/runs/${run}/pages/all.html`)
    const published = new TextDecoder().decode(stored!.body)
    const served = await ownPageOf(bucket, folder)('rows', run, 'all')
    expect(textOf(served!)).toBe(textOf(published))
    const said = textOf(published)
    expect(said).toContain('"correct":null')
    expect(said).toMatch(/"suggested_label":"(low|high)"/)
    expect(said).toContain('tsne_x')
  },
)
