/**
 * LZ4 frames, in which Arrow packs its buffers. Blocks may refer to those before them, so all unfold into
 * one array, whose size is checked beforehand.
 *
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */

const MAGIC = 0x184d2204
const STORED = 0x8000_0000

/** Throws `RangeError` where the frame is damaged or doesn't unfold to exactly `length` bytes. */
export function unfoldLz4Frame(input: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  if (view.getUint32(0, true) !== MAGIC) throw new RangeError('an LZ4 frame has another beginning')
  const flags = view.getUint8(4)
  const hasBlockSums = (flags & 0x10) !== 0
  // After the two bytes of flags: the size, a dictionary's id, and the header's checksum.
  let at = 6 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0) + 1
  const output = new Uint8Array(length)
  let size = 0
  for (;;) {
    const head = view.getUint32(at, true)
    at += 4
    if (head === 0) break
    const byteLength = head & ~STORED
    if (byteLength < 0 || at + byteLength > input.length) {
      throw new RangeError('a block of an LZ4 frame goes on after its end')
    }
    const block = input.subarray(at, at + byteLength)
    if ((head & STORED) !== 0) {
      output.set(block, size)
      size += block.length
    } else size = unfoldBlock(block, output, size)
    at += byteLength + (hasBlockSums ? 4 : 0)
  }
  if (size !== length)
    throw new RangeError(`an LZ4 frame has ${size} bytes where ${length} are claimed`)
  return output
}

/** @returns the place after the last byte that was written */
function unfoldBlock(input: Uint8Array, output: Uint8Array, start: number): number {
  let [at, size] = [0, start]
  const lengthOf = (nibble: number): number => {
    if (nibble < 15) return nibble
    let total = nibble
    for (;;) {
      if (at >= input.length) throw new RangeError('an LZ4 block ends inside of a length')
      const byte = input[at++]!
      total += byte
      if (byte !== 255) return total
    }
  }
  while (at < input.length) {
    const token = input[at++]!
    const literals = lengthOf(token >> 4)
    if (at + literals > input.length || size + literals > output.length) {
      throw new RangeError('an LZ4 block has fewer bytes than it says')
    }
    output.set(input.subarray(at, at + literals), size)
    at += literals
    size += literals
    if (at === input.length) break
    const distance = (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8)
    at += 2
    const match = lengthOf(token & 15) + 4
    if (distance === 0 || distance > size || size + match > output.length) {
      throw new RangeError('an LZ4 block refers to bytes that aren’t there')
    }
    // What is copied may be what was just written.
    for (let end = size + match; size < end; size++) output[size] = output[size - distance]!
  }
  return size
}
