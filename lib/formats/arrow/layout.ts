/** Where the messages of an Arrow file or stream lie: of the batches only the headers are read. */

import type { FileSource } from '../../core/file-source.ts'
import { follow, listAt, tableAt } from './flatbuffers.ts'
import {
  BATCH,
  type BatchHeader,
  checkEntries,
  checkSchema,
  DICTIONARY,
  type Header,
  readHeader,
  SCHEMA,
} from './messages.ts'

const MAGIC = 'ARROW1'
const CONTINUATION = -1
const PREFIX_BYTES = 8
const [BLOCK_BYTES, OFFSET_BYTES] = [24, 4]
const FOOTER = { version: 4, schema: 6, dictionaries: 8, batches: 10, metadata: 12 } as const
/** Read at once: a request costs as much, and a header has some hundred bytes. */
const WINDOW = 2 ** 18
/** Of a hundred thousand columns. */
const MOST_HEADER_BYTES = 64 * 2 ** 20
/** No table of vectors has more rows than that in a byte of its file. */
const MOST_ROWS_A_BYTE = 64
const FREE_ROWS = 10_000_000

export interface Layout {
  /** A message that holds the schema. */
  readonly schema: Uint8Array
  /** Messages, whole. */
  readonly dictionaries: readonly Uint8Array[]
  readonly batches: readonly PlacedBatch[]
  readonly rows: number
  /** Whether the end is marked: without it nobody knows whether batches are missing. */
  readonly hasEnd: boolean
}

/** A batch of rows, of which only the header is read. */
export interface PlacedBatch {
  /** The header, without its length before it. */
  readonly head: Uint8Array
  readonly header: Header
  readonly batch: BatchHeader
  /** Place of its body in the file. */
  readonly body: number
  /** How many of the dictionaries it knows. */
  readonly dictionaries: number
}

interface Message {
  readonly head: Uint8Array
  readonly header: Header
  readonly body: number
}

type Slice = (start: number, end: number) => Promise<Uint8Array>

/** Throws `RangeError` for a length that leads back or past the end. */
export async function layoutOf(file: FileSource): Promise<Layout> {
  const slice = ahead(file)
  const start = await slice(0, Math.min(MAGIC.length, file.byteLength))
  const isFile = Buffer.from(start).toString('latin1') === MAGIC
  const layout = isFile ? await fileLayout(file, slice) : await streamLayout(file, slice)
  const most = Math.max(FREE_ROWS, file.byteLength * MOST_ROWS_A_BYTE)
  if (layout.rows > most) {
    throw new RangeError(`it claims ${layout.rows} rows in ${file.byteLength} bytes`)
  }
  return layout
}

/** Message after message, up to the mark that ends them. */
async function streamLayout(file: FileSource, slice: Slice): Promise<Layout> {
  let schema: Uint8Array | null = null
  const dictionaries: Uint8Array[] = []
  const batches: PlacedBatch[] = []
  let [at, hasEnd] = [0, false]
  while (at + 4 <= file.byteLength) {
    const message = await messageAt(file, slice, at)
    hasEnd = message === null
    if (message === null) break
    const { header, head, body } = message
    if (header.kind === SCHEMA) schema ??= withLength(head, new Uint8Array(0))
    if (header.kind === DICTIONARY) dictionaries.push(await dictionaryOf(slice, message))
    if (header.kind === BATCH) batches.push(placed(message, dictionaries.length))
    at = body + header.bodyLength
  }
  const left = file.byteLength - at
  if ((left > 0 && !hasEnd) || schema === null) {
    throw new RangeError(
      `it ends within a message, of which ${left} ${left === 1 ? 'byte is' : 'bytes are'} there`,
    )
  }
  return { schema, dictionaries, batches, rows: rowsOf(batches), hasEnd }
}

