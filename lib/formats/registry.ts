/** The formats that are read, and the choice between them. A format is one opener and one line here. */

import { InputError } from '../core/errors.ts'
import type { FileSource } from '../core/file-source.ts'
import { START_BYTES } from '../core/format-marks.ts'
import { formatOf, isPacking, isRead, partNamed, unreadIssue } from '../core/format-of.ts'
import type { FormatId, ReadFormatId } from '../core/formats.ts'
import type { Table } from '../core/table.ts'
import { openArrow } from './arrow/contents.ts'
import { readContents } from './choice/table.ts'
import type { Contents, Opener } from './contents.ts'
import { openCsv, openTsv } from './delimited/contents.ts'
import { MAX_INFLATED_BYTES, type ReadOptions } from './format.ts'
import { openJson, openJsonLines } from './json/contents.ts'
import { openNpy } from './npy.ts'
import { openNpz } from './npz.ts'
import { unpack } from './packed.ts'
import { openParquet } from './parquet/contents.ts'
import { openSafetensors } from './safetensors.ts'
import { openTensorBytes } from './tensor-bytes.ts'

const OPENERS: Readonly<Record<ReadFormatId, Opener>> = {
  npz: openNpz,
  npy: openNpy,
  csv: openCsv,
  tsv: openTsv,
  safetensors: openSafetensors,
  parquet: openParquet,
  arrow: openArrow,
  jsonl: openJsonLines,
  tensorBytes: openTensorBytes,
  json: openJson,
}

/** An open file, and the format that its first bytes or its name say. */
export interface OpenFile {
  readonly format: ReadFormatId
  readonly contents: Contents
}

/**
 * Opens a file of an upload. Its first bytes choose the format, then its extension does.
 * Throws `InputError` for a file of a format that isn't read, or that is damaged.
 */
export async function openFile(file: FileSource, options: ReadOptions): Promise<OpenFile> {
  const { maxInflatedByteLength = MAX_INFLATED_BYTES, ...open } = options
  const opened = await plainFile(file, maxInflatedByteLength)
  const { start, format } = opened
  if (opened.file.byteLength === 0 || format === null || !isRead(format)) {
    // A gallery's vectors are read like any.
    const issue = unreadIssue(opened.file.name, partNamed(file.name) ?? open.part, start)
    throw new InputError({ ...issue, where: whereOf(file, opened.file) })
  }
  const contents = await OPENERS[format](
    opened.file === file ? file : { ...opened.file, name: whereOf(file, opened.file) },
    { ...open, maxInflatedByteLength },
  )
  return { format, contents }
}

/**
 * Reads of a file what is evaluated. Throws `InputError`, as `openFile` does, and where nothing can be chosen.
 *
 * @example await readTable(fileInMemory({ name: 'embeddings.npz', bytes }), { part: 'vectors', columns })
 */
export async function readTable(file: FileSource, options: ReadOptions): Promise<Table> {
  const { format, contents } = await openFile(file, options)
  return readContents(contents, format, options)
}

/** What a packed file holds; any other file as it is. */
async function plainFile(
  file: FileSource,
  maxInflatedByteLength: number,
): Promise<{ file: FileSource; start: Uint8Array; format: FormatId | null }> {
  const start = await startOf(file)
  const format = formatOf(file.name, start)
  if (format === null || !isPacking(format)) return { file, start, format }
  const inner = await unpack(file, format, maxInflatedByteLength)
  const innerStart = await startOf(inner)
  return { file: inner, start: innerStart, format: formatOf(inner.name, innerStart) }
}

function startOf(file: FileSource): Promise<Uint8Array> {
  return file.slice(0, Math.min(START_BYTES, file.byteLength))
}

/** As messages name it: what a packed file holds, and the file that was sent. */
function whereOf(outer: FileSource, { name }: FileSource): string {
  return name === outer.name ? name : `${name} in ${outer.name}`
}
