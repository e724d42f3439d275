/** Texts and columns have an end, which is checked before they take memory. */

import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readTable } from '../../read-table.ts'
import { problem, readText, vectorOptions } from './read-fixture.ts'

function npy(descr: string, shape: string, data: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117)
  return Buffer.concat([
    Buffer.of(0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0),
    Buffer.from(`${header}\n`),
    data,
  ])
}

/** A zip as numpy.savez_compressed writes it; an entry may declare more bytes than it has. */
function npz(
  arrays: Readonly<Record<string, Uint8Array>>,
  declared: Readonly<Record<string, number>> = {},
): Uint8Array {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [array, content] of Object.entries(arrays)) {
    const name = Buffer.from(`${array}.npy`)
    const data = deflateRawSync(content)
    const sizes = Buffer.alloc(18)
    sizes.writeUInt16LE(8, 0)
    sizes.writeUInt32LE(crc32(content), 6)
    sizes.writeUInt32LE(data.length, 10)
    sizes.writeUInt32LE(declared[array] ?? content.length, 14)
    const lengths = Buffer.alloc(4)
    lengths.writeUInt16LE(name.length)
    const local = Buffer.concat([
      Buffer.from('504b030414000000', 'hex'),
      sizes,
      lengths,
      name,
      data,
    ])
    const tail = Buffer.alloc(16)
    tail.writeUInt32LE(offset, 12)
    directory.push(
      Buffer.concat([
        Buffer.from('504b0102140014000000', 'hex'),
        sizes,
        lengths.subarray(0, 2),
        tail,
        name,
      ]),
    )
    locals.push(local)
    offset += local.length
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(locals.length, 8)
  end.writeUInt16LE(locals.length, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, entries, end])
}

const embeddings = npy('<f4', '(2, 2)', new Uint8Array(16))
const read = (arrays: Readonly<Record<string, Uint8Array>>) =>
  readTable({ name: 'a.npz', bytes: npz({ embeddings, ...arrays }) }, vectorOptions)
const texts = (length: number, rows = 2) =>
  npy(`<U${length}`, `(${rows},)`, new Uint8Array(4 * length * rows))

describe('npz', () => {
  test.each([
    ['labels', 501, 'a label may have 500'],
    ['label', 1_000_000, 'up to 1000000 characters'],
    ['ids', 1001, 'an id may have 1000'],
  ])('%s of %d characters are refused', async (name, length, message) => {
    const found = await problem(read({ [name]: texts(length) }))
    expect(found.code).toBe('text-too-long')
    expect(found.message).toContain(message)
    expect(found.where).toBe(`a.npz, array ${name}`)
  })

  test('up to there they are read', async () => {
    const { columns } = await read({ labels: texts(500), ids: texts(1000), note: texts(2000) })
    expect(columns.map(({ name }) => name)).toEqual(['labels', 'ids', 'note'])
  })

  test('bytes are measured too', async () => {
    const bytes = npy('|S501', '(2,)', new Uint8Array(1002))
    expect((await problem(read({ labels: bytes }))).code).toBe('text-too-long')
  })

  test('another column is left out, unread, and that is told', async () => {
    const { columns, warnings } = await read({ note: texts(2001), camera: texts(3) })
    expect(columns.map(({ name }) => name)).toEqual(['camera'])
    expect(warnings[0]!.message).toContain('note is left out: its type <U2001')
  })

  test('all columns together are bounded before any text is made', async () => {
    // Deflate makes at most 1032 bytes of one: noise of a megabyte may claim to be these.
    const rows = 200_000
    const noise = Uint8Array.from({ length: 1e6 }, (_, at) => (at * at * 31 + (at >> 3)) % 251)
    const arrays = {
      embeddings: npy('<f4', `(${rows}, 1)`, new Uint8Array(4 * rows)),
      note: npy('<U700', `(${rows},)`, noise),
    }
    const bytes = npz(arrays, { note: 128 + 4 * 700 * rows })
    const found = await problem(readTable({ name: 'a.npz', bytes }, vectorOptions))
    expect(found.code).toBe('columns-too-large')
    expect(found.message).toContain('560000000 bytes; at most 536870912')
    expect(found.where).toBe('a.npz, array note')
  })

  test('a name of an array is cut in messages, and too long for a column', async () => {
    const name = 'n'.repeat(5000)
    const { columns, warnings } = await read({ [name]: texts(1) })
    expect(columns).toEqual([])
    expect(warnings[0]!.message).toContain('5000 characters, and 200 are the most')
    expect(warnings[0]!.message.length).toBeLessThan(250)
  })

  test('rows and dimensions that were confused are told', async () => {
    const wide = npy('<i1', '(1, 65537)', new Uint8Array(65_537))
    const found = await problem(readTable({ name: 'a.npy', bytes: wide }, vectorOptions))
    expect(found.message).toContain('65537 dimensions; at most 65536')
  })
})