/** By its footer, which has the dictionaries by themselves: Polars writes them behind the batches that refer to them. */
async function fileLayout(file: FileSource, slice: Slice): Promise<Layout> {
  const end = file.byteLength - MAGIC.length - 4
  const tail = end < 0 ? new Uint8Array(0) : await slice(end, file.byteLength)
  const length = tail.length === 0 ? 0 : viewOf(tail).getInt32(0, true)
  if (length <= 0 || length > end) {
    throw new RangeError(`its footer claims ${length} bytes, and the file has ${file.byteLength}`)
  }
  checkHeaderBytes(length)
  const bytes = Uint8Array.from(await slice(end - length, end))
  const footer = viewOf(bytes)
  const get = tableAt(footer, footer.getInt32(0, true))
  if (get(FOOTER.schema) === 0) throw new RangeError('its footer has no schema')
  const schema = follow(footer, get(FOOTER.schema))
  checkSchema(footer, schema)
  listAt(footer, get(FOOTER.metadata), OFFSET_BYTES)
  let left = file.byteLength
  const messagesOf = async (field: number, kind: number): Promise<Message[]> => {
    const { first, count } = listAt(footer, get(field), BLOCK_BYTES)
    const messages: Message[] = []
    for (let block = 0; block < count; block++) {
      const offset = footer.getBigInt64(first + block * BLOCK_BYTES, true)
      if (offset < 0n || offset > BigInt(file.byteLength - 4)) {
        throw new RangeError(`a block claims to lie at ${offset} of ${file.byteLength} bytes`)
      }
      const message = await messageAt(file, slice, Number(offset))
      if (message?.header.kind !== kind) {
        throw new RangeError(`at byte ${offset} is another message than its footer says`)
      }
      left -= message.head.length + message.header.bodyLength
      if (left < 0) throw new RangeError('its footer refers to one message more than once')
      messages.push(message)
    }
    return messages
  }
  const dictionaries: Uint8Array[] = []
  for (const message of await messagesOf(FOOTER.dictionaries, DICTIONARY)) {
    dictionaries.push(await dictionaryOf(slice, message))
  }
  const found = await messagesOf(FOOTER.batches, BATCH)
  const batches = found.map((message) => placed(message, dictionaries.length))
  const version = get(FOOTER.version) === 0 ? 0 : footer.getInt16(get(FOOTER.version), true)
  return {
    schema: schemaMessage(bytes, schema, version),
    dictionaries,
    batches,
    rows: rowsOf(batches),
    hasEnd: true,
  }
}

/** A message that points at the schema in the footer behind it: in the file itself there may be none. */
function schemaMessage(footer: Uint8Array, schema: number, version: number): Uint8Array {
  const start = 36
  const message = new Uint8Array(start + footer.length)
  const view = viewOf(message)
  view.setInt32(0, CONTINUATION, true)
  view.setInt32(4, message.length - PREFIX_BYTES, true)
  // From here on places count from 8: the table of the message at 16, its list of fields at 4.
  view.setUint32(8, 16, true)
  for (const [at, value] of [10, 12, 8, 10, 4].entries()) view.setUint16(12 + at * 2, value, true)
  view.setInt32(24, 12, true)
  view.setUint32(28, start + schema - 28, true)
  view.setInt16(32, version, true)
  view.setUint8(34, SCHEMA)
  message.set(footer, start)
  return message
}

/** Null at the mark that ends a stream. */
async function messageAt(file: FileSource, slice: Slice, start: number): Promise<Message | null> {
  const prefix = viewOf(await slice(start, Math.min(start + PREFIX_BYTES, file.byteLength)))
  let at = start + 4
  let length = prefix.getInt32(0, true)
  if (length === CONTINUATION) {
    length = prefix.getInt32(4, true)
    at += 4
  }
  if (length === 0) return null
  if (length < 0 || at + length > file.byteLength) {
    throw new RangeError(
      `a message claims ${length} bytes, and ${file.byteLength - at} are left of the file`,
    )
  }
  checkHeaderBytes(length)
  const body = at + length
  const head = Uint8Array.from(await slice(at, body))
  const header = readHeader(viewOf(head))
  if (header.bodyLength > file.byteLength - body) {
    throw new RangeError(
      `a message claims a body of ${header.bodyLength} bytes, and ${file.byteLength - body} are left of the file`,
    )
  }
  return { head, header, body }
}

function checkHeaderBytes(length: number): void {
  if (length <= MOST_HEADER_BYTES) return
  throw new RangeError(`a header claims ${length} bytes; at most ${MOST_HEADER_BYTES} are read`)
}

async function dictionaryOf(slice: Slice, { head, header, body }: Message): Promise<Uint8Array> {
  const content = await slice(body, body + header.bodyLength)
  if (header.batch !== null) checkEntries(viewOf(head), header.batch, content)
  return withLength(head, content)
}

function placed({ head, header, body }: Message, dictionaries: number): PlacedBatch {
  const { batch } = header
  if (batch === null) throw new RangeError('a batch has no header')
  return { head, header, batch, body, dictionaries }
}

function rowsOf(batches: readonly PlacedBatch[]): number {
  return batches.reduce((sum, { batch }) => sum + batch.rows, 0)
}

/** A message as flechette takes it: its body begins where wide numbers may. */
export function withLength(head: Uint8Array, body: Uint8Array): Uint8Array {
  const space = (8 - (head.length % 8)) % 8
  const bytes = new Uint8Array(PREFIX_BYTES + head.length + space + body.length)
  const view = viewOf(bytes)
  view.setInt32(0, CONTINUATION, true)
  view.setInt32(4, head.length + space, true)
  bytes.set(head, PREFIX_BYTES)
  bytes.set(body, PREFIX_BYTES + head.length + space)
  return bytes
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Slices of a file that lie near each other, in few requests. */
function ahead(file: FileSource): Slice {
  let window: Uint8Array = new Uint8Array(0)
  let from = 0
  return async (start, end) => {
    if (start < from || end > from + window.length) {
      const until = Math.min(file.byteLength, Math.max(end, start + WINDOW))
      window = await file.slice(start, until)
      from = start
    }
    return window.subarray(start - from, end - from)
  }
}
