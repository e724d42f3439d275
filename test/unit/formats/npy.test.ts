/** NumPy arrays against the values that NumPy itself has for them. */

import { describe, expect, test } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { readNpyHeader } from '../../../lib/formats/npy-header.ts'
import { npyColumn } from '../../../lib/formats/npy-values.ts'
import expected from './fixtures/expected.json' with { type: 'json' }
import { fixture, plain, problem, readFixture, rowsOf } from './read-fixture.ts'

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
    ['object.npy', 'npy-object', /Python objects \(\|O\)/],
    ['datetime.npy', 'vectors-shape', /1 axis/],
    ['complex.npy', 'npy-type', /<c16/],
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

  test('an object array says how to save it', async () => {
    const error = await readFixture('object.npy').catch((reason: InputError) => reason)
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).hint).toContain('labels.astype(str)')
  })
})

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
