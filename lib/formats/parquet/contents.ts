/** Parquet: the fields by its footer, and of the rest only the columns that are chosen, page by page. */

import { type FileMetaData, parquetMetadata, parquetSchema, type SchemaTree } from 'hyparquet'
import { InputError } from '../../core/errors.ts'
import type { FileSource } from '../../core/file-source.ts'
import { LONGEST_ENTRY, textTooLong } from '../../core/limits.ts'
import { type Column, isNamed, type Vectors } from '../../core/table.ts'
import type { Warning } from '../../core/warning.ts'
import { type ClassNames, classNamesOf, FEATURES_KEY, NamedClasses } from '../class-names.ts'
import { columnOf, entryText } from '../column-values.ts'
import type { FieldColumn, Opener, OpenOptions } from '../contents.ts'
import { damageText, isDamage } from '../damage-text.ts'
import { asTextVectors, LOOKED_AT, textsToLookAt } from '../text-vectors.ts'
import { PARSERS } from '../times.ts'
import { type Unfolding, unfoldingOf } from '../unfolding.ts'
import { checkRows, entriesOf } from './entries.ts'
import { matrixOfColumns, vectorsFromLists, vectorsFromTexts } from './matrices.ts'
import { DamagedPage } from './pages.ts'
import { asClasses, type ParquetField, parquetFields } from './schema.ts'
import { checkThrift } from './thrift.ts'

const MAGIC = 'PAR1'
/** A hundred thousand columns in a thousand row groups take less. */
const MOST_FOOTER_BYTES = 64 * 2 ** 20
const TAIL = 8
/** No table of vectors has more rows than that in a byte of its file. */
const MOST_ROWS_A_BYTE = 64
const FREE_ROWS = 10_000_000

export const openParquet: Opener = async (file, options) => {
  const source = file.name
  const metadata = await readFooter(file)
  const rows = Number(metadata.num_rows)
  const root = orDamagedSync(source, () => parquetSchema(metadata))
  const features = metadata.key_value_metadata?.find(({ key }) => key === FEATURES_KEY)
  const classes = classNamesOf(features?.value)
  const plain = parquetFields(root, rows).map((one) =>
    namesOf(classes, one) ? asClasses(one) : one,
  )
  const fields = await withTextVectors(file, metadata, plain, options)
  return {
    source,
    where: source,
    fields: fields.map(({ field }) => field),
    warnings: [],
    read: ({ matrices, columns }) =>
      orDamaged(source, async () => {
        const warnings: Warning[] = []
        const unfolding = unfoldingOf(file)
        const vectors: Vectors[] = []
        for (const places of matrices) {
          const chosen = places.map((place) => fields[place]!)
          vectors.push(await readerOf(chosen)(file, unfolding, metadata, chosen))
        }
        const read: (Column | null)[] = []
        for (const column of columns) {
          const one = fields[column.field]!
          const names = namesOf(classes, one)
          read.push(
            await readColumn(file, unfolding, metadata, one, names, column, options, warnings),
          )
        }
        return { rows, matrices: vectors, columns: read, warnings }
      }),
  }
}

function readerOf([first, ...more]: readonly ParquetField[]): typeof matrixOfColumns {
  if (more.length > 0 || first!.field.kind !== 'vector') return matrixOfColumns
  const readList = first!.field.type === 'text' ? vectorsFromTexts : vectorsFromLists
  return (file, unfolding, metadata, [only]) => readList(file, unfolding, metadata, only!)
}

/** The names of a column's numbers; undefined where it has none. */
function namesOf(
  classes: ClassNames,
  { field, path }: ParquetField,
): readonly string[] | undefined {
  const type = path?.at(-1)?.element.type
  const isWhole = field.shape.length === 1 && (type === 'INT64' || type === 'INT32')
  return isWhole ? classes.get(field.name) : undefined
}

/** Looks at the first entries of texts that could be the vectors. */
async function withTextVectors(
  file: FileSource,
  metadata: FileMetaData,
  fields: readonly ParquetField[],
  { part, columns }: OpenOptions,
): Promise<readonly ParquetField[]> {
  if (part !== 'vectors') return fields
  const all = [...fields]
  for (const place of textsToLookAt(
    fields.map(({ field }) => field),
    columns,
  )) {
    const { field, path } = fields[place]!
    const entries = await orDamaged(file.name, () => firstTexts(file, metadata, path!))
    all[place] = { field: asTextVectors(field, entries, file.name), path }
  }
  return all
}

