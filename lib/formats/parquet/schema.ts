/** The fields of a Parquet file: its columns, and those inside of records by a name with dots. */

import type { ColumnChunk, FileMetaData, SchemaTree } from 'hyparquet'
import type { Field, FieldKind } from '../contents.ts'
import { isDecimal } from './meanings.ts'

/** Below a list's node: what is repeated, and its entry. More would be a list of records. */
const LIST_DEPTH = 2
/** Of bytes that are shown as text; longer ones are no ids. */
const LONGEST_BYTES = 64
/** Records inside of records, more than any table has. */
const DEEPEST = 12

/** A field and the one column of the file that holds it. */
export interface ParquetField {
  readonly field: Field
  /** From the root to the leaf; null where it can't be read. */
  readonly path: readonly SchemaTree[] | null
}

export function parquetFields(root: SchemaTree, rows: number): readonly ParquetField[] {
  return root.children.flatMap((child) => fieldsOf([root, child], rows))
}

function fieldsOf(path: readonly SchemaTree[], rows: number): readonly ParquetField[] {
  const node = path.at(-1)!
  const name = node.path.join('.')
  if (path.length > DEEPEST) return [unread(name, 'nested', rows)]
  if (node.children.length === 0) {
    if (node.element.repetition_type === 'REPEATED') return listOf(name, path, rows)
    const { kind, type } = leafKind(node)
    return [{ field: fieldOf(name, kind, type, [rows], node), path }]
  }
  const list = listPath(path)
  if (list !== null) return listOf(name, list, rows)
  const isRecord =
    node.element.repetition_type !== 'REPEATED' &&
    node.element.converted_type === undefined &&
    node.element.logical_type === undefined
  if (!isRecord) return [unread(name, 'nested', rows)]
  return node.children.flatMap((child) => fieldsOf([...path, child], rows))
}

function listOf(name: string, path: readonly SchemaTree[], rows: number): readonly ParquetField[] {
  const leaf = path.at(-1)!
  const { kind, type } = leafKind(leaf)
  if (kind !== 'number' && kind !== 'flag') return [unread(name, `list<${type}>`, rows)]
  return [{ field: fieldOf(name, 'vector', `list<${type}>`, [rows, null], leaf), path }]
}

/** From the root to the leaf of a list of plain values, in any of the ways that lists are written. */
function listPath(path: readonly SchemaTree[]): readonly SchemaTree[] | null {
  const all = [...path]
  let repeated = all.at(-1)!.element.repetition_type === 'REPEATED' ? 1 : 0
  for (let node = all.at(-1)!; node.children.length > 0; ) {
    if (node.children.length > 1) return null
    node = node.children[0]!
    if (node.element.repetition_type === 'REPEATED') repeated += 1
    all.push(node)
  }
  return repeated === 1 && all.length - path.length <= LIST_DEPTH ? all : null
}

function fieldOf(
  name: string,
  kind: FieldKind,
  type: string,
  shape: readonly (number | null)[],
  leaf: SchemaTree,
): Field {
  return {
    name,
    kind,
    type,
    shape,
    examples: [],
    isInteger: kind === 'flag' || isWhole(leaf.element),
    problem: null,
    longestText: null,
    byteLength: null,
  }
}

function isWhole(element: SchemaTree['element']): boolean {
  if (isDecimal(element)) return (element.scale ?? 0) === 0
  return element.type === 'INT32' || element.type === 'INT64'
}

function unread(name: string, type: string, rows: number): ParquetField {
  const field: Field = {
    name,
    kind: 'other',
    type,
    shape: [rows],
    examples: [],
    isInteger: false,
    problem: null,
    longestText: null,
    byteLength: null,
  }
  return { field, path: null }
}

/** A field whose numbers have names. */
export function asClasses({ field, path }: ParquetField): ParquetField {
  return { field: { ...field, kind: 'text', type: 'ClassLabel', isInteger: false }, path }
}

function leafKind({ element }: SchemaTree): { readonly kind: FieldKind; readonly type: string } {
  const { type, type_length: width, converted_type: converted, logical_type: logical } = element
  const name = (logical?.type ?? converted ?? type ?? '').toLowerCase()
  if (/^(?:timestamp|date|time)/.test(name) || type === 'INT96') return { kind: 'time', type: name }
  if (name === 'float16' || name.startsWith('decimal')) return { kind: 'number', type: name }
  switch (type) {
    case 'BOOLEAN':
      return { kind: 'flag', type: 'bool' }
    case 'INT32':
    case 'INT64':
      return { kind: 'number', type: name.startsWith('int') ? type.toLowerCase() : name }
    case 'FLOAT':
    case 'DOUBLE':
      return { kind: 'number', type: type.toLowerCase() }
    case 'BYTE_ARRAY':
      if (/^(?:bson|geometry|geography|variant)/.test(name)) return { kind: 'other', type: name }
      return { kind: 'text', type: name === 'byte_array' ? 'binary' : 'text' }
    default:
      // Ids are written so; what is longer are vectors or pictures.
      if (name === 'fixed_len_byte_array' && (width ?? 0) <= LONGEST_BYTES) {
        return { kind: 'text', type: 'binary' }
      }
      return name === 'uuid' ? { kind: 'text', type: name } : { kind: 'other', type: name }
  }
}

/** What a leaf's entry has where nothing of its path is missing. */
export function definitionLevels(path: readonly SchemaTree[]): number {
  return path.slice(1).filter(({ element }) => element.repetition_type !== 'REQUIRED').length
}

/** The column's part of each row group. */
export function chunksOf(
  { row_groups }: FileMetaData,
  path: readonly SchemaTree[],
): readonly ColumnChunk[] {
  const wanted = path.at(-1)!.path.join('.')
  return row_groups.map(({ columns }) => {
    const chunk = columns.find(({ meta_data }) => meta_data?.path_in_schema.join('.') === wanted)
    if (chunk === undefined) throw new Error(`a row group has no column ${wanted}`)
    return chunk
  })
}
