/** Rows of a published run as its pages show them: with picture, label and nearest neighbour. */

import { parquetReadObjects } from 'hyparquet'
import { StoreRefusedError } from '../core/errors.ts'
import type { Rows } from '../core/rows.ts'
import type { Column } from '../core/table.ts'

const COLUMNS = ['id', 'label', 'source_row', 'correct', 'image', 'nearest_id', 'nearest_distance']
/** A row without a picture is known by a few of its metadata values. */
const METADATA = /^meta_/
const MOST_METADATA = 2

/**
 * Reads of `rows.parquet` what evidence needs. One neighbour a row is kept; figures that evidence
 * doesn't show are NaN.
 *
 * @param source what messages call it
 * @throws StoreRefusedError `unreadable-object` where the bytes aren't such a file.
 */
export async function decodeShownRows(
  bytes: Uint8Array,
  source: string,
): Promise<{ readonly rows: Rows; readonly metadata: readonly Column[] }> {
  const objects = await readObjects(bytes, source)
  const id = objects.map((row) => String(row.id))
  const places = new Map(id.map((name, row) => [name, row]))
  const unknown = new Float64Array(objects.length).fill(Number.NaN)
  const names = Object.keys(objects[0] ?? {}).filter((name) => METADATA.test(name))
  return {
    rows: {
      id,
      label: objects.map(({ label }) => String(label)),
      sourceRow: Int32Array.from(objects, (row) => Number(row.source_row)),
      neighborCount: 1,
      neighbors: Int32Array.from(objects, (row) => places.get(String(row.nearest_id)) ?? -1),
      distances: Float64Array.from(objects, (row) => Number(row.nearest_distance ?? Number.NaN)),
      correct: Uint8Array.from(objects, ({ correct }) => (correct === true ? 1 : 0)),
      neighborMargin: unknown,
      predictionMargin: unknown,
      classMargin: unknown,
      firstMatchRank: new Int32Array(objects.length),
      silhouette: unknown,
      outlier: new Uint8Array(objects.length),
      x: Float32Array.from(unknown),
      y: Float32Array.from(unknown),
      maps: [],
      correctInBaseline: null,
      image: objects.map(({ image }) => (typeof image === 'string' ? image : '')),
    },
    metadata: names.slice(0, MOST_METADATA).map((name) => ({
      name: name.replace(METADATA, ''),
      type: 'text',
      values: objects.map((row) => String(row[name] ?? '')),
    })),
  }
}

async function readObjects(bytes: Uint8Array, source: string): Promise<Record<string, unknown>[]> {
  let objects: Record<string, unknown>[]
  try {
    objects = await parquetReadObjects({ file: new Uint8Array(bytes).buffer })
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw unreadable(source, problem, error)
  }
  const absent = COLUMNS.find((name) => objects.length > 0 && !(name in (objects[0] ?? {})))
  if (absent !== undefined) throw unreadable(source, `it has no column ${absent}`)
  return objects
}

function unreadable(source: string, problem: string, cause?: unknown): StoreRefusedError {
  return new StoreRefusedError('unreadable-object', `${source} can't be read: ${problem}`, {
    cause,
    hint: 'The file is cut short or of another version. Restore it, or publish the run again under another name.',
  })
}
