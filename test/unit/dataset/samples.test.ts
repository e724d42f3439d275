/** The samples, whole: files by name, then read, then joined. */

import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import { assembleDataset } from '../../../lib/dataset/assemble.ts'
import { classifyUpload } from '../../../lib/dataset/upload-parts.ts'
import { readTable } from '../../read-table.ts'

describe.each([
  ['digits', 899, 10, ['ink'], []],
  ['emoji', 1906, 98, ['category', 'added_in', 'colour', 'name'], ['singleton-classes']],
])('%s', (sample, rows, classes, columns, warnings) => {
  const folder = new URL(`../../../samples/${sample}/`, import.meta.url)

  test('each run joins its metadata without a doubt', async () => {
    const manifest = parseManifest(null, 'nearmiss.yaml')
    const runs = (await readdir(folder)).filter((name) => name.endsWith('.npz'))
    expect(runs).toHaveLength(3)
    for (const run of runs) {
      const upload = classifyUpload([run, 'metadata.csv', 'sprite.png'])
      if (!('parts' in upload)) throw new Error('the upload is ambiguous')
      expect(upload.parts).toMatchObject({ vectors: run, metadata: 'metadata.csv' })
      const read = async (name: string, part: 'vectors' | 'metadata') =>
        readTable({ name, bytes: await readFile(new URL(name, folder)) }, { part, ...manifest })
      const result = assembleDataset(
        {
          vectors: await read(run, 'vectors'),
          labels: null,
          metadata: await read('metadata.csv', 'metadata'),
        },
        manifest,
      )
      if (!('dataset' in result)) throw new Error(JSON.stringify(result.issues))
      const { dataset } = result
      expect(dataset).toMatchObject({ rows, inputRows: rows, setAside: [], hasIds: true })
      expect(dataset.classes).toHaveLength(classes)
      expect(dataset.metadata.map(({ name }) => name)).toEqual(columns)
      expect(dataset.warnings.map(({ code }) => code)).toEqual(warnings)
    }
  })
})

test('the classes of digits have the sizes that were counted elsewhere', async () => {
  const folder = new URL('../../../samples/digits/', import.meta.url)
  const expected = JSON.parse(await readFile(new URL('expected.json', folder), 'utf8')) as Record<
    string,
    { classes: Record<string, number> }
  >
  const manifest = parseManifest(null, 'nearmiss.yaml')
  const bytes = await readFile(new URL('pca-8.npz', folder))
  const vectors = await readTable({ name: 'pca-8.npz', bytes }, { part: 'vectors', ...manifest })
  const result = assembleDataset({ vectors, labels: null, metadata: null }, manifest)
  if (!('dataset' in result)) throw new Error(JSON.stringify(result.issues))
  const { classes, labels } = result.dataset
  const sizes = Object.fromEntries(
    classes.map((name, index) => [name, labels.filter((label) => label === index).length]),
  )
  expect(sizes).toEqual(expected['pca-8/euclidean']!.classes)
})
