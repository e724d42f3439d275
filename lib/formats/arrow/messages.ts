/**
 * The headers of Arrow's messages, and whether they are what they claim: flechette goes where their lengths
 * lead, also back, and makes as many entries as they say.
 */

import { follow, type List, listAt, tableAt } from './flatbuffers.ts'

/** Most depth of lists in lists; those of people have three or four. */
const DEEPEST = 64
/** Of a message the kinds of its header. */
export const [SCHEMA, DICTIONARY, BATCH] = [1, 2, 3]
/** Of a field the kind of its type. */
const DECIMAL = 7
/** Digits of the widest decimal, of 256 bits. */
const MOST_DIGITS = 76
export const BUFFER_BYTES = 16
const [NODE_BYTES, OFFSET_BYTES, COUNT_BYTES] = [16, 4, 8]
/** Places of a field in its table's list of fields. */
const PLACES = {
  message: { kind: 6, header: 8, bodyLength: 10 },
  schema: { fields: 6, metadata: 8 },
  field: { kind: 8, type: 10, children: 14, metadata: 16 },
  decimal: { scale: 6 },
  batch: { length: 4, nodes: 6, buffers: 8, compression: 10, counts: 12 },
  dictionary: { batch: 6 },
} as const

export interface Header {
  readonly kind: number
  readonly bodyLength: number
  /** Place of the body's length, 0 where the header says none. */
  readonly lengthPlace: number
  /** Of a batch or a dictionary; null for anything else. */
  readonly batch: BatchHeader | null
}

export interface BatchHeader {
  readonly rows: number
  /** Each as two numbers of 64 bits: where in the body, and how many bytes. */
  readonly buffers: List
  /** Of each column of views, the buffers that its texts are in. */
  readonly viewBuffers: readonly number[]
  readonly isPacked: boolean
  /** Entries of its first column. */
  readonly entries: bigint
}

/** Throws `RangeError` for a header that leads out of itself or claims what can't be. */
export function readHeader(view: DataView): Header {
  const { kind, header, bodyLength } = PLACES.message
  const get = tableAt(view, view.getInt32(0, true))
  const lengthPlace = get(bodyLength)
  const body = lengthPlace === 0 ? 0n : view.getBigInt64(lengthPlace, true)
  if (body < 0n || body > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`a message claims a body of ${body} bytes`)
  }
  const headerKind = get(kind) === 0 ? 0 : view.getUint8(get(kind))
  const common = { kind: headerKind, bodyLength: Number(body), lengthPlace }
  if (get(header) === 0) return { ...common, batch: null }
  const at = follow(view, get(header))
  if (headerKind === SCHEMA) checkSchema(view, at)
  if (headerKind === BATCH) return { ...common, batch: readBatch(view, at) }
  const inner = headerKind === DICTIONARY ? tableAt(view, at)(PLACES.dictionary.batch) : 0
  return { ...common, batch: inner === 0 ? null : readBatch(view, follow(view, inner)) }
}

function readBatch(view: DataView, at: number): BatchHeader {
  const get = tableAt(view, at)
  const { length, nodes, buffers, compression, counts } = PLACES.batch
  const rows = get(length) === 0 ? 0n : view.getBigInt64(get(length), true)
  if (rows < 0n || rows > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`a batch claims ${rows} rows`)
  }
  const columns = listAt(view, get(nodes), NODE_BYTES)
  const places = listAt(view, get(buffers), BUFFER_BYTES)
  return {
    rows: Number(rows),
    buffers: places,
    viewBuffers: viewBuffers(view, get(counts), places.count),
    isPacked: get(compression) !== 0,
    entries: columns.count === 0 ? 0n : view.getBigInt64(columns.first, true),
  }
}

/** Each column of views says how many of the batch's buffers its texts are in; flechette makes as many. */
function viewBuffers(view: DataView, place: number, buffers: number): readonly number[] {
  const { first, count } = listAt(view, place, COUNT_BYTES)
  let left = BigInt(buffers)
  return Array.from({ length: count }, (_, column) => {
    const claimed = view.getBigInt64(first + column * COUNT_BYTES, true)
    left -= claimed
    if (claimed < 0n || left < 0n) {
      throw new RangeError(`a column claims ${claimed} of the ${buffers} buffers of its batch`)
    }
    return Number(claimed)
  })
}

/** Where the buffer of a batch lies in its body. Throws `RangeError` where that isn't within it. */
export function bufferAt(
  view: DataView,
  { buffers }: BatchHeader,
  buffer: number,
  bodyLength: number,
): { readonly start: number; readonly length: number } {
  const place = buffers.first + buffer * BUFFER_BYTES
  const [start, length] = [view.getBigInt64(place, true), view.getBigInt64(place + 8, true)]
  if (start < 0n || length < 0n || start + length > BigInt(bodyLength)) {
    throw new RangeError(
      `a buffer claims ${length} bytes from byte ${start} of a body of ${bodyLength}`,
    )
  }
  return { start: Number(start), length: Number(length) }
}

/** Throws where a dictionary claims more entries than it has bits: flechette writes them out before any is asked for. */
export function checkEntries(view: DataView, batch: BatchHeader, body: Uint8Array): void {
  const bytes = new DataView(body.buffer, body.byteOffset, body.byteLength)
  let byteLength = BigInt(body.length)
  // Before each packed buffer stands what it unfolds to, which it is held to later.
  for (let buffer = 0; batch.isPacked && buffer < batch.buffers.count; buffer++) {
    const { start, length } = bufferAt(view, batch, buffer, body.length)
    if (length > 0) byteLength += bytes.getBigInt64(start, true)
  }
  if (batch.entries < 0n || batch.entries > byteLength * 8n) {
    throw new RangeError(`a dictionary claims ${batch.entries} entries in ${byteLength} bytes`)
  }
}

export function checkSchema(view: DataView, at: number): void {
  const get = tableAt(view, at)
  // An honest field takes more bytes than that; fields that are each other's children have no end.
  let left = view.byteLength / OFFSET_BYTES
  listAt(view, get(PLACES.schema.metadata), OFFSET_BYTES)
  const check = (place: number, depth: number): void => {
    const { first, count } = listAt(view, place, OFFSET_BYTES)
    left -= count
    if (left < 0 || depth > DEEPEST) throw new RangeError('its schema contains itself')
    for (let child = 0; child < count; child++) {
      const field = tableAt(view, follow(view, first + child * OFFSET_BYTES))
      listAt(view, field(PLACES.field.metadata), OFFSET_BYTES)
      checkScale(view, field)
      check(field(PLACES.field.children), depth + 1)
    }
  }
  check(get(PLACES.schema.fields), 0)
}

/** flechette takes ten to the power of it, which for a scale that lies takes seconds and all memory. */
function checkScale(view: DataView, field: (place: number) => number): void {
  const { kind, type } = PLACES.field
  if (field(kind) === 0 || view.getUint8(field(kind)) !== DECIMAL || field(type) === 0) return
  const place = tableAt(view, follow(view, field(type)))(PLACES.decimal.scale)
  const scale = place === 0 ? 0 : view.getInt32(place, true)
  if (!(scale >= 0 && scale <= MOST_DIGITS)) {
    throw new RangeError(`a decimal claims a scale of ${scale}`)
  }
}
