/** The CSV examples in docs/uploads.md are read as the page says. */

import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readText, rowsOf } from './read-fixture.ts'

const page = await readFile(new URL('../../../docs/uploads.md', import.meta.url), 'utf8')
const [metadata, vectors, cells] = [...page.matchAll(/```csv\n(.*?)```/gs)].map(([, text]) => text!)

test('metadata', async () => {
  const table = await readText('metadata.csv', metadata!, { part: 'metadata' })
  expect(table.columns.map(({ name }) => name)).toEqual(['id', 'label', 'camera', 'split'])
})

test.each([
  ['a column a dimension', vectors],
  ['in one cell', cells],
])('vectors, %s', async (_, text) => {
  const table = await readText('embeddings.csv', text!)
  expect(rowsOf(table)).toEqual([
    [0.12, -0.5, 1e-3],
    [0.4, 0.25, -0.1],
  ])
})
