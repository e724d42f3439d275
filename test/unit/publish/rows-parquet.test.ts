import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import type { Rows } from '../../../lib/core/rows.ts'
import type { Column } from '../../../lib/core/table.ts'
import { COMPARED_COLUMNS, decodeRows, encodeRows } from '../../../lib/publish/rows-parquet.ts'

/** Three rows: 0 and 1 are each other's nearest, 2 has but one neighbour. */
const rows: Rows = {
  id: ['a', 'ü "quoted", x', '日本'],
  label: ['cat', 'dog', 'cat'],
  sourceRow: Int32Array.of(0, 1, 4),
  neighborCount: 2,
  neighbors: Int32Array.of(1, 2, 0, 2, 1, -1),
  distances: Float64Array.of(0.1, 0.30000000000000004, 0.1, 1 / 3, 1 / 3, Number.POSITIVE_INFINITY),
  correct: Uint8Array.of(0, 0, 1),
  neighborMargin: Float64Array.of(0.2, 1 / 3 - 0.1, Number.NaN),
  predictionMargin: Float64Array.of(0.25, Number.NaN, Number.NaN),
  classMargin: Float64Array.of(-0.2, Number.NaN, 1e-300),
  firstMatchRank: Int32Array.of(2, 0, 1),
  silhouette: Float64Array.of(-0.5, 0, 0.75),
  outlier: Uint8Array.of(0, 1, 0),
  suggestedLabel: [null, 'cat', null],
  x: Float32Array.of(1.5, -2.25, 0),
  y: Float32Array.of(0.5, Number.NaN, -1),
  maps: [
    { method: 'pca', x: Float32Array.of(1.5, -2.25, 0), y: Float32Array.of(0.5, Number.NaN, -1) },
    {
      method: 'tsne',
      x: Float32Array.of(3, Number.NaN, 0.5),
      y: Float32Array.of(1, Number.NaN, 0),
    },
  ],
  correctInBaseline: Int8Array.of(1, 0, -1),
  nearestInBaseline: ['cat', 'cat', null],
  neighborOverlap: Float64Array.of(0.5, 0, Number.NaN),
  image: ['https://example.org/a.png', '', ''],
}
const metadata: readonly Column[] = [
  { name: 'camera', type: 'text', values: ['left', '', 'right'] },
  { name: 'age', type: 'number', values: Float64Array.of(3, Number.NaN, 4.5) },
]

const read = (bytes: Uint8Array) => parquetReadObjects({ file: new Uint8Array(bytes).buffer })

