/**
 * `rows.parquet`: what a run says of each row, for notebooks and for the comparison with a later run.
 * It holds neighbours and figures, never a vector.
 */

import { parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet'
import { ByteWriter, parquetWrite } from 'hyparquet-writer'
import { StoreRefusedError } from '../core/errors.ts'
import type { MapCoordinates, MapMethod } from '../core/projection.ts'
import type { Rows } from '../core/rows.ts'
import type { Column } from '../core/table.ts'

/** What a later run needs of an earlier one's rows; one entry a row each. */
export interface PublishedRows {
  readonly id: readonly string[]
  readonly label: readonly string[]
  /** Place in the upload, from 0. */
  readonly sourceRow: Int32Array
  /** 0 is an error; 1 also where the row had no neighbour. */
  readonly correct: Uint8Array
  /** Null where the row had no neighbour. */
  readonly nearestLabel: readonly (string | null)[]
  /** Ids of the neighbours that were shown, nearest first. */
  readonly neighbors: readonly (readonly string[])[]
  /** NaN where there is none. */
  readonly neighborMargin: Float64Array
  readonly predictionMargin: Float64Array
  readonly classMargin: Float64Array
  /** Null where the row has no group, and where no column of groups was asked for. */
  readonly group: readonly (string | number | null)[]
  /** Map coordinates; NaN where there are none. */
  readonly x: Float32Array
  readonly y: Float32Array
  /** Every map that the file holds, the principal components first. */
  readonly maps: readonly MapCoordinates[]
}

const SCHEMA = 'nearmiss.rows/1'
const ROWS_IN_GROUP = 100_000

type Cell = string | number | boolean | null | readonly (string | number)[]
type CellType = 'BOOLEAN' | 'INT32' | 'FLOAT' | 'DOUBLE' | 'TEXT'

interface ParquetColumn {
  readonly name: string
  readonly type: CellType
  /** Whether each cell is a list of that type. */
  readonly isList?: boolean
  readonly data: readonly Cell[]
}

/**
 * The file's bytes. A missing number is null, not NaN; metadata columns are prefixed with `meta_`, and
 * `neighbors` and `neighbor_distances` are lists, nearest first.
 */
export function encodeRows(rows: Rows, metadata: readonly Column[]): Uint8Array {
  const columns = [...rowColumns(rows), ...metadata.map(metadataColumn)]
  const writer = new ByteWriter()
  parquetWrite({
    writer,
    columnData: columns.map(({ name, type, data }) => ({
      name,
      data: [...data],
      // Distances hardly ever repeat: looking for what could be shared costs more than it saves.
      ...(type === 'DOUBLE' || type === 'FLOAT'
        ? { encoding: 'PLAIN' as const, codec: 'UNCOMPRESSED' as const }
        : {}),
    })),
    schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(schemaOf)],
    rowGroupSize: ROWS_IN_GROUP,
    // A file of one group is read whole: its least and greatest values spare nobody anything.
    statistics: false,
    kvMetadata: [{ key: 'schema', value: SCHEMA }],
    createdBy: 'nearmiss',
  })
  return writer.getBytes()
}

/**
 * Reads what `encodeRows` wrote.
 *
 * @param source what messages call it
 * @param groupColumn of the metadata, whose values are read too
 * @throws StoreRefusedError `unreadable-object` where the bytes aren't such a file.
 */
export async function decodeRows(
  bytes: Uint8Array,
  source = 'rows.parquet',
  groupColumn?: string,
): Promise<PublishedRows> {
  let objects: Record<string, unknown>[]
  try {
    const file = new Uint8Array(bytes).buffer
    const names = new Set(parquetMetadata(file).schema.map(({ name }) => name))
    const maps = MAP_COLUMNS.filter((name) => names.has(name))
    const group = [`${META}${groupColumn}`].filter((name) => names.has(name))
    objects = await parquetReadObjects({ file, columns: [...NEEDED_COLUMNS, ...maps, ...group] })
  } catch (error) {
    throw unreadable(source, error instanceof Error ? error.message : String(error), error)
  }
  const absent = NEEDED_COLUMNS.find((name) => objects.length > 0 && !(name in (objects[0] ?? {})))
  if (absent !== undefined) throw unreadable(source, `it has no column ${absent}`)
  const numbers = (name: string) => objects.map((row) => (row[name] as number | null) ?? Number.NaN)
  return {
    id: objects.map(({ id }) => String(id)),
    label: objects.map(({ label }) => String(label)),
    sourceRow: Int32Array.from(numbers('source_row')),
    correct: Uint8Array.from(objects, ({ correct }) => (correct === false ? 0 : 1)),
    nearestLabel: objects.map((row) => row.nearest_label as string | null),
    neighbors: objects.map((row) => row.neighbors as string[]),
    neighborMargin: Float64Array.from(numbers('neighbor_margin')),
    predictionMargin: Float64Array.from(numbers('prediction_margin')),
    classMargin: Float64Array.from(numbers('class_margin')),
    group: objects.map((row) => (row[`${META}${groupColumn}`] ?? null) as string | number | null),
    x: Float32Array.from(numbers('x')),
    y: Float32Array.from(numbers('y')),
    // Earlier versions wrote the first only.
    maps: MAPS.filter(({ x }) => objects.length > 0 && x in (objects[0] ?? {})).map(
      ({ method, x, y }) => ({
        method,
        x: Float32Array.from(numbers(x)),
        y: Float32Array.from(numbers(y)),
      }),
    ),
  }
}

const META = 'meta_'

const MAPS = [
  { method: 'pca', x: 'x', y: 'y' },
  { method: 'tsne', x: 'tsne_x', y: 'tsne_y' },
  { method: 'umap', x: 'umap_x', y: 'umap_y' },
] as const satisfies readonly { method: MapMethod; x: string; y: string }[]

