/** The README's table of formats: each `yes` is a file of a tool that reads right, each `no` a file that ends in a message. */

import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { readTable } from '../../read-table.ts'
import { vectorOptions } from './read-fixture.ts'

const FOLDER = new URL('../../oracles/tool-files/', import.meta.url)
const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/tool-files.json', import.meta.url), 'utf8'),
)
const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')

/** By the first cell of a row, a file for each other cell; null where the table says no. */
const FILES: Readonly<Record<string, readonly (string | null)[]>> = {
  'NumPy `.npz`': ['numpy/savez.npz', null, 'numpy/savez.npz', 'numpy/savez.npz'],
  'NumPy `.npy`': ['numpy/float64.npy', null, 'numpy/structured.npy', 'numpy/float64.npy'],
  CSV: [
    'pandas/list-column.csv',
    'pandas/wide-dim.csv',
    'pandas/wide-dim.csv',
    'pandas/wide-dim.csv',
  ],
  TSV: ['duckdb/array.tsv', 'polars/wide.tsv', 'polars/wide.tsv', 'polars/wide.tsv'],
  Parquet: [
    'pandas/list.parquet',
    'pandas/wide.parquet',
    'polars/wide.parquet',
    'pandas/list.parquet',
  ],
  'Arrow, Feather': [
    'polars/array-lz4.arrow',
    'pandas/wide.feather',
    'pandas/list.feather',
    'pandas/list.feather',
  ],
  'JSON Lines': [
    'pandas/lines.jsonl',
    'pandas/wide-lines.jsonl',
    'polars/array.ndjson',
    'pandas/lines.jsonl',
  ],
  JSON: ['pandas/records.json', null, 'pandas/columns.json', 'pandas/records.json'],
  safetensors: [
    'safetensors/float32.safetensors',
    null,
    'safetensors/float32.safetensors',
    'safetensors/float32.safetensors',
  ],
  // Folders of it: `tool-folders.test.ts`.
  'Embedding Projector': ['tensorflow/projector/tensors.tsv', null, null, null],
}

const rows = README.slice(README.indexOf('<!-- formats -->'), README.indexOf('<!-- /formats -->'))
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (?:---|file)/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

it('has a row for each format, and a word in each cell', () => {
  expect(rows.map(([name]) => name)).toEqual(Object.keys(FILES))
  for (const [, ...cells] of rows) {
    expect(cells).toHaveLength(4)
    for (const cell of cells) expect(cell).toMatch(/^(?:yes|no)$/)
  }
})

describe.each(rows)('%s', (name, ...cells) => {
  const [single, wide, columns, packed] = FILES[name!]!

  it('a vector a row', async () => {
    expect(cells[0]).toBe('yes')
    await readsRight(single!)
  })

  it('a column a dimension', async () => {
    if (wide !== null) {
      expect(cells[1]).toBe('yes')
      return readsRight(wide!)
    }
    if (name === 'JSON') return readsWideJson()
    expect(cells[1]).toBe('no')
  })

  it('labels, ids, columns', async () => {
    expect(cells[2]).toBe('yes')
    if (columns === null) return
    const table = await readsRight(columns!)
    const wanted = Object.keys(oracle[columns!].columns)
    const names = table.columns.map((column) => column.name)
    expect(names).toEqual(expect.arrayContaining(wanted))
    expect(names.length).toBeGreaterThan(0)
  })

  it('in gzip or zstd', async () => {
    if (packed === null) {
      expect(cells[3]).toBe('no')
      return
    }
    expect(cells[3]).toBe('yes')
    const bytes = gzipSync(readFileSync(new URL(packed!, FOLDER)))
    check(await readTable({ name: `${nameOf(packed!)}.gz`, bytes }, vectorOptions), packed!)
  })
})

it('a pickle is named with what to do instead', async () => {
  const bytes = Buffer.from([0x80, 0x04, 0x95, 0x00])
  const error = await readTable({ name: 'embeddings.pkl', bytes }, vectorOptions).catch(
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(InputError)
  expect((error as InputError).issues[0]!.hint).toContain('embeddings.npz')
})

async function readsRight(path: string) {
  const bytes = readFileSync(new URL(path, FOLDER))
  const table = await readTable({ name: nameOf(path), bytes }, vectorOptions)
  check(table, path)
  return table
}

async function readsWideJson() {
  const bytes = Buffer.from(
    '[{"id": "a", "dim_0": 0.5, "dim_1": 2}, {"id": "b", "dim_0": 1, "dim_1": 3}]',
  )
  const { vectors } = await readTable({ name: 'wide.json', bytes }, vectorOptions)
  expect([...vectors!.values]).toEqual([0.5, 2, 1, 3])
}

function check({ vectors }: Awaited<ReturnType<typeof readTable>>, path: string) {
  const { values, rows: count, dimensions } = vectors!
  const read = Array.from({ length: count }, (_, row) =>
    Array.from(values.subarray(row * dimensions, (row + 1) * dimensions)),
  )
  expect(read).toEqual(oracle.sets[oracle[path].vectors])
}

function nameOf(path: string): string {
  return path.split('/').at(-1)!
}
