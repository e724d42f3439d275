/** Files of the tests, and the reading of them with the defaults of an upload. */

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { InputError } from '../../../lib/core/errors.ts'
import type { Column, Table } from '../../../lib/core/table.ts'
import type { ReadOptions } from '../../../lib/formats/format.ts'
import { readTable } from '../../read-table.ts'

export const columns = {
  embeddings: 'embeddings',
  id: 'id',
  label: 'label',
  split: 'split',
  group: 'group',
  image: 'image',
  time: 'time',
}

export const vectorOptions: ReadOptions = { part: 'vectors', columns }

export async function fixture(name: string): Promise<Uint8Array> {
  return readFile(new URL(`fixtures/${name}`, import.meta.url))
}

export async function readFixture(
  name: string,
  options: Partial<ReadOptions> = {},
): Promise<Table> {
  const bytes = await fixture(name)
  return readTable({ name: basename(name), bytes }, { ...vectorOptions, ...options })
}

export function readText(
  name: string,
  text: string,
  options: Partial<ReadOptions> = {},
): Promise<Table> {
  return readTable({ name, bytes: Buffer.from(text) }, { ...vectorOptions, ...options })
}

/** The error that a reading ends in, as the fields that a person sees. */
export async function problem(
  reading: Promise<Table>,
): Promise<{ code: string; message: string; where: string }> {
  const error: unknown = await reading.then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  )
  const issue = (error as InputError).issues?.[0]
  if (issue === undefined) throw error
  return { code: issue.code, message: issue.message, where: issue.where }
}

export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name)
  if (column === undefined) throw new Error(`no column ${name} in ${table.source}`)
  return column
}

/** A table's vectors as rows of numbers, those that JSON can't hold as Python writes them. */
export function rowsOf(table: Table): (number | string)[][] {
  const { values, rows, dimensions } = table.vectors!
  return Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(row * dimensions, (row + 1) * dimensions), plain),
  )
}

export function plain(value: number): number | string {
  if (Number.isNaN(value)) return 'nan'
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf'
}
