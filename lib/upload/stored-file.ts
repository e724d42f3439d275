/** A file of an upload where it lies in the store: of what is read of it, no more than that is fetched. */

import { InputError } from '../core/errors.ts'
import type { FileSource } from '../core/file-source.ts'
import type { ObjectInfo, Store } from '../core/store.ts'
import { MAX_FILE_BYTES } from '../formats/format.ts'
import { rethrowChange, UploadChangedError } from './change.ts'
import { fileTooLarge } from './file-size.ts'

/** Less than this is fetched with what lies around it: whoever reads a footer soon reads beside it. */
const BLOCK_BYTES = 2 ** 18
/** So many blocks stay at hand, 8 MiB of them. */
const KEPT_BLOCKS = 32

/**
 * The file as the listing told of it. Another one that takes its place is noticed: what is read then
 * throws `UploadChangedError`.
 *
 * @param name as messages call it
 */
export function storedFile(
  store: Store,
  { key, byteLength, etag }: ObjectInfo,
  name: string,
): FileSource {
  /** By number, the one that was asked for last at the end. */
  const blocks = new Map<number, Promise<Uint8Array>>()

  const fetchRange = async (start: number, end: number) => {
    const options = { ifMatch: etag }
    const bytes = await store.getRange(key, start, end, options).catch(rethrowChange(key))
    if (bytes !== null) return bytes
    throw new UploadChangedError(`${key} was deleted while it was read`)
  }
  const block = (number: number) => {
    const start = number * BLOCK_BYTES
    const bytes = blocks.get(number) ?? fetchRange(start, Math.min(byteLength, start + BLOCK_BYTES))
    blocks.delete(number)
    blocks.set(number, bytes)
    // What failed is asked for again.
    bytes.catch(() => blocks.delete(number))
    const [oldest] = blocks.keys()
    if (blocks.size > KEPT_BLOCKS) blocks.delete(oldest!)
    return bytes
  }

  return {
    name,
    byteLength,
    async slice(start, end) {
      if (start === end) return new Uint8Array(0)
      if (end - start >= BLOCK_BYTES) return fetchRange(start, end)
      const first = Math.floor(start / BLOCK_BYTES)
      const last = Math.floor((end - 1) / BLOCK_BYTES)
      const [left, right] = await Promise.all(
        first === last ? [block(first)] : [block(first), block(last)],
      )
      const at = start - first * BLOCK_BYTES
      // A copy, since a block is given to several.
      if (right === undefined) return left!.slice(at, at + end - start)
      const bytes = new Uint8Array(end - start)
      const head = left!.subarray(at)
      bytes.set(head)
      bytes.set(right.subarray(0, bytes.length - head.length), head.length)
      return bytes
    },
    async bytes() {
      if (byteLength > MAX_FILE_BYTES) throw new InputError(fileTooLarge(name, byteLength))
      return fetchRange(0, byteLength)
    },
  }
}
