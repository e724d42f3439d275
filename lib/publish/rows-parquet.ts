/**
 * `rows.parquet`: what a run says of each row, for notebooks, its pages and the comparison with a later
 * run. It holds neighbours and figures, never a vector. Its columns are those of `core/row-columns.ts`.
 */

import {
  type FileMetaData,
  parquetMetadata,
  parquetReadObjects,
  parquetSchema,
  type SchemaElement,
} from 'hyparquet'
import { ByteWriter, parquetWrite } from 'hyparquet-writer'
import { StoreRefusedError } from '../core/errors.ts'
import { type Cell, type CellType, number, text } from '../core/row-cells.ts'
import {
  METADATA_PREFIX,
  ROW_COLUMNS,
  type RowColumnName,
  writtenColumns,
} from '../core/row-columns.ts'
import type { Rows } from '../core/rows.ts'
import { rowsFromCells } from '../core/rows-from-cells.ts'
import type { Column } from '../core/table.ts'

const SCHEMA = 'nearmiss.rows/1'
const ROWS_IN_GROUP = 100_000

/** Columns that a comparison with a later run needs. */
export const COMPARED_COLUMNS = [
  'id',
  'label',
  'source_row',
  'correct',
  'neighbors',
  'class_margin',
  'x',
  'y',
  'tsne_x',
  'tsne_y',
  'umap_x',
  'umap_y',
] as const satisfies readonly RowColumnName[]

/** Columns that the pages of a project and of its items show rows by. */
export const SHOWN_COLUMNS = [
  'id',
  'label',
  'source_row',
  'correct',
  'image',
  'nearest_id',
  'nearest_distance',
] as const satisfies readonly RowColumnName[]

/** A row without a picture is shown by so many of its metadata values. */
export const SHOWN_METADATA = 2

export interface RowsFile {
  readonly rows: Rows
  readonly metadata: readonly Column[]
}

export interface DecodeOptions {
  /** What messages call the file. */
  readonly source?: string
  /** Those that are read; all unless given. */
  readonly columns?: readonly RowColumnName[]
  /** Chooses the metadata columns that are read, by their names; all unless given. */
  readonly metadata?: (names: readonly string[]) => readonly string[]
}

interface FileColumn {
  readonly name: string
  readonly type: CellType
  readonly isList: boolean
  readonly cells: readonly Cell[]
}

/**
 * The file's bytes. A missing number is null, not NaN; metadata columns are prefixed with `meta_`, and
 * `neighbors` and `neighbor_distances` are lists, nearest first.
 */
export function encodeRows(rows: Rows, metadata: readonly Column[]): Uint8Array {
  const columns: FileColumn[] = [
    ...writtenColumns(rows).map(({ name, type, isList, cells }) => {
      return { name, type, isList, cells: cells(rows) }
    }),
    ...metadata.map(metadataColumn),
  ]
  const writer = new ByteWriter()
  parquetWrite({
    writer,
    columnData: columns.map(({ name, type, cells }) => ({
      name,
      data: [...cells],
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
 * Reads what `encodeRows` wrote. Fields of columns that weren't asked for are as of missing values.
 *
 * @throws StoreRefusedError `unreadable-object` where the bytes aren't such a file.
 */
export async function decodeRows(
  bytes: Uint8Array,
  {
    source = 'rows.parquet',
    columns = ROW_COLUMNS.map(({ name }) => name),
    metadata = (names) => names,
  }: DecodeOptions = {},
): Promise<RowsFile> {
  const file = new Uint8Array(bytes).buffer
  const header = await readable(source, async () => parquetMetadata(file))
  const types = columnTypes(header)
  const wanted = ROW_COLUMNS.filter(({ name }) => columns.includes(name))
  const absent = wanted.find(({ name, map }) => map === null && !types.has(name))
  if (absent !== undefined) throw unreadable(source, `it has no column ${absent.name}`)
  const names = wanted.map(({ name }) => name).filter((name) => types.has(name))
  const own = [...types.keys()]
    .filter((name) => name.startsWith(METADATA_PREFIX))
    .map((name) => name.slice(METADATA_PREFIX.length))
  const chosen = metadata(own).filter((name) => own.includes(name))
  const objects: Record<string, Cell>[] = await readable(source, () =>
    parquetReadObjects({
      file,
      metadata: header,
      columns: [...names, ...chosen.map((name) => `${METADATA_PREFIX}${name}`)],
    }),
  )
  const cellsOf = (name: string) => objects.map((row) => row[name] ?? null)
  return {
    rows: rowsFromCells(objects.length, (name) => (names.includes(name) ? cellsOf(name) : null)),
    metadata: chosen.map((name) => {
      const cells = cellsOf(`${METADATA_PREFIX}${name}`)
      return types.get(`${METADATA_PREFIX}${name}`) === 'DOUBLE'
        ? { name, type: 'number', values: number.values(cells) }
        : { name, type: 'text', values: text.values(cells) }
    }),
  }
}

/** Names of the columns with the types of their cells; none of a list. */
function columnTypes(header: FileMetaData): ReadonlyMap<string, string | undefined> {
  const { children } = parquetSchema(header)
  return new Map(children.map(({ element }) => [element.name, element.type]))
}

function metadataColumn({ name, ...column }: Column): FileColumn {
  const [type, cells] =
    column.type === 'text'
      ? [text.type, text.cells(column.values)]
      : [number.type, number.cells(column.values)]
  return { name: `${METADATA_PREFIX}${name}`, type, isList: false, cells }
}

function schemaOf({ name, type, isList }: FileColumn): SchemaElement[] {
  const cell: Partial<SchemaElement> =
    type === 'TEXT' ? { type: 'BYTE_ARRAY', converted_type: 'UTF8' } : { type }
  if (!isList) return [{ name, ...cell, repetition_type: 'OPTIONAL' }]
  return [
    { name, repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', ...cell, repetition_type: 'REQUIRED' },
  ]
}

async function readable<T>(source: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw unreadable(source, error instanceof Error ? error.message : String(error), error)
  }
}

function unreadable(source: string, problem: string, cause?: unknown): StoreRefusedError {
  return new StoreRefusedError('unreadable-object', `${source} can't be read: ${problem}`, {
    cause,
    hint: 'The file is cut short or of another version. Restore it, compare with another run, or publish this one again under another name.',
  })
}
