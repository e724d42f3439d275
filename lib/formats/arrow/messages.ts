/**
 * Whether the messages of an Arrow file or stream are what their lengths say: flechette goes where these
 * lead, also back, and makes as many entries as they claim.
 */

const MAGIC = 'ARROW1'
const CONTINUATION = -1
/** Most depth of lists in lists; those of people have three or four. */
const DEEPEST = 64
/** Of a message the kinds of its header. */
const [SCHEMA, DICTIONARY, BATCH] = [1, 2, 3]
/** Of a field the kind of its type. */
const DECIMAL = 7
/** Digits of the widest decimal, of 256 bits. */
const MOST_DIGITS = 76
const [NODE_BYTES, BUFFER_BYTES, BLOCK_BYTES, OFFSET_BYTES, COUNT_BYTES] = [16, 16, 24, 4, 8]
/** Places of a field in its table's list of fields. */
const PLACES = {
  message: { kind: 6, header: 8, bodyLength: 10 },
  schema: { fields: 6, metadata: 8 },
  field: { kind: 8, type: 10, children: 14, metadata: 16 },
  decimal: { scale: 6 },
  batch: { nodes: 6, buffers: 8, compression: 10, counts: 12 },
  dictionary: { batch: 6 },
  footer: { version: 4, schema: 6, dictionaries: 8, batches: 10, metadata: 12 },
} as const

export interface Messages {
  /** Whether the end is marked: without it nobody knows whether batches are missing. */
  readonly hasEnd: boolean
  /** To be read one after another: the whole, or the messages of a file in another order than it has them in. */
  readonly parts: readonly Uint8Array[]
}

/** Throws `RangeError` for a length that leads back or past the end. */
export function checkMessages(bytes: Uint8Array): Messages {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isFile = Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') === MAGIC
  if (isFile) {
    return { hasEnd: true, parts: fileParts(bytes, checkFooter(view)) }
  }
  let at = 0
  let hasSchema = false
  while (at + 4 <= bytes.length) {
    const message = messageAt(view, at)
    if (message === null) return { hasEnd: true, parts: [bytes] }
    hasSchema ||= message.kind === SCHEMA
    at = message.end
  }
  const left = bytes.length - at
  if (left > 0 || !hasSchema) {
    throw new RangeError(
      `it ends within a message, of which ${left} ${left === 1 ? 'byte is' : 'bytes are'} there`,
    )
  }
  return { hasEnd: false, parts: [bytes] }
}

interface Block {
  readonly start: number
  readonly end: number
}

interface Footer {
  /** The footer itself, and where in it the schema is and which version it says. */
  readonly bytes: Uint8Array
  readonly schema: number
  readonly version: number
  readonly dictionaries: readonly Block[]
  readonly batches: readonly Block[]
}

/** Polars writes the dictionaries of a file behind the batches that refer to them; flechette reads as it comes. */
function fileParts(
  bytes: Uint8Array,
  { dictionaries, batches, ...footer }: Footer,
): readonly Uint8Array[] {
  const first = Math.min(...batches.map(({ start }) => start))
  if (dictionaries.every(({ start }) => start < first)) return [bytes]
  const blocks = [...dictionaries, ...batches].map(({ start, end }) => bytes.subarray(start, end))
  return [schemaMessage(footer), ...blocks]
}

/** A message that points at the schema in the footer behind it: in the file itself there may be none. */
function schemaMessage({ bytes, schema, version }: Omit<Footer, 'dictionaries' | 'batches'>) {
  const start = 36
  const message = new Uint8Array(start + bytes.length)
  const view = new DataView(message.buffer)
  view.setInt32(0, CONTINUATION, true)
  view.setInt32(4, message.length - 8, true)
  // From here on places count from 8: the table of the message at 16, its list of fields at 4.
  view.setUint32(8, 16, true)
  for (const [at, value] of [10, 12, 8, 10, 4].entries()) view.setUint16(12 + at * 2, value, true)
  view.setInt32(24, 12, true)
  view.setUint32(28, start + schema - 28, true)
  view.setInt16(32, version, true)
  view.setUint8(34, SCHEMA)
  message.set(bytes, start)
  return message
}

/** Null at the mark that ends a stream. */
function messageAt(
  view: DataView,
  start: number,
): { readonly kind: number; readonly end: number } | null {
  let at = start
  let length = view.getInt32(at, true)
  at += 4
  if (length === CONTINUATION) {
    length = view.getInt32(at, true)
    at += 4
  }
  if (length === 0) return null
  if (length < 0 || at + length > view.byteLength) {
    throw new RangeError(
      `a message claims ${length} bytes, and ${view.byteLength - at} are left of the file`,
    )
  }
  const head = new DataView(view.buffer, view.byteOffset + at, length)
  at += length
  const { kind, header, bodyLength } = PLACES.message
  const get = tableAt(head, head.getInt32(0, true))
  const body = get(bodyLength) === 0 ? 0n : head.getBigInt64(get(bodyLength), true)
  if (body < 0n || body > BigInt(view.byteLength - at)) {
    throw new RangeError(
      `a message claims a body of ${body} bytes, and ${view.byteLength - at} are left of the file`,
    )
  }
  const headerKind = get(kind) === 0 ? 0 : head.getUint8(get(kind))
  if (get(header) !== 0) {
    const content = new DataView(view.buffer, view.byteOffset + at, Number(body))
    checkHeader(head, headerKind, follow(head, get(header)), content)
  }
  return { kind: headerKind, end: at + Number(body) }
}