const MAP_COLUMNS = MAPS.slice(1).flatMap(({ x, y }) => [x, y])

const NEEDED_COLUMNS = [
  'id',
  'label',
  'source_row',
  'correct',
  'nearest_label',
  'neighbors',
  'neighbor_margin',
  'prediction_margin',
  'class_margin',
  'x',
  'y',
] as const

function rowColumns(rows: Rows): ParquetColumn[] {
  const neighbors = rows.id.map((_, row) => neighborsOf(rows, row))
  const nearest = neighbors.map(([first]) => first)
  const { correctInBaseline, nearestInBaseline, neighborOverlap, image } = rows
  return [
    { name: 'id', type: 'TEXT', data: rows.id },
    { name: 'label', type: 'TEXT', data: rows.label },
    { name: 'source_row', type: 'INT32', data: [...rows.sourceRow] },
    // A row without a neighbour, such as one of a gallery, is neither right nor wrong.
    {
      name: 'correct',
      type: 'BOOLEAN',
      data: nearest.map((one, row) => (one === undefined ? null : rows.correct[row] === 1)),
    },
    {
      name: 'correct_in_baseline',
      type: 'BOOLEAN',
      data: correctInBaseline ? flags(correctInBaseline) : rows.id.map(() => null),
    },
    {
      name: 'nearest_label_in_baseline',
      type: 'TEXT',
      data: nearestInBaseline ?? rows.id.map(() => null),
    },
    {
      name: 'neighbor_overlap',
      type: 'DOUBLE',
      data: neighborOverlap ? withoutNaN(neighborOverlap) : rows.id.map(() => null),
    },
    {
      name: 'nearest_id',
      type: 'TEXT',
      data: nearest.map((one) => (one === undefined ? null : rows.id[one]!)),
    },
    {
      name: 'nearest_label',
      type: 'TEXT',
      data: nearest.map((one) => (one === undefined ? null : rows.label[one]!)),
    },
    {
      name: 'nearest_distance',
      type: 'DOUBLE',
      data: nearest.map((one, row) =>
        one === undefined ? null : rows.distances[row * rows.neighborCount]!,
      ),
    },
    { name: 'neighbor_margin', type: 'DOUBLE', data: withoutNaN(rows.neighborMargin) },
    { name: 'prediction_margin', type: 'DOUBLE', data: withoutNaN(rows.predictionMargin) },
    { name: 'class_margin', type: 'DOUBLE', data: withoutNaN(rows.classMargin) },
    {
      name: 'first_match_rank',
      type: 'INT32',
      data: Array.from(rows.firstMatchRank, (rank) => (rank === 0 ? null : rank)),
    },
    { name: 'silhouette', type: 'DOUBLE', data: withoutNaN(rows.silhouette) },
    { name: 'outlier', type: 'BOOLEAN', data: flags(rows.outlier) },
    {
      name: 'suggested_label',
      type: 'TEXT',
      data: rows.suggestedLabel ?? rows.id.map(() => null),
    },
    { name: 'x', type: 'FLOAT', data: withoutNaN(rows.x) },
    { name: 'y', type: 'FLOAT', data: withoutNaN(rows.y) },
    ...rows.maps.flatMap(mapColumns),
    { name: 'image', type: 'TEXT', data: rows.id.map((_, row) => image?.[row] || null) },
    {
      name: 'neighbors',
      type: 'TEXT',
      isList: true,
      data: neighbors.map((list) => list.map((neighbor) => rows.id[neighbor]!)),
    },
    {
      name: 'neighbor_distances',
      type: 'DOUBLE',
      isList: true,
      data: neighbors.map((list, row) =>
        list.map((_, place) => rows.distances[row * rows.neighborCount + place]!),
      ),
    },
  ]
}

function mapColumns({ method, x, y }: MapCoordinates): ParquetColumn[] {
  if (method === 'pca') return []
  const names = MAPS.find((map) => map.method === method)!
  return [
    { name: names.x, type: 'FLOAT', data: withoutNaN(x) },
    { name: names.y, type: 'FLOAT', data: withoutNaN(y) },
  ]
}

function metadataColumn(column: Column): ParquetColumn {
  const name = `${META}${column.name}`
  return column.type === 'text'
    ? { name, type: 'TEXT', data: column.values }
    : { name, type: 'DOUBLE', data: withoutNaN(column.values) }
}

/** Rows, nearest first; the first −1 ends them. */
function neighborsOf({ neighbors, neighborCount }: Rows, row: number): number[] {
  const all = neighbors.subarray(row * neighborCount, (row + 1) * neighborCount)
  const end = all.indexOf(-1)
  return Array.from(end < 0 ? all : all.subarray(0, end))
}

function withoutNaN(values: Float32Array | Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value))
}

/** 1 and 0 as true and false; −1, unknown, as null. */
function flags(values: Uint8Array | Int8Array): (boolean | null)[] {
  return Array.from(values, (value) => (value < 0 ? null : value === 1))
}

function schemaOf({ name, type, isList }: ParquetColumn): SchemaElement[] {
  const cell: Partial<SchemaElement> =
    type === 'TEXT' ? { type: 'BYTE_ARRAY', converted_type: 'UTF8' } : { type }
  if (!isList) return [{ name, ...cell, repetition_type: 'OPTIONAL' }]
  return [
    { name, repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', ...cell, repetition_type: 'REQUIRED' },
  ]
}

function unreadable(source: string, problem: string, cause?: unknown): StoreRefusedError {
  return new StoreRefusedError('unreadable-object', `${source} can't be read: ${problem}`, {
    cause,
    hint: 'The file is cut short or of another version. Restore it, or compare with another run.',
  })
}
