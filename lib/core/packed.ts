/**
 * Values that hold typed arrays, as bytes that tell whether they are whole: V8's own form of them, which
 * is as fast as one of ours, behind their SHA-256.
 */

import { createHash } from 'node:crypto'
import { DefaultSerializer, deserialize } from 'node:v8'

const HASH_BYTES = 32

/**
 * @param kind what the bytes are and in which version, such as `nearmiss.strip/1`
 * @param value anything that `structuredClone` takes
 * @returns bytes that may differ for an equal value: V8 keeps a whole number in more than one form
 */
export function pack(kind: string, value: unknown): Uint8Array {
  const serializer = new DefaultSerializer()
  serializer.writeRawBytes(new Uint8Array(HASH_BYTES))
  serializer.writeHeader()
  serializer.writeValue({ kind, value })
  const { buffer, byteOffset, byteLength } = serializer.releaseBuffer()
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  bytes.set(hashOf(bytes))
  return bytes
}

/** The value, or what is wrong with the bytes, as the end of a sentence that starts with their name. */
export type Unpacked<T> = { readonly value: T } | { readonly problem: string }

/**
 * Undoes `pack`; whether the value has the shape that its kind promises is the writer's business. Its
 * arrays may lie on the bytes themselves.
 */
export function unpack<T>(kind: string, bytes: Uint8Array): Unpacked<T> {
  const isWhole = Buffer.compare(hashOf(bytes), bytes.subarray(0, HASH_BYTES)) === 0
  if (!isWhole) return { problem: "doesn't match its checksum: bytes of it are missing or changed" }
  const packed: { kind: string; value: T } = deserialize(bytes.subarray(HASH_BYTES))
  return packed.kind === kind
    ? { value: packed.value }
    : { problem: `is ${JSON.stringify(packed.kind)} rather than ${JSON.stringify(kind)}` }
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes.subarray(HASH_BYTES)).digest()
}
