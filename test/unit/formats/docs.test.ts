/** The CSV examples in docs/uploads.md are read as the page says. */

import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readText, rowsOf } from './read-fixture.ts'

const page = await readFile(new URL('../../../docs/uploads.md', import.meta.url), 'utf8')
const [metadata, vectors] = [...page.matchAll(/```csv\n(.*?)```/gs)].map(([, text]) => text!)

test('metadata', async () => {
  const table = await readText('metadata.csv', metadata!, { part: 'metadata' })
  expect(table.columns.map(({ name }) => name)).toEqual(['id', 'label', 'camera', 'split'])
})

test('vectors', async () => {
  const table = await readText('embeddings.csv', vectors!)
  expect(rowsOf(table)).toEqual([
    [0.12, -0.5, 1e-3],
    [0.4, 0.25, -0.1],
  ])
})
