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
const [NODE_BYTES, BUFFER_BYTES, BLOCK_BYTES, OFFSET_BYTES] = [16, 16, 24, 4]
/** Places of a field in its table's list of fields. */
const PLACES = {
  message: { kind: 6, header: 8, bodyLength: 10 },
  schema: { fields: 6, metadata: 8 },
  field: { children: 14, metadata: 16 },
  batch: { nodes: 6, buffers: 8, counts: 12 },
  dictionary: { batch: 6 },
  footer: { schema: 6, dictionaries: 8, batches: 10, metadata: 12 },
} as const

/**
 * Throws `RangeError` for a length that leads back or past the end.
 *
 * @returns whether the end is marked: without it nobody knows whether batches are missing
 */
export function checkMessages(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isFile = Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') === MAGIC
  if (isFile) {
    checkFooter(view)
    return true
  }
  let at = 0
  let hasSchema = false
  while (at + 4 <= bytes.length) {
    const message = messageAt(view, at)
    if (message === null) return true
    hasSchema ||= message.kind === SCHEMA
    at = message.end
  }
  const left = bytes.length - at
  if (left > 0 || !hasSchema) {
    throw new RangeError(
      `it ends within a message, of which ${left} ${left === 1 ? 'byte is' : 'bytes are'} there`,
    )
  }
  return false
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
  if (get(header) !== 0) checkHeader(head, headerKind, follow(head, get(header)))
  return { kind: headerKind, end: at + Number(body) }
}

function checkHeader(view: DataView, kind: number, at: number): void {
  if (kind === SCHEMA) checkSchema(view, at)
  if (kind === BATCH) checkBatchHeader(view, at)
  if (kind !== DICTIONARY) return
  const inner = tableAt(view, at)(PLACES.dictionary.batch)
  if (inner !== 0) checkBatchHeader(view, follow(view, inner))
}

function checkBatchHeader(view: DataView, at: number): void {
  const get = tableAt(view, at)
  vectorAt(view, get(PLACES.batch.nodes), NODE_BYTES)
  vectorAt(view, get(PLACES.batch.buffers), BUFFER_BYTES)
  vectorAt(view, get(PLACES.batch.counts), 8)
}

function checkFooter(view: DataView): void {
  const end = view.byteLength - MAGIC.length - 4
  const length = view.getInt32(end, true)
  if (length <= 0 || length > end) {
    throw new RangeError(`its footer claims ${length} bytes, and the file has ${view.byteLength}`)
  }
  const footer = new DataView(view.buffer, view.byteOffset + end - length, length)
  const get = tableAt(footer, footer.getInt32(0, true))
  const { schema, dictionaries, batches, metadata } = PLACES.footer
  if (get(schema) !== 0) checkSchema(footer, follow(footer, get(schema)))
  vectorAt(footer, get(metadata), OFFSET_BYTES)
  for (const field of [dictionaries, batches]) {
    const { first, count } = vectorAt(footer, get(field), BLOCK_BYTES)
    for (let block = 0; block < count; block++) {
      const offset = footer.getBigInt64(first + block * BLOCK_BYTES, true)
      if (offset < 0n || offset > BigInt(view.byteLength - 4)) {
        throw new RangeError(`a block claims to lie at ${offset} of ${view.byteLength} bytes`)
      }
      messageAt(view, Number(offset))
    }
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
      check(field(PLACES.field.children), depth + 1)
    }
  }
  check(get(PLACES.schema.fields), 0)
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
