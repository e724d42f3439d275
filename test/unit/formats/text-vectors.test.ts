/** Vectors as texts in a Parquet or Arrow column: the first entries say it, each one is held to it. */

import {
  columnFromArray,
  fixedSizeList,
  float32,
  tableFromColumns,
  tableToIPC,
  utf8,
} from '@uwdata/flechette'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { fileInMemory } from '../../../lib/core/file-source.ts'
import { openFile, readTable } from '../../../lib/formats/registry.ts'
import { TextVectors } from '../../../lib/formats/text-vectors.ts'
import { columnOf, columns, problem, rowsOf, vectorOptions } from './read-fixture.ts'

type Texts = Readonly<Record<string, readonly (string | null)[]>>

/** A file of columns of texts, and one of lists where `lists` is given. */
function written(end: string, texts: Texts, lists?: readonly (readonly number[])[]) {
  const name = `embeddings.${end}`
  if (end === 'parquet') {
    const columnData = Object.entries(texts).map(([one, data]) => ({
      name: one,
      data: [...data],
      type: 'STRING' as const,
    }))
    return fileInMemory({ name, bytes: new Uint8Array(parquetWriteBuffer({ columnData })) })
  }
  const table = tableFromColumns([
    ...Object.entries(texts).map(
      ([one, data]) => [one, columnFromArray([...data], utf8())] as [string, never],
    ),
    ...(lists === undefined
      ? []
      : [['vectors', columnFromArray([...lists], fixedSizeList(float32(), 2))] as [string, never]]),
  ])
  return fileInMemory({ name, bytes: tableToIPC(table, { format: 'file' })! })
}

const LABELS = ['a', 'b', 'a', 'b']

describe.each(['parquet', 'arrow'])('%s', (end) => {
  it.each([
    ['JSON', ['[0.5, -1]', '[2,3]', '[1e-3, 4]', '[7, 8]']],
    ['NumPy', ['[ 0.5 -1. ]', '[2. 3.]', '[1.e-03 4.e+00]', '[7 8]']],
    ['PostgreSQL', ['{0.5,-1}', '{2,3}', '{0.001,4}', '{7,8}']],
  ])('reads what %s writes', async (_, vectors) => {
    const table = await readTable(written(end, { vec: vectors, label: LABELS }), vectorOptions)
    expect(rowsOf(table)).toEqual([
      [0.5, -1],
      [2, 3],
      [0.001, 4],
      [7, 8],
    ])
    expect(columnOf(table, 'label').values).toEqual(LABELS)
  })

  it('takes them for the vectors under any name where the file has no lists', async () => {
    const file = written(end, { sbert: ['[1, 2]', '[3, 4]'], label: ['a', 'b'] })
    expect(rowsOf(await readTable(file, vectorOptions))).toEqual([
      [1, 2],
      [3, 4],
    ])
  })

  it('sets rows without a vector aside, at the beginning too', async () => {
    const file = written(end, { vec: [null, '[1, 2]', ' ', '[3, 4]'], label: LABELS })
    expect(rowsOf(await readTable(file, vectorOptions))).toEqual([
      ['nan', 'nan'],
      [1, 2],
      ['nan', 'nan'],
      [3, 4],
    ])
  })

  it.each([
    [['[1, 2]', '[3, 4]', '[5]', '[7, 8]'], 'vectors-ragged', 'row 2'],
    [['[1, 2]', '[3, ..., 4]', '[5, 6]', '[7, 8]'], 'vectors-elided', 'column vec'],
    [['[0,5; 0,25]', '[1,5; 2,5]'], 'vectors-decimal-commas', 'column vec'],
    [['[1, 2, ..., 3]', '[1, 2, ..., 4]', '[5, 6]', '[7, 8]'], 'vectors-elided', 'column vec'],
  ])('refuses %j', async (vec, code, where) => {
    const found = await problem(
      readTable(written(end, { vec, label: LABELS.slice(0, vec.length) }), vectorOptions),
    )
    expect(found.code).toBe(code)
    expect(found.where).toContain(where)
  })

  it('refuses an entry past the first hundred that is no vector', async () => {
    const vec = Array.from({ length: 120 }, (_, row) => (row === 110 ? 'none' : `[${row}, 1, 2]`))
    const found = await problem(readTable(written(end, { vec }), vectorOptions))
    expect(found).toMatchObject({ code: 'csv-number', where: expect.stringContaining('row 110') })
  })

  it('takes texts that are no vectors for none', async () => {
    const file = written(end, { vec: ['[1, 2]', 'none'], label: ['a', 'b'] })
    const { contents } = await openFile(file, vectorOptions)
    expect(contents.fields.map(({ kind }) => kind)).toEqual(['text', 'text'])
  })
})

it('looks into texts beside lists only where their name says that they could be the vectors', async () => {
  const texts = { embedding: ['[1, 2]', '[3, 4]'], note: ['[5, 6]', '[7, 8]'] }
  const lists = [
    [1, 1],
    [2, 2],
  ]
  const kindsOf = async (part: 'vectors' | 'metadata', embeddings: string) => {
    const options = { ...vectorOptions, part, columns: { ...columns, embeddings } }
    const { contents } = await openFile(written('arrow', texts, lists), options)
    return contents.fields.map(({ kind }) => kind)
  }
  expect(await kindsOf('vectors', 'embeddings')).toEqual(['vector', 'text', 'vector'])
  expect(await kindsOf('vectors', 'note')).toEqual(['vector', 'vector', 'vector'])
  expect(await kindsOf('metadata', 'embeddings')).toEqual(['text', 'text', 'vector'])
})

it('takes no memory for rows without a vector that the file could not have filled', () => {
  const fill = (missing: number) => () => {
    const texts = new TextVectors(50, 'a.parquet, column vec')
    texts.add(JSON.stringify(new Array(60_000).fill(1)))
    // 20 million entries are read in any case, and as many as are there.
    for (let row = 0; row < missing; row++) texts.add(null)
  }
  expect(fill(10)).not.toThrow()
  const many = () => {
    const texts = new TextVectors(1_000_000, 'a.parquet, column vec')
    texts.add(JSON.stringify(new Array(50).fill(1)))
    for (let row = 0; row < 999_999; row++) texts.add(null)
  }
  expect(many).toThrow('entries are missing in the column of the vectors')
})
