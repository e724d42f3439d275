/** What numpy, pandas, polars, pyarrow, DuckDB, Hugging Face, safetensors, R and TensorFlow save reads as they read it. */

import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import type { Table } from '../../../lib/core/table.ts'
import { withIndicatorLabels } from '../../../lib/dataset/indicator-labels.ts'
import { readTable } from '../../read-table.ts'
import { dataset } from '../dataset/tables.ts'
import { columns, vectorOptions } from './read-fixture.ts'

interface Rows {
  readonly vectors: string | null
  /** Column to the name of its entries; null where they may be anything. */
  readonly columns: Readonly<Record<string, string | null>>
}

interface Case extends Rows {
  readonly gallery?: Rows
  /** Columns of times, whose text may differ. */
  readonly times?: Readonly<Record<string, string>>
  /** Names of categories, or their numbers where the file has nothing else. */
  readonly labelEither?: readonly string[]
  /** The class of each row, where no column called `label` says it. */
  readonly classes?: string
  /** It can't be read, and the message holds this. */
  readonly error?: string
}

const { sets, ...cases } = JSON.parse(
  readFileSync(new URL('../../oracles/tool-files.json', import.meta.url), 'utf8'),
) as { sets: Record<string, unknown[]> } & Record<string, Case>
const FOLDER = new URL('../../oracles/tool-files/', import.meta.url)

describe('files as tools write them', () => {
  for (const [path, one] of Object.entries(cases)) {
    // A folder is an upload: `tool-folders.test.ts`.
    if (!path.includes('.')) continue
    it(path, () => checkFile(path, one))
  }
})

async function checkFile(path: string, one: Case): Promise<void> {
  const bytes = await readFile(new URL(path, FOLDER))
  const reading = readTable({ name: path.split('/').at(-1)!, bytes }, vectorOptions)
  if (one.error !== undefined) {
    const error = await reading.catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(InputError)
    const [issue] = (error as InputError).issues
    expect(`${issue?.message} ${issue?.where}`).toContain(one.error)
    return
  }
  const table = await reading
  checkRows(table, one)
  if (one.gallery !== undefined) checkRows(table.gallery!, one.gallery)
  for (const [name, times] of Object.entries(one.times ?? {})) {
    expect(entriesOf(table, name).map(instant), name).toEqual(sets[times]!.map(instant))
  }
  if (one.classes !== undefined) {
    const { classes, labels } = dataset({ vectors: withIndicatorLabels(table, columns) })
    expect(Array.from(labels, (label) => classes[label])).toEqual(sets[one.classes])
  }
  if (one.labelEither !== undefined) {
    const label = entriesOf(table, 'label')
    expect(one.labelEither.map((name) => sets[name])).toContainEqual(label)
  }
}

function checkRows(table: Table, { vectors, columns: named }: Rows): void {
  const { values, rows, dimensions } = table.vectors!
  const read = Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(row * dimensions, (row + 1) * dimensions)),
  )
  expect(read).toEqual(sets[vectors!])
  expect(table.rows).toBe(rows)
  for (const [name, entries] of Object.entries(named)) {
    if (entries !== null) expect(entriesOf(table, name), name).toEqual(sets[entries])
  }
}

function entriesOf(table: Table, name: string): (string | number)[] {
  const column = table.columns.find((candidate) => candidate.name === name)
  const names = table.columns.map((candidate) => candidate.name)
  if (column === undefined) throw new Error(`no column ${name} among ${names.join(', ')}`)
  return [...column.values]
}

function instant(time: unknown): number {
  const text = String(time).replace(' ', 'T')
  return Date.parse(
    /T.*(?:Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`,
  )
}
