/** Queries and gallery in one npz: their labels as whole numbers, and one side by itself, as the message says. */

import { expect, test } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import { withGallery } from '../../../lib/dataset/gallery.ts'
import { dataset } from '../dataset/tables.ts'
import { columns, readFixture } from './read-fixture.ts'

const labelsOf = ({ labels, classes }: ReturnType<typeof dataset>) =>
  Array.from(labels, (label) => classes[label])

test('both sides bring their labels', async () => {
  const queries = await readFixture('sides.npz')
  const whole = withGallery(queries, queries.gallery!, parseManifest('', 'nearmiss.yaml'))
  if ('issues' in whole) throw new Error(JSON.stringify(whole.issues))
  expect(labelsOf(dataset({ vectors: whole.table }))).toEqual([...'0101', ...'01010'])
})

test('a side that the settings name is evaluated with the labels and ids of its name', async () => {
  const { warnings } = await readFixture('sides.npz')
  expect(warnings.map(({ message }) => message).join()).toContain('columns: { embeddings: X_test }')
  const table = await readFixture('sides.npz', { columns: { ...columns, embeddings: 'X_test' } })
  const read = dataset({ vectors: table })
  expect(labelsOf(read)).toEqual([...'0101'])
  expect(read.ids).toEqual([...'0123'])
})
