/** Arrow’s IPC files and streams, Feather among them, packed with LZ4 or zstd or not; of the batches only what is chosen. */

import type { Batch } from '@uwdata/flechette'
import { InputError } from '../../core/errors.ts'
import type { FileSource } from '../../core/file-source.ts'
import type { Warning } from '../../core/warning.ts'
import { classNamesOf, FEATURES_KEY } from '../class-names.ts'
import type { Opener, OpenOptions, Selection } from '../contents.ts'
import { damageText, isDamage } from '../damage-text.ts'
import { asTextVectors, LOOKED_AT, textsToLookAt } from '../text-vectors.ts'
import { columnReader } from './columns.ts'
import { type ArrowField, entriesOf, fieldOf, withNames } from './fields.ts'
import { batchesOf, schemaOf } from './groups.ts'
import { layoutOf } from './layout.ts'
import { matrixReader } from './matrices.ts'

export const openArrow: Opener = async (file, options) => {
  const source = file.name
  const start = Buffer.from(await file.slice(0, Math.min(4, file.byteLength)))
  if (start.toString('latin1') === 'FEA1') {
    throw new InputError({
      code: 'feather-version',
      message: 'The file is Feather of version 1, which is not Arrow and not read.',
      where: source,
      hint: 'In Python: import pandas as pd; pd.read_feather("embeddings.feather").to_parquet("embeddings.parquet"), with the names of your files.',
    })
  }
  return orDamaged(source, async () => {
    const layout = await layoutOf(file)
    const schema = schemaOf(layout)
    const classes = classNamesOf(schema.schema.metadata?.get(FEATURES_KEY))
    const plain = schema.schema.fields.map(
      ({ name: written, type, metadata }, place): ArrowField => {
        // Of a damaged schema a name may be missing.
        const name = String(written ?? '')
        const one = { field: fieldOf(name, type, layout.rows, metadata), place, type, names: null }
        return withNames(one, classes.get(name))
      },
    )
    const batches = (places: readonly number[]) => batchesOf(file, layout, schema, new Set(places))
    const fields = await withTextVectors(file, plain, batches, options)
    return {
      source,
      where: source,
      fields: fields.map(({ field }) => field),
      warnings: layout.hasEnd ? [] : [unended(source)],
      read: ({ matrices, columns }: Selection) =>
        orDamaged(source, async () => {
          const warnings: Warning[] = []
          const { rows } = layout
          const ofMatrices = matrices.map((places) =>
            matrixReader(
              places.map((place) => fields[place]!),
              rows,
              source,
            ),
          )
          const ofColumns = columns.map((column) =>
            columnReader(fields[column.field]!, rows, column, options, source, warnings),
          )
          const takes = [...ofMatrices, ...ofColumns].flatMap((reader) => reader.takes)
          for await (const batch of batches(takes.map(([field]) => field))) {
            for (const [field, take] of takes) take(batch.get(field)!)
          }
          return {
            rows,
            matrices: ofMatrices.map((reader) => reader.end()),
            columns: ofColumns.map((reader) => reader.end()),
            warnings,
          }
        }),
    }
  })
}

/** Looks at the first entries of texts that could be the vectors. */
async function withTextVectors(
  file: FileSource,
  fields: readonly ArrowField[],
  batches: (places: readonly number[]) => AsyncIterable<ReadonlyMap<number, Batch<unknown>>>,
  { part, columns }: OpenOptions,
): Promise<readonly ArrowField[]> {
  const all = [...fields]
  const places =
    part !== 'vectors'
      ? []
      : textsToLookAt(
          fields.map(({ field }) => field),
          columns,
        )
  for (const place of places) {
    const texts: string[] = []
    for await (const batch of batches([place])) {
      for (const entry of entriesOf(fields[place]!, batch.get(place)!)) {
        if (typeof entry === 'string' && entry.trim() !== '') texts.push(entry)
        if (texts.length === LOOKED_AT) break
      }
      if (texts.length > 0) break
    }
    const one = fields[place]!
    all[place] = { ...one, field: asTextVectors(one.field, texts, file.name) }
  }
  return all
}

function unended(source: string): Warning {
  return {
    code: 'arrow-unended',
    message: `The stream ${source} doesn’t say that it ends. If it was cut short, rows at its end are missing; a writer that is closed marks the end`,
  }
}

async function orDamaged<T>(source: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    if (cause instanceof InputError || !isDamage(cause)) throw cause
    throw new InputError({
      code: 'arrow-damaged',
      message: `The Arrow file can’t be read: ${damageText(cause)}.`,
      where: source,
      hint: 'The file was damaged or cut short: write it again, for example frame.to_feather("embeddings.feather"), and upload it whole.',
    })
  }
}