test('labels.npy of long texts is refused by its type', async () => {
  const file = { name: 'labels.npy', bytes: texts(501) }
  const found = await problem(readTable(file, { ...vectorOptions, part: 'labels' }))
  expect(found).toMatchObject({ code: 'text-too-long', where: 'labels.npy' })
})

describe('CSV', () => {
  const metadata = (text: string) => readText('metadata.csv', text, { part: 'metadata' })
  const x = (length: number) => 'x'.repeat(length)

  test.each([
    ['label', 500],
    ['labels', 500],
    ['id', 1000],
  ])('an entry of %s has up to %d characters', async (name, limit) => {
    expect((await metadata(`${name},n\n${x(limit)},1\n`)).rows).toBe(1)
    const found = await problem(metadata(`${name},n\na,1\n${x(limit + 1)},1\n`))
    expect(found.code).toBe('text-too-long')
    expect(found.message).toContain(`up to ${limit + 1} characters`)
    expect(found.where).toBe(`metadata.csv, line 3, column ${name}`)
  })

  test('a column with a longer entry than 2,000 is left out, once', async () => {
    const { columns, warnings } = await metadata(
      `id,note,n\na,${x(2000)},1\nb,${x(2001)},2\nc,${x(3000)},3\n`,
    )
    expect(columns.map(({ name }) => name)).toEqual(['id', 'n'])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]!.message).toContain('its entry in line 3 has 2001 characters, and 2000')
    expect((await metadata(`id,note\na,${x(2000)}\n`)).columns).toHaveLength(2)
  })

  test('a line has an end', async () => {
    const found = await problem(metadata(`id,note\na,"${x(8_000_001)}\n`))
    expect(found.code).toBe('csv-line-too-long')
    expect(found.message).toContain('more than 8000000 characters')
  })

  test('a file has up to 1,000 columns besides the vector', async () => {
    const header = (count: number) => Array.from({ length: count }, (_, at) => `c_${at}x`).join(',')
    expect((await metadata(`${header(1000)}\n`)).columns).toHaveLength(1000)
    const found = await problem(metadata(`${header(100_000)}\n`))
    expect(found.code).toBe('csv-too-many')
    expect(found.message).toContain('100000 columns besides the vector; at most 1000')
  })

  test('a column name has up to 200 characters', async () => {
    expect((await metadata(`${x(200)},n\na,1\n`)).rows).toBe(1)
    const found = await problem(metadata(`${x(1_000_000)},n\na,1\n`))
    expect(found.message).toContain('has 1000000 characters')
    expect(found.message.length).toBeLessThan(250)
  })
})

describe('what the headers of a NumPy zip tell is said before the vectors are unfolded', () => {
  const told = (arrays: Readonly<Record<string, Uint8Array>>) =>
    problem(
      readTable(
        { name: 'x.npz', bytes: npz(arrays) },
        { ...vectorOptions, maxInflatedByteLength: 1000 },
      ),
    )

  test('too many dimensions', async () => {
    const wide = npy('<f4', '(1, 70000)', new Uint8Array(280_000))
    expect((await told({ embeddings: wide })).code).toBe('too-many-dimensions')
  })

  test('labels of another number of rows', async () => {
    const long = npy('<f4', '(70000, 1)', new Uint8Array(280_000))
    const labels = npy('|u1', '(2,)', new Uint8Array(2))
    expect((await told({ embeddings: long, labels })).code).toBe('row-count')
  })
})
