/** Parquet and Arrow: decimals, records, bytes and times that are easily read wrongly; make-columnar.py wrote the files. */

import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { fileInMemory } from '../../../lib/core/file-source.ts'
import { layoutOf } from '../../../lib/formats/arrow/layout.ts'
import { columnOf, columns, fixture, problem, readFixture, rowsOf } from './read-fixture.ts'

describe.each(['parquet', 'feather'])('%s', (end) => {
  it('reads decimals to their last digit', async () => {
    const table = await readFixture(`decimals.${end}`)
    // Warehouses write their ids so: as doubles all three would end in 67000.
    expect([...columnOf(table, 'id').values]).toEqual([
      '12345678901234567001',
      '12345678901234567002',
      '-12345678901234567003',
    ])
    expect([...columnOf(table, 'small').values]).toEqual([0.3, Number.NaN, -0.07])
    // The first has 18 digits, and a double gives back fifteen.
    expect(columnOf(table, 'long').values[0]).toBe('1234567890123456.78')
  })

  it('reads vectors of decimals where their points are', async () => {
    const table = await readFixture(`decimal-vectors.${end}`)
    expect(rowsOf(table)).toEqual([
      [0.5, -1.25],
      [0.5, -1.25],
    ])
  })

  it('takes no list of records for vectors, and says of what can’t be a column its type', async () => {
    const table = await readFixture(`records.${end}`)
    expect(table.vectors!.dimensions).toBe(2)
    expect(table.columns.map(({ name }) => name)).toEqual([])
    const told = table.warnings!.map(({ message }) => message).join('\n')
    expect(told).toMatch(/column points is left out: its type is/)
    expect(told).toMatch(
      /column pairs is left out: its type is .*, which isn’t one plain value a row/,
    )
    expect(told).not.toContain('where a column has')
    expect(told).not.toContain('could be too')
  })

  it('keeps nanoseconds', async () => {
    const table = await readFixture(`nanoseconds.${end}`)
    expect([...columnOf(table, 'at').values]).toEqual([
      '2023-11-14T22:13:20.123456789',
      '1969-12-31T23:59:59.999999999',
      '1970-01-01T00:00:00',
    ])
  })
})

it('reads short ids of bytes as their hexadecimal digits', async () => {
  const table = await readFixture('binary-ids.parquet')
  expect([...columnOf(table, 'id').values]).toEqual(['0001', 'fffe', '1020'])
})

it('says of an id that is no plain value which type it has', async () => {
  const { code, message } = await problem(
    readFixture('records.parquet', {
      columns: { ...columns, id: 'pairs' },
    }),
  )
  expect(code).toBe('column-type')
  expect(message).toContain('pairs is of type nested')
})

const layout = (bytes: Uint8Array) => layoutOf(fileInMemory({ name: 'a.arrow', bytes }))

it('refuses a column that claims more buffers than its batch has before they are made', async () => {
  const bytes = await readFile(new URL('../../fuzz/cases/views-without-end.arrow', import.meta.url))
  await expect(layout(bytes)).rejects.toThrow('claims 8388608 of the 13 buffers of its batch')
})

it.each(['None', 'lz4', 'zstd'])(
  'refuses a dictionary of more entries than its bytes could have before they are written out: %s',
  async (codec) => {
    const file = `../../oracles/tool-files/pyarrow/dictionary-${codec}-stream.arrow`
    const lying = Uint8Array.from(await readFile(new URL(file, import.meta.url)))
    await expect(layout(lying)).resolves.toMatchObject({ rows: 40 })
    // Four entries, of which none is missing.
    const place = Buffer.from(lying).indexOf(Buffer.from(BigInt64Array.of(4n, 0n).buffer))
    new DataView(lying.buffer).setBigInt64(place, 2n ** 27n, true)
    await expect(layout(lying)).rejects.toThrow('a dictionary claims 134217728 entries')
  },
)

it('refuses a scale that no decimal has before its power of ten is worked out', async () => {
  const lying = Buffer.from(await fixture('decimals.feather'))
  await expect(layout(lying)).resolves.toMatchObject({ rows: 3 })
  // Nine digits, two of them behind the point, as the schema and the footer say it.
  const digits = Buffer.from(Int32Array.of(9, 2).buffer)
  const places = [lying.indexOf(digits), lying.lastIndexOf(digits)]
  expect(places[1]).toBeGreaterThan(places[0]!)
  for (const place of places) lying.writeInt32LE(77, place + 4)
  await expect(layout(lying)).rejects.toThrow('a decimal claims a scale of 77')
  for (const place of places) lying.writeInt32LE(76, place + 4)
  await expect(layout(lying)).resolves.toMatchObject({ rows: 3 })
})
