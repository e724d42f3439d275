/** Names in a zip are text: whatever path they would be elsewhere, nothing is written under them. */

import { expect, test } from 'vitest'
import { npyBytes, npzEntries, type ZipEntry, zipBytes } from '../../fuzz/writers.ts'
import { readTable } from '../../read-table.ts'
import { problem, rowsOf, vectorOptions } from './read-fixture.ts'

const ROWS = {
  vectors: [
    [1, 2],
    [3, 4],
  ],
  ids: ['a', 'b'],
  labels: ['cat', 'dog'],
  extra: { name: 'extra', values: ['', ''] },
}

const column = (name: string): ZipEntry => ({
  name: `${name}.npy`,
  bytes: npyBytes("'<f8'", '(2,)', Buffer.from(Float64Array.of(5, 6).buffer)),
  isPacked: true,
})

const read = (entries: readonly ZipEntry[], edit?: (record: Buffer) => void) =>
  readTable({ name: 'a.npz', bytes: zipBytes(entries, edit) }, vectorOptions)

test.each([
  '../camera',
  '../../../etc/camera',
  '/camera',
  'C:/camera',
  'C:\\camera',
  '..\\camera',
  'a\\camera',
  'cam\u0000era',
  '\u001b[31mcamera',
  '__proto__',
])('%j is a column by that name', async (name) => {
  const table = await read([...npzEntries(ROWS, true), column(name)])
  expect(rowsOf(table)).toEqual(ROWS.vectors)
  expect(table.columns.map((one) => one.name)).toEqual(['labels', 'ids', name])
  expect([...table.columns[2]!.values]).toEqual([5, 6])
})

test('a name of 4 kB is left out, and the rest is read', async () => {
  const table = await read([...npzEntries(ROWS, true), column(`../${'a'.repeat(4000)}`)])
  expect(rowsOf(table)).toEqual(ROWS.vectors)
  expect(table.columns.map((one) => one.name)).toEqual(['labels', 'ids'])
  expect(table.warnings[0]!.message).toMatch(/is left out: its name has 4003 characters/)
  expect(table.warnings[0]!.message.length).toBeLessThan(200)
})

test('the vectors too may have such a name', async () => {
  const [embeddings, ...rest] = npzEntries(ROWS, false)
  const table = await read([{ ...embeddings!, name: '../X.npy' }, ...rest])
  expect(rowsOf(table)).toEqual(ROWS.vectors)
})

test('what is encrypted is called so, and not damaged', async () => {
  const encrypted = read(npzEntries(ROWS, true), (record) => record.writeUInt16LE(0x801, 8))
  expect((await problem(encrypted)).message).toBe("The zip can't be read: it is encrypted.")
})
