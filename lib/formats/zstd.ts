/** zstd: frames that are whole and ask for no more memory than zstd itself gives, unpacked one after another. */

import { Decompress } from 'fzstd'
import { xxhash64 } from 'hyparquet/src/xxhash.js'

const MAGIC = 0xfd2fb528
/** Sixteen of them, told apart by their last digit; their content is for other programs. */
const SKIPPABLE = 0x184d2a50
/** More of what was unpacked is looked back at only where zstd is called with `--long` and more than 27. */
const MAX_WINDOW_BYTES = 2 ** 27
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]
/** What is unpacked at once, so that a bomb is seen before it takes memory. */
const PIECE_BYTES = 2 ** 16

/** Takes what is unpacked. */
export interface Unpacked {
  /** The next bytes. It may throw, which ends the unpacking. */
  add(chunk: Uint8Array): void
  /** So many of the bytes that were added last. */
  tail(length: number): Uint8Array
}

interface Frame {
  readonly bytes: Uint8Array
  /** Lower half of its content's XXH64; null where the frame says none. */
  readonly checksum: number | null
}

/** Hands over what is unpacked as it comes. Throws `RangeError` that says why the bytes can't be unpacked. */
export function unpackZstd(bytes: Uint8Array, unpacked: Unpacked): void {
  const frames = zstdFrames(bytes)
  if (typeof frames === 'string') throw new RangeError(frames)
  for (const { bytes: frame, checksum } of frames) {
    let size = 0
    const stream = new Decompress((chunk) => {
      size += chunk.length
      unpacked.add(chunk)
    })
    for (let at = 0; at < frame.length; at += PIECE_BYTES) {
      // Of a frame of a few bytes nothing comes before its end is said.
      stream.push(frame.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= frame.length)
    }
    if (checksum !== null) checkSum(unpacked.tail(size), checksum)
  }
}

/** fzstd passes over the checksum. */
function checkSum(content: Uint8Array, claimed: number): void {
  const sum = Number(xxhash64(content) & 0xffff_ffffn)
  if (sum === claimed) return
  const hex = (value: number) => value.toString(16).padStart(8, '0')
  throw new RangeError(`its content has the checksum ${hex(sum)} where ${hex(claimed)} is noted`)
}

/**
 * What Parquet's pages and Arrow's buffers are packed in, whose size is told beside them. Throws `RangeError`
 * where they don't unfold to exactly `length` bytes.
 */
export function unfoldZstd(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(length)
  let size = 0
  unpackZstd(bytes, {
    add: (chunk) => {
      if (size + chunk.length > length) {
        throw new RangeError(`a zstd frame has more than the ${length} bytes that are claimed`)
      }
      output.set(chunk, size)
      size += chunk.length
    },
    tail: (count) => output.subarray(size - count, size),
  })
  if (size !== length) {
    throw new RangeError(`a zstd frame has ${size} bytes where ${length} are claimed`)
  }
  return output
}

/**
 * The frames that hold content, in their order; a text says why the file can't be unpacked.
 *
 * @see RFC 8878
 */
function zstdFrames(bytes: Uint8Array): readonly Frame[] | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const frames: Frame[] = []
  let at = 0
  while (at < bytes.length) {
    if (at + 5 > bytes.length) return cutShort(bytes)
    const magic = view.getUint32(at, true)
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      if (at + 8 > bytes.length) return cutShort(bytes)
      at += 8 + view.getUint32(at + 4, true)
      continue
    }
    if (magic !== MAGIC) return `from byte ${at} on it is no zstd`
    const start = at
    const descriptor = view.getUint8(at + 4)
    const isSingle = (descriptor & 0x20) !== 0
    const hasChecksum = (descriptor & 4) !== 0
    if ((descriptor & 3) !== 0) return 'it needs a dictionary, which is not in it'
    const sizeBytes = CONTENT_SIZE_BYTES[descriptor >> 6]! || (isSingle ? 1 : 0)
    if (at + 6 + sizeBytes > bytes.length) return cutShort(bytes)
    const window = isSingle ? sizeAt(view, at + 5, sizeBytes) : windowOf(view.getUint8(at + 5))
    if (window > MAX_WINDOW_BYTES) {
      return `it asks for a window of ${window} bytes; at most ${MAX_WINDOW_BYTES} are given`
    }
    at += 5 + (isSingle ? 0 : 1) + sizeBytes
    for (let isLast = false; !isLast; ) {
      if (at + 3 > bytes.length) return cutShort(bytes)
      const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
      isLast = (header & 1) !== 0
      const type = (header >> 1) & 3
      if (type === 3) return `the block at byte ${at} is of no type that zstd has`
      at += 3 + (type === 1 ? 1 : header >> 3)
    }
    if (hasChecksum) at += 4
    if (at > bytes.length) return cutShort(bytes)
    const checksum = hasChecksum ? view.getUint32(at - 4, true) : null
    frames.push({ bytes: bytes.subarray(start, at), checksum })
  }
  return at === bytes.length ? frames : cutShort(bytes)
}

function windowOf(byte: number): number {
  const base = 2 ** (10 + (byte >> 3))
  return base + (base / 8) * (byte & 7)
}

/** What a frame of one segment holds, for all of which memory is taken. */
function sizeAt(view: DataView, at: number, byteLength: number): number {
  switch (byteLength) {
    case 1:
      return view.getUint8(at)
    case 2:
      return view.getUint16(at, true) + 256
    case 4:
      return view.getUint32(at, true)
    default:
      return Number(view.getBigUint64(at, true))
  }
}

function cutShort(bytes: Uint8Array): string {
  return `it ends after ${bytes.length} bytes, before what it announces`
}
