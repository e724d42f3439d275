/** NumPy arrays against the values that NumPy itself has for them. */

import { describe, expect, test } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import type { Part } from '../../../lib/formats/format.ts'
import { readNpyMembers } from '../../../lib/formats/npy-header.ts'
import { npyColumn, npyVectors } from '../../../lib/formats/npy-values.ts'
import { readNpyHeader } from '../../npy-header.ts'
import expected from './fixtures/expected.json' with { type: 'json' }
import { columnOf, columns, fixture, plain, problem, readFixture, rowsOf } from './read-fixture.ts'

describe('vectors', () => {
  test.each(Object.entries(expected.vectors))('%s are what NumPy holds', async (name, values) => {
    const table = await readFixture(`${name}.npy`)
    expect(rowsOf(table)).toEqual(values)
    expect(table.rows).toBe(values.length)
    const isWide = name.startsWith('float64')
    expect(table.vectors!.values).toBeInstanceOf(isWide ? Float64Array : Float32Array)
  })

  test('an unaligned buffer gives the same values', async () => {
    const bytes = await fixture('float32.npy')
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    const { readTable } = await import('../../read-table.ts')
    const { vectorOptions } = await import('./read-fixture.ts')
    const table = await readTable({ name: 'a.npy', bytes: shifted.subarray(1) }, vectorOptions)
    expect(rowsOf(table)).toEqual(expected.vectors.float32)
  })
})

describe('columns', () => {
  test.each(Object.entries(expected.columns))('%s is what NumPy holds', async (name, values) => {
    const bytes = await fixture(`${name}.npy`)
    const header = readNpyHeader(bytes, bytes.length, name)
    const column = npyColumn('c', bytes, header, false, name)
    const actual = column.type === 'number' ? Array.from(column.values, plain) : column.values
    expect(actual).toEqual(values)
  })

  test('integer labels are written as plain integers', async () => {
    const table = await readFixture('int64.npy', { part: 'labels' })
    expect(table.columns).toEqual([
      {
        name: 'label',
        type: 'text',
        values: ['-9007199254740991', '-1', '0', '7', '9007199254740991'],
      },
    ])
  })

  test('a missing float label is empty', async () => {
    const table = await readFixture('float-column.npy', { part: 'labels' })
    expect(table.columns[0]!.values).toEqual(['0.5', '', '-2.25'])
  })
})

describe('a long header', () => {
  /** Version 2, padded to so many bytes. */
  const withHeader = (byteLength: number) => {
    const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }"
    const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 0, 0, 0, 0])
    start.writeUInt32LE(byteLength, 8)
    return Buffer.concat([start, Buffer.from(`${text.padEnd(byteLength - 1)}\n`, 'latin1')])
  }

  test('is read up to 65,536 bytes', () => {
    const most = withHeader(65_536)
    expect(readNpyHeader(most, most.length, 'a.npy').shape).toEqual([0])
    const more = withHeader(65_537)
    expect(() => readNpyHeader(more, more.length, 'a.npy')).toThrow('65537 bytes; at most 65536')
  })
})

