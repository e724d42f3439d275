/** Zips of NumPy arrays: which array plays which part, and zips that lie. */

import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { readTable } from '../../read-table.ts'
import expected from './fixtures/expected.json' with { type: 'json' }
import {
  columnOf,
  columns,
  fixture,
  problem,
  readFixture,
  rowsOf,
  vectorOptions,
} from './read-fixture.ts'

test.each(['stored.npz', 'compressed.npz'])('%s holds what NumPy saved', async (name) => {
  const table = await readFixture(name)
  expect(rowsOf(table)).toEqual(expected.npz.embeddings)
  expect(columnOf(table, 'labels').values).toEqual(expected.npz.labels)
  expect(columnOf(table, 'ids').values).toEqual(expected.npz.ids)
  expect(columnOf(table, 'camera')).toMatchObject({ type: 'number' })
  expect([...columnOf(table, 'camera').values]).toEqual(expected.npz.camera)
  expect(table.warnings).toEqual([])
})

test('without the name, the only two-dimensional float array is the embeddings', async () => {
  const table = await readFixture('other-name.npz')
  expect(rowsOf(table)).toEqual(expected.npz.embeddings)
  expect(columnOf(table, 'labels')).toMatchObject({
    type: 'text',
    values: ['0', '1', '2', '3', '4'],
  })
  expect(columnOf(table, 'targets').type).toBe('number')
})

test('labels of several columns are handed on as they are', async () => {
  const table = await readFixture('one-hot.npz')
  expect(table.labelMatrix).toMatchObject({ name: 'labels', values: { rows: 5, dimensions: 5 } })
  expect(table.columns.map(({ name }) => name)).not.toContain('labels')
})

test('a two-dimensional array of integers is no rival to one of floats', async () => {
  expect(rowsOf(await readFixture('integers-beside.npz'))).toEqual(expected.npz.embeddings)
})

test('the manifest can name the embeddings', async () => {
  const table = await readFixture('ambiguous.npz', { columns: { ...columns, embeddings: 'right' } })
  expect(rowsOf(table)).toEqual(expected.npz.embeddings)
})

test('arrays that are no column are left out with a warning', async () => {
  const table = await readFixture('strangers.npz')
  expect(table.columns.map(({ name }) => name)).toEqual(['labels'])
  expect(table.warnings.map(({ message }) => message)).toEqual([
    'The array image is left out: its shape is (5, 2, 2) where a column has (5,)',
    'The array step is left out: its shape is () where a column has (5,)',
    'The array mean is left out: its shape is (3,) where a column has (5,)',
  ])
})

test('a pickled array that nothing needs is left out with a warning', async () => {
  const table = await readFixture('object-extra.npz')
  expect(table.warnings).toHaveLength(1)
  expect(table.warnings[0]!.message).toContain('Python objects')
})

test('as labels or metadata, only columns are read', async () => {
  const table = await readFixture('stored.npz', { part: 'metadata' })
  expect(table.vectors).toBeNull()
  expect(table.rows).toBe(5)
  expect(table.columns.map(({ name }) => name)).toEqual(['labels', 'ids', 'camera'])
  expect(table.warnings).toHaveLength(1)
})

describe('what is refused', () => {
  test.each([
    ['ambiguous.npz', 'embeddings-ambiguous', 'left (5, 3) <f4, right (5, 3) <f4', 'ambiguous.npz'],
    [
      'label-count.npz',
      'row-count',
      'labels has shape (4,), and embeddings has 5 rows',
      'label-count.npz, array labels',
    ],
    ['object-labels.npz', 'npy-object', 'never unpickles', 'object-labels.npz, array labels'],
    [
      'flat-embeddings.npz',
      'vectors-shape',
      '1 axis, shape (15,)',
      'flat-embeddings.npz, array embeddings',
    ],
    ['no-arrays.npz', 'npz-empty', '0 NumPy arrays (readme.txt)', 'no-arrays.npz'],
    [
      'liar.npz',
      'zip-damaged',
      'expected 4000000000. got only 188',
      'liar.npz, entry embeddings.npy',
    ],
    ['many-entries.npz', 'zip-damaged', '1001 entries; at most 1000', 'many-entries.npz'],
    [
      'liar-large.npz',
      'zip-damaged',
      'to 512000128 bytes, more than deflate can',
      'liar-large.npz, entry embeddings.npy',
    ],
  ])('%s', async (name, code, message, where) => {
    const found = await problem(readFixture(name))
    expect(found).toEqual({ code, message: expect.stringContaining(message), where })
  })

  test('a zip that unfolds to more than the limit, before it is unfolded', async () => {
    const found = await problem(readFixture('bomb.npz', { maxInflatedByteLength: 1_000_000 }))
    expect(found.code).toBe('zip-too-large')
    expect(found.message).toContain('64000128 bytes, and 1000000 of the 1000000')
  })

  test('arrays that are over the limit together', async () => {
    const found = await problem(readFixture('stored.npz', { maxInflatedByteLength: 300 }))
    expect(found).toMatchObject({ code: 'zip-too-large', where: expect.stringContaining('labels') })
  })

  test('a zip that was cut short', async () => {
    const bytes = (await fixture('stored.npz')).subarray(0, 700)
    const found = await problem(readTable({ name: 'cut.npz', bytes }, vectorOptions))
    expect(found).toMatchObject({ code: 'zip-damaged', where: 'cut.npz' })
  })

  test('a stored value that was changed, by its checksum', async () => {
    const bytes = Uint8Array.from(await fixture('stored.npz'))
    const at = Buffer.from(bytes).indexOf('NUMPY') + 140
    bytes[at] = bytes[at]! ^ 1
    const found = await problem(readTable({ name: 'flip.npz', bytes }, vectorOptions))
    expect(found.message).toMatch(/checksum is [0-9a-f]{8} where [0-9a-f]{8} was stored/)
  })
})

