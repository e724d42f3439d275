/** A file in memory, read as one of an upload is. */

import { fileInMemory } from '../lib/core/file-source.ts'
import type { InputFile, Table } from '../lib/core/table.ts'
import type { ReadOptions } from '../lib/formats/format.ts'
import { readTable as read } from '../lib/formats/registry.ts'

export function readTable(file: InputFile, options: ReadOptions): Promise<Table> {
  return read(fileInMemory(file), options)
}
