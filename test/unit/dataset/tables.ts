/** Small uploads for the tests of the dataset. */

import { parseManifest } from '../../../lib/config/manifest.ts'
import type { Dataset } from '../../../lib/core/dataset.ts'
import type { Issue } from '../../../lib/core/errors.ts'
import { pseudonymsOf } from '../../../lib/core/pseudonyms.ts'
import type { Column, Table } from '../../../lib/core/table.ts'
import { assembleDataset } from '../../../lib/dataset/assemble.ts'
import type { UploadTables } from '../../../lib/dataset/join.ts'

type Entries = readonly string[] | readonly number[]

/** Columns from plain lists: text, or numbers. */
export function table(source: string, columns: Readonly<Record<string, Entries>>): Table {
  const made = Object.entries(columns).map(([name, values]): Column => {
    return values.length > 0 && typeof values[0] === 'number'
      ? { name, type: 'number', values: Float64Array.from(values as number[]) }
      : { name, type: 'text', values: values as string[] }
  })
  return { source, vectors: null, columns: made, rows: made[0]?.values.length ?? 0, warnings: [] }
}

export function vectorTable(
  rows: readonly (readonly number[])[],
  columns: Readonly<Record<string, Entries>> = {},
): Table {
  const vectors = {
    values: Float32Array.from(rows.flat()),
    rows: rows.length,
    dimensions: rows[0]?.length ?? 0,
  }
  return { ...table('embeddings.npz', columns), vectors, rows: rows.length }
}

/** `count` distinct vectors of two dimensions. */
export function points(count: number): number[][] {
  return Array.from({ length: count }, (_, row) => [row + 1, row * 2])
}

function assemble(tables: Partial<UploadTables> & Pick<UploadTables, 'vectors'>, yaml: string) {
  const manifest = parseManifest(yaml, 'nearmiss.yaml')
  return assembleDataset(
    { labels: null, metadata: null, ...tables },
    manifest,
    pseudonymsOf('a key for tests'),
  )
}

export function dataset(
  tables: Partial<UploadTables> & Pick<UploadTables, 'vectors'>,
  yaml = '',
): Dataset {
  const result = assemble(tables, yaml)
  if ('issues' in result) throw new Error(JSON.stringify(result.issues, null, 1))
  return result.dataset
}

export function issues(
  tables: Partial<UploadTables> & Pick<UploadTables, 'vectors'>,
  yaml = '',
): readonly Issue[] {
  const result = assemble(tables, yaml)
  if ('dataset' in result) throw new Error('it was accepted')
  return result.issues
}
