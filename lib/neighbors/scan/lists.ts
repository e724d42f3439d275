/** Lists: for each position all others up to a distance that was guessed beforehand, while there is room. */

import { sharedFloat32, sharedInt32, sharedUint8 } from '../../core/shared-memory.ts'
import type { Copies, ListArrays } from '../types.ts'

/** Bytes of one entry. */
export const LIST_ENTRY_BYTES = 5
const CODES = 256

/**
 * Empty lists of the positions from `start` on.
 * @param rooms how many entries each may have; where it is 0 nothing is listed
 */
export function listArrays(start: number, rooms: Int32Array, caps: Int32Array | null): ListArrays {
  const starts = sharedInt32(rooms.length + 1)
  for (const [at, room] of rooms.entries()) starts[at + 1] = starts[at]! + room
  return {
    start,
    starts,
    counts: sharedInt32(rooms.length),
    thresholds: sharedFloat32(rooms.length).fill(Number.NEGATIVE_INFINITY),
    caps,
    others: sharedInt32(starts.at(-1)!),
    codes: sharedUint8(starts.at(-1)!),
  }
}

/** Writes to the lists. */
export class Lists {
  readonly #first: number
  readonly #starts: Int32Array
  readonly #counts: Int32Array
  readonly #thresholds: Float32Array
  readonly #others: Int32Array
  readonly #codes: Uint8Array
  readonly #caps: Int32Array | null
  readonly #before: Int32Array | null

  constructor(
    { start, starts, counts, thresholds, caps, others, codes }: ListArrays,
    copies: Copies | null,
  ) {
    this.#caps = caps
    this.#before = copies?.before ?? null
    this.#first = start
    this.#starts = starts
    this.#counts = counts
    this.#thresholds = thresholds
    this.#others = others
    this.#codes = codes
  }

  threshold(position: number): number {
    return this.#thresholds[position - this.#first]!
  }

  add(position: number, other: number, squaredDistance: number): void {
    const at = position - this.#first
    const threshold = this.#thresholds[at]!
    if (!(squaredDistance < threshold)) return
    if (this.#caps !== null && this.#before![other]! >= this.#caps[at]!) return
    const to = this.#starts[at]! + this.#counts[at]!++
    if (to >= this.#starts[at + 1]!) return
    this.#others[to] = other
    this.#codes[to] = Math.max(0, squaredDistance) * (CODES / threshold)
  }
}

/**
 * Others that include all of a position's `depth` nearest, in no order, moved to the front of its list;
 * null where the list isn't proven to include them.
 * @param limitOf for the squared distance of the last of the nearest, a bound of the squared distances of
 *   all others that may be as near as it; all as quantised
 */
export function nearestListed(
  { start, starts, counts, thresholds, others, codes }: ListArrays,
  position: number,
  depth: number,
  limitOf: (squaredDistance: number) => number,
): Int32Array | null {
  const at = position - start
  const from = starts[at]!
  const to = from + counts[at]!
  const threshold = thresholds[at]!
  if (to > starts[at + 1]!) return null
  if (threshold === Number.POSITIVE_INFINITY) return others.subarray(from, to)
  const byCode = new Int32Array(CODES)
  for (let entry = from; entry < to; entry++) byCode[codes[entry]!]!++
  let last = -1
  for (let entries = 0; entries < depth; ) {
    last++
    if (last === CODES) return null
    entries += byCode[last]!
  }
  const limit = limitOf(((last + 1) * threshold) / CODES)
  if (limit >= threshold) return null
  // The codes were rounded, so the next one counts too.
  const lastCode = Math.floor((limit / threshold) * CODES) + 1
  let end = from
  for (let entry = from; entry < to; entry++) {
    if (codes[entry]! <= lastCode) others[end++] = others[entry]!
  }
  return others.subarray(from, end)
}
