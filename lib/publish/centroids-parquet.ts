/** What a run keeps of its space in the vault, so that a later one can tell drift; it is never published. */

import { parquetReadObjects } from 'hyparquet'
import { ByteWriter, parquetWrite } from 'hyparquet-writer'
import type { Centroid } from '../core/drift.ts'
import { StoreRefusedError } from '../core/errors.ts'

const SCHEMA = 'nearmiss.centroids/1'

/**
 * One entry a class, and one with a null label for the whole run. Centroids are in single precision, or
 * in double where one of them isn't.
 */
export function encodeCentroids(centroids: readonly Centroid[]): Uint8Array {
  const writer = new ByteWriter()
  const isSingle = centroids.every(({ centroid }) =>
    centroid.every((value) => Math.fround(value) === value),
  )
  const list = (name: string, type: 'FLOAT' | 'DOUBLE') => [
    { name, repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 } as const,
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 } as const,
    { name: 'element', type, repetition_type: 'REQUIRED' } as const,
  ]
  parquetWrite({
    writer,
    columnData: [
      { name: 'label', data: centroids.map(({ label }) => label) },
      { name: 'rows', data: centroids.map(({ rows }) => rows) },
      { name: 'spread', data: centroids.map(({ spread }) => spread) },
      { name: 'centroid', data: centroids.map(({ centroid }) => [...centroid]) },
      { name: 'distances', data: centroids.map(({ distances }) => [...distances]) },
    ],
    schema: [
      { name: 'root', num_children: 5 },
      { name: 'label', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      { name: 'rows', type: 'INT32', repetition_type: 'REQUIRED' },
      { name: 'spread', type: 'DOUBLE', repetition_type: 'REQUIRED' },
      ...list('centroid', isSingle ? 'FLOAT' : 'DOUBLE'),
      ...list('distances', 'FLOAT'),
    ],
    kvMetadata: [{ key: 'schema', value: SCHEMA }],
    createdBy: 'nearmiss',
  })
  return writer.getBytes()
}

/**
 * Reads what `encodeCentroids` wrote.
 *
 * @param source what messages call it
 * @throws StoreRefusedError `unreadable-object` where the bytes aren't such a file.
 */
export async function decodeCentroids(bytes: Uint8Array, source: string): Promise<Centroid[]> {
  try {
    const objects = await parquetReadObjects({ file: new Uint8Array(bytes).buffer })
    return objects.map(({ label, rows, spread, centroid, distances }) => ({
      label: label as string | null,
      rows: rows as number,
      spread: spread as number,
      centroid: Float64Array.from(centroid as number[]),
      distances: Float64Array.from(distances as number[]),
    }))
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new StoreRefusedError('unreadable-object', `${source} can't be read: ${problem}`, {
      cause: error,
      hint: 'The file is cut short or of another version. Restore it, or compare with another run.',
    })
  }
}