describe.each([
  ['digits', 899, 10],
  ['emoji', 1906, 98],
])('samples/%s', async (sample, rows, classes) => {
  const folder = new URL(`../../../samples/${sample}/`, import.meta.url)
  const runs = (await readdir(folder)).filter((name) => name.endsWith('.npz'))

  test('has three runs', () => expect(runs).toHaveLength(3))

  test.each(runs)('%s is read whole', async (name) => {
    const bytes = await readFile(new URL(name, folder))
    const table = await readTable({ name, bytes }, vectorOptions)
    expect(table.rows).toBe(rows)
    expect(table.vectors!.dimensions).toBe(Number(/\d+/.exec(name)![0]))
    expect(new Set(columnOf(table, 'labels').values as string[]).size).toBe(classes)
    expect(new Set(columnOf(table, 'ids').values as string[]).size).toBe(rows)
    // Rows are unit vectors, as the samples' readme says; the emoji's were rounded after that.
    const { values, dimensions } = table.vectors!
    const norms = Array.from({ length: rows }, (_, row) =>
      Math.hypot(...values.subarray(row * dimensions, (row + 1) * dimensions)),
    )
    expect(Math.max(...norms)).toBeCloseTo(1, 4)
    expect(Math.min(...norms)).toBeCloseTo(1, 4)
    expect(table.warnings).toEqual([])
  })

  test('metadata.csv has the same ids and labels, as text', async () => {
    const bytes = await readFile(new URL('metadata.csv', folder))
    const table = await readTable({ name: 'metadata.csv', bytes }, { part: 'metadata', columns })
    const vectors = await readTable(
      { name: runs[0]!, bytes: await readFile(new URL(runs[0]!, folder)) },
      vectorOptions,
    )
    expect(columnOf(table, 'id')).toEqual({ ...columnOf(vectors, 'ids'), name: 'id' })
    expect(columnOf(table, 'label')).toEqual({ ...columnOf(vectors, 'labels'), name: 'label' })
  })
})

test('emoji ids that look like numbers stay as written', async () => {
  const bytes = await readFile(new URL('../../../samples/emoji/metadata.csv', import.meta.url))
  const table = await readTable({ name: 'metadata.csv', bytes }, { part: 'metadata', columns })
  expect(columnOf(table, 'id').values).toEqual(expect.arrayContaining(['100', '1234', '+1', '-1']))
  expect(columnOf(table, 'added_in').type).toBe('number')
})

// Where the entries of nca-32.npz end, as Python's zipfile tells: 115264, 119048 and 155193 of 155384.
test.each([
  [5_000, 'entry embeddings.npy runs to byte 115264, and the file ends at byte 5000'],
  [119_000, 'entry labels.npy runs to byte 119048, and the file ends at byte 119000'],
  [
    155_300,
    'directory starts at byte 155193 and is not complete where the file ends, at byte 155300',
  ],
])('a file that was cut short at byte %i tells where both ends are', async (length, message) => {
  const whole = new Uint8Array(await readFile('samples/digits/nca-32.npz'))
  const cut = { name: 'cut.npz', bytes: whole.slice(0, length) }
  await expect(readTable(cut, vectorOptions)).rejects.toThrow(message)
})
