/** Parquet: the fields by its footer, and of the rest only the columns that are chosen, page by page. */

import { type FileMetaData, parquetMetadata, parquetSchema } from 'hyparquet'
import { InputError } from '../../core/errors.ts'
import type { FileSource } from '../../core/file-source.ts'
import { LONGEST_ENTRY, textTooLong } from '../../core/limits.ts'
import { type Column, isNamed, type Vectors } from '../../core/table.ts'
import type { Warning } from '../../core/warning.ts'
import { columnOf, entryText } from '../column-values.ts'
import type { FieldColumn, Opener, OpenOptions } from '../contents.ts'
import { damageText } from '../damage-text.ts'
import { PARSERS } from '../times.ts'
import { matrixOfColumns, vectorsFromLists } from './matrices.ts'
import { DamagedPage, eachPage, type Unfolding, unfoldingOf } from './pages.ts'
import { chunksOf, definitionLevels, type ParquetField, parquetFields } from './schema.ts'
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
  const fields = parquetFields(root, rows)
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
          const isList = chosen.length === 1 && chosen[0]!.field.kind === 'vector'
          vectors.push(
            isList
              ? await vectorsFromLists(file, unfolding, metadata, chosen[0]!)
              : await matrixOfColumns(file, unfolding, metadata, chosen),
          )
        }
        const read: (Column | null)[] = []
        for (const column of columns) {
          read.push(
            await readColumn(
              file,
              unfolding,
              metadata,
              fields[column.field]!,
              column,
              options,
              warnings,
            ),
          )
        }
        return { rows, matrices: vectors, columns: read, warnings }
      }),
  }
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
      hint: 'Write it without encryption: pq.write_table(table, "embeddings.parquet").',
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
  { asText, longest }: FieldColumn,
  { columns }: OpenOptions,
  warnings: Warning[],
): Promise<Column | null> {
  const where = `${file.name}, column ${field.name}`
  const entries: unknown[] = []
  const limit = longest ?? LONGEST_ENTRY
  let isLeftOut = false
  for (const chunk of chunksOf(metadata, path!)) {
    if (isLeftOut) break
    await eachPage(file, unfolding, chunk, path!, ({ values, definition, count }) => {
      let next = 0
      const most = definition.length === 0 ? 0 : definitionLevels(path!)
      for (let entry = 0; entry < count; entry++) {
        const isThere = definition.length === 0 || definition[entry] === most
        const value = isThere ? values[next++] : null
        if (typeof value === 'string' && value.length > limit && !isLeftOut) {
          if (longest !== null) {
            const isLabel = isNamed(field.name, columns.label)
            throw textTooLong(
              field.name,
              value.length,
              longest,
              `${where}, row ${entries.length}`,
              isLabel,
            )
          }
          isLeftOut = true
          warnings.push({
            code: 'column-ignored',
            message: `The column ${field.name} of ${file.name} is left out: its entry in row ${entries.length} has ${value.length} characters, and ${LONGEST_ENTRY} are the most`,
          })
        }
        if (!isLeftOut) entries.push(value instanceof Uint8Array ? entryText(value) : value)
      }
    })
  }
  if (isLeftOut) return null
  const rows = Number(metadata.num_rows)
  if (entries.length !== rows) {
    throw new DamagedPage(
      `it claims ${rows} rows, and the column ${field.name} has ${entries.length}`,
    )
  }
  return columnOf(field.name, entries, asText)
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
  const isDecoders =
    cause instanceof DamagedPage ||
    cause instanceof RangeError ||
    cause instanceof TypeError ||
    (cause instanceof Error && (cause.constructor === Error || 'code' in cause === false))
  if (!isDecoders) return cause
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
