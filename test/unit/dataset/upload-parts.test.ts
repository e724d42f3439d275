/** Files by name: which part each plays. */

import { expect, test } from 'vitest'
import { classifyUpload } from '../../../lib/dataset/upload-parts.ts'

const nothing = {
  vectors: null,
  gallery: null,
  labels: null,
  metadata: null,
  manifest: null,
  pictures: [],
  others: [],
}

test.each([
  [[], {}],
  [['embeddings.npz'], { vectors: 'embeddings.npz' }],
  [
    [
      'embeddings.npy',
      'labels.npy',
      'metadata.csv',
      'nearmiss.yaml',
      'sprite.png',
      'images/1.JPG',
      'notes.txt',
    ],
    {
      vectors: 'embeddings.npy',
      labels: 'labels.npy',
      metadata: 'metadata.csv',
      manifest: 'nearmiss.yaml',
      pictures: ['sprite.png', 'images/1.JPG'],
      others: ['notes.txt'],
    },
  ],
  [['nca-32.npz', 'metadata.csv'], { vectors: 'nca-32.npz', metadata: 'metadata.csv' }],
  [['data.csv', 'nearmiss.json'], { vectors: 'data.csv', manifest: 'nearmiss.json' }],
  [['embeddings.npz', 'more.csv'], { vectors: 'embeddings.npz', others: ['more.csv'] }],
  [['embeddings.parquet'], { vectors: 'embeddings.parquet' }],
  [['labels.csv'], { labels: 'labels.csv' }],
  [['metadata.csv', 'labels.csv'], { labels: 'labels.csv', metadata: 'metadata.csv' }],
  [['deep/embeddings.npz', '.DS_Store'], { others: ['deep/embeddings.npz', '.DS_Store'] }],
  [['Run 7.NPZ'], { vectors: 'Run 7.NPZ' }],
])('%j', (names, parts) => {
  expect(classifyUpload(names)).toEqual({ parts: { ...nothing, ...parts } })
})

test.each([
  [['embeddings.npz', 'embeddings.csv'], 'vectors'],
  [['a.npz', 'metadata.csv', 'b.npy'], 'vectors'],
  [['embeddings.npz', 'labels.csv', 'labels.npy'], 'labels'],
  [['embeddings.npz', 'metadata.csv', 'metadata.npz'], 'metadata'],
  [['embeddings.npz', 'nearmiss.yaml', 'nearmiss.json'], 'manifest'],
])('two candidates in %j are an issue that names both', (names, part) => {
  const result = classifyUpload(names)
  expect(result).toMatchObject({ issues: [{ code: 'upload-ambiguous' }] })
  const [issue] = 'issues' in result ? result.issues : []
  expect(issue!.message).toContain(`2 files could be the ${part}: `)
})
