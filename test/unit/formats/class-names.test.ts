/** Numbers of Hugging Face's `ClassLabel`: read as names, and told; those without a name stay numbers. */

import { readFile } from 'node:fs/promises'
import {
  columnFromArray,
  fixedSizeList,
  float32,
  int64,
  tableFromColumns,
  tableToIPC,
} from '@uwdata/flechette'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import type { Table } from '../../../lib/core/table.ts'
import { classNamesOf } from '../../../lib/formats/class-names.ts'
import { readTable } from '../../read-table.ts'
import { columnOf, vectorOptions } from './read-fixture.ts'

const FEATURES = JSON.stringify({
  info: { features: { label: { _type: 'ClassLabel', names: ['cat', 'dog'] } } },
})

function parquet(labels: readonly (bigint | null)[], features = FEATURES): Promise<Table> {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'label', data: [...labels], type: 'INT64' },
        { name: 'embedding_0', data: labels.map((_, row) => row), type: 'FLOAT' },
        { name: 'embedding_1', data: labels.map(() => 1), type: 'FLOAT' },
      ],
      kvMetadata: [{ key: 'huggingface', value: features }],
    }),
  )
  return readTable({ name: 'train.parquet', bytes }, vectorOptions)
}

const told = ({ warnings }: Table) =>
  warnings.filter(({ code }) => code.startsWith('class-name')).map(({ code }) => code)

describe('labels of a Parquet file', () => {
  it('are read as names, and told', async () => {
    const table = await parquet([1n, 0n, null, -1n])
    expect(columnOf(table, 'label').values).toEqual(['dog', 'cat', '', '-1'])
    expect(told(table)).toEqual(['class-names'])
    const { message } = table.warnings.find(({ code }) => code === 'class-names')!
    expect(message).toContain('the 2 class names')
    expect(message).toContain('0 is cat, 1 is dog')
  })

  it('stay numbers past the names, and say so', async () => {
    const table = await parquet([1n, 2n, 0n, 7n, -2n])
    expect(columnOf(table, 'label').values).toEqual(['dog', '2', 'cat', '7', '-2'])
    expect(told(table)).toEqual(['class-names', 'class-nameless'])
    const { message } = table.warnings.find(({ code }) => code === 'class-nameless')!
    expect(message).toContain('3 entries of column label')
    expect(message).toContain('the first one 2')
    expect(message).toContain('names of 0 to 1')
  })

  it.each([
    'no JSON',
    'null',
    '{"info": 3}',
    '{"info": {"features": {"label": {"_type": "ClassLabel", "names": [1, 2]}}}}',
    '{"info": {"features": {"label": {"_type": "Value", "names": ["cat", "dog"]}}}}',
    '{"info": {"features": {"__proto__": {"_type": "ClassLabel", "names": ["cat", "dog"]}}}}',
  ])('stay numbers where nothing names them: %s', async (features) => {
    const table = await parquet([1n, 0n], features)
    expect(columnOf(table, 'label').values).toEqual(['1', '0'])
    expect(told(table)).toEqual([])
  })
})

it('names are those of the column alone', () => {
  expect([...classNamesOf(FEATURES)]).toEqual([['label', ['cat', 'dog']]])
  expect(classNamesOf(null).size + classNamesOf(undefined).size).toBe(0)
})

it('labels of an Arrow file are told too', async () => {
  const file = new URL('../../oracles/tool-files/hugging-face/save_to_disk.arrow', import.meta.url)
  const table = await readTable({ name: 'data.arrow', bytes: await readFile(file) }, vectorOptions)
  expect(told(table)).toEqual(['class-names'])
  const columns = tableFromColumns([
    ['label', columnFromArray([0n, 1n], int64())],
    [
      'embedding',
      columnFromArray(
        [
          [1, 2],
          [3, 4],
        ],
        fixedSizeList(float32(), 2),
      ),
    ],
  ])
  const plain = { name: 'plain.arrow', bytes: tableToIPC(columns, { format: 'file' })! }
  expect(told(await readTable(plain, vectorOptions))).toEqual([])
})
