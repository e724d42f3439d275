/** Values that hold typed arrays, as one run of bytes that tells whether it is whole. */

import { createHash } from 'node:crypto'

/*
 * magic (8 bytes) · length of the header (uint32 LE) · length of the arrays (float64 LE) · header
 * (UTF-8 JSON: kind, and the value with each array's place) · padding to 8 · arrays, each padded to 8
 * · SHA-256 of everything before. Arrays are little-endian, as on every processor that Node runs on.
 */

const MAGIC = 'NMPACK01'
const START = 20
const HASH_BYTES = 32

const KINDS = { Float32Array, Float64Array, Int32Array, Uint8Array } as const
type Kind = keyof typeof KINDS
type PackedArray = InstanceType<(typeof KINDS)[Kind]>

/** Where an array lies, in its place in the header's JSON. */
interface Place {
  readonly packed: Kind
  readonly offset: number
  readonly length: number
}

/**
 * @param kind what the bytes are and in which version, such as `nearmiss.strip/1`
 * @param value of plain objects, lists, strings, finite numbers, and typed arrays anywhere in them
 */
export function pack(kind: string, value: unknown): Uint8Array {
  const arrays: { readonly array: PackedArray; readonly offset: number }[] = []
  let arrayBytes = 0
  const header = Buffer.from(
    JSON.stringify({ kind, value }, (_key, entry) => {
      if (!ArrayBuffer.isView(entry)) return entry
      const name = Object.keys(KINDS).find((known) => entry instanceof KINDS[known as Kind])
      if (name === undefined) throw new Error(`${entry.constructor.name} can't be packed`)
      const array = entry as PackedArray
      const offset = arrayBytes
      arrays.push({ array, offset })
      arrayBytes += aligned(array.byteLength)
      return { packed: name as Kind, offset, length: array.length } satisfies Place
    }),
  )
  const arraysStart = aligned(START + header.byteLength)
  const bytes = new Uint8Array(arraysStart + arrayBytes + HASH_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(Buffer.from(MAGIC))
  view.setUint32(8, header.byteLength, true)
  view.setFloat64(12, arrayBytes, true)
  bytes.set(header, START)
  for (const { array, offset } of arrays) {
    const { buffer, byteOffset, byteLength } = array
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), arraysStart + offset)
  }
  const body = bytes.subarray(0, -HASH_BYTES)
  bytes.set(createHash('sha256').update(body).digest(), body.byteLength)
  return bytes
}

/** The value, or what is wrong with the bytes, as the end of a sentence that starts with their name. */
export type Unpacked<T> = { readonly value: T } | { readonly problem: string }

/** Undoes `pack`; whether the value has the shape that its kind promises is the writer's business. */
export function unpack<T>(kind: string, bytes: Uint8Array): Unpacked<T> {
  if (bytes.byteLength < START + HASH_BYTES) {
    return { problem: `has ${bytes.byteLength} bytes, and the shortest has ${START + HASH_BYTES}` }
  }
  const magic = Buffer.from(bytes.subarray(0, 8)).toString('latin1')
  if (magic !== MAGIC) {
    return { problem: `starts with ${JSON.stringify(magic)} rather than ${JSON.stringify(MAGIC)}` }
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const headerEnd = START + view.getUint32(8, true)
  const arraysStart = aligned(headerEnd)
  const wanted = arraysStart + view.getFloat64(12, true) + HASH_BYTES
  if (bytes.byteLength !== wanted) {
    return { problem: `has ${bytes.byteLength} bytes where its start promises ${wanted}` }
  }
  const body = bytes.subarray(0, -HASH_BYTES)
  const hash = createHash('sha256').update(body).digest()
  if (Buffer.compare(hash, bytes.subarray(-HASH_BYTES)) !== 0) {
    return { problem: "doesn't match its checksum: bytes of it have changed" }
  }
  const text = new TextDecoder().decode(bytes.subarray(START, headerEnd))
  const header: { kind: string; value: T } = JSON.parse(text, (_key, entry) =>
    isPlace(entry) ? arrayAt(bytes, arraysStart, entry) : entry,
  )
  return header.kind === kind
    ? { value: header.value }
    : { problem: `is ${JSON.stringify(header.kind)} rather than ${JSON.stringify(kind)}` }
}

function isPlace(entry: unknown): entry is Place {
  return typeof entry === 'object' && entry !== null && 'packed' in entry
}

/** A copy: the bytes may start anywhere, and an array of wide values may not. */
function arrayAt(bytes: Uint8Array, start: number, { packed, offset, length }: Place): PackedArray {
  const from = start + offset
  const copy = bytes.slice(from, from + length * KINDS[packed].BYTES_PER_ELEMENT)
  return new KINDS[packed](copy.buffer as ArrayBuffer, copy.byteOffset, length)
}

function aligned(byteLength: number): number {
  return Math.ceil(byteLength / 8) * 8
}
