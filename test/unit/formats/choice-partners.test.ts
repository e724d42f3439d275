/** Labels follow the vectors that they are named after: of queries and gallery together, and of either by itself. */

import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import type { Column, Vectors } from '../../../lib/core/table.ts'
import { withGallery } from '../../../lib/dataset/gallery.ts'
import { withIndicatorLabels } from '../../../lib/dataset/indicator-labels.ts'
import { readContents } from '../../../lib/formats/choice/table.ts'
import type { Contents, Field } from '../../../lib/formats/contents.ts'
import { dataset } from '../dataset/tables.ts'
import { columns } from './read-fixture.ts'

/** Row by row; of one axis a column. */
type Arrays = Readonly<Record<string, readonly (number | readonly number[])[]>>

function contentsOf(arrays: Arrays): Contents {
  const entries = Object.entries(arrays)
  const widthOf = (rows: Arrays[string]) => (Array.isArray(rows[0]) ? rows[0].length : null)
  const fields = entries.map(([name, rows]): Field => {
    const width = widthOf(rows)
    return {
      name,
      kind: width === null ? 'number' : 'vector',
      type: '<f4',
      shape: width === null ? [rows.length] : [rows.length, width],
      examples: [],
      isInteger: false,
      problem: null,
      longestText: null,
      byteLength: null,
    }
  })
  return {
    source: 'a.npz',
    where: 'a.npz',
    fields,
    warnings: [],
    read: async ({ matrices, columns: chosen }) => ({
      rows: null,
      matrices: matrices.map(([place]): Vectors => {
        const rows = entries[place!]![1]
        const values = Float32Array.from(rows.flat())
        return { values, rows: rows.length, dimensions: widthOf(rows)! }
      }),
      columns: chosen.map(({ field, asText }): Column => {
        const [name, values] = entries[field]!
        return asText
          ? { name, type: 'text', values: values.map(String) }
          : { name, type: 'number', values: Float64Array.from(values as number[]) }
      }),
      warnings: [],
    }),
  }
}

const GALLERY = [
  [1, 2],
  [3, 4],
  [5, 6],
]
const QUERIES = [
  [7, 8],
  [9, 0],
  [9, 1],
]
const [GALLERY_LABELS, QUERY_LABELS] = [
  [4, 5, 4],
  [5, 4, 4],
]

async function labelsOf(arrays: Arrays, settings: Partial<typeof columns>) {
  const names = { ...columns, ...settings }
  const yaml = `columns: ${JSON.stringify(settings)}`
  const manifest = parseManifest(yaml, 'nearmiss.yaml')
  const read = await readContents(contentsOf(arrays), 'npz', { part: 'vectors', columns: names })
  const table = withIndicatorLabels(read, names)
  const gallery = table.gallery && withIndicatorLabels(table.gallery, names)
  const whole = gallery === undefined ? { table } : withGallery(table, gallery, manifest)
  if ('issues' in whole) throw new Error(JSON.stringify(whole.issues))
  const { labels, classes, seen } = dataset({ vectors: whole.table }, yaml)
  return {
    labels: Array.from(labels, (label) => classes[label]!),
    told: seen![0]!.fields.filter(({ use }) => use === 'label').map(({ name }) => name),
  }
}

describe.each([
  ['X_train', 'y_train', 'X_test', 'y_test'],
  ['x_train', 'y_train', 'x_val', 'y_val'],
  ['Xtrain', 'ytrain', 'Xtest', 'ytest'],
  ['XTrain', 'YTrain', 'XTest', 'YTest'],
  ['trainX', 'trainY', 'testX', 'testY'],
  ['features_tr', 'targets_tr', 'features_te', 'targets_te'],
  ['embeddings_train', 'labels_train', 'embeddings_test', 'labels_test'],
  ['train_embeddings', 'train_labels', 'test_embeddings', 'test_labels'],
  ['trainEmbeddings', 'trainLabels', 'testEmbeddings', 'testLabels'],
  ['gallery_features', 'gallery_labels', 'query_features', 'query_labels'],
  ['train', 'train_labels', 'test', 'test_labels'],
  ['train', 'labels_train', 'test', 'labels_test'],
  ['gallery', 'gallery_targets', 'query', 'query_targets'],
])('%s with %s, %s with %s', (gallery, galleryLabels, queries, queryLabels) => {
  const arrays = {
    [gallery]: GALLERY,
    [galleryLabels]: GALLERY_LABELS,
    [queries]: QUERIES,
    [queryLabels]: QUERY_LABELS,
  }

  test('are queries and gallery', async () => {
    const read = await labelsOf(arrays, {})
    expect(read).toEqual({
      labels: ['5', '4', '4', '4', '5', '4'],
      told: [galleryLabels, queryLabels],
    })
  })

  test.each([
    [gallery, galleryLabels, ['4', '5', '4']],
    [queries, queryLabels, ['5', '4', '4']],
  ])('%s by itself is told apart by %s', async (vectors, label, labels) => {
    const wanted = { labels, told: [label] }
    expect(await labelsOf(arrays, { embeddings: vectors })).toEqual(wanted)
    expect(await labelsOf(arrays, { embeddings: vectors, label })).toEqual(wanted)
  })

  test('and the label of one side in the settings stands for both', async () => {
    const wanted = ['5', '4', '4', '4', '5', '4']
    expect((await labelsOf(arrays, { label: galleryLabels })).labels).toEqual(wanted)
    expect((await labelsOf(arrays, { label: queryLabels })).labels).toEqual(wanted)
  })
})

test('of several models each has the labels of its name', async () => {
  const arrays = {
    clip_embeddings: GALLERY,
    clip_labels: GALLERY_LABELS,
    embeddings_dino: QUERIES,
    labels_dino: QUERY_LABELS,
  }
  const clip = await labelsOf(arrays, { embeddings: 'clip_embeddings' })
  expect(clip).toEqual({ labels: ['4', '5', '4'], told: ['clip_labels'] })
  const dino = await labelsOf(arrays, { embeddings: 'embeddings_dino' })
  expect(dino).toEqual({ labels: ['5', '4', '4'], told: ['labels_dino'] })
})

test('labels with a 1 for the class are read on both sides', async () => {
  const marks = (labels: readonly number[]) =>
    labels.map((label) => [+(label === 4), +(label === 5)])
  const arrays = {
    X_train: GALLERY,
    y_train: marks(GALLERY_LABELS),
    X_test: QUERIES,
    y_test: marks(QUERY_LABELS),
  }
  const read = await labelsOf(arrays, {})
  expect(read).toEqual({ labels: ['1', '0', '0', '0', '1', '0'], told: ['y_train', 'y_test'] })
})

test('a column is no label for a word that only looks like a side', async () => {
  const arrays = { latest: GALLERY, contest: GALLERY_LABELS, label: [1, 2, 1] }
  const read = await labelsOf(arrays, {})
  expect(read).toEqual({ labels: ['1', '2', '1'], told: ['label'] })
})
