/** Files by name: which part each plays. */

import { describe, expect, test } from 'vitest'
import { classifyUpload, settleParts } from '../../../lib/dataset/upload-parts.ts'

const nothing = {
  vectors: null,
  gallery: null,
  labels: null,
  metadata: null,
  manifest: null,
  pictures: [],
  others: [],
  doubtful: [],
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
  [['embeddings.h5'], { doubtful: [{ name: 'embeddings.h5', part: 'vectors' }] }],
  [
    ['rows.mat', 'labels.csv'],
    { labels: 'labels.csv', doubtful: [{ name: 'rows.mat', part: 'vectors' }] },
  ],
  [['embeddings'], { doubtful: [{ name: 'embeddings', part: 'vectors' }] }],
  [['weird.foo'], { doubtful: [{ name: 'weird.foo', part: 'vectors' }] }],
  [['a.npz', 'b.h5', 'c.foo'], { vectors: 'a.npz', others: ['b.h5', 'c.foo'] }],
  [['embeddings.npz', 'embeddings.h5'], { vectors: 'embeddings.npz', others: ['embeddings.h5'] }],
  [
    ['a.npz', 'labels.h5', 'gallery.mat', 'metadata.xlsx'],
    {
      vectors: 'a.npz',
      doubtful: [
        { name: 'gallery.mat', part: 'gallery' },
        { name: 'labels.h5', part: 'labels' },
        { name: 'metadata.xlsx', part: 'metadata' },
      ],
    },
  ],
  [['a.npz', 'labels.csv.gz'], { vectors: 'a.npz', labels: 'labels.csv.gz' }],
  [['run-7.csv.zst', 'notes.json.gz'], { vectors: 'run-7.csv.zst', others: ['notes.json.gz'] }],
  [['embeddings.gz'], { doubtful: [{ name: 'embeddings.gz', part: 'vectors' }] }],
  // What may be a note is one beside vectors, and is looked into where there are none.
  [
    ['a.npz', 'metadata.json', 'labels.txt'],
    { vectors: 'a.npz', others: ['metadata.json', 'labels.txt'] },
  ],
  [['labels.txt'], { doubtful: [{ name: 'labels.txt', part: 'labels' }] }],
  [['README.md', 'config.json', 'run.log'], { others: ['README.md', 'config.json', 'run.log'] }],
  [['.DS_Store', 'Thumbs.db', 'desktop.ini', 'a.npz.part', '~$a.xlsx', 'a.csv~', '.x/y.npz'], {}],
  [['deep/embeddings.parquet'], { others: ['deep/embeddings.parquet'] }],
  [['labels.csv'], { labels: 'labels.csv' }],
  [['metadata.csv', 'labels.csv'], { labels: 'labels.csv', metadata: 'metadata.csv' }],
  [['deep/embeddings.npz', '.DS_Store'], { others: ['deep/embeddings.npz'] }],
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

const NPY = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0)
const HDF5 = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)

function settle(files: Readonly<Record<string, Uint8Array>>) {
  const classified = classifyUpload(Object.keys(files))
  if ('issues' in classified) throw new Error(classified.issues[0]!.message)
  return settleParts(classified.parts, (name) => files[name]!)
}

test('a file that can be read by its first bytes takes its part, whatever its name', () => {
  for (const name of ['embeddings', 'embeddings.h5', 'vectors.foo', 'model.pt']) {
    const { parts, issues } = settle({ [name]: NPY, 'labels.h5': NPY })
    expect([parts.vectors, parts.labels, issues]).toEqual([name, 'labels.h5', []])
  }
  const { parts, issues } = settle({ 'a.h5': HDF5, 'b.foo': NPY })
  expect([parts.vectors, parts.others, issues]).toEqual(['b.foo', ['a.h5'], []])
})

test('files that can’t be read are told, each with its own name and part', () => {
  const { parts, issues } = settle({
    'a.h5': HDF5,
    'b.foo': HDF5,
    'labels.h5': HDF5,
    'gallery.mat': new Uint8Array(0),
  })
  expect(parts).toMatchObject({ vectors: null, labels: null, gallery: null })
  expect(issues.map(({ code, where }) => [code, where])).toEqual([
    ['unknown-format', 'a.h5'],
    ['unknown-format', 'b.foo'],
    ['empty-file', 'gallery.mat'],
    ['unknown-format', 'labels.h5'],
  ])
  expect(issues[1]!.message).toContain('By its first bytes the file is HDF5')
  expect(issues[3]!.hint).toContain('h5py.File("labels.h5")')
})

test('two files that both can be read are two candidates', () => {
  const { issues } = settle({ 'a.h5': NPY, 'b.foo': NPY })
  expect(issues).toMatchObject([{ code: 'upload-ambiguous' }])
})

test.each([
  ['beside each other', 'sample-with-a-long-name-', ''],
  ['in folders', 'class/sample-with-a-long-name-', ' in a folder for each class'],
])('files of one row each, %s, are one short message however many there are', (_, start, where) => {
  const names = (count: number) => Array.from({ length: count }, (_, at) => `${start}${at}.npy`)
  for (const count of [3, 10_000]) {
    const result = classifyUpload([...names(count), 'labels.csv'])
    const [issue, ...more] = 'issues' in result ? result.issues : []
    expect(more).toEqual([])
    expect(issue).toMatchObject({ code: 'upload-one-file-a-row' })
    expect(issue!.message).toContain(
      `${count} files of NumPy could be the vectors, one a row${where}`,
    )
    expect(`${issue!.message}${issue!.hint}`.length).toBeLessThan(600)
  }
  const two = classifyUpload(names(2))
  expect(JSON.stringify(two)).not.toContain('upload-one-file-a-row')
})

describe('arrays that are called as those of an npz', () => {
  test.each([
    [['X.npy', 'y.npy'], 'X.npy', 'y.npy', null],
    [['features.npy', 'targets.npy', 'ids.npy'], 'features.npy', 'targets.npy', 'ids.npy'],
    [['embeddings.npy', 'labels.npy', 'ids.npy'], 'embeddings.npy', 'labels.npy', 'ids.npy'],
    [['embeddings.npy', 'y.npy'], 'embeddings.npy', 'y.npy', null],
    [['embeddings.npy', 'labels.csv', 'y.npy'], 'embeddings.npy', 'labels.csv', null],
    [['X.npy', 'ids.npy', 'labels.csv'], 'X.npy', 'labels.csv', 'ids.npy'],
    [['X.npy', 'metadata.csv', 'ids.npy', 'y.npy'], 'X.npy', 'y.npy', 'metadata.csv'],
    [['embeddings.npz', 'y.npy', 'ids.npy'], 'embeddings.npz', null, null],
    [['embeddings.npy', 'y.npy', 'targets.npy'], 'embeddings.npy', null, null],
  ])('%j', (names, vectors, labels, metadata) => {
    expect(classifyUpload(names)).toMatchObject({ parts: { vectors, labels, metadata } })
  })

  test.each([
    [['X.npy', 'features.npy', 'y.npy']],
    [['X.npy', 'y.npy', 'other.npy']],
    [['train_X.npy', 'train_y.npy', 'test_X.npy', 'test_y.npy']],
    [['X.npy', 'y.csv']],
  ])('%j are told with the line that makes one file, or asked for a name', (names) => {
    expect(classifyUpload(names)).toMatchObject({ issues: [{ code: 'upload-ambiguous' }] })
  })
})