function checkHeader(view: DataView, kind: number, at: number, body: DataView): void {
  if (kind === SCHEMA) checkSchema(view, at)
  if (kind === BATCH) checkBatchHeader(view, at)
  if (kind !== DICTIONARY) return
  const inner = tableAt(view, at)(PLACES.dictionary.batch)
  if (inner === 0) return
  checkBatchHeader(view, follow(view, inner))
  checkEntries(view, follow(view, inner), body)
}

/** flechette writes a dictionary out, entry by entry, before anything of it is asked for. */
function checkEntries(view: DataView, at: number, body: DataView): void {
  const get = tableAt(view, at)
  const nodes = vectorAt(view, get(PLACES.batch.nodes), NODE_BYTES)
  const buffers = vectorAt(view, get(PLACES.batch.buffers), BUFFER_BYTES)
  let byteLength = BigInt(body.byteLength)
  if (get(PLACES.batch.compression) !== 0) {
    // Before each packed buffer stands what it unfolds to, which it is held to later.
    for (let buffer = 0; buffer < buffers.count; buffer++) {
      const place = view.getBigInt64(buffers.first + buffer * BUFFER_BYTES, true)
      const length = view.getBigInt64(buffers.first + buffer * BUFFER_BYTES + 8, true)
      if (length > 0n) byteLength += body.getBigInt64(Number(place), true)
    }
  }
  const entries = nodes.count === 0 ? 0n : view.getBigInt64(nodes.first, true)
  if (entries < 0n || entries > byteLength * 8n) {
    throw new RangeError(
      `a dictionary claims ${entries} entries in ${byteLength} ${byteLength === 1n ? 'byte' : 'bytes'}`,
    )
  }
}

function checkBatchHeader(view: DataView, at: number): void {
  const get = tableAt(view, at)
  vectorAt(view, get(PLACES.batch.nodes), NODE_BYTES)
  const buffers = vectorAt(view, get(PLACES.batch.buffers), BUFFER_BYTES).count
  checkViews(view, get(PLACES.batch.counts), buffers)
}

/** Each column of views says how many of the batch's buffers its texts are in; flechette makes as many. */
function checkViews(view: DataView, place: number, buffers: number): void {
  const { first, count } = vectorAt(view, place, COUNT_BYTES)
  let left = BigInt(buffers)
  for (let column = 0; column < count; column++) {
    const claimed = view.getBigInt64(first + column * COUNT_BYTES, true)
    left -= claimed
    if (claimed < 0n || left < 0n) {
      throw new RangeError(`a column claims ${claimed} of the ${buffers} buffers of its batch`)
    }
  }
}

function checkFooter(view: DataView): Footer {
  const end = view.byteLength - MAGIC.length - 4
  const length = view.getInt32(end, true)
  if (length <= 0 || length > end) {
    throw new RangeError(`its footer claims ${length} bytes, and the file has ${view.byteLength}`)
  }
  const footer = new DataView(view.buffer, view.byteOffset + end - length, length)
  const get = tableAt(footer, footer.getInt32(0, true))
  const { version, schema, dictionaries, batches, metadata } = PLACES.footer
  if (get(schema) === 0) throw new RangeError('its footer has no schema')
  checkSchema(footer, follow(footer, get(schema)))
  vectorAt(footer, get(metadata), OFFSET_BYTES)
  const blocksOf = (field: number): readonly Block[] => {
    const { first, count } = vectorAt(footer, get(field), BLOCK_BYTES)
    return Array.from({ length: count }, (_, block) => {
      const offset = footer.getBigInt64(first + block * BLOCK_BYTES, true)
      if (offset < 0n || offset > BigInt(view.byteLength - 4)) {
        throw new RangeError(`a block claims to lie at ${offset} of ${view.byteLength} bytes`)
      }
      const start = Number(offset)
      return { start, end: messageAt(view, start)?.end ?? start }
    })
  }
  return {
    bytes: new Uint8Array(footer.buffer, footer.byteOffset, footer.byteLength),
    schema: follow(footer, get(schema)),
    version: get(version) === 0 ? 0 : footer.getInt16(get(version), true),
    dictionaries: blocksOf(dictionaries),
    batches: blocksOf(batches),
  }
}

function checkSchema(view: DataView, at: number): void {
  const get = tableAt(view, at)
  // An honest field takes more bytes than that; fields that are each other's children have no end.
  let left = view.byteLength / OFFSET_BYTES
  vectorAt(view, get(PLACES.schema.metadata), OFFSET_BYTES)
  const check = (place: number, depth: number): void => {
    const { first, count } = vectorAt(view, place, OFFSET_BYTES)
    left -= count
    if (left < 0 || depth > DEEPEST) throw new RangeError('its schema contains itself')
    for (let child = 0; child < count; child++) {
      const field = tableAt(view, follow(view, first + child * OFFSET_BYTES))
      vectorAt(view, field(PLACES.field.metadata), OFFSET_BYTES)
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

/** Where a field of a table lies; 0 where the table has none. */
function tableAt(view: DataView, table: number): (field: number) => number {
  const fields = table - view.getInt32(table, true)
  const size = view.getUint16(fields, true)
  return (field) => {
    if (field >= size) return 0
    const place = view.getUint16(fields + field, true)
    return place === 0 ? 0 : table + place
  }
}

function follow(view: DataView, place: number): number {
  return place + view.getUint32(place, true)
}

function vectorAt(
  view: DataView,
  place: number,
  itemBytes: number,
): { readonly first: number; readonly count: number } {
  if (place === 0) return { first: 0, count: 0 }
  const start = follow(view, place)
  const count = view.getUint32(start, true)
  if (start + 4 + count * itemBytes > view.byteLength) {
    throw new RangeError(`a list of its header claims ${count} entries, more than it has room for`)
  }
  return { first: start + 4, count }
}