async function firstTexts(
  file: FileSource,
  metadata: FileMetaData,
  path: readonly SchemaTree[],
): Promise<readonly string[]> {
  for await (const entries of entriesOf(file, unfoldingOf(file), metadata, path)) {
    const texts = entries.filter((entry) => typeof entry === 'string' && entry.trim() !== '')
    if (texts.length > 0) return texts.slice(0, LOOKED_AT) as string[]
  }
  return []
}

async function readFooter(file: FileSource): Promise<FileMetaData> {
  const source = file.name
  if (file.byteLength < TAIL + MAGIC.length) throw damaged(source, 'it is too short')
  const tail = Buffer.from(await file.slice(file.byteLength - TAIL, file.byteLength))
  const magic = tail.toString('latin1', 4)
  if (magic === 'PARE') {
    throw new InputError({
      code: 'parquet-encrypted',
      message: 'The file’s footer is encrypted, and nearmiss has no key.',
      where: source,
      hint: 'Write it without encryption: pq.write_table(table, "embeddings.parquet")',
    })
  }
  if (magic !== MAGIC) {
    throw damaged(source, `it ends in ${JSON.stringify(magic)} where PAR1 stands`)
  }
  const length = tail.readUInt32LE(0)
  const start = file.byteLength - TAIL - length
  if (start < MAGIC.length || length > MOST_FOOTER_BYTES) {
    throw damaged(
      source,
      `its footer claims ${length} bytes of ${file.byteLength}; at most ${MOST_FOOTER_BYTES} are read`,
    )
  }
  const footer = await file.slice(start, file.byteLength)
  return orDamagedSync(source, () => {
    const bytes = Uint8Array.from(footer)
    checkThrift(bytes, (problem) => new DamagedPage(problem))
    const metadata = parquetMetadata(bytes.buffer, { parsers: PARSERS, geoparquet: false })
    const counted = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
    if (counted !== Number(metadata.num_rows)) {
      throw new DamagedPage(
        `it claims ${metadata.num_rows} rows, and its row groups have ${counted}`,
      )
    }
    const most = Math.max(FREE_ROWS, file.byteLength * MOST_ROWS_A_BYTE)
    if (!(counted >= 0 && counted <= most)) {
      throw new DamagedPage(`it claims ${counted} rows in ${file.byteLength} bytes`)
    }
    return metadata
  })
}

async function readColumn(
  file: FileSource,
  unfolding: Unfolding,
  metadata: FileMetaData,
  { field, path }: ParquetField,
  names: readonly string[] | undefined,
  { asText, longest }: FieldColumn,
  { columns }: OpenOptions,
  warnings: Warning[],
): Promise<Column | null> {
  const { name } = field
  const where = `${file.name}, column ${name}`
  const classes = names === undefined ? null : new NamedClasses(names)
  const all: unknown[] = []
  const limit = longest ?? LONGEST_ENTRY
  for await (const entries of entriesOf(file, unfolding, metadata, path!)) {
    for (const written of entries) {
      const value = classes === null ? written : classes.nameOf(written)
      if (typeof value === 'string' && value.length > limit) {
        if (longest !== null) {
          const isLabel = isNamed(name, columns.label)
          throw textTooLong(name, value.length, longest, `${where}, row ${all.length}`, isLabel)
        }
        warnings.push({
          code: 'column-ignored',
          message: `The column ${name} of ${file.name} is left out: its entry in row ${all.length} has ${value.length} characters, and ${LONGEST_ENTRY} are the most`,
        })
        return null
      }
      all.push(value instanceof Uint8Array ? entryText(value) : value)
    }
  }
  checkRows(all.length, Number(metadata.num_rows), name)
  if (classes !== null) warnings.push(...classes.warnings(name, file.name))
  return columnOf(name, all, asText)
}

async function orDamaged<T>(source: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    throw asDamage(source, cause)
  }
}

function orDamagedSync<T>(source: string, action: () => T): T {
  try {
    return action()
  } catch (cause) {
    throw asDamage(source, cause)
  }
}

/** What a decoder throws at bytes that can't be; trouble of a store stays what it is. */
function asDamage(source: string, cause: unknown): unknown {
  if (cause instanceof InputError) return cause
  if (!isDamage(cause)) return cause
  return damaged(source, damageText(cause).replace(/^parquet /, ''))
}

function damaged(source: string, problem: string): InputError {
  return new InputError({
    code: 'parquet-damaged',
    message: `The Parquet file can’t be read: ${problem}.`,
    where: source,
    hint: 'The file was damaged or cut short: write it again, for example frame.to_parquet("embeddings.parquet"), and upload it whole.',
  })
}
