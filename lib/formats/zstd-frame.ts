/** zstd frames of a size that is known, as Parquet's pages and Arrow's buffers are packed. */

import { Decompress } from 'fzstd'

/** Throws `RangeError` where the frames don't unfold to exactly `length` bytes: what they claim isn't believed. */
export function unfoldZstd(input: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(length)
  let size = 0
  const frames = new Decompress((block) => {
    if (size + block.length > length) {
      throw new RangeError(`a zstd frame has more than the ${length} bytes that are claimed`)
    }
    output.set(block, size)
    size += block.length
  })
  frames.push(input, true)
  if (size !== length) {
    throw new RangeError(`a zstd frame has ${size} bytes where ${length} are claimed`)
  }
  return output
}
