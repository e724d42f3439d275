/** Whether the runs of a page hold what its header claims: hyparquet writes each out as long as it says it is. */

import type { SchemaTree } from 'hyparquet'
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js'

/** Bits are packed in eights, so the last run may be longer than what is left. */
const PACKED = 8

type Wrong = (problem: string) => Error

/** Throws for a run that is longer than the page has entries. `bytes`: the page from its levels on. */
export function checkPageRuns(
  bytes: Uint8Array,
  count: number,
  path: readonly SchemaTree[],
  wrong: Wrong,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const levels = levelsOf(path)
  for (const level of levels) {
    if (level === 0) continue
    const length = view.getUint32(at, true)
    checkRuns(bytes.subarray(at + 4), bits(level), count, wrong)
    at += 4 + length
  }
}

/** The same for a page of version 2, whose levels are apart and never packed. */
export function checkLevelRuns(
  bytes: Uint8Array,
  lengths: readonly [number, number],
  count: number,
  path: readonly SchemaTree[],
  wrong: Wrong,
): void {
  let at = 0
  for (const [place, level] of levelsOf(path).entries()) {
    const length = lengths[place]!
    if (!(length >= 0 && at + length <= bytes.length)) {
      throw wrong(`a page claims ${length} bytes of levels, and ${bytes.length - at} are left`)
    }
    if (level > 0) checkRuns(bytes.subarray(at), bits(level), count, wrong)
    at += length
  }
}

export function checkIndexes(bytes: Uint8Array, count: number, wrong: Wrong): void {
  const width = bytes[0] ?? 0
  if (width > 0) checkRuns(bytes.subarray(1), width, count, wrong)
}

/** Numbers of 64 bits by their differences: each of at most ten bytes, and blocks that have an end. */
export function checkDeltas(bytes: Uint8Array, count: number, wrong: Wrong): void {
  let at = 0
  const number = (): number => {
    let value = 0
    for (let place = 0; place < 10; place++) {
      const byte = bytes[at++]
      if (byte === undefined) throw wrong('a page ends within a number')
      value += (byte & 0x7f) * 2 ** (7 * place)
      if (byte < 0x80) return value
    }
    throw wrong('a page has a number of more than 10 bytes')
  }
  const block = number()
  const parts = number()
  const size = block / parts
  if (!(parts > 0 && size > 0 && size % PACKED === 0)) {
    throw wrong(`a page claims blocks of ${block} numbers in ${parts} parts`)
  }
  number()
  number()
  for (let seen = 1; seen < count; ) {
    number()
    const widths = bytes.subarray(at, at + parts)
    if (widths.length < parts) return
    at += parts
    for (const width of widths) {
      if (width > 64) throw wrong(`a page packs its numbers into ${width} bits`)
      at += (size / PACKED) * width
      seen += size
      // Entries that are missing have no number, so that fewer may be there.
      if (seen >= count || at >= bytes.length) return
    }
  }
}

function levelsOf(path: readonly SchemaTree[]): readonly [number, number] {
  const all = [...path]
  return [all.length > 1 ? getMaxRepetitionLevel(all) : 0, getMaxDefinitionLevel(all)]
}

function bits(level: number): number {
  return 32 - Math.clz32(level)
}

function checkRuns(bytes: Uint8Array, width: number, count: number, wrong: Wrong): void {
  if (width > 32) throw wrong(`a page packs its entries into ${width} bits; at most 32 are read`)
  let [at, seen] = [0, 0]
  while (seen < count && at < bytes.length) {
    let [head, shift] = [0, 0]
    let byte: number
    do {
      byte = bytes[at++] ?? 0
      head |= (byte & 0x7f) << shift
      shift += 7
    } while (byte >= 0x80 && shift < 35)
    const isPacked = (head & 1) === 1
    const length = isPacked ? (head >>> 1) * PACKED : head >>> 1
    if (!isPacked && length > count - seen) {
      throw wrong(`a run claims ${length} entries, and ${count - seen} of its page are left`)
    }
    if (length === 0) throw wrong('a run claims 0 entries')
    at += isPacked ? (length / PACKED) * width : (width + 7) >> 3
    seen += length
  }
}
