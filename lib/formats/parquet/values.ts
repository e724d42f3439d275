/** Whether the values of a page are what they claim, before they are decoded and after. */

import type { ParquetType } from 'hyparquet'
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js'
import { checkDeltas, checkIndexes } from './runs.ts'

/** Of the texts of a page that repeats their beginnings. */
const MOST_TEXT_BYTES = 64 * 2 ** 20

type Wrong = (problem: string) => Error

/**
 * Throws for what hyparquet would believe of the values of a page.
 *
 * @param count entries, those that are missing included
 * @param there those that are there
 */
export function checkValues(
  bytes: Uint8Array,
  count: number,
  there: number,
  encoding: string,
  type: ParquetType,
  wrong: Wrong,
): void {
  if (bytes.length === 0) return
  if (encoding.endsWith('_DICTIONARY')) checkIndexes(bytes, count, wrong)
  if (encoding === 'DELTA_BINARY_PACKED' && type === 'INT64') checkDeltas(bytes, count, wrong)
  if (encoding === 'DELTA_BYTE_ARRAY') checkPrefixes(bytes, there, wrong)
}

/** Each text repeats the beginning of the one before: a few bytes can claim any number of long ones. */
function checkPrefixes(bytes: Uint8Array, count: number, wrong: Wrong): void {
  const reader = {
    view: new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength),
    offset: 0,
  }
  const lengths = new Int32Array(count)
  let total = 0
  // Lengths of what is repeated, then of what follows.
  for (let part = 0; part < 2; part++) {
    deltaBinaryUnpack(reader, count, lengths)
    total += lengths.reduce((sum, length) => sum + Math.abs(length), 0)
  }
  if (total > MOST_TEXT_BYTES) {
    throw wrong(`the texts of a page have ${total} bytes; at most ${MOST_TEXT_BYTES} are read`)
  }
}

export function checkEntries(indexes: ArrayLike<unknown>, length: number, wrong: Wrong): void {
  for (let entry = 0; entry < indexes.length; entry++) {
    const index = indexes[entry] as number
    if (!(index >= 0 && index < length)) {
      throw wrong(`a page refers to entry ${index} of a dictionary of ${length}`)
    }
  }
}
