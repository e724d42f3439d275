/** Labels without a line of names, beside vectors whose number tells. */

import { expect, test } from 'vitest'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { fetchUpload } from '../../../lib/upload/fetch.ts'
import { readUpload } from '../../../lib/upload/rows.ts'
import { npyBytes } from '../../fuzz/writers.ts'
import { memoryContext } from '../functions/memory-context.ts'

const VECTORS = [
  [0, 1],
  [1, 0],
  [2, 3],
  [3, 2],
]
const EMBEDDINGS = `dim_0,dim_1\n${VECTORS.map((row) => row.join(',')).join('\n')}\n`

async function read(files: Readonly<Record<string, string>>) {
  const { context } = memoryContext()
  const uploads = memoryStore('uploads', () => new Date(0))
  for (const [name, body] of Object.entries(files)) await uploads.put(`uploads/p/r/${name}`, body)
  const upload = await fetchUpload({ ...context, uploads }, 'p', 'r')
  const { dataset } = (await readUpload(upload!, {}))!
  const told = dataset.warnings.filter(({ message }) => /first line of/.test(message))
  return {
    labels: Array.from(dataset.labels, (label) => dataset.classes[label]),
    ids: dataset.ids,
    told: told.length,
    seen: dataset.seen!.at(-1)!.fields.map(({ name, use }) => [name, use]),
  }
}

test.each<[what: string, files: Record<string, string>, labels: string[], ids: string[]]>([
  ['words', { 'labels.csv': 'cat\ndog\ncat\ndog\n' }, ['cat', 'dog', 'cat', 'dog'], [...'0123']],
  ['numbers', { 'labels.csv': '3\n4\n3\n4\n' }, ['3', '4', '3', '4'], [...'0123']],
  ['numbers as written', { 'labels.csv': '03\n4\n03\n4\n' }, ['03', '4', '03', '4'], [...'0123']],
  [
    'ids and labels',
    { 'labels.csv': '007,cat\n8,dog\n9,cat\n10,dog\n' },
    ['cat', 'dog', 'cat', 'dog'],
    ['007', '8', '9', '10'],
  ],
  [
    'labels and ids',
    { 'labels.tsv': 'cat\ta\ndog\tb\ncat\tc\ndog\td\n' },
    ['cat', 'dog', 'cat', 'dog'],
    [...'abcd'],
  ],
])('%s are read from their first line on', async (_, files, labels, ids) => {
  const found = await read({ 'embeddings.csv': EMBEDDINGS, ...files })
  expect(found).toMatchObject({ labels, ids, told: 1 })
  expect(found.seen.map(([, use]) => use)).toContain('label')
})

test('labels by id are joined by it', async () => {
  const ids = ['d', 'c', 'b', 'a']
  const embeddings = `id,dim_0,dim_1\n${VECTORS.map((row, at) => [ids[at], ...row].join(',')).join('\n')}\n`
  const labels = 'a,cat\nb,dog\nc,dog\nd,cat\n'
  const found = await read({ 'embeddings.csv': embeddings, 'labels.csv': labels })
  expect(found).toMatchObject({ labels: ['cat', 'dog', 'dog', 'cat'], ids, told: 1 })
})

test.each([
  ['a name that is no entry', 'species\ncat\ndog\ncat\n'],
  ['two lines too few', 'cat\ndog\ncat\n'],
  ['a usual name, though a row is missing', 'label\nlabel\ndog\nlabel\n'],
])('%s stays an error', async (_, labels) => {
  const reading = read({ 'embeddings.csv': EMBEDDINGS, 'labels.csv': labels })
  await expect(reading).rejects.toThrow(/labels.csv has [23] rows, embeddings.csv has 4/)
})

test('a name that is an entry too is a name where the rows are all there', async () => {
  const labels = 'cat\ncat\ndog\ncat\ndog\n'
  const found = await read({ 'embeddings.csv': EMBEDDINGS, 'labels.csv': labels })
  expect(found).toMatchObject({ labels: ['cat', 'dog', 'cat', 'dog'], told: 0 })
})

test('arrays that are called as those of an npz are read as they are there', async () => {
  const texts = (...words: readonly string[]) =>
    Buffer.from(words.map((word) => word.padEnd(3, '\u0000')).join(''), 'latin1')
  const uploads = memoryStore('uploads', () => new Date(0))
  const put = (name: string, body: Uint8Array) => uploads.put(`uploads/p/r/${name}`, body)
  const numbers = Float32Array.from(VECTORS.flat())
  await put('X.npy', npyBytes("'<f4'", '(4, 2)', Buffer.from(numbers.buffer)))
  await put('y.npy', npyBytes("'|S3'", '(4,)', texts('cat', 'dog', 'cat', 'dog')))
  await put('ids.npy', npyBytes("'|S3'", '(4,)', texts('a', 'b', 'c', 'd')))
  const upload = await fetchUpload({ ...memoryContext().context, uploads }, 'p', 'r')
  const { dataset } = (await readUpload(upload!, {}))!
  const labels = Array.from(dataset.labels, (label) => dataset.classes[label])
  expect(labels).toEqual(['cat', 'dog', 'cat', 'dog'])
  expect(dataset.ids).toEqual(['a', 'b', 'c', 'd'])
  expect(dataset.warnings.map(({ code }) => code)).not.toContain('files-unused')
})
