/** The readers of the formats that are read, and the choice between them. A reader is one file and one line here. */

import { InputError } from '../core/errors.ts'
import { formatOf, isRead, partNamed, unreadIssue } from '../core/format-of.ts'
import type { ReadFormatId } from '../core/formats.ts'
import type { InputFile, Table } from '../core/table.ts'
import { readCsv } from './csv.ts'
import type { Reader, ReadOptions } from './format.ts'
import { readNpy } from './npy.ts'
import { readNpz } from './npz.ts'

const READERS: Readonly<Record<ReadFormatId, Reader>> = {
  npz: readNpz,
  npy: readNpy,
  csv: readCsv,
}

/**
 * Reads a file of an upload. Its first bytes choose the format, then its extension does.
 * Throws `InputError` for a file of a format that isn't read, or that is damaged.
 *
 * @example await readTable({ name: 'embeddings.npz', bytes }, { part: 'vectors', columns })
 */
export async function readTable(file: InputFile, options: ReadOptions): Promise<Table> {
  const format = formatOf(file.name, file.bytes)
  if (file.bytes.length === 0 || format === null || !isRead(format)) {
    // A gallery's vectors are read like any.
    const part = partNamed(file.name) ?? options.part
    throw new InputError(unreadIssue(file.name, part, file.bytes))
  }
  return READERS[format](file, options)
}
