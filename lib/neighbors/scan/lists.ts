/** For each position all others up to a distance that was guessed beforehand, as far as they fit. */

import { sharedFloat32, sharedInt32, sharedUint8 } from '../../core/shared-memory.ts'
import type { Copies } from '../plan/copies.ts'

/** On shared memory: threads take turns at a block of positions. */
export interface ListArrays {
  /** Position of the first entry. */
  readonly start: number
  /** Where each position's room starts, and at last where the last one's ends. */
  readonly starts: Int32Array
  /** Of what was offered; more than there is room for where a list is not complete. */
  readonly counts: Int32Array
  /** Squared distance, as quantised, from which on others aren't listed. */
  readonly thresholds: Float32Array
  /** How many rows of a block of equal ones are listed; null where no rows are equal. */
  readonly caps: Int32Array | null
  readonly others: Int32Array
  /** The squared distance of each, in 256ths of the threshold, rounded down. */
  readonly codes: Uint8Array
}

/** What a list's place takes. */
export const LIST_ENTRY_BYTES = 5
const CODES = 256

/** @param rooms one a position, from the position `start` on; where there is none nothing is listed */
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
 * Others of a position that hold all of its `depth` nearest, in no order and moved to the front of its
 * list; null where the list isn't proven to hold them.
 * @param limitOf bound of the squared distances, as quantised, of all others that may be as near as the
 *   last of those that are wanted, whose own is given
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
  for (let counted = 0; counted < depth; ) {
    last++
    if (last === CODES) return null
    counted += byCode[last]!
  }
  const limit = limitOf(((last + 1) * threshold) / CODES)
  if (limit >= threshold) return null
  // One more: a code was rounded when it was made.
  const lastCode = Math.floor((limit / threshold) * CODES) + 1
  let end = from
  for (let entry = from; entry < to; entry++) {
    if (codes[entry]! <= lastCode) others[end++] = others[entry]!
  }
  return others.subarray(from, end)
}