describe('rows.parquet', () => {
  test('holds every row as a notebook reads it, missing numbers as null', async () => {
    const objects = await read(encodeRows(rows, metadata))
    expect(objects).toEqual([
      {
        id: 'a',
        label: 'cat',
        source_row: 0,
        correct: false,
        correct_in_baseline: true,
        nearest_label_in_baseline: 'cat',
        neighbor_overlap: 0.5,
        nearest_id: 'ü "quoted", x',
        nearest_label: 'dog',
        nearest_distance: 0.1,
        neighbor_margin: 0.2,
        prediction_margin: 0.25,
        class_margin: -0.2,
        first_match_rank: 2,
        silhouette: -0.5,
        outlier: false,
        suggested_label: null,
        x: 1.5,
        y: 0.5,
        tsne_x: 3,
        tsne_y: 1,
        image: 'https://example.org/a.png',
        neighbors: ['ü "quoted", x', '日本'],
        neighbor_distances: [0.1, 0.30000000000000004],
        meta_camera: 'left',
        meta_age: 3,
      },
      {
        id: 'ü "quoted", x',
        label: 'dog',
        source_row: 1,
        correct: false,
        correct_in_baseline: false,
        nearest_label_in_baseline: 'cat',
        neighbor_overlap: 0,
        nearest_id: 'a',
        nearest_label: 'cat',
        nearest_distance: 0.1,
        neighbor_margin: 1 / 3 - 0.1,
        prediction_margin: null,
        class_margin: null,
        first_match_rank: null,
        silhouette: 0,
        outlier: true,
        suggested_label: 'cat',
        x: -2.25,
        y: null,
        tsne_x: null,
        tsne_y: null,
        image: null,
        neighbors: ['a', '日本'],
        neighbor_distances: [0.1, 1 / 3],
        meta_camera: '',
        meta_age: null,
      },
      {
        id: '日本',
        label: 'cat',
        source_row: 4,
        correct: true,
        correct_in_baseline: null,
        nearest_label_in_baseline: null,
        neighbor_overlap: null,
        nearest_id: 'ü "quoted", x',
        nearest_label: 'dog',
        nearest_distance: 1 / 3,
        neighbor_margin: null,
        prediction_margin: null,
        class_margin: 1e-300,
        first_match_rank: 1,
        silhouette: 0.75,
        outlier: false,
        suggested_label: null,
        x: 0,
        y: -1,
        tsne_x: 0.5,
        tsne_y: 0,
        image: null,
        neighbors: ['ü "quoted", x'],
        neighbor_distances: [1 / 3],
        meta_camera: 'right',
        meta_age: 4.5,
      },
    ])
  })

  test('names its schema, and is the same for the same rows', () => {
    const bytes = encodeRows(rows, metadata)
    const { key_value_metadata } = parquetMetadata(new Uint8Array(bytes).buffer)
    expect(key_value_metadata).toContainEqual({ key: 'schema', value: 'nearmiss.rows/1' })
    expect(encodeRows(rows, metadata)).toEqual(bytes)
  })

  test('has the columns of a comparison and of pictures even where a run has neither', async () => {
    const [first] = await read(
      encodeRows(
        {
          ...rows,
          correctInBaseline: null,
          nearestInBaseline: null,
          neighborOverlap: null,
          image: null,
        },
        [],
      ),
    )
    expect(first).toMatchObject({
      correct_in_baseline: null,
      nearest_label_in_baseline: null,
      neighbor_overlap: null,
      image: null,
    })
  })

  test('gives a later run what it compares with', async () => {
    const read = await decodeRows(encodeRows(rows, metadata), {
      columns: COMPARED_COLUMNS,
      metadata: () => [],
    })
    const { id, label, sourceRow, correct, neighborCount, neighbors, classMargin, x, y, maps } =
      rows
    const wanted = { id, label, sourceRow, correct, neighborCount, neighbors, classMargin, x, y }
    expect(read.rows).toMatchObject({ ...wanted, maps })
    expect(read.metadata).toEqual([])
  })

  test('gives the metadata columns that are asked for', async () => {
    const bytes = encodeRows(rows, metadata)
    expect((await decodeRows(bytes)).metadata).toEqual(metadata)
    const chosen = (names: readonly string[]) => [...names.filter((name) => name === 'age'), 'lens']
    expect((await decodeRows(bytes, { metadata: chosen })).metadata).toEqual([metadata[1]])
  })

  test('keeps 25,000 rows in order', async () => {
    const count = 25_000
    const many: Rows = {
      id: Array.from({ length: count }, (_, row) => `row-${row}`),
      label: Array.from({ length: count }, (_, row) => `class-${row % 7}`),
      sourceRow: Int32Array.from({ length: count }, (_, row) => row),
      neighborCount: 1,
      neighbors: Int32Array.from({ length: count }, (_, row) => (row + 1) % count),
      distances: Float64Array.from({ length: count }, (_, row) => row / 3),
      correct: Uint8Array.from({ length: count }, (_, row) => (row % 7 === 6 ? 0 : 1)),
      neighborMargin: new Float64Array(count).fill(Number.NaN),
      predictionMargin: new Float64Array(count),
      classMargin: Float64Array.from({ length: count }, (_, row) => -row),
      firstMatchRank: new Int32Array(count),
      silhouette: new Float64Array(count),
      outlier: new Uint8Array(count),
      x: Float32Array.from({ length: count }, (_, row) => row),
      y: new Float32Array(count),
      maps: [],
      correctInBaseline: null,
      image: null,
    }
    const { rows: published } = await decodeRows(encodeRows(many, []))
    expect(published.id).toEqual(many.id)
    expect(published.correct).toEqual(many.correct)
    expect(published.classMargin).toEqual(many.classMargin)
    expect(published.x).toEqual(many.x)
    expect(published.neighbors).toEqual(many.neighbors)
  })

  test('that is cut short, foreign or no Parquet at all is refused with what to do', async () => {
    const bytes = encodeRows(rows, [])
    const foreign = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: 'id', data: ['a'], type: 'STRING' }] }),
    )
    for (const bad of [bytes.subarray(0, bytes.length - 9), foreign, new Uint8Array(0)]) {
      await expect(decodeRows(bad, { source: 'digits/runs/1/rows.parquet' })).rejects.toMatchObject(
        {
          code: 'unreadable-object',
          message: expect.stringContaining('digits/runs/1/rows.parquet'),
          hint: expect.stringContaining('another run'),
        },
      )
    }
  })
})
