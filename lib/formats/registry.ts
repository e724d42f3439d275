/** The formats that are read, and the choice between them. A format is one opener and one line here. */

import { InputError } from '../core/errors.ts'
import type { FileSource } from '../core/file-source.ts'
import { START_BYTES } from '../core/format-marks.ts'
import { formatOf, isRead, partNamed, unreadIssue } from '../core/format-of.ts'
import type { ReadFormatId } from '../core/formats.ts'
import type { Table } from '../core/table.ts'
import { openArrow } from './arrow/contents.ts'
import { readContents } from './choice/table.ts'
import type { Opener } from './contents.ts'
import { openCsv, openTsv } from './delimited/contents.ts'
import { MAX_INFLATED_BYTES, type ReadOptions } from './format.ts'
import { openJson, openJsonLines } from './json/contents.ts'
import { openNpy } from './npy.ts'
import { openNpz } from './npz.ts'
import { openParquet } from './parquet/contents.ts'
import { openSafetensors } from './safetensors.ts'

const OPENERS: Readonly<Record<ReadFormatId, Opener>> = {
  npz: openNpz,
  npy: openNpy,
  csv: openCsv,
  tsv: openTsv,
  safetensors: openSafetensors,
  parquet: openParquet,
  arrow: openArrow,
  jsonl: openJsonLines,
  json: openJson,
}

/**
 * Reads a file of an upload. Its first bytes choose the format, then its extension does.
 * Throws `InputError` for a file of a format that isn't read, or that is damaged.
 *
 * @example await readTable(fileInMemory({ name: 'embeddings.npz', bytes }), { part: 'vectors', columns })
 */
export async function readTable(file: FileSource, options: ReadOptions): Promise<Table> {
  const start = await file.slice(0, Math.min(START_BYTES, file.byteLength))
  const format = formatOf(file.name, start)
  if (file.byteLength === 0 || format === null || !isRead(format)) {
    // A gallery's vectors are read like any.
    const part = partNamed(file.name) ?? options.part
    throw new InputError(unreadIssue(file.name, part, start))
  }
  const { part, columns, maxInflatedByteLength = MAX_INFLATED_BYTES } = options
  const contents = await OPENERS[format](file, { part, columns, maxInflatedByteLength })
  return readContents(contents, format, options)
}
