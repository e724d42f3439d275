/** A file wherever it lies: its bytes by range, whole only where its format needs it whole. */

import type { InputFile } from './table.ts'

export interface FileSource {
  /** As messages name it. */
  readonly name: string
  readonly byteLength: number
  /** The bytes from `start` up to, not with, `end`, which must be within the file. */
  slice(start: number, end: number): Promise<Uint8Array>
  /** All of them. */
  bytes(): Promise<Uint8Array>
}

/** A file whose bytes are here already; nothing is copied. */
export function fileInMemory({ name, bytes }: InputFile): FileSource {
  return {
    name,
    byteLength: bytes.length,
    slice: async (start, end) => bytes.subarray(start, end),
    bytes: async () => bytes,
  }
}