describe('what is refused', () => {
  test.each([
    ['object.npy', 'npy-object', /holds Python objects, one vector each/],
    ['object-matrix.npy', 'npy-object', /\(5, 3\) holds Python objects; only/],
    ['objects-table.npy', 'npy-object', /x \(2,\) holds Python objects/],
    ['datetime.npy', 'vectors-shape', /shape \(1,\)/],
    ['structured.npy', 'embeddings-missing', /0 of the 2 columns/],
    ['complex.npy', 'npy-type', /<c16", complex numbers/],
    ['longdouble.npy', 'npy-type', /<f16", long doubles/],
    ['float8-e4m3.npy', 'npy-type', /<V1", numbers of one byte.*float8/],
    ['float8-e5m2.npy', 'npy-type', /<f1", numbers of one byte.*float8/],
    ['void.npy', 'npy-type', /V5", items of 5 bytes without a type/],
    ['flat.npy', 'vectors-shape', /1 axis, shape \(15,\)/],
    ['unicode.npy', 'vectors-shape', /shape \(5,\)/],
    ['no-dimensions.npy', 'no-dimensions', /5 rows of 0 dimensions/],
  ])('%s as embeddings', async (name, code, message) => {
    const found = await problem(readFixture(name))
    expect(found).toEqual({ code, message: expect.stringMatching(message), where: name })
  })

  test('metadata without names', async () => {
    expect(await problem(readFixture('int64.npy', { part: 'metadata' }))).toMatchObject({
      code: 'npy-unnamed',
    })
  })

  const hintOf = async (name: string, part: Part) => {
    const error = await readFixture(name, { part }).catch((reason: InputError) => reason)
    return (error as InputError).hint
  }

  test.each<[string, Part, string]>([
    ['object.npy', 'labels', 'np.array(label, dtype=str)'],
    ['object.npy', 'vectors', 'np.save("object.npy", np.stack(d))'],
    ['object-matrix.npy', 'vectors', 'np.save("object-matrix.npy", d.astype("float32"))'],
    ['complex.npy', 'vectors', 'np.concatenate([embeddings.real, embeddings.imag], axis=1)'],
    ['longdouble.npy', 'vectors', 'embeddings.astype("float64")'],
    ['float8-e4m3.npy', 'vectors', 'embeddings.astype("float32")'],
  ])('%s as %s says how to save it', async (name, part, line) => {
    expect(await hintOf(name, part)).toContain(line)
  })

  test('vectors that are objects are saved with the other arrays, and that is read', async () => {
    const line =
      'np.savez("embeddings.npz", **{"embeddings": np.stack(d["embeddings"]), "labels": np.array(d["labels"], dtype=str), "camera": d["camera"]})'
    expect(await hintOf('object-embeddings.npz', 'vectors')).toContain(line)
    const saved = await readFixture('object-embeddings-saved.npz')
    expect(rowsOf(saved)).toEqual(expected.npz.embeddings)
    expect(columnOf(saved, 'labels').values).toEqual(expected.npz.labels)
  })
})

describe('bfloat16', () => {
  test('is told, since the file calls it two bytes without a name', async () => {
    const { warnings, seen } = await readFixture('bfloat16.npy')
    expect(warnings.map(({ code }) => code)).toEqual(['type-chosen'])
    expect(seen![0]!.fields[0]).toMatchObject({ type: 'bfloat16', use: 'vectors' })
  })
})

describe('a structured array', () => {
  test.each(['embedding', 'half'] as const)('has vectors in its column %s', async (name) => {
    const table = await readFixture('table.npy', { columns: { ...columns, embeddings: name } })
    expect(rowsOf(table)).toEqual(expected.table[name])
    for (const [column, values] of Object.entries(expected.table.columns)) {
      expect([...columnOf(table, column).values].map(text), column).toEqual(values.map(text))
    }
  })

  test('leaves out what is no column, and says why', async () => {
    const { warnings } = await readFixture('table.npy')
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('The column half is left out: it holds vectors'),
      expect.stringContaining('The column grid is left out: its shape is (4, 2, 2)'),
      expect.stringContaining('The column pair is left out: The array\'s type is "<c8"'),
    ])
  })

  test('is metadata, since its columns have names', async () => {
    const table = await readFixture('structured.npy', { part: 'metadata' })
    expect(table.columns.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  const described = (descr: string, data: number, shape = '(2,)') => {
    const dictionary = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`
    const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 0, 0])
    head.writeUInt16LE(dictionary.length, 8)
    return Buffer.concat([head, Buffer.from(dictionary, 'latin1'), Buffer.alloc(data)])
  }
  const members = (bytes: Uint8Array) => readNpyMembers(bytes, bytes.length, 'a.npy')

  test('has to have all bytes of its rows', () => {
    const descr = "[('a', '<f4'), ('b', '|i1', (3,))]"
    expect(members(described(descr, 14)).map(({ shape }) => shape)).toEqual([[2], [2, 3]])
    expect(() => members(described(descr, 13))).toThrow('7 bytes a row, needs 14 bytes, and 13')
    expect(() => members(described(descr, 15))).toThrow('needs 14 bytes, and 15')
  })

  test.each([
    ['rows of no bytes', "[('a', '<f4', (0,))]", /rows have 0 bytes/],
    ['rows past any memory', "[('a', '<f4', (99999, 99999))]", /rows have 39999200004 bytes/],
    ['columns without a type', "[('a',)]", /described otherwise/],
    ['no columns', '[]', /described otherwise/],
    ['a column of a table each', "[('a', [('b', '<f4')], (3,))]", /described otherwise/],
    ['brackets without an end', '['.repeat(5000), /no readable descr/],
  ])('of %s is refused', (_, descr, message) => {
    expect(() => members(described(descr, 8))).toThrow(message)
  })

  test('of two axes says how to save it', () => {
    expect(() => members(described("[('a', '<f4')]", 8, '(2, 1)'))).toThrow('a table has one axis')
  })
})

/** Numbers and texts as JSON has them: NaN is a word. */
function text(value: unknown): string {
  return typeof value === 'number' ? String(plain(value)) : String(value)
}

describe('damaged headers', () => {
  const header = (dictionary: string, data = 0, version = 1): Buffer => {
    const text = Buffer.from(`${dictionary}\n`, 'latin1')
    const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0, 0, 0])
    head.writeUInt16LE(text.length, 8)
    return Buffer.concat([head, text, Buffer.alloc(data)])
  }
  const float = (shape: string) => `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`
  const read = (bytes: Uint8Array) => () => readNpyHeader(bytes, bytes.length, 'a.npy')

  test('a well-formed one is read', () => {
    expect(read(header(float('(2, 3)'), 24))().shape).toEqual([2, 3])
    expect(read(header(float('()'), 4))().shape).toEqual([])
  })

  test.each([
    ['no magic', Buffer.from('hello, world'), /does not start with/],
    ['magic alone', Buffer.from([0x93, ...Buffer.from('NUMPY')]), /ends after 6 bytes/],
    ['an unknown version', header(float('(1,)'), 4, 9), /version is 9/],
    ['a cut header', header(float('(1,)')).subarray(0, 20), /and 10 follow/],
    ['no descr', header("{'fortran_order': False, 'shape': (1,), }"), /no readable descr/],
    ['no order', header("{'descr': '<f4', 'shape': (1,), }"), /no readable fortran_order/],
    ['no shape', header("{'descr': '<f4', 'fortran_order': False}"), /no readable shape/],
    ['a negative size', header(float('(-1,)'), 4), /no readable shape/],
    ['a size past any array', header(float('(99999999999999999999,)'), 4), /shape is not one/],
    ['an unknown type', header(float('(1,)').replace('<f4', '<f3'), 3), /"<f3"/],
    ['items of no bytes', header(float('(9999999999,)').replace('<f4', '<U0')), /"<U0"/],
    ['too few values', header(float('(2, 3)'), 23), /needs 24 bytes, and 23 are there/],
    ['too many values', header(float('(2, 3)'), 25), /needs 24 bytes, and 25 are there/],
    // The product is 2^66, which a 64-bit integer would wrap to 4 bytes less than it needs.
    [
      'a product that overflows',
      header(float('(4294967296, 4294967296)'), 0),
      /73786976294838206464/,
    ],
  ])('%s', (_, bytes, message) => {
    expect(read(bytes)).toThrow(InputError)
    expect(read(bytes)).toThrow(message)
  })

  test('text that is no character', () => {
    const bytes = header("{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }", 4)
    bytes.writeUInt32LE(0xd800, bytes.length - 4)
    expect(() => npyColumn('c', bytes, read(bytes)(), true, 'a.npy')).toThrow('0xd800')
    bytes.writeUInt32LE(0xffffffff, bytes.length - 4)
    expect(() => npyColumn('c', bytes, read(bytes)(), true, 'a.npy')).toThrow('0xffffffff')
  })

  test('bytes that are not UTF-8', () => {
    const bytes = header("{'descr': '|S2', 'fortran_order': False, 'shape': (1,), }", 2)
    bytes.set([0xff, 0xfe], bytes.length - 2)
    expect(() => npyColumn('c', bytes, read(bytes)(), true, 'a.npy')).toThrow('not UTF-8')
  })
})

test('values that no four bytes are aligned with are read, in memory that other files share', () => {
  const pool = Buffer.alloc(64, 0xff)
  const bytes = pool.subarray(10, 10 + 3 + 16)
  const header = {
    type: { kind: 'f', byteLength: 4, littleEndian: true, descr: '<f4' },
    shape: [2, 2],
    fortranOrder: false,
    dataOffset: 3,
  } as const
  for (const [at, value] of [1, 2, 3, 4].entries()) bytes.writeFloatLE(value, 3 + at * 4)
  expect([...npyVectors(bytes, header, 'x.npy').values]).toEqual([1, 2, 3, 4])
})
