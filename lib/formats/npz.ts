/** NumPy's `.npz`: arrays by name, in a zip. */

import { InputError } from '../core/errors.ts'
import {
  LONGEST_COLUMN_NAME,
  LONGEST_ENTRY,
  MOST_COLUMN_BYTES,
  MOST_ENTRIES,
  neededLength,
  shortName,
  textTooLong,
} from '../core/limits.ts'
import type { ColumnNames } from '../core/manifest.ts'
import { type Column, isNamed } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { USUAL_SETTING } from './csv-vectors.ts'
import { MAX_INFLATED_BYTES, type Reader, staysText } from './format.ts'
import { labelsShape } from './npy.ts'
import {
  MAX_NPY_HEADER_BYTE_LENGTH,
  type NpyHeader,
  readNpyHeader,
  shapeText,
} from './npy-header.ts'
import { npyColumn, npyVectors, textLength, vectorShape } from './npy-values.ts'
import { openZip, type ZipEntry } from './zip.ts'

interface NamedArray {
  readonly name: string
  readonly where: string
  readonly entry: ZipEntry
  /** What is wrong with the header, where something is; fatal only if the array is needed. */
  readonly header: NpyHeader | InputError
}

export const readNpz: Reader = async ({ name: source, bytes }, options) => {
  const limit = options.maxInflatedByteLength ?? MAX_INFLATED_BYTES
  const { arrays, strangers } = await openArrays(bytes, limit, source)
  const warnings = strangers.map((name) => ignored(name, 'it is not a .npy array'))

  const embeddings =
    options.part === 'vectors' ? findEmbeddings(arrays, options.columns, source) : null
  // All that the headers alone tell is told before anything is unfolded.
  if (embeddings !== null) checkHeaders(embeddings, arrays, options.columns)
  const vectors =
    embeddings === null
      ? null
      : npyVectors(await embeddings.entry.read(), headerOf(embeddings), embeddings.where)

  const others = arrays.filter((array) => array !== embeddings)
  const rows = vectors?.rows ?? rowsOf(others, options.columns, source)
  const columns: Column[] = []
  let [columnBytes, entries] = [0, 0]
  for (const array of others) {
    const problem = columnProblem(array, rows, options.columns, embeddings?.name ?? 'the others')
    if (problem === null) {
      columnBytes += array.entry.byteLength
      entries += rows
      checkTotals(columnBytes, entries, array.where)
      const asText = staysText(array.name, options.columns)
      const content = await array.entry.read()
      columns.push(npyColumn(array.name, content, headerOf(array), asText, array.where))
    } else {
      warnings.push(ignored(array.name, problem))
    }
  }
  return { source, vectors, columns, rows, warnings }
}

/** What is wrong with the vectors, and with the columns that are needed beside them. */
function checkHeaders(
  embeddings: NamedArray,
  arrays: readonly NamedArray[],
  columns: ColumnNames,
): void {
  const { rows } = vectorShape(headerOf(embeddings), embeddings.where)
  for (const array of arrays) {
    if (array !== embeddings) columnProblem(array, rows, columns, embeddings.name)
  }
}

/** Before the array is unfolded: texts take several times the memory of their bytes. */
function checkTotals(columnBytes: number, entries: number, where: string): void {
  const isBytes = columnBytes > MOST_COLUMN_BYTES
  if (!isBytes && entries <= MOST_ENTRIES) return
  throw new InputError({
    code: 'columns-too-large',
    message: `With this array the columns ${isBytes ? `unfold to ${columnBytes} bytes; at most ${MOST_COLUMN_BYTES} are read` : `have ${entries} entries; at most ${MOST_ENTRIES} are read`}.`,
    where,
    hint: 'Leave out the columns that the report doesn’t need, shorten their entries (NumPy gives each the length of the longest), or evaluate a sample of the rows.',
  })
}

async function openArrays(
  bytes: Uint8Array,
  maxInflatedByteLength: number,
  source: string,
): Promise<{ arrays: readonly NamedArray[]; strangers: readonly string[] }> {
  const arrays = new Map<string, NamedArray>()
  const strangers: string[] = []
  for (const entry of await openZip(bytes, maxInflatedByteLength, source)) {
    if (!entry.name.endsWith('.npy')) {
      strangers.push(entry.name)
      continue
    }
    const name = entry.name.slice(0, -'.npy'.length)
    if (arrays.has(name)) {
      throw new InputError({
        code: 'npz-duplicate',
        message: `The file holds two arrays of the name ${shortName(name)}.`,
        where: source,
        hint: 'Save it again with np.savez, each array under a name of its own.',
      })
    }
    const where = `${source}, array ${shortName(name)}`
    // Headers first: an array that isn't used is never unfolded.
    const start = await entry.peek(MAX_NPY_HEADER_BYTE_LENGTH + 12)
    arrays.set(name, { name, where, entry, header: tryHeader(start, entry.byteLength, where) })
  }
  if (arrays.size === 0) {
    throw new InputError({
      code: 'npz-empty',
      message: `The zip holds 0 NumPy arrays${strangers.length > 0 ? ` (${strangers.slice(0, 5).join(', ')})` : ''}.`,
      where: source,
      hint: 'Write it with np.savez("embeddings.npz", embeddings=embeddings, labels=labels, ids=ids).',
    })
  }
  return { arrays: [...arrays.values()], strangers }
}

