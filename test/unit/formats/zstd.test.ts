/** zstd frames that hold more or less than is claimed are refused, never cut. */

import { expect, it } from 'vitest'
import { unfoldZstd } from '../../../lib/formats/zstd.ts'

/** Of blocks that repeat one byte (RFC 8878): six bytes before them, then each as three bytes and the byte. */
function frame(blocks: number, size: number): Uint8Array {
  // The magic number; a descriptor without a size of the content; a window of a megabyte.
  const bytes = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50]
  for (let block = 0; block < blocks; block++) {
    const head = (size << 3) | (1 << 1) | (block === blocks - 1 ? 1 : 0)
    bytes.push(head & 0xff, (head >> 8) & 0xff, (head >> 16) & 0xff, 7)
  }
  return Uint8Array.from(bytes)
}

it('a frame of the size that is claimed unfolds to it', () => {
  expect(unfoldZstd(frame(3, 10), 30)).toEqual(new Uint8Array(30).fill(7))
})

it.each([
  [29, 'more than the 29 bytes'],
  [31, 'has 30 bytes where 31 are claimed'],
])('of %i bytes that are claimed', (length, message) => {
  expect(() => unfoldZstd(frame(3, 10), length)).toThrow(message)
})

it('a bomb ends at the first byte too many', () => {
  expect(() => unfoldZstd(frame(100_000, 100_000), 1000)).toThrow('more than the 1000 bytes')
})

it('several frames are unpacked one after another', () => {
  expect(unfoldZstd(Buffer.concat([frame(1, 4), frame(2, 3)]), 10)).toEqual(
    new Uint8Array(10).fill(7),
  )
})

it('of one segment, for all of which memory is taken, is refused past what zstd itself gives', () => {
  const claiming = (size: number) => {
    // One block of one byte, stored.
    const bytes = Buffer.from('28b52ffda0000000000900007a', 'hex')
    bytes.writeUInt32LE(size, 5)
    return () => unfoldZstd(bytes, 1)
  }
  expect(claiming(2 ** 27)()).toEqual(Uint8Array.of(0x7a))
  expect(claiming(2 ** 27 + 1)).toThrow('a window of 134217729 bytes; at most 134217728')
})
