/** Arrow that is read batch by batch: what travels, dictionaries that change on the way, and headers that lie. */

import { readFile } from 'node:fs/promises'
import {
  binary,
  columnFromArray,
  dictionary,
  fixedSizeList,
  float32,
  int32,
  tableFromColumns,
  tableToIPC,
  utf8,
} from '@uwdata/flechette'
import { describe, expect, it } from 'vitest'
import { type FileSource, fileInMemory } from '../../../lib/core/file-source.ts'
import { openFile, readTable } from '../../../lib/formats/registry.ts'
import { columnOf, rowsOf, vectorOptions } from './read-fixture.ts'

const ROWS = 3000
const BLOB = 400
const VECTORS = Array.from({ length: ROWS }, (_, row) => [row, row / 2, -row, 1])
const LABELS = VECTORS.map((_, row) => `class ${row % 7}`)

function written(format: 'file' | 'stream', rows = ROWS): Uint8Array {
  const vectors = VECTORS.slice(0, rows)
  const table = tableFromColumns([
    ['label', columnFromArray(LABELS.slice(0, rows), utf8())],
    [
      'blob',
      columnFromArray(
        vectors.map(() => new Uint8Array(BLOB).fill(7)),
        binary(),
      ),
    ],
    ['embedding', columnFromArray(vectors, fixedSizeList(float32(), 4))],
  ])
  return tableToIPC(table, { format })!
}

/** A file that counts what is read of it, and never gives the whole. */
function counting(bytes: Uint8Array): FileSource & { readonly travelled: () => number } {
  const file = fileInMemory({ name: 'embeddings.arrow', bytes })
  let travelled = 0
  return {
    ...file,
    slice: (start, end) => {
      travelled += end - start
      return file.slice(start, end)
    },
    bytes: () => Promise.reject(new Error('the whole file is read')),
    travelled: () => travelled,
  }
}

/** Several messages as one stream: of each all but its end, and its schema but once. */
function joined(streams: readonly Uint8Array[]): Uint8Array {
  const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset)
  const bodies = streams.map((bytes, at) =>
    bytes.subarray(at === 0 ? 0 : 8 + view(bytes).getInt32(4, true), bytes.length - 8),
  )
  return Uint8Array.from(Buffer.concat([...bodies, Buffer.from('ffffffff00000000', 'hex')]))
}

describe('of the file only the columns that are needed are read', () => {
  it.each(['file', 'stream'] as const)('%s', async (format) => {
    const file = counting(written(format))
    const table = await readTable(file, vectorOptions)
    expect(rowsOf(table)).toEqual(VECTORS)
    expect(columnOf(table, 'label').values).toEqual(LABELS)
    expect(table.warnings.map(({ message }) => message).join()).toContain('bytes that are no text')
    // The window of the headers is a quarter of a mebibyte.
    expect(file.travelled()).toBeLessThan(file.byteLength - ROWS * BLOB + 3 * 2 ** 18)
    expect(table.vectors!.values.buffer).toBeInstanceOf(SharedArrayBuffer)
  })
})

it('a stream of several batches, whose dictionary is another one on the way', async () => {
  const part = (classes: readonly string[], from: number) =>
    tableToIPC(
      tableFromColumns([
        ['label', columnFromArray([...classes], dictionary(utf8(), int32(), false, 1))],
        [
          'embedding',
          columnFromArray(
            classes.map((_, row) => [from + row, 1]),
            fixedSizeList(float32(), 2),
          ),
        ],
      ]),
      { format: 'stream' },
    )!
  const bytes = joined([part(['cat', 'dog', 'cat'], 0), part(['frog', 'newt'], 3)])
  const table = await readTable(fileInMemory({ name: 'a.arrow', bytes }), vectorOptions)
  expect(columnOf(table, 'label').values).toEqual(['cat', 'dog', 'cat', 'frog', 'newt'])
  expect(rowsOf(table).map(([first]) => first)).toEqual([0, 1, 2, 3, 4])
})

it('a batch of fewer rows than its columns have is refused, as is one of more', async () => {
  const bytes = Uint8Array.from(written('stream', 40))
  const options = { ...vectorOptions, maxInflatedByteLength: 2 ** 20 }
  const place = Buffer.from(bytes).indexOf(Buffer.from(BigInt64Array.of(40n).buffer))
  for (const rows of [39n, 41n, 2n ** 40n]) {
    new DataView(bytes.buffer).setBigInt64(place, rows, true)
    const reading = readTable(fileInMemory({ name: 'a.arrow', bytes }), options)
    await expect(reading, String(rows)).rejects.toMatchObject({ code: 'arrow-damaged' })
  }
})

it('tells of every column which type it has', async () => {
  const file = new URL('../../oracles/tool-files/pyarrow/kinds.feather', import.meta.url)
  const bytes = await readFile(file)
  const { contents } = await openFile(fileInMemory({ name: 'a.feather', bytes }), vectorOptions)
  const types = Object.fromEntries(
    contents.fields.map(({ name, kind, type }) => [name, [kind, type]]),
  )
  expect(types).toMatchObject({
    clock: ['time', 'time'],
    local: ['time', 'timestamp'],
    span: ['number', 'duration[ms]'],
    thumbnail: ['text', 'binary'],
    key: ['text', 'uuid'],
  })
})