function tryHeader(start: Uint8Array, byteLength: number, where: string): NpyHeader | InputError {
  try {
    return readNpyHeader(start, byteLength, where)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}

function headerOf(array: NamedArray): NpyHeader {
  if (array.header instanceof InputError) throw array.header
  return array.header
}

/** The array that the manifest names, else the only 2-D array of floats. */
function findEmbeddings(
  arrays: readonly NamedArray[],
  columns: ColumnNames,
  source: string,
): NamedArray {
  const named =
    arrays.find(({ name }) => name === columns.embeddings) ??
    arrays.find(({ name }) => isNamed(name, columns.embeddings))
  if (named !== undefined) return named
  if (columns.embeddings !== USUAL_SETTING) {
    throw new InputError({
      code: 'embeddings-missing',
      message: `The manifest says columns.embeddings: ${columns.embeddings}, and no array has that name. The file holds ${arrays.slice(0, 10).map(describe).join(', ')}.`,
      where: source,
      hint: 'Correct the name in nearmiss.yaml, or leave columns.embeddings out.',
    })
  }
  const candidates = arrays.filter(
    ({ header }) =>
      !(header instanceof InputError) && header.shape.length === 2 && header.type.kind === 'f',
  )
  const [only] = candidates
  if (only !== undefined && candidates.length === 1) return only
  const list = (candidates.length > 1 ? candidates : arrays).slice(0, 10).map(describe).join(', ')
  throw new InputError({
    code: candidates.length > 1 ? 'embeddings-ambiguous' : 'embeddings-missing',
    message: `No array is named ${columns.embeddings}, and ${candidates.length} are two-dimensional floats; one is needed. The file holds ${list}.`,
    where: source,
    hint: `Name the array ${columns.embeddings}, or put its name into nearmiss.yaml: columns: { embeddings: NAME }.`,
  })
}

function describe({ name, header }: NamedArray): string {
  return header instanceof InputError
    ? `${shortName(name)} (unreadable)`
    : `${shortName(name)} ${shapeText(header.shape)} ${header.type.descr}`
}

/** Rows of a file without vectors: those of its labels, ids or first 1-D array. */
function rowsOf(arrays: readonly NamedArray[], columns: ColumnNames, source: string): number {
  const flat = arrays.filter(
    ({ header }) => !(header instanceof InputError) && header.shape.length === 1,
  )
  const first =
    arrays.find(({ name }) => isNamed(name, columns.label)) ??
    arrays.find(({ name }) => isNamed(name, columns.id)) ??
    flat[0]
  if (first === undefined) {
    throw new InputError({
      code: 'npz-no-columns',
      message: `The file holds 0 one-dimensional arrays: ${arrays.slice(0, 10).map(describe).join(', ')}.`,
      where: source,
      hint: 'Save one value a row for each column: np.savez("metadata.npz", id=ids, camera=cameras).',
    })
  }
  return headerOf(first).shape[0] ?? 0
}

/** Why an array can't be a column, null where it can. Throws for labels and ids, which are needed. */
function columnProblem(
  array: NamedArray,
  rows: number,
  columns: ColumnNames,
  measure: string,
): string | null {
  const isLabel = isNamed(array.name, columns.label)
  const needed = isLabel || isNamed(array.name, columns.id)
  if (array.name.length > LONGEST_COLUMN_NAME && !needed) {
    return `its name has ${array.name.length} characters, and ${LONGEST_COLUMN_NAME} are the most`
  }
  if (array.header instanceof InputError) {
    if (needed) throw array.header
    return array.header.message
  }
  const { shape, type } = array.header
  const length = textLength(type)
  const limit = neededLength(array.name, columns)
  if (length > (limit ?? LONGEST_ENTRY)) {
    if (limit !== null) throw textTooLong(array.name, length, limit, array.where, isLabel)
    return `its type ${type.descr} has entries of up to ${length} characters, and ${LONGEST_ENTRY} are the most`
  }
  if (shape.length === 1 && shape[0] === rows) return null
  if (!needed) return `its shape is ${shapeText(shape)} where a column has (${rows},)`
  if (shape.length !== 1 && isLabel) throw labelsShape(array.where, shape)
  throw new InputError({
    code: 'row-count',
    message: `${array.name} has shape ${shapeText(shape)}, and ${measure} ${measure === 'the others' ? 'have' : 'has'} ${rows} rows.`,
    where: array.where,
    hint: 'Save one entry for each row, in the same order.',
  })
}

function ignored(name: string, reason: string): Warning {
  return { code: 'array-ignored', message: `The array ${shortName(name)} is left out: ${reason}` }
}
