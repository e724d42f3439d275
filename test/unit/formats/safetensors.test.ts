/** safetensors against the values that were saved, and headers that lie. */

import { describe, expect, it, test } from 'vitest'
import { fileInMemory } from '../../../lib/core/file-source.ts'
import { openSafetensors } from '../../../lib/formats/safetensors.ts'
import { readTable } from '../../read-table.ts'
import expected from './fixtures/safetensors.json' with { type: 'json' }
import {
  columnOf,
  columns,
  fixture,
  problem,
  readFixture,
  rowsOf,
  vectorOptions,
} from './read-fixture.ts'

describe('tensors that safetensors wrote', () => {
  it.each(Object.entries(expected.vectors))(
    '%s are those that were saved',
    async (name, values) => {
      const table = await readFixture('all-types.safetensors', {
        columns: { ...columns, embeddings: name },
      })
      expect(rowsOf(table)).toEqual(values)
      expect(table.vectors!.values).toBeInstanceOf(name === 'F64' ? Float64Array : Float32Array)
    },
  )

  it.each(Object.entries(expected.columns))('%s as labels are as saved', async (name, values) => {
    const table = await readFixture('all-types.safetensors', {
      columns: { ...columns, embeddings: 'F32', label: name },
    })
    expect(columnOf(table, name).values).toEqual(values)
    expect(columnOf(table, '__proto__').values).toHaveLength(4)
  })

  it('are vectors and labels by their usual names', async () => {
    const table = await readFixture('usual.safetensors')
    expect(rowsOf(table)).toEqual(expected.vectors.F32)
    expect(columnOf(table, 'labels').values).toEqual(['3', '1', '3', '1'])
  })

  it('of eight bits are named with what to do', async () => {
    const error = await problem(readFixture('float8.safetensors'))
    expect(error).toMatchObject({ code: 'safetensors-type' })
    expect(error.message).toContain('F8_E4M3')
  })
})

test('of a file only its header and what was chosen are fetched', async () => {
  const file = fileInMemory({
    name: 'a.safetensors',
    bytes: await fixture('all-types.safetensors'),
  })
  let fetched = 0
  const counted = {
    ...file,
    bytes: () => Promise.reject(new Error('read as a whole')),
    slice: (start: number, end: number) => {
      fetched += end - start
      return file.slice(start, end)
    },
  }
  const contents = await openSafetensors(counted, {
    part: 'vectors',
    columns,
    maxInflatedByteLength: 0,
  })
  const header = fetched
  await contents.read({
    matrices: [[contents.fields.findIndex(({ name }) => name === 'F16')]],
    columns: [],
  })
  expect(fetched - header).toBe(4 * 3 * 2)
})

/** A file with such a header, and so many bytes after it. */
function safetensors(header: unknown, byteLength: number): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, Buffer.alloc(byteLength)])
}

const tensor = (start: number, end: number, shape: readonly number[], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [start, end],
})

describe('a file is refused', () => {
  it.each<[what: string, bytes: Uint8Array, told: string]>([
    ['without a header', Buffer.from([1, 0, 0]), 'it has 3 bytes'],
    [
      'whose header would be longer than it',
      Buffer.concat([Buffer.alloc(8, 0xff), Buffer.from('{"')]),
      'its header claims 18446744073709551615 bytes, and 2 follow',
    ],
    ['whose header is no JSON', safetensors('{"a":', 0), 'not JSON'],
    ['whose header is a list', safetensors('[{"a":1}]', 0), 'not a JSON object'],
    ['that says nothing of a tensor', safetensors({ a: 1 }, 0), 'says nothing of the tensor "a"'],
    ['without offsets', safetensors({ a: { dtype: 'F32', shape: [1] } }, 4), 'lacks a dtype'],
    [
      'with three offsets',
      safetensors({ a: { ...tensor(0, 4, [1]), data_offsets: [0, 4, 4] } }, 4),
      'lies from',
    ],
    ['with offsets turned round', safetensors({ a: tensor(4, 0, [1]) }, 4), 'from byte 4 to 0'],
    ['with a negative size', safetensors({ a: tensor(0, 4, [-1, -1]) }, 4), 'lacks a dtype'],
    [
      'whose shape needs more',
      safetensors({ a: tensor(0, 4, [2, 1]) }, 4),
      'needs 8 bytes and has 4',
    ],
    [
      'that claims 10^12 rows',
      safetensors({ a: tensor(0, 4, [1e12, 8]) }, 4),
      'needs 32000000000000 bytes',
    ],
    [
      'whose tensors overlap',
      safetensors({ a: tensor(0, 8, [2]), b: tensor(4, 12, [2]) }, 12),
      '"b" starts at byte',
    ],
    [
      'with a gap',
      safetensors({ a: tensor(0, 4, [1]), b: tensor(8, 12, [1]) }, 12),
      '"b" starts at byte',
    ],
    ['that is cut short', safetensors({ a: tensor(0, 8, [2]) }, 7), 'its tensors end at byte'],
    ['with bytes at its end', safetensors({ a: tensor(0, 8, [2]) }, 9), 'its tensors end at byte'],
  ])('%s', async (_, bytes, told) => {
    const error = await problem(readTable({ name: 'a.safetensors', bytes }, vectorOptions))
    expect(error).toMatchObject({ code: 'safetensors-damaged', where: 'a.safetensors' })
    expect(error.message).toContain(told)
  })

  it('with more tensors than are listed in a message', async () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, tensor(0, 0, [0, 2])]))
    const error = await problem(
      readTable({ name: 'a.safetensors', bytes: safetensors(many(10_001), 0) }, vectorOptions),
    )
    expect(error.message).toContain('10001 tensors; at most 10000')
    const listed = await problem(
      readTable({ name: 'a.safetensors', bytes: safetensors(many(10_000), 0) }, vectorOptions),
    )
    expect(listed.code).toBe('embeddings-ambiguous')
    expect(listed.message.length).toBeLessThan(600)
  })

  it('without a tensor', async () => {
    const bytes = safetensors({ __metadata__: { a: 'b' } }, 0)
    const error = await problem(readTable({ name: 'a.safetensors', bytes }, vectorOptions))
    expect(error.code).toBe('safetensors-empty')
  })
})
