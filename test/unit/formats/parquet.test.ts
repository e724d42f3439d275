/** Parquet that lies: headers, pages and packed pages are refused for what they claim, before that costs anything. */

import { brotliCompressSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it, test } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { fileInMemory } from '../../../lib/core/file-source.ts'
import { checkDeltas } from '../../../lib/formats/parquet/runs.ts'
import { checkThrift } from '../../../lib/formats/parquet/thrift.ts'
import { checkEntries, checkValues } from '../../../lib/formats/parquet/values.ts'
import { readTable as readFile } from '../../../lib/formats/registry.ts'
import { readTable } from '../../read-table.ts'
import { problem, vectorOptions } from './read-fixture.ts'

const wrong = (text: string) => new Error(text)
const LABELS = ['a', 'b', 'a', 'c', 'a', 'b']
const VECTORS = LABELS.map((_, row) => [row, row + 0.5, -row])

function written(
  codec: 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP' | 'BROTLI' = 'UNCOMPRESSED',
): Uint8Array {
  const pack = {
    GZIP: (bytes: Uint8Array) => Uint8Array.from(gzipSync(bytes)),
    BROTLI: (bytes: Uint8Array) => Uint8Array.from(brotliCompressSync(bytes)),
  }
  const dimensions = [0, 1, 2].map((d) => ({
    name: `embedding_${d}`,
    data: VECTORS.map((vector) => vector[d]!),
    type: 'FLOAT' as const,
  }))
  const columnData = [{ name: 'label', data: LABELS, type: 'STRING' as const }, ...dimensions]
  return new Uint8Array(parquetWriteBuffer({ columnData, codec, compressors: pack }))
}

const read = (bytes: Uint8Array) => readTable({ name: 'embeddings.parquet', bytes }, vectorOptions)

test.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI'] as const)(
  '%s pages are read',
  async (codec) => {
    const table = await read(written(codec))
    expect(Array.from(table.vectors!.values)).toEqual(VECTORS.flat())
    expect(table.columns[0]).toMatchObject({ name: 'label', values: LABELS })
    // So that the dataset is assembled in its place.
    expect(table.vectors!.values.buffer).toBeInstanceOf(SharedArrayBuffer)
  },
)

test('of the file only the columns that are needed are read', async () => {
  const noise = Array.from({ length: 60_000 }, (_, row) => (row * 7919) % 100_003)
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'embedding_0', data: noise, type: 'FLOAT' },
        { name: 'embedding_1', data: noise, type: 'FLOAT' },
        {
          name: 'blob',
          data: noise.map((_, row) =>
            new Uint8Array(20).fill(row).map((byte, at) => byte ^ (row >> at)),
          ),
          type: 'BYTE_ARRAY',
        },
      ],
      codec: 'UNCOMPRESSED',
    }),
  )
  let travelled = 0
  const file = fileInMemory({ name: 'embeddings.parquet', bytes })
  const counting = {
    ...file,
    slice: (start: number, end: number) => {
      travelled += end - start
      return file.slice(start, end)
    },
    bytes: () => Promise.reject(new Error('the whole file is read')),
  }
  const table = await readFile(counting, vectorOptions)
  const blob = table.warnings.find(({ message }) => message.includes('blob'))
  expect(blob?.message).toContain('bytes that are no text')
  expect(travelled).toBeLessThan(bytes.length - 60_000 * 20)
})

describe('a damaged file is one message, or read', () => {
  const expectMessage = async (bytes: Uint8Array) => {
    const error = await read(bytes).then(
      () => null,
      (reason: unknown) => reason,
    )
    if (error !== null) expect(error).toBeInstanceOf(InputError)
  }

  it('cut short anywhere', async () => {
    const bytes = written('SNAPPY')
    for (let length = 0; length < bytes.length; length++) {
      const error = await read(bytes.slice(0, length)).catch((reason: unknown) => reason)
      expect(error, `${length}`).toBeInstanceOf(InputError)
    }
  })

  it.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI'] as const)(
    'any bytes of it others: %s',
    async (codec) => {
      const bytes = written(codec)
      const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), {
        minLength: 1,
        maxLength: 4,
      })
      await fc.assert(
        fc.asyncProperty(edits, async (changes) => {
          const copy = bytes.slice()
          for (const [place, byte] of changes) copy[place] = byte
          await expectMessage(copy)
        }),
        { numRuns: 300 },
      )
    },
  )

  it('with a footer of nothing but a number without end', async () => {
    const body = new Uint8Array(2 ** 20).fill(0xff)
    const tail = Buffer.alloc(8)
    tail.writeUInt32LE(body.length)
    tail.write('PAR1', 4)
    const bytes = Uint8Array.from(
      Buffer.concat([Buffer.from('PAR1'), Buffer.from([0x16]), body, tail]),
    )
    new DataView(bytes.buffer).setUint32(bytes.length - 8, body.length + 1, true)
    expect(await problem(read(bytes))).toMatchObject({
      code: 'parquet-damaged',
      message: expect.stringContaining('a number of more than 10 bytes'),
    })
  })
})

