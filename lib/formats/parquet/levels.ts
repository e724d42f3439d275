/** The levels of a page: of each entry, whether its list goes on, and how much of its path is there. */

import type { SchemaTree } from 'hyparquet'
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js'

export interface Levels {
  /** Empty where there are no lists. */
  readonly repetition: Uint8Array
  /** Empty where every entry is there. */
  readonly definition: Uint8Array
  /** Entries that are there. */
  readonly there: number
  /** Place behind the levels. */
  readonly end: number
}

/**
 * A byte a level: hyparquet would make lists of eight bytes each, which for vectors are twice the vectors.
 *
 * @param bytes a page from its levels on, whose runs are checked
 * @param lengths bytes of both kinds of levels; null where they stand before them
 */
export function readLevels(
  bytes: Uint8Array,
  count: number,
  path: readonly SchemaTree[],
  lengths: readonly [number, number] | null,
): Levels {
  const all = [...path]
  const reader = {
    view: new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength),
    offset: 0,
  }
  const read = (most: number, length: number | undefined): Uint8Array => {
    const levels = new Uint8Array(most === 0 ? 0 : count)
    const start = reader.offset
    if (most > 0) readRleBitPackedHybrid(reader, 32 - Math.clz32(most), levels, length)
    if (length !== undefined) reader.offset = start + length
    return levels
  }
  const repetition = read(all.length > 1 ? getMaxRepetitionLevel(all) : 0, lengths?.[0])
  const most = getMaxDefinitionLevel(all)
  const definition = read(most, lengths?.[1])
  const end = Math.min(reader.offset, bytes.length)
  if (most === 0) return { repetition, definition, there: count, end }
  let there = 0
  for (const level of definition) if (level === most) there += 1
  return { repetition, definition: there === count ? new Uint8Array(0) : definition, there, end }
}