describe('a header', () => {
  const check =
    (...bytes: number[]) =>
    () =>
      checkThrift(Uint8Array.from(bytes), wrong)

  it('is whole: fields of any type up to the one that ends it', () => {
    // An int of 1, a text of 2 bytes, a list of 2 flags, a record, a flag, the end.
    expect(check(0x15, 2, 0x18, 2, 65, 66, 0x19, 0x21, 1, 2, 0x1c, 0, 0x11, 0)).not.toThrow()
    expect(check(0x15, 2)).toThrow('no end')
    expect(check(0x18, 3, 65, 66)).toThrow('claims 3 bytes, and 2 are left')
    expect(check(0x1d, 0)).toThrow('type 13')
  })

  it('has at most two million entries', () => {
    const list = (count: number) => {
      const size = [count & 0x7f, (count >> 7) & 0x7f, count >> 14].map(
        (part, at) => part | (at < 2 ? 0x80 : 0),
      )
      return Uint8Array.from([0x19, 0xf3, ...size, ...new Uint8Array(count), 0])
    }
    expect(() => checkThrift(list(1_999_999), wrong)).not.toThrow()
    expect(() => checkThrift(list(2_000_000), wrong)).toThrow('2000001 entries')
  })

  it('is nested as deep as Parquet is', () => {
    const nested = (depth: number) => [
      ...new Array(depth).fill(0x1c),
      ...new Array(depth + 1).fill(0),
    ]
    expect(check(...nested(16))).not.toThrow()
    expect(check(...nested(17))).toThrow('without end')
  })
})

describe('values', () => {
  it('refer to entries of their dictionary', () => {
    expect(() => checkEntries([0, 2], 3, wrong)).not.toThrow()
    expect(() => checkEntries([0, 3], 3, wrong)).toThrow('entry 3 of a dictionary of 3')
    expect(() => checkEntries([-1], 3, wrong)).toThrow('entry -1')
  })

  it('that are differences have numbers of ten bytes and blocks of some size', () => {
    const long = (length: number) => [...new Array(length - 1).fill(0x80), 1]
    // Blocks of 128 in 4 parts, 2 numbers, the first, and a block whose parts take no bits.
    const page = (first: number[], widths = [0, 0, 0, 0]) =>
      Uint8Array.from([0x80, 1, 4, 2, ...first, 2, ...widths])
    expect(() => checkDeltas(page(long(10)), 2, wrong)).not.toThrow()
    expect(() => checkDeltas(page(long(11)), 2, wrong)).toThrow('more than 10 bytes')
    expect(() => checkDeltas(page([2], [64, 0, 0, 0]), 2, wrong)).not.toThrow()
    expect(() => checkDeltas(page([2], [65, 0, 0, 0]), 2, wrong)).toThrow('65 bits')
    expect(() => checkDeltas(Uint8Array.from([0x80, 1, 0, 2, 2]), 2, wrong)).toThrow('in 0 parts')
  })

  it('that repeat the one before have no more bytes than is read', () => {
    // Two equal lengths, which take no bits: a header, a block, for what is repeated and what follows.
    const lengths = (count: number, each: number) => {
      const varint = (value: number): number[] =>
        value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
      return [0x80, 1, 4, ...varint(count), ...varint(each * 2), 0, 0, 0, 0, 0]
    }
    const check = (each: number) => () => {
      const bytes = Uint8Array.from([...lengths(2, each), ...lengths(2, 0)])
      checkValues(bytes, 2, 2, 'DELTA_BYTE_ARRAY', 'BYTE_ARRAY', wrong)
    }
    expect(check(32 * 2 ** 20)).not.toThrow()
    expect(check(32 * 2 ** 20 + 1)).toThrow('the texts of a page have')
  })
})
